"""A practice's page as everybody sees it, in the reader's language, and what it is drawn with."""

import re

from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Template

from portal.choosing.offer import place_facts, service_facts, texts_for
from portal.choosing.times import zone_differs
from portal.client.facts import week_facts
from portal.database import practice_lens, read_rows
from portal.languages.words import named_language
from portal.web.assets import accent_stylesheet
from portal.web.given import AnyRequest, TheViewer
from portal.web.practice import find_practice
from tenants.booking.plan import current_plan
from tenants.page.logo import find_logo
from tenants.page.texts import ABOUT_IN, about_in

A_YEAR = 365 * 24 * 3600
_FOR_EVER = f"public, max-age={A_YEAR}, immutable"
_COLOUR = re.compile("[0-9a-f]{6}")


@get("/p/{slug:str}")
async def show_practice(viewer: TheViewer) -> Template:
    practice = viewer.practice
    assert practice is not None
    async with practice_lens(practice):
        plan = await current_plan(practice)
    language = viewer.locale.language
    said = {row["tenant_id"]: row["about"] for row in await read_rows(ABOUT_IN, language, [practice.id])}
    return viewer.page(
        "client/practice.html",
        practice=practice,
        about=about_in(practice, language, said),
        spoken=[(each, named_language(each)) for each in practice.languages],
        zone_differs=zone_differs(viewer, practice),
        places=[place_facts(row, row["name"]) for row in plan.places.values()],
        practitioners=list(plan.practitioners.values()),
        services=service_facts(plan, practice, texts=texts_for(plan, practice, language)),
        week=week_facts(plan, viewer.formats),
    )


@get("/p/{slug:str}/accent.css")
async def show_accent(request: AnyRequest, slug: FromPath[str]) -> Response[str]:
    """The colour that the address names, so that it may be kept for ever; without one the practice's own of today."""
    practice = await find_practice(request, slug)
    named = request.query_params.get("v", "")
    if _COLOUR.fullmatch(named):
        return _style(accent_stylesheet(slug, f"#{named}"), _FOR_EVER)
    return _style(accent_stylesheet(slug, practice.accent), "no-cache")


@get("/p/{slug:str}/logo/{name:str}/{size:str}")
async def send_logo(
    request: AnyRequest, slug: FromPath[str], name: FromPath[str], size: FromPath[str]
) -> Response[bytes]:
    """Raises NotFoundException for one that is no longer the practice's."""
    practice = await find_practice(request, slug)
    async with practice_lens(practice):
        picture = await find_logo(practice, name, size)
    if picture is None:
        raise NotFoundException
    return Response(picture, media_type="image/png", headers={"Cache-Control": _FOR_EVER})


def _style(sheet: str, kept: str) -> Response[str]:
    return Response(sheet, media_type="text/css", headers={"Cache-Control": kept})
