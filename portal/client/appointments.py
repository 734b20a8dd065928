"""One person's appointments over all practices, and the page of one of them."""

from datetime import datetime, timedelta
from typing import Any

from litestar import Response, get
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.client.documents import documents_beside
from portal.client.facts import appointment_facts, entries
from portal.database import person_lens
from portal.languages.words import Words
from portal.messages.letters.calendar_file import appointment_entry, calendar_file
from portal.web.given import AnyRequest, TheSettings, TheViewer
from portal.web.viewer import Viewer, signed_in
from tenants.across import merged_appointments, own_appointment
from tenants.refusals import NotFound

UNPROCESSABLE = 422
JUST_NOW = timedelta(minutes=10)


@get("/appointments")
async def show_appointments(request: AnyRequest, viewer: TheViewer) -> Redirect | Template:
    person = signed_in(viewer)
    chosen = request.query_params.get("practice", "")
    async with person_lens(person.person_id):
        merged = await merged_appointments(person.person_id, viewer.now, practice=chosen)
    practices = {row["practice_slug"]: row for row in [*merged.upcoming, *merged.past]}
    if chosen not in {"", *practices}:
        return Redirect("/appointments", status_code=303)
    upcoming, past = (
        [row for row in rows if chosen in {"", row["practice_slug"]}] for rows in (merged.upcoming, merged.past)
    )
    return viewer.page(
        "client/appointments.html",
        next=appointment_facts(merged.next) if merged.next else None,
        upcoming=entries([row for row in upcoming if row is not merged.next], viewer.formats, viewer.now),
        past=entries(past, viewer.formats, viewer.now),
        practices=[
            {"slug": slug, "name": row["practice_name"], "accent": row["accent"]} for slug, row in practices.items()
        ],
        chosen_practice=chosen,
    )


@get("/appointments/{ref:str}")
async def show_appointment(viewer: TheViewer, ref: FromPath[str]) -> Template:
    signed_in(viewer)
    return await appointment_page(viewer, ref)


@get("/appointments/{ref:str}/calendar.ics")
async def send_calendar_file(viewer: TheViewer, ref: FromPath[str], settings: TheSettings) -> Response[bytes]:
    row = await own(viewer, ref)
    place = ", ".join(part for part in (row["place_name"], row["street"], row["postcode"], row["city"]) if part)
    entry = appointment_entry(
        ref=ref,
        sequence=row["sequence"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        changed_at=last_change(row),
        cancelled=row["cancelled_at"] is not None,
        tentative=row["pending"],
        practice=row["practice_name"],
        practitioner=row["practitioner_name"],
        for_name=row["for_name"],
        place=place,
        words=viewer.words,
        public_url=settings.public_url,
    )
    name = {"Content-Disposition": 'attachment; filename="appointment.ics"'}
    return Response(calendar_file(entry), media_type="text/calendar; charset=utf-8", headers=name)


async def appointment_page(viewer: Viewer, ref: str, refused: str = "") -> Template:
    """`refused` says why what was wanted could not be done."""
    row = await own(viewer, ref)
    return viewer.page(
        "client/appointment.html",
        status_code=UNPROCESSABLE if refused else 200,
        refused=refused,
        here=f"/appointments/{ref}",
        appointment=appointment_facts(row),
        booked_just_now=row["booked_by"] == "client"
        and row["sequence"] == 0
        and viewer.now - row["booked_at"] < JUST_NOW,
        note=row["note"],
        documents=await documents_beside(viewer, row["practice_slug"]),
        history=history(row, viewer.words),
    )


async def own(viewer: Viewer, ref: str) -> dict[str, Any]:
    """Through the person's lens, so that another's appointment is no different from one that does not exist."""
    person = signed_in(viewer)
    async with person_lens(person.person_id):
        row = await own_appointment(person.person_id, ref)
    if row is None:
        raise NotFound("appointment")
    return row


def last_change(row: dict[str, Any]) -> datetime:
    latest: datetime = max(
        at for at in (row["booked_at"], row["moved_at"], row["accepted_at"], row["cancelled_at"]) if at
    )
    return latest


def history(row: dict[str, Any], words: Words) -> list[dict[str, Any]]:
    _ = words.gettext
    told = [
        (row["booked_at"], _booked(row, words)),
        (row["moved_at"], _("Moved to this time")),
        (
            row["confirmed_at"],
            _("Confirmed by you") if row["confirmed_by"] == "client" else _("Confirmed by the practice"),
        ),
        (row["accepted_at"], _("Accepted by the practice")),
        (row["cancelled_at"], _cancelled(row, words)),
    ]
    return sorted(({"at": at, "words": said} for at, said in told if at), key=lambda line: line["at"])


def _booked(row: dict[str, Any], words: Words) -> str:
    _ = words.gettext
    if row["approve_by"]:
        return _("Asked for by you")
    return _("Booked by you") if row["booked_by"] == "client" else _("Booked by the practice")


def _cancelled(row: dict[str, Any], words: Words) -> str:
    _ = words.gettext
    if row["declined_at"]:
        return _("Declined by the practice")
    if row["cancelled_by"] == "rule":
        return _("Ended by itself: the practice had not answered")
    if row["cancelled_by"] == "staff":
        return _("Cancelled by the practice")
    return _("Withdrawn by you") if row["approve_by"] and not row["accepted_at"] else _("Cancelled by you")
