from litestar import Response, get
from litestar.params import FromPath
from litestar.response import Template

from portal.choosing.offer import place_facts, service_facts
from portal.client.facts import week_facts
from portal.database import practice_lens
from portal.web.assets import accent_stylesheet
from portal.web.given import AnyRequest, TheViewer
from portal.web.practice import find_practice
from tenants.booking.plan import current_plan
from tenants.services.texts import texts_in

A_YEAR = 365 * 24 * 3600


@get("/p/{slug:str}")
async def show_practice(viewer: TheViewer) -> Template:
    practice = viewer.practice
    assert practice is not None
    async with practice_lens(practice):
        plan = await current_plan(practice)
        texts = await texts_in(practice, viewer.locale.language)
    return viewer.page(
        "client/practice.html",
        practice=practice,
        places=[place_facts(row, row["name"]) for row in plan.places.values()],
        practitioners=list(plan.practitioners.values()),
        services=service_facts(plan, practice, texts=texts),
        week=week_facts(plan, viewer.formats),
    )


@get("/p/{slug:str}/accent.css")
async def show_accent(request: AnyRequest, slug: FromPath[str]) -> Response[str]:
    """The address changes with the colour, so it may be kept for ever."""
    practice = await find_practice(request, slug)
    return Response(
        accent_stylesheet(practice.slug, practice.accent),
        media_type="text/css",
        headers={"Cache-Control": f"public, max-age={A_YEAR}, immutable"},
    )
