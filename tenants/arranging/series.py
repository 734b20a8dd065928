"""The same appointment every so many weeks: foreseen with what stands in its way, then agreed all at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from tenants.appointments.find import locked_appointment
from tenants.appointments.tables import Appointment, Series
from tenants.arranging.appoint import ALONE, How, appoint
from tenants.arranging.insist import Insistence, find_spot, unmet
from tenants.arranging.rearrange import Move, put
from tenants.arranging.taken import ALL, Without, taken_between
from tenants.arranging.why import NOT_GIVEN, Asked, Closed, all_reasons
from tenants.availability.repeats import repeats
from tenants.availability.wall_clock import local_day, moment
from tenants.booking.book import BOOKED_ALREADY
from tenants.booking.crowd import load_uses
from tenants.booking.move import check_live, wanted_when_moving
from tenants.booking.open_times import chosen_place, chosen_practitioners
from tenants.booking.plan import current_plan, lasting
from tenants.booking.slot import Choice
from tenants.clients.record import Contact, find_or_make_record
from tenants.notifications.owe import note_changes
from tenants.practices.tenant import Tenant
from tenants.refs import new_ref
from tenants.refusals import MovedMeanwhile, NotFound, Refusal, SeriesMeets, ServiceNotGiven
from tenants.scope import fetch, fetch_first

MOST = 104
"""Appointments in one series: two years of weeks."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """`times` counts the first one; 2 to MOST of them, every 1 to 52 weeks."""

    every_weeks: int
    times: int


@dataclass(frozen=True, slots=True)
class Occurrence:
    """`starts_at` is None on a night that skips that time. `ref` is that of an appointment being moved."""

    day: date
    starts_at: datetime | None
    objections: tuple[Closed, ...] = ()
    ref: str = ""

    @property
    def fits(self) -> bool:
        return self.starts_at is not None and not self.objections


async def foresee_series(
    tenant: Tenant, choice: Choice, repeat: Repeat, now: datetime, how: How = ALONE
) -> list[Occurrence]:
    """`choice` names a practitioner; its start is the first one's. Raises NotFound, ServiceNotGiven."""
    local = choice.starts_at.astimezone(tenant.zone)
    minute = local.hour * 60 + local.minute
    days = list(repeats(local.date(), minute, repeat.every_weeks, repeat.times, tenant.zone))
    found = [Occurrence(day, None if start is None else moment(start)) for day, start in days]
    return await _object(tenant, choice, found, how.length, how.insistence, ALL, now)


async def book_series(
    tenant: Tenant,
    key: str,
    choice: Choice,
    repeat: Repeat,
    contact: Contact,
    now: datetime,
    how: How,
    skip: frozenset[date] = frozenset(),
) -> list[str]:
    """The refs of all but the days in `skip`, or nothing at all. `key` is the form's own: sent twice, booked once.

    Raises SeriesMeets with the days that cannot be, and as `foresee_series`.
    """
    if await fetch_first(BOOKED_ALREADY, tenant.id, key):
        return []
    wanted = [each for each in await foresee_series(tenant, choice, repeat, now, how) if each.day not in skip]
    _check(wanted)
    client = await find_or_make_record(tenant, contact, now)
    series = await _new_series(tenant, repeat.every_weeks, how.by, now)
    made = []
    for number, each in enumerate(wanted):
        assert each.starts_at is not None
        one = replace(choice, starts_at=each.starts_at)
        spot = await find_spot(tenant, one, now, length=how.length, insistence=how.insistence)
        row = await appoint(tenant, key if number == 0 else f"{key} {number}", client, spot, now, how, series)
        if row is None:
            raise SeriesMeets((each.day,))
        made.append(row)
    await note_changes(tenant, [row[0] for row in made], "booked", how.by, now, tell=how.tell)
    return [ref for _, ref in made]


async def booked_already(tenant: Tenant, key: str) -> str | None:
    """The ref of what a form of that key has booked first."""
    row = await fetch_first(BOOKED_ALREADY, tenant.id, key)
    return row["ref"] if row else None


async def following(tenant: Tenant, ref: str, now: datetime) -> list[dict[str, Any]]:
    """Itself and those of its series that come after it, live and still to begin, by their start; locked.

    Raises NotFound for an appointment of no series.
    """
    appointment = await locked_appointment(tenant, ref)
    check_live(appointment)
    if appointment["series_id"] is None:
        raise NotFound("series")
    rows = (
        await Appointment.of(tenant)
        .where(Appointment.series_id == appointment["series_id"])
        .where((Appointment.starts_at >= appointment["starts_at"]) & Appointment.cancelled_at.is_null())
        .order_by(Appointment.id)
        .lock_rows("NO KEY UPDATE")
    )
    later = (row for row in rows if row["starts_at"] > now or row["id"] == appointment["id"])
    return sorted(later, key=lambda row: row["starts_at"])


async def foresee_shift(tenant: Tenant, ref: str, move: Move, now: datetime) -> list[Occurrence]:
    """For it and the following, each by as many days and to the same wall time as this one moves.

    Raises NotFound, AppointmentCancelled, ServiceNotGiven.
    """
    rows = await following(tenant, ref, now)
    wanted = await wanted_when_moving(tenant, rows[0], move.practitioner, move.place)
    found = [_shifted(row, rows[0], move.starts_at, tenant) for row in rows]
    length = move.length or rows[0]["ends_at"] - rows[0]["starts_at"]
    besides = Without(frozenset(row["id"] for row in rows))
    choice = Choice(wanted, move.starts_at)
    return await _object(tenant, choice, found, length, move.insistence, besides, now, rows[0]["practitioner_id"])


async def shift_following(
    tenant: Tenant, ref: str, move: Move, now: datetime, stay: frozenset[str] = frozenset()
) -> None:
    """All but those in `stay`, by their refs, or none. Raises SeriesMeets, MovedMeanwhile and as `foresee_shift`."""
    occurrences = [each for each in await foresee_shift(tenant, ref, move, now) if each.ref not in stay]
    _check(occurrences)
    rows = {row["ref"]: row for row in await following(tenant, ref, now)}
    if move.seen is not None and move.seen != rows[ref]["sequence"]:
        raise MovedMeanwhile(rows[ref]["starts_at"])
    going = Without(frozenset(rows[each.ref]["id"] for each in occurrences))
    changed, left = [], None
    # Whoever moves on makes room for the one before it: the last one first when they move on, the first when back.
    later = any(each.starts_at and each.starts_at > rows[each.ref]["starts_at"] for each in occurrences)
    for each in sorted(occurrences, key=lambda each: each.day, reverse=later):
        assert each.starts_at is not None
        row = rows[each.ref]
        try:
            moved = await put(tenant, row, replace(move, starts_at=each.starts_at), now, going)
        except NotFound:
            raise
        except Refusal:
            raise SeriesMeets((each.day,)) from None
        if moved:
            changed.append(row["id"])
            left = row["practitioner_id"]
    await note_changes(tenant, changed, "moved", move.by, now, left=left, tell=move.tell)


async def _object(
    tenant: Tenant,
    choice: Choice,
    occurrences: Sequence[Occurrence],
    length: timedelta | None,
    insistence: Insistence,
    besides: Without,
    now: datetime,
    keeps: int | None = None,
) -> list[Occurrence]:
    """With what speaks against each; what is taken is read once for all of them."""
    plan = await current_plan(tenant)
    service = lasting(plan.service(choice.wanted.service), length)
    who = chosen_practitioners(plan, service, choice.wanted, keeps)[0]
    place_id = chosen_place(plan, service, choice.wanted)
    if not service.places:
        raise ServiceNotGiven
    instants = [int(each.starts_at.timestamp()) for each in occurrences if each.starts_at]
    if not instants:
        return list(occurrences)
    span = (min(instants), max(instants) + service.length.duration)
    taken = await taken_between(tenant, [who], span, now, besides)
    uses = await load_uses(tenant, plan, service, span, now, [*besides.ids])

    def against(each: Occurrence) -> tuple[Closed, ...]:
        if each.starts_at is None:
            return ()
        asked = Asked(service, who, place_id, int(each.starts_at.timestamp()))
        reasons = all_reasons(asked, plan, taken, now, uses)
        return tuple(unmet((each for each in reasons if each.why != NOT_GIVEN or who != keeps), plan, insistence))

    return [replace(each, objections=against(each)) for each in occurrences]


def _check(occurrences: Sequence[Occurrence]) -> None:
    if against := tuple(each.day for each in occurrences if not each.fits):
        raise SeriesMeets(against)


def _shifted(row: dict[str, Any], first: dict[str, Any], to: datetime, tenant: Tenant) -> Occurrence:
    """On the wall: a series keeps its hour when clocks change."""
    before, after = (at.astimezone(tenant.zone) for at in (first["starts_at"], to))
    day = local_day(int(row["starts_at"].timestamp()), tenant.zone) + (after.date() - before.date())
    _, start = next(repeats(day, after.hour * 60 + after.minute, 1, 1, tenant.zone))
    return Occurrence(day, None if start is None else moment(start), ref=row["ref"])


async def _new_series(tenant: Tenant, every_weeks: int, by: str, now: datetime) -> int:
    row = Series(ref=new_ref(), every_weeks=every_weeks, by_email=by, created_at=now)
    row.tenant_id = tenant.id
    made = await Series.insert(row)
    return int(made[0]["id"])


async def series_of(tenant: Tenant, appointment: dict[str, Any]) -> dict[str, Any] | None:
    """`every_weeks`, and `number` of `total` where this one stands among those that are live."""
    if appointment["series_id"] is None:
        return None
    rows = await fetch(_STANDING, tenant.id, appointment["series_id"], appointment["starts_at"])
    return dict(rows[0])


_STANDING = """
SELECT series.ref, every_weeks, count(appointment.id) AS total,
       count(appointment.id) FILTER (WHERE starts_at <= $3) AS number
FROM series LEFT JOIN appointment ON appointment.tenant_id = $1 AND series_id = series.id AND cancelled_at IS NULL
WHERE series.tenant_id = $1 AND series.id = $2
GROUP BY series.id
"""
