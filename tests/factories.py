"""Rows that a test arranges, written by the database's owner behind the lenses' back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg

from tenants.practices.tenant import Tenant, tenant_from
from tenants.refs import new_key, new_ref

LONG_AGO = datetime(2026, 1, 5, 12, tzinfo=UTC)


ERASE = """
UPDATE client_record SET
    email = NULL, first_name = '', last_name = '', phone = '', home_phone = '', held = '{}', own_first_name = NULL,
    own_last_name = NULL, own_phone = NULL, own_home_phone = NULL, birthday = NULL, language = '', tags = '{}',
    guardian_id = NULL, erase_at = NULL, erased_at = now()
WHERE id = $1
"""
"""What erasing leaves of a record itself; the database lets nothing else be an erased one."""


async def insert(owner: asyncpg.Connection, table: str, **values: Any) -> dict[str, Any]:
    names = ", ".join(values)
    places = ", ".join(f"${number}" for number in range(1, len(values) + 1))
    row = await owner.fetchrow(f"INSERT INTO {table} ({names}) VALUES ({places}) RETURNING *", *values.values())
    return dict(row)


@dataclass
class PracticeMade:
    """A practice of a test: its tenant, and its rows by the names that the test gave them."""

    owner: asyncpg.Connection
    tenant: Tenant
    practitioners: dict[str, dict[str, Any]] = field(default_factory=dict)
    places: dict[str, dict[str, Any]] = field(default_factory=dict)
    services: dict[str, dict[str, Any]] = field(default_factory=dict)
    records: dict[str, dict[str, Any]] = field(default_factory=dict)

    async def place(self, name: str, **more: Any) -> dict[str, Any]:
        row = await insert(self.owner, "place", tenant_id=self.tenant.id, ref=new_ref(), name=name, **more)
        self.places[name] = row
        return row

    async def practitioner(self, name: str, **more: Any) -> dict[str, Any]:
        row = await insert(self.owner, "practitioner", tenant_id=self.tenant.id, ref=new_ref(), name=name, **more)
        self.practitioners[name] = row
        return row

    async def service(self, name: str, minutes: int, *, by: list[str] | None = None, **more: Any) -> dict[str, Any]:
        """Given at every place, by every practitioner unless named."""
        row = await insert(
            self.owner,
            "service",
            tenant_id=self.tenant.id,
            ref=new_ref(),
            name=name,
            duration=timedelta(minutes=minutes),
            **more,
        )
        self.services[name] = row
        for who in by or self.practitioners:
            await insert(
                self.owner,
                "service_practitioner",
                tenant_id=self.tenant.id,
                service_id=row["id"],
                practitioner_id=self.practitioners[who]["id"],
            )
        for place in self.places.values():
            await insert(
                self.owner, "service_place", tenant_id=self.tenant.id, service_id=row["id"], place_id=place["id"]
            )
        return row

    async def resources(self, kind: str, *names: str, what: str = "room", needed_by: Sequence[str] = ()) -> list[int]:
        """The ids of as many of a kind, at the first place; each service named needs one of it."""
        row = await insert(self.owner, "resource_kind", tenant_id=self.tenant.id, ref=new_ref(), name=kind, what=what)
        place = next(iter(self.places.values()))["id"]
        for service in needed_by:
            facts = {"service_id": self.services[service]["id"], "kind_id": row["id"]}
            await insert(self.owner, "service_need", tenant_id=self.tenant.id, **facts)
        return [
            (
                await insert(
                    self.owner,
                    "resource",
                    tenant_id=self.tenant.id,
                    ref=new_ref(),
                    kind_id=row["id"],
                    place_id=place,
                    name=name,
                    position=position,
                )
            )["id"]
            for position, name in enumerate(names)
        ]

    async def hours(self, who: str, weekdays: range, opens: time, closes: time, place: str | None = None) -> None:
        place_row = self.places[place] if place else next(iter(self.places.values()))
        for weekday in weekdays:
            await insert(
                self.owner,
                "opening_hours",
                tenant_id=self.tenant.id,
                ref=new_ref(),
                practitioner_id=self.practitioners[who]["id"],
                place_id=place_row["id"],
                weekday=weekday,
                opens=opens.hour * 60 + opens.minute,
                closes=closes.hour * 60 + closes.minute or 1440,
            )

    async def policy(self, **values: Any) -> None:
        await self.owner.execute("DELETE FROM booking_policy WHERE tenant_id = $1", self.tenant.id)
        await insert(self.owner, "booking_policy", tenant_id=self.tenant.id, **values)

    async def record(self, email: str, first_name: str, last_name: str = "") -> dict[str, Any]:
        row = await insert(
            self.owner,
            "client_record",
            tenant_id=self.tenant.id,
            ref=new_ref(),
            email=email,
            first_name=first_name,
            last_name=last_name,
            created_at=LONG_AGO,
        )
        self.records[email] = row
        return row

    async def appointment(self, email: str, service: str, who: str, starts_at: datetime, **more: Any) -> dict[str, Any]:
        """As long as the service says, buffers included, booked long ago."""
        offered = self.services[service]
        ends_at = starts_at + offered["duration"]
        return await insert(
            self.owner,
            "appointment",
            **{
                "tenant_id": self.tenant.id,
                "ref": new_ref(),
                "client_record_id": self.records[email]["id"],
                "practitioner_id": self.practitioners[who]["id"],
                "service_id": offered["id"],
                "place_id": next(iter(self.places.values()))["id"],
                "starts_at": starts_at,
                "ends_at": ends_at,
                "blocked_from": starts_at - offered["buffer_before"],
                "blocked_until": ends_at + offered["buffer_after"],
                "booking_key": new_key(),
                "booked_at": LONG_AGO,
                "booked_by": "client",
                **more,
            },
        )

    def at(self, *when: int) -> datetime:
        """A wall time at the practice."""
        return datetime(*when, tzinfo=self.tenant.zone)  # type: ignore[misc,arg-type]


async def make_practice(owner: asyncpg.Connection, slug: str, name: str, zone: str, **more: Any) -> PracticeMade:
    ZoneInfo(zone)
    facts = {"accent": "#0f5c6e", "currency": "CAD", "country": "CA", "languages": ["en", "fr"], **more}
    facts.setdefault("published_at", LONG_AGO)
    row = await insert(owner, "practice", slug=slug, name=name, zone=zone, created_at=LONG_AGO, **facts)
    return PracticeMade(owner, tenant_from(row))


async def make_person(owner: asyncpg.Connection, first_name: str, *emails: str, **more: Any) -> dict[str, Any]:
    """A person who has proved these addresses."""
    person = await insert(owner, "person", ref=new_ref(), first_name=first_name, created_at=LONG_AGO, **more)
    for email in emails:
        await insert(owner, "address", ref=new_ref(), person_id=person["id"], email=email, verified_at=LONG_AGO)
    return person
