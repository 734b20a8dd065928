"""The practice's name, and what it says of itself in each of its languages."""

from litestar import get, post
from litestar.response import Redirect, Template

from portal.languages.words import named_language
from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.staff.page.standing import as_it_stands, page_of, saved, was_saved
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.page.texts import LONGEST_ABOUT, Said, change_said, find_said
from tenants.refs import fingerprint
from tenants.refusals import ChangedMeanwhile
from tenants.team.permissions import Permission

CONFLICT, UNPROCESSABLE = 409, 422
LONGEST_NAME = 120


@get("/desk/{slug:str}/page/words", needs=Permission.CHANGE_SETTINGS)
async def show_words(request: AnyRequest, desk: TheDesk) -> Template:
    said = await _said(desk)
    typed = [("name", said.name), *((f"about_{language}", about) for language, about in said.abouts)]
    form = Form(desk.viewer.words, [*typed, ("seen", fingerprint(said))])
    return await _page(desk, form, saved=was_saved(request))


@post("/desk/{slug:str}/page/words", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def change(request: AnyRequest, desk: TheDesk) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    practice = await as_it_stands(desk)
    name = form.text("name", LONGEST_NAME)
    abouts = {
        language: form.text(f"about_{language}", LONGEST_ABOUT, required=False, lines=True)
        for language in practice.languages
    }
    if not form.ok:
        return await _page(desk, form, status=UNPROCESSABLE)
    try:
        async with desk.lens():
            await change_said(practice, name, abouts, form.get("seen", ""))
    except ChangedMeanwhile as refusal:
        form.refuse("", phrase(refusal, desk.viewer.formats))
        form["seen"] = fingerprint(await _said(desk))
        return await _page(desk, form, status=CONFLICT)
    return saved(request, desk, "words")


async def _said(desk: Desk) -> Said:
    async with desk.lens():
        return await find_said(desk.practice)


async def _page(desk: Desk, form: Form, *, status: int = 200, saved: bool = False) -> Template:
    languages = (await as_it_stands(desk)).languages
    return await page_of(
        desk,
        "words",
        status=status,
        form=form,
        saved=saved,
        written_in=[(language, named_language(language)) for language in languages],
        longest={"name": LONGEST_NAME, "about": LONGEST_ABOUT},
    )
