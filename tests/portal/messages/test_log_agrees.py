"""What the log foresees is what the worker then does: reminder by reminder, over whole practices drawn by lot."""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest

from portal.database import practice_lens
from portal.messages.practice_messages import PRACTICE_MESSAGES
from portal.messages.worker import look_for_reminders, send_batch
from portal.settings import Settings
from portal.staff.log.section import look_outside
from tenants.due import TOO_LATE_ALONE
from tenants.foreseen import MISSED, Foreseen, foresee, prospects_of_appointments
from tenants.notifications.log import messages_of_appointment
from tests.cast import MONDAY, Cast
from tests.factories import insert

NEVER_DUE = {MISSED, "off_for_service", "off_for_practitioner", *TOO_LATE_ALONE}
"""What rule and agreement alone decide: no row is written for it."""
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PHONES = ("", "+14165550{:03}", "+33612345{:03}", "+8613912345{:03}", "+33145678{:03}", "ring {} twice")
CONDITIONS = ("always", "unconfirmed", "no_email", "unconfirmed_or_no_email")


class Lot:
    """One practice with its rules, its clients and their appointments, as a seed has drawn them."""

    def __init__(self, cast: Cast, owner: asyncpg.Connection, seed: int) -> None:
        self.cast, self.owner, self.draw = cast, owner, random.Random(seed)
        self.appointments: list[dict[str, Any]] = []

    async def fill(self) -> None:
        tenant = self.cast.harbour.tenant.id
        await self.owner.execute("DELETE FROM reminder_rule")
        await self.owner.execute("DELETE FROM reminder_look")
        await insert(self.owner, "reminder_look", id=1, looked_until=MONDAY)
        budget, sms_on = self.draw.choice((0, 500, 500)), self.draw.random() < 0.8
        await insert(self.owner, "message_policy", tenant_id=tenant, sms_on=sms_on, sms_budget=budget)
        for _ in range(4):
            await self._rule(tenant)
        for number in range(24):
            await self._client(number)

    async def _rule(self, tenant: int) -> None:
        services = [row["id"] for row in self.cast.harbour.services.values()]
        await insert(
            self.owner,
            "reminder_rule",
            tenant_id=tenant,
            channel=self.draw.choice(("email", "sms")),
            minutes_ahead=self.draw.choice((120, 480, 1440, 2880, 4320)),
            condition=self.draw.choice(CONDITIONS),
            late_minutes_left=self.draw.choice((None, 60, 600)),
            off_services=[service for service in services if self.draw.random() < 0.15],
            since=self.draw.choice((MONDAY - 400 * DAY, MONDAY - HOUR)),
        )

    async def _client(self, number: int) -> None:
        """Who has one appointment, or two on one day; some have just booked."""
        off_by = self.draw.choice((None, None, None, "client", "staff"))
        email = f"client{number}@example.org" if self.draw.random() < 0.8 else None
        record = await insert(
            self.owner,
            "client_record",
            tenant_id=self.cast.harbour.tenant.id,
            ref=f"client{number:04}",
            email=email,
            phone=self.draw.choice(PHONES).format(100 + number),
            sms_off_at=off_by and MONDAY,
            sms_off_by=off_by,
            reminders_off_at=self.draw.choice((None, None, MONDAY)),
            created_at=MONDAY - 400 * DAY,
        )
        self.cast.harbour.records[str(number)] = record
        if email and self.draw.random() < 0.2:
            await insert(self.owner, "mail_bounce", email=email, bounced_at=MONDAY, status="5.1.1")
        if record["phone"] and self.draw.random() < 0.2:
            await insert(self.owner, "sms_stop", number=record["phone"], stopped_at=MONDAY)
        day = self.draw.choice((24, 25, 26, 27, 30))
        await self._appointments(str(number), datetime(2026, 11, day, 5, tzinfo=MONDAY.tzinfo))

    async def _appointments(self, client: str, day: datetime) -> None:
        """Each at a time of its own, in the night as well, since nobody asks for opening hours here."""
        for hours in range(self.draw.choice((1, 1, 2))):
            starts_at = day + timedelta(minutes=34 * int(client)) + hours * 30 * timedelta(minutes=1)
            confirmed = self.draw.random() < 0.3
            booked_at = self.draw.choice((MONDAY - 20 * DAY, MONDAY - 2 * DAY, MONDAY - timedelta(minutes=1)))
            kept = await self.cast.harbour.appointment(
                client,
                self.draw.choice(("Follow-up", "First visit")),
                "Nora Blake" if hours else "Theo Roy",
                starts_at,
                booked_at=booked_at,
                confirmed_at=MONDAY if confirmed else None,
                confirmed_by="client" if confirmed else None,
                **self._tight(starts_at),
            )
            self.appointments.append(kept)
            if booked_at == MONDAY - timedelta(minutes=1):
                await self._owes_booking(kept)

    def _tight(self, starts_at: datetime) -> dict[str, Any]:
        ends_at = starts_at + timedelta(minutes=20)
        return {"ends_at": ends_at, "blocked_from": starts_at, "blocked_until": ends_at}

    async def _owes_booking(self, appointment: dict[str, Any]) -> None:
        same = ("tenant_id", "starts_at", "practitioner_id", "place_id")
        facts = {name: appointment[name] for name in same} | {"appointment_id": appointment["id"], "sequence": 0}
        await insert(
            self.owner, "message", kind="booked", channel="email", created_at=MONDAY, next_attempt_at=MONDAY, **facts
        )


async def work_at(moment: datetime, settings: Settings) -> None:
    await look_for_reminders(moment)
    while await send_batch(PRACTICE_MESSAGES, settings, asyncio.Event(), lambda: moment):
        pass


def told(foreseen: Foreseen) -> tuple[Any, ...]:
    """In the words in which the rows below tell what was done."""
    if foreseen.reason in NEVER_DUE or (foreseen.reason and foreseen.at <= MONDAY):
        return ("no row",)
    if foreseen.reason:
        return (foreseen.reason,)
    return ("sent", foreseen.channel, foreseen.instead_of, foreseen.at)


def became(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return ("sent", row["channel"], row["instead_of"], row["sent_at"]) if row["sent_at"] else (row["skip_reason"],)


@pytest.mark.parametrize("seed", range(8))
async def test_worker_does_what_the_log_has_foreseen(
    cast: Cast, owner: asyncpg.Connection, sms_settings: Settings, seed: int
) -> None:
    settings = replace(sms_settings, sms_countries=("CA", "FR"))
    lot = Lot(cast, owner, seed)
    await lot.fill()
    async with practice_lens(cast.harbour.tenant):
        prospects = await prospects_of_appointments(cast.harbour.tenant, [each["id"] for each in lot.appointments])
    foreseen = foresee(prospects, await look_outside(prospects.appointments, settings), MONDAY)

    for moment in sorted({MONDAY, *(each.at for each in foreseen if each.at > MONDAY)}):
        await work_at(moment, settings)

    done = {}
    async with practice_lens(cast.harbour.tenant):
        for each in lot.appointments:
            for row in await messages_of_appointment(cast.harbour.tenant, each["id"]):
                done[each["id"], row["rule_id"]] = became(row)
    expected = {(each.appointment.id, each.rule.id): told(each) for each in foreseen}
    assert len(expected) == 4 * len(lot.appointments)
    assert {key: done.get(key, ("no row",)) for key in expected} == expected
