"""Another zone for the practice: what would look different, and after a yes the change itself."""

from zoneinfo import ZoneInfo

from litestar import get, post
from litestar.response import Redirect, Template

from portal.languages.zones import zones
from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.staff.page.standing import as_it_stands, page_of, saved, was_saved
from portal.web.forms import Form, read_form, wall_words
from portal.web.given import AnyRequest
from tenants.appointments.coming import coming_in_own_zone
from tenants.page.zone import change_zone, off_midnight, zone_seen
from tenants.places.tables import Place
from tenants.refusals import ChangedMeanwhile
from tenants.team.permissions import Permission
from tenants.writing.policy import find_message_policy

CONFLICT, UNPROCESSABLE = 409, 422
SHOWN = 5
"""How many of the next appointments are told: enough to see what happens to each."""


@get("/desk/{slug:str}/page/zone", needs=Permission.CHANGE_SETTINGS)
async def show_zone(request: AnyRequest, desk: TheDesk) -> Template:
    """With `zone` in the address, what that one would change."""
    practice = await as_it_stands(desk)
    wanted = request.query_params.get("zone", "")
    form = Form(desk.viewer.words, [("zone", wanted or practice.zone.key)])
    if not wanted or wanted == practice.zone.key:
        return await _ask(desk, form, saved=was_saved(request))
    form.one_of("zone", set(zones()))
    return await _tell(desk, form) if form.ok else await _ask(desk, form, status=UNPROCESSABLE)


@post("/desk/{slug:str}/page/zone", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def change(request: AnyRequest, desk: TheDesk) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    wanted = form.one_of("zone", set(zones()))
    if not form.ok:
        return await _ask(desk, form, status=UNPROCESSABLE)
    seen, whole_days = form.get("seen", ""), bool(form.get("whole_days"))
    try:
        async with desk.lens():
            await change_zone(desk.practice, ZoneInfo(wanted), desk.viewer.now, seen, whole_days=whole_days)
    except ChangedMeanwhile as refusal:
        form.refuse("", phrase(refusal, desk.viewer.formats))
        return await _tell(desk, form, status=CONFLICT)
    return saved(request, desk, "zone")


async def _ask(desk: Desk, form: Form, *, status: int = 200, saved: bool = False) -> Template:
    async with desk.lens():
        apart = await _apart(desk)
    return await page_of(desk, "zone", status=status, form=form, saved=saved, zones=zones(), apart=apart)


async def _tell(desk: Desk, form: Form, *, status: int = 200) -> Template:
    practice, zone = await as_it_stands(desk), ZoneInfo(form["zone"])
    async with desk.lens():
        coming = await coming_in_own_zone(practice, desk.viewer.now, SHOWN)
        closures = await off_midnight(practice, zone, desk.viewer.now)
        quiet = (await find_message_policy(practice)).quiet
        apart = await _apart(desk)
    return await page_of(
        desk,
        "zone_change",
        status=status,
        form=form,
        new=zone,
        old=practice.zone,
        coming=coming,
        closures=closures,
        quiet=[wall_words(each) for each in (quiet.since, quiet.until)] if quiet.minutes else None,
        apart=apart,
        seen=zone_seen(practice.zone, closures),
        whole_days=(status == CONFLICT and bool(form.get("whole_days"))) or status != CONFLICT,
    )


async def _apart(desk: Desk) -> list[dict[str, str]]:
    """Places by a clock of their own: nothing changes there."""
    here = Place.of(desk.practice, Place.name, Place.zone)
    return await here.where(Place.zone.is_not_null() & Place.retired_at.is_null()).order_by(Place.name)
