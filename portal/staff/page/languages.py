"""Which languages the practice speaks, and which one comes first."""

from litestar import get, post
from litestar.response import Redirect, Template

from portal.languages.words import named_language, offered_languages
from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.staff.page.standing import as_it_stands, page_of, saved, was_saved
from portal.staff.reminders.texts import kind_names
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.page.languages import change_languages, languages_seen
from tenants.refusals import ChangedMeanwhile, LanguageMissing
from tenants.team.permissions import Permission
from tenants.writing.texts import find_texts, texts_lacking

CONFLICT, UNPROCESSABLE = 409, 422


@get("/desk/{slug:str}/page/languages", needs=Permission.CHANGE_SETTINGS)
async def show_languages(request: AnyRequest, desk: TheDesk) -> Template:
    languages = (await as_it_stands(desk)).languages
    also = [("also", language) for language in languages[1:]]
    form = Form(desk.viewer.words, [("first", languages[0]), *also, ("seen", languages_seen(languages))])
    return await _page(desk, form, saved=was_saved(request))


@post("/desk/{slug:str}/page/languages", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def change(request: AnyRequest, desk: TheDesk) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    known = set(offered_languages())
    first = form.one_of("first", known)
    if not known.issuperset(form.many("also")):
        form.refuse("also", form.words.gettext("Please choose one of these."))
    if not form.ok:
        return await _page(desk, form, status=UNPROCESSABLE)
    try:
        async with desk.lens():
            await change_languages(desk.practice, [first, *form.many("also")], form.get("seen", ""))
    except LanguageMissing as refusal:
        form.refuse("first", phrase(refusal, desk.viewer.formats))
        return await _page(desk, form, status=UNPROCESSABLE)
    except ChangedMeanwhile as refusal:
        form.refuse("", phrase(refusal, desk.viewer.formats))
        form["seen"] = languages_seen((await as_it_stands(desk)).languages)
        return await _page(desk, form, status=CONFLICT)
    return saved(request, desk, "languages")


async def _page(desk: Desk, form: Form, *, status: int = 200, saved: bool = False) -> Template:
    practice = await as_it_stands(desk)
    async with desk.lens():
        lacking = texts_lacking(await find_texts(practice), practice.languages)
    names = kind_names(desk.viewer.words)
    return await page_of(
        desk,
        "languages",
        status=status,
        form=form,
        saved=saved,
        offered=[(language, named_language(language)) for language in offered_languages()],
        also=form.many("also"),
        lacking=[
            (kind, channel, names[kind], [named_language(each) for each in where]) for kind, channel, where in lacking
        ],
    )
