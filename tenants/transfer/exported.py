"""What an export holds: every table that says something of a client, and what the practice offers, when and where.

A new one is one more entry here.
"""

from dataclasses import dataclass
from typing import Any

from tenants.answers.tables import ClientReply
from tenants.appointments.tables import Appointment, Series
from tenants.booking.tables import BookingOverride
from tenants.clients.tables import ClientChange, ClientRecord
from tenants.consents.tables import Consent, ConsentText, ConsentWording
from tenants.documents.tables import ClientDocument
from tenants.hours.tables import Closure, DatedOpening, OpeningHours
from tenants.notes.tables import Note, NoteVersion
from tenants.notifications.tables import Message
from tenants.places.tables import Place
from tenants.practices.tenant import Tenant
from tenants.practitioners.tables import Practitioner
from tenants.resources.tables import Resource, ResourceKind, ResourceUse
from tenants.scope import OwnedByTenant
from tenants.services.tables import Service, ServiceNeed, ServicePlace, ServicePractitioner, ServiceText
from tenants.transfer.tables import ClientNumber
from tenants.waiting.tables import WaitingOffer, WaitingWish

BATCH = 1000
_INSIDE = ("id", "tenant_id")


@dataclass(frozen=True, slots=True)
class Exported:
    """One table under its name in the export; `without` are columns that only serve the portal itself."""

    name: str
    table: type[OwnedByTenant]
    without: tuple[str, ...] = ()


EXPORTED = (
    Exported("clients", ClientRecord, ("search", "reach_email", "filed_as")),
    Exported("client_numbers", ClientNumber),
    Exported("client_changes", ClientChange),
    Exported("notes", Note),
    Exported("note_versions", NoteVersion),
    Exported("consents", Consent),
    Exported("documents", ClientDocument, ("sha256",)),
    Exported("appointments", Appointment, ("booking_key", "blocked_from", "blocked_until", "sequence", "shares")),
    Exported("overrides", BookingOverride),
    Exported("resources_used", ResourceUse, ("hold_id", "blocked_from", "blocked_until")),
    Exported("waiting_wishes", WaitingWish),
    Exported("waiting_offers", WaitingOffer, ("key", "hold_id")),
    Exported(
        "messages",
        Message,
        (
            *("sequence", "rule_id", "copy", "link", "membership_id", "told_with", "claimed_until", "next_attempt_at"),
            *("attempts", "provider_id", "provider_state", "instead_of"),
        ),
    ),
    Exported("replies", ClientReply),
    Exported("consent_wordings", ConsentWording),
    Exported("consent_texts", ConsentText),
    Exported("practitioners", Practitioner),
    Exported("places", Place),
    Exported("services", Service),
    Exported("services_given_by", ServicePractitioner),
    Exported("services_given_at", ServicePlace),
    Exported("service_texts", ServiceText),
    Exported("service_needs", ServiceNeed),
    Exported("resource_kinds", ResourceKind),
    Exported("resources", Resource),
    Exported("opening_hours", OpeningHours),
    Exported("hours_of_single_days", DatedOpening),
    Exported("closures", Closure),
)
EXCEPTED = {
    "document_content": "Bytes of files, each of which is downloaded by itself.",
    "retention_choice": "How long a record is kept, which ends with the record.",
    "client_merge": "Two records as they were before they became one, to undo it for a month.",
    "client_distinct": "That two records are two people: a help for whoever looks for duplicates here.",
}
"""Tables that refer to a client and are not exported, by name: why not."""

# What a number inside the database points to, said as a person can follow it: by ref, or by name.
_POINTS = {
    "client_record_id": (ClientRecord, "client", "ref"),
    "guardian_id": (ClientRecord, "guardian", "ref"),
    "merged_into": (ClientRecord, "merged_into", "ref"),
    "note_id": (Note, "note", "ref"),
    "wording_id": (ConsentWording, "wording", "name"),
    "text_id": (ConsentText, "text", "body"),
    "appointment_id": (Appointment, "appointment", "ref"),
    "over_id": (Appointment, "over", "ref"),
    "series_id": (Series, "series", "ref"),
    "practitioner_id": (Practitioner, "practitioner", "name"),
    "service_id": (Service, "service", "name"),
    "place_id": (Place, "place", "name"),
    "kind_id": (ResourceKind, "kind", "name"),
    "resource_id": (Resource, "resource", "name"),
    "wish_id": (WaitingWish, "wish", "ref"),
    "offer_id": (WaitingOffer, "offer", "ref"),
}


def columns_of(exported: Exported) -> list[str]:
    """As the export calls them."""
    return [_POINTS[name][1] if name in _POINTS else name for name in _columns(exported)]


def _columns(exported: Exported) -> list[str]:
    left_out = {*_INSIDE, *exported.without}
    names = (column._meta.name for column in exported.table._meta.columns)  # noqa: SLF001 - Piccolo's own way
    return [name for name in names if name not in left_out]


class Pointers:
    """Names and refs of what rows point to, asked for once."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, str], dict[int, str]] = {}

    async def load(self, tenant: Tenant, exported: Exported) -> None:
        for name in _columns(exported):
            if name not in _POINTS:
                continue
            table, _, said = _POINTS[name]
            if (table, said) not in self._known:
                rows = await table.of(tenant, table.id, getattr(table, said))  # type: ignore[attr-defined]
                self._known[table, said] = {row["id"]: row[said] for row in rows}

    def said(self, name: str, value: Any) -> Any:
        if name not in _POINTS or value is None:
            return value
        table, _, said = _POINTS[name]
        return self._known[table, said].get(value, "")


async def count_rows(tenant: Tenant, exported: Exported) -> int:
    return int(await exported.table.count().where(exported.table.tenant_id == tenant.id))


async def read_rows(
    tenant: Tenant, exported: Exported, after: int, pointers: Pointers
) -> tuple[list[dict[str, Any]], int]:
    """The next rows in the order they were made, and the last one's number to go on after; it is 0 at the end."""
    table = exported.table
    await pointers.load(tenant, exported)
    number = table._meta.primary_key  # noqa: SLF001
    rows = await table.of(tenant).where(number > after).order_by(number).limit(BATCH)
    names = _columns(exported)
    said = columns_of(exported)
    told = [
        {name: pointers.said(column, row[column]) for column, name in zip(names, said, strict=True)} for row in rows
    ]
    return told, rows[-1]["id"] if len(rows) == BATCH else 0
