"""Two practices and three people, the same in every test: whoever could leak is always there.

Ana visits both practices under two addresses, Ben only Harbour, Cleo neither.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg

from tests.factories import PracticeMade, insert, make_person, make_practice

TORONTO = ZoneInfo("America/Toronto")

MONDAY = datetime(2026, 11, 23, 8, 0, tzinfo=TORONTO)
"""Now, in every test that does not say otherwise: before Harbour opens."""

ANA, ANA_AT_MEADOW = "ana@example.org", "ana.silva@example.com"
BEN, CLEO = "ben@example.org", "cleo@example.org"
NORA, THEO, LEA = "nora@harbour.example", "theo@harbour.example", "lea@meadow.example"


@dataclass
class Cast:
    harbour: PracticeMade
    meadow: PracticeMade
    ana: dict[str, Any]
    ben: dict[str, Any]
    cleo: dict[str, Any]
    nora: dict[str, Any]
    theo: dict[str, Any]
    lea: dict[str, Any]


async def play(owner: asyncpg.Connection) -> Cast:
    """Harbour: Nora and Theo, weekdays 9 to 17. Meadow: Lea, Tuesday to Saturday 10 to 18. Nobody has booked."""
    harbour = await make_practice(owner, "harbour", "Harbour Physiotherapy", "America/Toronto")
    await harbour.place("Harbour House", street="12 Quay Street", postcode="M5J 2N8", city="Toronto")
    for name in ("Nora Blake", "Theo Roy"):
        await harbour.practitioner(name, title="Physiotherapist")
        await harbour.hours(name, range(5), time(9), time(17))
    await harbour.service("First visit", 60, buffer_after=timedelta(minutes=15), price=12000)
    await harbour.service("Follow-up", 30, position=1)
    await harbour.policy()
    meadow = await make_practice(
        owner,
        "meadow",
        "Meadow Massage",
        "Europe/Paris",
        accent="#7a3e6d",
        currency="EUR",
        country="FR",
        languages=["fr", "en"],
    )
    await meadow.place("Studio", street="3 rue des Prés", postcode="69001", city="Lyon")
    await meadow.practitioner("Lea Martin", title="Massage therapist")
    await meadow.hours("Lea Martin", range(1, 6), time(10), time(18))
    await meadow.service("Massage", 60)
    await meadow.policy()
    await _records_and_memberships(owner, harbour, meadow)
    return Cast(
        harbour=harbour,
        meadow=meadow,
        ana=await make_person(owner, "Ana", ANA, ANA_AT_MEADOW),
        ben=await make_person(owner, "Ben", BEN),
        cleo=await make_person(owner, "Cleo", CLEO),
        nora=await make_person(owner, "Nora", NORA),
        theo=await make_person(owner, "Theo", THEO),
        lea=await make_person(owner, "Lea", LEA),
    )


async def _records_and_memberships(owner: asyncpg.Connection, harbour: PracticeMade, meadow: PracticeMade) -> None:
    await harbour.record(ANA, "Ana", "Silva")
    await harbour.record(BEN, "Ben", "Okafor")
    await meadow.record(ANA_AT_MEADOW, "Ana", "Silva")
    for practice, email, role, name in (
        (harbour, NORA, "admin", "Nora Blake"),
        (harbour, THEO, "professional", "Theo Roy"),
        (meadow, LEA, "admin", "Lea Martin"),
    ):
        practitioner = practice.practitioners[name]["id"]
        await insert(
            owner, "membership", tenant_id=practice.tenant.id, email=email, role=role, practitioner_id=practitioner
        )
