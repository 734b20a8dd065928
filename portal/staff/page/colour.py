"""The practice's colour: chosen, looked at in light and dark, and kept when letters can be read on it."""

import re

from litestar import get, post
from litestar.response import Redirect, Template

from portal.languages.words import Words
from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.staff.page.standing import as_it_stands, page_of, saved, was_saved
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from portal.web.tones import tones_of
from tenants.page.change import change_accent
from tenants.refusals import AccentTooPale, ChangedMeanwhile
from tenants.team.permissions import Permission

CONFLICT, UNPROCESSABLE = 409, 422
_COLOUR = re.compile("#?([0-9a-f]{3}|[0-9a-f]{6})")
_SHORT = 3


@get("/desk/{slug:str}/page/colour", needs=Permission.CHANGE_SETTINGS)
async def show_colour(request: AnyRequest, desk: TheDesk) -> Template:
    accent = (await as_it_stands(desk)).accent
    form = Form(desk.viewer.words, [("accent", accent), ("seen", accent)])
    return await _page(desk, form, saved=was_saved(request))


@post("/desk/{slug:str}/page/colour", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def change(request: AnyRequest, desk: TheDesk) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    accent = read_colour(form, "accent")
    if not form.ok:
        return await _page(desk, form, status=UNPROCESSABLE)
    try:
        async with desk.lens():
            await change_accent(desk.practice, accent, form.get("seen", ""))
    except AccentTooPale as refusal:
        form.refuse("accent", phrase(refusal, desk.viewer.formats))
        return await _page(desk, form, status=UNPROCESSABLE)
    except ChangedMeanwhile as refusal:
        form.refuse("", phrase(refusal, desk.viewer.formats))
        form["seen"] = (await as_it_stands(desk)).accent
        return await _page(desk, form, status=CONFLICT)
    return saved(request, desk, "colour")


@post("/desk/{slug:str}/page/colour/preview", status_code=200, needs=Permission.CHANGE_SETTINGS)
async def preview(request: AnyRequest, desk: TheDesk) -> Template:
    """The page with the colour that was typed, or taken from those offered; nothing is kept."""
    form = await read_form(request, desk.viewer)
    if form.get("take"):
        form["accent"] = form["take"]
    read_colour(form, "accent")
    return await _page(desk, form)


def read_colour(form: Form, name: str, *, required: bool = True) -> str:
    """As #rrggbb, however it was typed; also #rgb."""
    typed = form.text(name, 20, required=required).lower()
    if not typed:
        return ""
    match = _COLOUR.fullmatch(typed)
    if match is None:
        form.refuse(name, form.words.gettext("This is not a colour. It looks like #0f5c6e."))
        return ""
    digits = match[1] if len(match[1]) > _SHORT else "".join(2 * each for each in match[1])
    form[name] = f"#{digits}"
    return f"#{digits}"


def suggestions(words: Words) -> list[tuple[str, str]]:
    """White letters can be read on each of them."""
    _ = words.gettext
    return [
        ("#0f5c6e", _("Lagoon")),
        ("#2b5fa8", _("Sky")),
        ("#3b4a8c", _("Indigo")),
        ("#6a4a8f", _("Violet")),
        ("#7a3e6d", _("Plum")),
        ("#a12d52", _("Raspberry")),
        ("#9c3d24", _("Brick")),
        ("#7d5a12", _("Honey")),
        ("#566122", _("Olive")),
        ("#2c6a45", _("Pine")),
        ("#51565c", _("Slate")),
    ]


async def _page(desk: Desk, form: Form, *, status: int = 200, saved: bool = False) -> Template:
    shown = None if "accent" in form.errors and not _COLOUR.fullmatch(form["accent"]) else form["accent"]
    return await page_of(
        desk,
        "colour",
        status=status,
        form=form,
        saved=saved,
        tones=tones_of(shown) if shown else None,
        suggestions=suggestions(desk.viewer.words),
    )
