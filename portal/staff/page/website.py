"""The booking pages in the practice's own site: what to paste there, and how it will look."""

from typing import Any
from urllib.parse import urlencode

from litestar import get
from litestar.response import Template
from markupsafe import Markup

from portal.choosing.offer import service_facts
from portal.languages.words import named_language, offered_languages
from portal.staff.desk import TheDesk
from portal.staff.page.colour import read_colour
from portal.staff.page.standing import as_it_stands, page_of
from portal.web.forms import Form
from portal.web.given import AnyRequest, TheSettings
from portal.web.guard import POLICY
from tenants.booking.plan import current_plan
from tenants.team.permissions import Permission

UNPROCESSABLE = 422
OPTIONS = ("service", "language", "colour")
_WITH_ITS_FRAME = {"content-security-policy": f"{POLICY}; frame-src 'self'"}

SCRIPT = Markup('<script async src="{src}"{data}></script>\n<noscript><a href="{book}">{title}</a></noscript>')
FRAME = Markup('<iframe src="{src}" title="{title}" width="100%" height="900" style="border: 0"></iframe>')


@get("/desk/{slug:str}/page/website", needs=Permission.CHANGE_SETTINGS)
async def show_website(request: AnyRequest, desk: TheDesk, settings: TheSettings) -> Template:
    practice = await as_it_stands(desk)
    async with desk.lens():
        services = service_facts(await current_plan(practice), practice)
    form = Form(desk.viewer.words, [(name, request.query_params.get(name, "")) for name in OPTIONS])
    chosen = _read(form, {service["ref"] for service in services})
    door = f"{settings.public_url}/p/{practice.slug}"
    title = desk.viewer.words.gettext("Book at %(practice)s", practice=practice.name)
    query = f"?{urlencode(chosen)}" if chosen else ""
    page = await page_of(
        desk,
        "website",
        status=200 if form.ok else UNPROCESSABLE,
        form=form,
        services=[(service["ref"], service["name"]) for service in services],
        languages=[(language, named_language(language)) for language in offered_languages()],
        # As texts, so that what is shown is what is pasted: their own escapes are not undone on the way.
        script=str(_script(door, chosen, title)),
        frame=str(FRAME.format(src=f"{door}/embed{query}", title=title)),
        look=f"/p/{practice.slug}/embed{query}",
        title=title,
    )
    page.headers.update(_WITH_ITS_FRAME)
    return page


def _read(form: Form, services: set[str]) -> dict[str, str]:
    """The options that say something, in their order."""
    chosen = {
        "service": form.one_of("service", services, required=False),
        "lang": form.one_of("language", set(offered_languages()), required=False),
        "colour": read_colour(form, "colour", required=False).removeprefix("#"),
    }
    return {name: value for name, value in chosen.items() if value}


def _script(door: str, chosen: dict[str, Any], title: str) -> Markup:
    data = Markup("").join(
        Markup(' data-{}="{}"').format(name, value) for name, value in (chosen | {"title": title}).items()
    )
    return SCRIPT.format(src=f"{door}/embed.js", data=data, book=f"{door}/book", title=title)
