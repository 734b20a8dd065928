"""The practice's own words for one message by one channel, in each of its languages, beside what they become."""

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.languages.words import named_language
from portal.phrases import phrase
from portal.settings import Settings
from portal.staff.desk import Desk, TheDesk
from portal.staff.reminders.preview import find_example, make_previews
from portal.staff.reminders.text_form import check_known, kept_words, path_of, read_words, usual_words
from portal.staff.reminders.texts import kind_names
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest, TheSettings
from tenants.refusals import ChangedMeanwhile
from tenants.team.permissions import Permission
from tenants.writing.texts import (
    LONGEST_BODY,
    LONGEST_SUBJECT,
    PLACEHOLDERS,
    WITHOUT_LINK,
    OwnText,
    change_texts,
    find_texts,
)

CONFLICT, UNPROCESSABLE = 409, 422


@get("/desk/{slug:str}/reminders/texts/{kind:str}/{channel:str}", needs=Permission.SETTINGS)
async def show_text(
    request: AnyRequest, desk: TheDesk, settings: TheSettings, kind: FromPath[str], channel: FromPath[str]
) -> Template:
    check_known(kind, channel)
    form = await kept_words(desk, kind, channel)
    return await _page(desk, form, settings, kind, channel, saved="saved" in request.query_params)


@post("/desk/{slug:str}/reminders/texts/{kind:str}/{channel:str}", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def change(
    request: AnyRequest, desk: TheDesk, settings: TheSettings, kind: FromPath[str], channel: FromPath[str]
) -> Redirect | Template:
    """Carnet's own words, saved as they were shown, stay Carnet's."""
    check_known(kind, channel)
    form = await read_form(request, desk.viewer)
    texts = read_words(form, desk, kind, channel)
    if not form.ok:
        return await _page(desk, form, settings, kind, channel, status=UNPROCESSABLE)
    own = {} if texts == usual_words(desk, kind, channel) else texts
    try:
        async with desk.lens():
            await change_texts(desk.practice, kind, channel, own, form.get("seen", ""))
    except ChangedMeanwhile as refusal:
        form.refuse("", phrase(refusal, desk.viewer.formats))
        form["seen"] = (await kept_words(desk, kind, channel))["seen"]
        return await _page(desk, form, settings, kind, channel, status=CONFLICT)
    return Redirect(f"{path_of(desk, kind, channel)}?saved=yes", status_code=303)


@post("/desk/{slug:str}/reminders/texts/{kind:str}/{channel:str}/preview", status_code=200, needs=Permission.SETTINGS)
async def preview(
    request: AnyRequest, desk: TheDesk, settings: TheSettings, kind: FromPath[str], channel: FromPath[str]
) -> Template:
    """The page with what has been typed; while somebody types, its previews alone are taken from it."""
    check_known(kind, channel)
    form = await read_form(request, desk.viewer)
    read_words(form, desk, kind, channel)
    return await _page(desk, form, settings, kind, channel)


async def _page(
    desk: Desk, form: Form, settings: Settings, kind: str, channel: str, *, status: int = 200, saved: bool = False
) -> Template:
    texts = {
        language: OwnText(form[f"subject_{language}"], form[f"body_{language}"]) for language in desk.practice.languages
    }
    fit = {
        language: text
        for language, text in texts.items()
        if not {f"subject_{language}", f"body_{language}"} & form.errors.keys()
    }
    example = await find_example(desk)
    async with desk.lens():
        own = any(key[:2] == (kind, channel) for key in await find_texts(desk.practice))
    return desk.page(
        "desk/reminders/text.html",
        status_code=status,
        form=form,
        here=path_of(desk, kind, channel),
        name=kind_names(desk.viewer.words)[kind],
        channel=channel,
        written_in=[(language, named_language(language)) for language in desk.practice.languages],
        placeholders=[name for name in PLACEHOLDERS if not (name == "link" and kind in WITHOUT_LINK)],
        previews=make_previews(kind, channel, fit, example, settings),
        example=example,
        own=own,
        saved=saved,
        longest={"subject": LONGEST_SUBJECT, "body": LONGEST_BODY},
    )
