"""An appointment to speak about, for tests that need no database."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal.settings import Settings
from tenants.notifications.facts import AppointmentFacts
from tenants.practices.tenant import Tenant

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
STARTS = datetime(2026, 11, 22, 19, 30, tzinfo=UTC)  # Sunday 14:30 in Toronto
SETTINGS = Settings(public_url="https://portal.example", secret_key="a secret of forty characters for testing")

HARBOUR = Tenant(
    id=1,
    slug="harbour",
    name="Harbour Physiotherapy",
    about="",
    zone=ZoneInfo("America/Toronto"),
    languages=("en", "fr"),
    accent="#0f5c6e",
    currency="CAD",
    country="CA",
    city="Toronto",
    email="desk@harbour.example",
    phone="+1 416 555 0100",
    website="",
)


def facts(**changes: Any) -> AppointmentFacts:
    """Ana with Nora at Harbour, as it was booked unless something is changed."""
    return AppointmentFacts(
        **{
            "ref": "abcde23456",
            "sequence": 0,
            "starts_at": STARTS,
            "ends_at": STARTS + timedelta(minutes=50),
            "changed_at": NOW,
            "cancelled_at": None,
            "cancelled_by": None,
            "email": "ana@example.org",
            "first_name": "Ana",
            "service_name": "First visit",
            "practitioner_name": "Nora Blake",
            "place_name": "Harbour House",
            "street": "12 Quay Street",
            "postcode": "M5J 2N8",
            "city": "Toronto",
            "practice": HARBOUR,
            **changes,
        }
    )
