"""What follows an appointment in its series, and where all of it shall be moved to, as a form says it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from portal.staff.book.when import is_told, read_length, read_start
from portal.staff.desk import Desk
from portal.staff.series.form import too_far
from portal.web.forms import Form
from tenants.appointments.find import appointment_with_names
from tenants.arranging.rearrange import Move
from tenants.arranging.series import following
from tenants.availability.wall_clock import local_day
from tenants.booking.plan import Plan, current_plan
from tenants.refs import fingerprint


@dataclass(frozen=True, slots=True)
class Rest:
    """An appointment with its names, and all of its series from it on."""

    row: dict[str, Any]
    following: list[dict[str, Any]]
    plan: Plan


def stood(rows: Sequence[Mapping[str, Any]]) -> str:
    """Tells whether any of them has been changed since."""
    return fingerprint([(row["ref"], row["sequence"]) for row in rows])


async def find_rest(desk: Desk, ref: str) -> Rest:
    """Raises NotFound for an appointment of no series, AppointmentCancelled."""
    async with desk.lens():
        row = await appointment_with_names(desk.practice, ref)
        desk.check_may_arrange(row["practitioner_id"])
        rows = await following(desk.practice, ref, desk.viewer.now)
        plan = desk.narrowed(await current_plan(desk.practice))
    return Rest(row, rows, plan)


def read_move(desk: Desk, form: Form, rest: Rest) -> Move | None:
    """None when the form has errors."""
    form.pop("start", None)
    starts_at = read_start(form, desk.practice.zone, desk.viewer.words)
    form.pop("end", None)
    form.whole("minutes", 1, 1440)
    length = read_length(form, starts_at, desk.viewer.words)
    practitioner = form.one_of("practitioner", {ref for ref, _ in practitioners_of(rest)})
    place = form.one_of("place", {ref for ref, _ in places_of(rest)}, required=False)
    if starts_at is not None and (far := too_far(_last(starts_at, rest, desk), desk)):
        form.refuse("day", far)
    if not form.ok or starts_at is None:
        return None
    return Move(starts_at, practitioner, place or None, length, by=desk.by, tell=is_told(form))


def _last(starts_at: datetime, rest: Rest, desk: Desk) -> date:
    by = starts_at - rest.following[0]["starts_at"]
    return local_day(int((rest.following[-1]["starts_at"] + by).timestamp()), desk.practice.zone)


def question_of(wanted: Move) -> str:
    return fingerprint((wanted.starts_at.timestamp(), wanted.practitioner, wanted.place, wanted.length))


def practitioners_of(rest: Rest) -> list[tuple[str, str]]:
    """Who gives the service, and who has it now."""
    givers = [rest.plan.practitioners[each] for each in rest.plan.service(rest.row["service_ref"]).practitioners]
    named = {row["ref"]: row["name"] for row in givers}
    return list((named | {rest.row["practitioner_ref"]: rest.row["practitioner_name"]}).items())


def places_of(rest: Rest) -> list[tuple[str, str]]:
    places = rest.plan.service(rest.row["service_ref"]).places
    return [(row["ref"], row["name"]) for key, row in rest.plan.places.items() if key in places]
