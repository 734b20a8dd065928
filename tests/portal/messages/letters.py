"""An appointment to speak about, for tests that need no database."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal.messages.letters.brief import Brief, formats_for
from portal.people.recipients import Recipient
from portal.settings import Settings
from tenants.notifications.facts import AppointmentFacts
from tenants.practices.tenant import Tenant
from tenants.writing.policy import MessageRules

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


def brief(kind: str = "booked", recipient: Recipient | None = None, **changes: Any) -> Brief:
    """What the worker would know of a message about it."""
    appointment = facts(**changes)
    row = {"ref": "pqrst23456", "link": "Ab3dEf9h", "attempts": 1, "parts": 0, "kind": kind}
    formats = formats_for(appointment.practice, recipient)
    return Brief(row, kind, (appointment,), formats, {}, MessageRules(), SETTINGS)


def facts(**changes: Any) -> AppointmentFacts:
    """Ana with Nora at Harbour, as it was booked unless something is changed."""
    return AppointmentFacts(
        **{
            "id": 1,
            "ref": "abcde23456",
            "sequence": 0,
            "starts_at": STARTS,
            "ends_at": STARTS + timedelta(minutes=50),
            "changed_at": NOW,
            "agreed_at": NOW,
            "cancelled_at": None,
            "cancelled_by": None,
            "confirmed_at": None,
            "booked_from": "",
            "client_record_id": 1,
            "client_ref": "klmno23456",
            "email": "ana@example.org",
            "first_name": "Ana",
            "last_name": "Silva",
            "phone": "+14165550100",
            "sms_off_at": None,
            "sms_off_by": None,
            "reminders_off_at": None,
            "service_id": 1,
            "service_name": "First visit",
            "practitioner_id": 1,
            "practitioner_name": "Nora Blake",
            "place_id": 1,
            "place_name": "Harbour House",
            "street": "12 Quay Street",
            "postcode": "M5J 2N8",
            "city": "Toronto",
            "practice": HARBOUR,
            **changes,
        }
    )
