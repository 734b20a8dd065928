"""Confirming, cancelling and moving as clients do it: the same asked, done and answered, signed in or by a link."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from litestar.response import Redirect, Template

from portal.choosing.offer import wanted_from
from portal.choosing.times import look, times_facts
from portal.client.facts import appointment_facts
from portal.client.refused import refused_page
from portal.database import practice_lens
from portal.phrases import phrase
from portal.web.forms import Form, read_day, read_form, read_moment
from portal.web.given import AnyRequest
from portal.web.viewer import Viewer
from tenants.appointments.find import appointment_with_names
from tenants.booking.busy import Besides
from tenants.booking.cancel import cancel_by_client
from tenants.booking.confirm import confirm_appointment
from tenants.booking.move import move_by_client
from tenants.practices.tenant import Tenant
from tenants.refusals import (
    AppointmentCancelled,
    AppointmentOver,
    MovedMeanwhile,
    NotFound,
    NotYetAgreed,
    Refusal,
    TooLateToCancel,
    TooLateToMove,
)

UNPROCESSABLE = 422


@dataclass(frozen=True, slots=True)
class Changing:
    """An appointment in its client's hands. Its forms are below `here`; `back` is the page on which it is seen.

    `by_mail` tells whether the practice can write them a confirmation.
    """

    row: dict[str, Any]
    practice: Tenant
    viewer: Viewer
    here: str
    back: str
    by_mail: bool = True

    @property
    def ref(self) -> str:
        return str(self.row["ref"])


async def confirm_it(request: AnyRequest, one: Changing) -> str:
    """The start that the page has shown goes with the button. What stands in the way in words, "" when it is done."""
    form = await read_form(request, one.viewer)
    try:
        async with practice_lens(one.practice):
            await confirm_appointment(one.practice, one.ref, one.viewer.now, seen=read_moment(form.get("start", "")))
    except (AppointmentCancelled, AppointmentOver, MovedMeanwhile, NotYetAgreed) as refusal:
        return phrase(refusal, one.viewer.formats.at(one.practice.zone))
    return ""


def ask_whether_to_cancel(one: Changing) -> Redirect | Template:
    if one.row["cancelled_at"]:
        return Redirect(one.back, status_code=303)
    _check_deadline(one, TooLateToCancel(one.row["can_cancel_until"]))
    return _cancellation(one, Form(one.viewer.words))


async def cancel_it(request: AnyRequest, one: Changing) -> Redirect | Template:
    form = await read_form(request, one.viewer)
    reason = form.text("reason", 500, required=False, lines=True)
    if form.ok:
        try:
            async with practice_lens(one.practice):
                await cancel_by_client(one.practice, one.ref, reason, one.viewer.now)
        except (TooLateToCancel, AppointmentOver) as refusal:
            form.refuse("", phrase(refusal, one.viewer.formats.at(one.practice.zone)))
        else:
            return Redirect(one.back, status_code=303)
    return _cancellation(one, form, status=UNPROCESSABLE)


async def ask_where_to_move(request: AnyRequest, one: Changing) -> Template:
    row, practice, viewer = one.row, one.practice, one.viewer
    if row["cancelled_at"]:
        raise AppointmentCancelled(row["cancelled_at"])
    _check_deadline(one, TooLateToMove(row["can_move_until"]))
    async with practice_lens(practice):
        besides = Besides(appointment_id=(await appointment_with_names(practice, one.ref))["id"])
    asked = _day(request, viewer, practice) or row["starts_at"].astimezone(practice.zone).date()
    wanted = wanted_from(row["service_ref"], row["practitioner_ref"], "")
    seen = await look(practice, wanted, asked, viewer.now, besides, length=row["ends_at"] - row["starts_at"])
    facts = times_facts(viewer, practice, seen, {}, names=False)
    return viewer.page("client/move.html", appointment=appointment_facts(row), hidden={}, **_places(one), **facts)


async def move_it(request: AnyRequest, one: Changing) -> Redirect | Template:
    form = await read_form(request, one.viewer)
    starts_at = read_moment(form.get("start", ""))
    if starts_at is None:
        raise NotFound("time")
    try:
        async with practice_lens(one.practice):
            await move_by_client(one.practice, one.ref, starts_at, one.viewer.now)
    except NotFound:
        raise
    except Refusal as refusal:
        at_practice, there = one.viewer.at(one.practice), f"{one.here}/move"
        return refused_page(at_practice, one.practice, refusal, {}, post_to=there, again=there)
    return Redirect(one.back, status_code=303)


def _cancellation(one: Changing, form: Form, *, status: int = 200) -> Template:
    facts = appointment_facts(one.row)
    return one.viewer.page(
        "client/cancellation.html",
        status_code=status,
        appointment=facts,
        form=form,
        by_mail=one.by_mail,
        **_places(one),
    )


def _places(one: Changing) -> dict[str, Any]:
    return {"here": one.here, "back": one.back}


def _check_deadline(one: Changing, too_late: TooLateToCancel | TooLateToMove) -> None:
    if one.row["starts_at"] <= one.viewer.now:
        raise AppointmentOver(one.row["starts_at"])
    if one.viewer.now > too_late.deadline:
        raise too_late


def _day(request: AnyRequest, viewer: Viewer, practice: Tenant) -> date | None:
    typed = request.query_params.get("day")
    return read_day(typed, practice.zone, viewer.now) if typed else None
