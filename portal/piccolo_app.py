from pathlib import Path

from piccolo.conf.apps import AppConfig, table_finder

APP_CONFIG = AppConfig(
    app_name="portal",
    migrations_folder_path=str(Path(__file__).parent.parent / "migrations" / "portal"),
    table_classes=table_finder(["portal.people.tables", "portal.messages.tables"], exclude_imported=True),
)
