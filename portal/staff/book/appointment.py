"""One appointment as the practice sees it: who comes, what has happened, and what can be done about it now."""

from collections.abc import Mapping
from typing import Any

from litestar import get
from litestar.params import FromPath
from litestar.response import Template

from portal.choosing.offer import place_facts
from portal.languages.words import Words
from portal.settings import Settings
from portal.staff.book.done import done_from
from portal.staff.desk import Desk, TheDesk
from portal.staff.log.section import section_of_appointment
from portal.staff.merging.duplicates import hints_for_new
from portal.staff.series.preview import series_section
from portal.web.forms import Form
from portal.web.given import AnyRequest, TheSettings
from tenants.appointments.find import appointment_with_names
from tenants.arranging.overrides import Override, overrides_of
from tenants.arranging.rooms import given_to
from tenants.booking.plan import current_plan
from tenants.practices.tenant import Tenant
from tenants.team.permissions import Permission

_INSTANTS = (
    "starts_at",
    "ends_at",
    "booked_at",
    "moved_at",
    "confirmed_at",
    "cancelled_at",
    "no_show_at",
    "arrived_at",
    "completed_at",
    "approve_by",
    "accepted_at",
    "declined_at",
)


@get("/desk/{slug:str}/appointments/{ref:str}", needs=Permission.ARRANGE)
async def show_appointment(request: AnyRequest, desk: TheDesk, settings: TheSettings, ref: FromPath[str]) -> Template:
    return await appointment_page(desk, ref, settings, query=request.query_params)


async def appointment_page(
    desk: Desk,
    ref: str,
    settings: Settings,
    form: Form | None = None,
    *,
    status: int = 200,
    query: Mapping[str, str] | None = None,
) -> Template:
    query = query or {}
    async with desk.lens():
        row = await appointment_with_names(desk.practice, ref)
        desk.check_may_arrange(row["practitioner_id"])
        plan = await current_plan(desk.practice)
        overrides = await overrides_of(desk.practice, row["id"])
        given = await given_to(desk.practice, row, desk.viewer.now)
    appointment = appointment_facts(row, desk.practice)
    return desk.page(
        "desk/appointment.html",
        status_code=status,
        appointment=appointment,
        history=_history(appointment, overrides, desk),
        overrides=[each for each in overrides if each.stands],
        series=await series_section(desk, row),
        section=await section_of_appointment(desk, row, settings),
        given=given,
        offered=row["service_ref"] in plan.services,
        done=query.get("done", ""),
        just_done=done_from(desk, query, row),
        twice=await hints_for_new(desk, row),
        form=form or Form(desk.viewer.words),
    )


def appointment_facts(row: dict[str, Any], practice: Tenant) -> dict[str, Any]:
    local = {name: row[name].astimezone(practice.zone) for name in _INSTANTS if row[name]}
    return row | local | {"place": place_facts(row, row["place_name"])}


def _history(row: dict[str, Any], overrides: list[Override], desk: Desk) -> list[dict[str, Any]]:
    words = desk.viewer.words
    _ = words.gettext
    told = [
        (row["booked_at"], _booked(row, words)),
        (row["moved_at"], _("Moved to this time")),
        (
            row["confirmed_at"],
            _("Confirmed by the client") if row["confirmed_by"] == "client" else _("Confirmed by the practice"),
        ),
        (row["accepted_at"], _("Accepted by %(email)s", email=row["accepted_by"])),
        (row["cancelled_at"], _cancelled(row, words)),
        (row["arrived_at"], _("Noted as arrived")),
        (row["completed_at"], _("Noted as completed")),
        (row["no_show_at"], _("Noted as missed")),
        *((each.at, _override_words(each, desk)) for each in overrides),
    ]
    return sorted(({"at": at, "words": said} for at, said in told if at), key=lambda line: line["at"])


def _booked(row: dict[str, Any], words: Words) -> str:
    if row["approve_by"]:
        return words.gettext("Asked for by the client")
    _ = words.gettext
    return _("Booked by the client") if row["booked_by"] == "client" else _("Booked by the practice")


def _cancelled(row: dict[str, Any], words: Words) -> str:
    _ = words.gettext
    if row["declined_at"]:
        return _("Declined by the practice")
    if row["cancelled_by"] == "rule":
        return _("Ended by itself, without an answer")
    if row["cancelled_by"] == "staff":
        return _("Cancelled by the practice")
    asked = row["approve_by"] and not row["accepted_at"]
    return _("Withdrawn by the client") if asked else _("Cancelled by the client")


def _override_words(override: Override, desk: Desk) -> str:
    _ = desk.viewer.words.gettext
    if override.other is None:
        return _("Put outside the opening hours by %(email)s", email=override.by_email)
    name = override.other["client"]
    if override.own:
        return _("Laid over the appointment of %(name)s by %(email)s", name=name, email=override.by_email)
    return _("The appointment of %(name)s laid over it by %(email)s", name=name, email=override.by_email)
