"""Leaving a wish, changing it, ending it and taking that back. What waits longest is served first."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tenants.availability.wall_clock import local_day
from tenants.booking.open_times import Wanted, chosen_place, chosen_practitioners
from tenants.booking.plan import Plan, current_plan
from tenants.clients.record import Contact, find_or_make_record, is_known
from tenants.practices.tenant import Tenant
from tenants.refusals import (
    EndsBeforeItBegins,
    NewClientsNotTaken,
    NotFound,
    TooManyWishes,
    WaitsAlready,
    WaitsTooLong,
    WishEnded,
)
from tenants.scope import fetch, fetch_first
from tenants.waiting.expire import release
from tenants.waiting.look import mark_look
from tenants.waiting.tables import WaitingOffer, WaitingWish

MOST = 5
WITHDRAWN, REMOVED = "withdrawn", "removed"


@dataclass(frozen=True, slots=True)
class Wish:
    """For what somebody waits, and when it may begin, as `WaitingWish` has it."""

    wanted: Wanted
    weekdays: tuple[int, ...]
    from_minute: int
    until_minute: int
    first_day: date
    last_day: date
    note: str = ""


_OTHERS = """
SELECT count(*) AS open, count(*) FILTER (WHERE (service_id, weekdays, from_minute, until_minute, first_day, last_day)
           = ($4, $7::smallint[], $8, $9, $10, $11)
           AND practitioner_id IS NOT DISTINCT FROM $5 AND place_id IS NOT DISTINCT FROM $6) AS equal
FROM waiting_wish WHERE tenant_id = $1 AND client_record_id = $2 AND id <> $3 AND ended_at IS NULL
"""
_LOCKED = "SELECT * FROM waiting_wish WHERE tenant_id = $1 AND ref = $2 FOR UPDATE"
_RECORD = "SELECT id FROM client_record WHERE tenant_id = $1 AND id = $2 FOR NO KEY UPDATE"
_OPEN_OFFER = """
SELECT id, hold_id FROM waiting_offer
WHERE tenant_id = $1 AND wish_id = $2 AND num_nonnulls(accepted_at, declined_at, expired_at, lost_at) = 0 FOR UPDATE
"""


async def leave_wish(tenant: Tenant, contact: Contact, wish: Wish, now: datetime, *, by: str = "") -> str:
    """The ref of the new one. `by` is the address of the staff member who leaves it for a client.

    `contact` is somebody whose address has been proved, or whom staff have chosen. Raises NotFound, ServiceNotGiven,
    EndsBeforeItBegins, WaitsTooLong, TooManyWishes and WaitsAlready; for a client PracticeSuspended and
    NewClientsNotTaken, too.
    """
    plan = await current_plan(tenant)
    values = _values(tenant, wish, plan, now)
    if not by:
        await _check_may_wait(tenant, plan, contact, wish)
    record = await find_or_make_record(tenant, contact, now, by_client=not by)
    await _check_others(tenant, record, values)
    row = WaitingWish(**values, client_record_id=record, created_at=now, created_by=by)
    row.tenant_id = tenant.id
    await WaitingWish.insert(row)
    return str(row.ref)


async def _check_may_wait(tenant: Tenant, plan: Plan, contact: Contact, wish: Wish) -> None:
    """A client waits for what they could book."""
    plan.check_open()
    if not plan.service(wish.wanted.service).is_online:
        raise NotFound("service")
    if not (plan.policy.new_clients or await is_known(tenant, contact)):
        raise NewClientsNotTaken


async def change_wish(tenant: Tenant, ref: str, wish: Wish, now: datetime) -> None:
    """It keeps its place in the line. Raises what `leave_wish` raises, and WishEnded."""
    known = await find_wish(tenant, ref)
    values = _values(tenant, wish, await current_plan(tenant), now, old=known["first_day"])
    await _check_others(tenant, known["client_record_id"], values, besides=known["id"])
    await mark_look(tenant, now)
    row = await _locked_wish(tenant, ref)
    if row["ended_at"]:
        raise WishEnded(row["ended_why"])
    await WaitingWish.update(values).where((WaitingWish.tenant_id == tenant.id) & (WaitingWish.id == row["id"]))


async def find_wish(tenant: Tenant, ref: str) -> dict[str, Any]:
    """Raises NotFound."""
    row = await WaitingWish.of(tenant).where(WaitingWish.ref == ref).first()
    if row is None:
        raise NotFound("waiting_wish")
    return row


async def withdraw_wish(tenant: Tenant, ref: str, now: datetime) -> None:
    """By the client. What has ended already is left as it is. Raises NotFound."""
    await _end(tenant, ref, now, WITHDRAWN, {WaitingOffer.declined_at: now})


async def remove_wish(tenant: Tenant, ref: str, now: datetime) -> None:
    """By staff, as `withdraw_wish`."""
    await _end(tenant, ref, now, REMOVED, {WaitingOffer.lost_at: now})


async def restore_wish(tenant: Tenant, ref: str, now: datetime, *, ended: str) -> None:
    """Takes back that it was `ended` in that way; it stands where it stood. Twice changes nothing.

    Raises NotFound, WishEnded for another end, TooManyWishes, WaitsAlready.
    """
    known = await find_wish(tenant, ref)
    await _check_others(tenant, known["client_record_id"], known, besides=known["id"])
    await mark_look(tenant, now)
    row = await _locked_wish(tenant, ref)
    if row["ended_at"] is None:
        return
    if row["ended_why"] != ended:
        raise WishEnded(row["ended_why"])
    back: dict[Any, Any] = {WaitingWish.ended_at: None, WaitingWish.ended_why: None}
    await WaitingWish.update(back).where((WaitingWish.tenant_id == tenant.id) & (WaitingWish.id == row["id"]))


async def _end(tenant: Tenant, ref: str, now: datetime, why: str, offer_ends: dict[Any, Any]) -> None:
    """What is offered at this moment is free again. The offer is locked first, as whoever answers it does."""
    await mark_look(tenant, now)
    wish = await find_wish(tenant, ref)
    offer = await fetch_first(_OPEN_OFFER, tenant.id, wish["id"])
    if (await _locked_wish(tenant, ref))["ended_at"]:
        return
    if offer:
        mine = (WaitingOffer.tenant_id == tenant.id) & (WaitingOffer.id == offer["id"])
        await WaitingOffer.update(offer_ends).where(mine)
        await release(tenant, [offer["hold_id"]] if offer["hold_id"] else [], now)
    ends: dict[Any, Any] = {WaitingWish.ended_at: now, WaitingWish.ended_why: why}
    await WaitingWish.update(ends).where((WaitingWish.tenant_id == tenant.id) & (WaitingWish.id == wish["id"]))


async def _locked_wish(tenant: Tenant, ref: str) -> dict[str, Any]:
    row = await fetch_first(_LOCKED, tenant.id, ref)
    if row is None:
        raise NotFound("waiting_wish")
    return dict(row)


def _values(tenant: Tenant, wish: Wish, plan: Plan, now: datetime, old: date | None = None) -> dict[Any, Any]:
    """The columns, days that have passed left out; `old` is the first day that a wish has had."""
    service = plan.service(wish.wanted.service)
    today = local_day(int(now.timestamp()), tenant.zone)
    furthest = today + plan.policy.horizon
    if wish.last_day > furthest:
        raise WaitsTooLong(furthest)
    if wish.last_day < max(wish.first_day, today) or wish.until_minute <= wish.from_minute:
        raise EndsBeforeItBegins
    first = wish.first_day if wish.first_day == old else max(wish.first_day, today)
    who = chosen_practitioners(plan, service, wish.wanted) if wish.wanted.practitioner else [None]
    return {
        "service_id": service.row["id"],
        "practitioner_id": who[0],
        "place_id": chosen_place(plan, service, wish.wanted),
        "weekdays": sorted(set(wish.weekdays)),
        "from_minute": wish.from_minute,
        "until_minute": wish.until_minute,
        "first_day": first,
        "last_day": wish.last_day,
        "note": wish.note,
    }


async def _check_others(tenant: Tenant, record: int, values: dict[str, Any], besides: int = 0) -> None:
    """The record is locked, so that nobody adds one meanwhile: first of all, as by whoever leaves a new one."""
    await fetch(_RECORD, tenant.id, record)
    names = ("service_id", "practitioner_id", "place_id", "weekdays", "from_minute", "until_minute")
    days = ("first_day", "last_day")
    others = await fetch_first(_OTHERS, tenant.id, record, besides, *(values[name] for name in (*names, *days)))
    assert others is not None
    if others["equal"]:
        raise WaitsAlready
    if others["open"] >= MOST:
        raise TooManyWishes(MOST)
