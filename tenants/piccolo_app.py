from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

ROOMS = (
    "practices",
    "places",
    "practitioners",
    "services",
    "team",
    "hours",
    "clients",
    "notes",
    "consents",
    "appointments",
    "writing",
    "reminders",
    "notifications",
    "answers",
    "booking",
    "transfer",
    "merge",
    "documents",
    "retention",
    "page",
    "founding",
    "resources",
    "waiting",
    "audit",
)

APP_CONFIG = AppConfig(
    app_name="tenants",
    migrations_folder_path=str(Path(__file__).parent.parent / "migrations" / "tenants"),
    table_classes=table_finder([f"tenants.{room}.tables" for room in ROOMS], exclude_imported=True),
)
