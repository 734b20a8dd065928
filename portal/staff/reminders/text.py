"""The practice's own words for one message by one channel, in each of its languages, beside what they become."""

from typing import Any

from babel import Locale
from litestar import get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.database import practice_lens
from portal.languages.words import words_in
from portal.messages.wording import usual_text
from portal.phrases import phrase
from portal.settings import Settings
from portal.staff.desk import Desk, TheAdminDesk, TheDesk
from portal.staff.reminders.preview import find_example, make_previews
from portal.staff.reminders.texts import kind_names
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest, TheSettings
from tenants.notifications.texts import (
    CHANNELS,
    KINDS,
    LONGEST_BODY,
    LONGEST_SUBJECT,
    PLACEHOLDERS,
    WITHOUT_LINK,
    OwnText,
    change_texts,
    check_placeholders,
    check_text,
    find_texts,
    texts_fingerprint,
)
from tenants.refusals import ChangedMeanwhile, Refusal, TextMissing

CONFLICT, UNPROCESSABLE = 409, 422


@get("/desk/{slug:str}/reminders/texts/{kind:str}/{channel:str}")
async def show_text(
    request: AnyRequest, desk: TheDesk, settings: TheSettings, kind: FromPath[str], channel: FromPath[str]
) -> Template:
    _check_known(kind, channel)
    form = await _kept(desk, kind, channel)
    return await _page(desk, form, settings, kind, channel, saved="saved" in request.query_params)


@post("/desk/{slug:str}/reminders/texts/{kind:str}/{channel:str}", status_code=303)
async def change(
    request: AnyRequest, admin_desk: TheAdminDesk, settings: TheSettings, kind: FromPath[str], channel: FromPath[str]
) -> Redirect | Template:
    """Carnet's own words, saved as they were shown, stay Carnet's."""
    _check_known(kind, channel)
    form = await read_form(request, admin_desk.viewer)
    texts = _read(form, admin_desk, kind, channel)
    if not form.ok:
        return await _page(admin_desk, form, settings, kind, channel, status=UNPROCESSABLE)
    own = {} if texts == _usual(admin_desk, kind, channel) else texts
    try:
        async with practice_lens(admin_desk.practice):
            await change_texts(admin_desk.practice, kind, channel, own, form.get("seen", ""))
    except ChangedMeanwhile as refusal:
        form.refuse("", phrase(refusal, admin_desk.viewer.formats))
        form["seen"] = (await _kept(admin_desk, kind, channel))["seen"]
        return await _page(admin_desk, form, settings, kind, channel, status=CONFLICT)
    return Redirect(f"{_path(admin_desk, kind, channel)}?saved=yes", status_code=303)


@post("/desk/{slug:str}/reminders/texts/{kind:str}/{channel:str}/preview", status_code=200)
async def preview(
    request: AnyRequest, desk: TheDesk, settings: TheSettings, kind: FromPath[str], channel: FromPath[str]
) -> Template:
    """The page with what has been typed; while somebody types, its previews alone are taken from it."""
    _check_known(kind, channel)
    form = await read_form(request, desk.viewer)
    _read(form, desk, kind, channel)
    return await _page(desk, form, settings, kind, channel)


@get("/desk/{slug:str}/reminders/texts/{kind:str}/{channel:str}/removal")
async def ask_to_forget(admin_desk: TheAdminDesk, kind: FromPath[str], channel: FromPath[str]) -> Template:
    _check_known(kind, channel)
    form = await _kept(admin_desk, kind, channel)
    return admin_desk.page(
        "desk/reminders/text_removal.html",
        here=_path(admin_desk, kind, channel),
        name=kind_names(admin_desk.viewer.words)[kind],
        channel=channel,
        seen=form["seen"],
        usual=[(language, _named(language), text) for language, text in _usual(admin_desk, kind, channel).items()],
    )


@post("/desk/{slug:str}/reminders/texts/{kind:str}/{channel:str}/removal", status_code=303)
async def forget(
    request: AnyRequest, admin_desk: TheAdminDesk, kind: FromPath[str], channel: FromPath[str]
) -> Redirect:
    """Raises ChangedMeanwhile when other words have been saved since they were shown."""
    _check_known(kind, channel)
    form = await read_form(request, admin_desk.viewer)
    async with practice_lens(admin_desk.practice):
        await change_texts(admin_desk.practice, kind, channel, {}, form.get("seen", ""))
    return Redirect(f"{_path(admin_desk, kind, channel)}?saved=yes", status_code=303)


def _check_known(kind: str, channel: str) -> None:
    if kind not in KINDS or channel not in CHANNELS:
        raise NotFoundException


def _path(desk: Desk, kind: str, channel: str) -> str:
    return f"{desk.path}/reminders/texts/{kind}/{channel}"


async def _kept(desk: Desk, kind: str, channel: str) -> Form:
    """As they stand: the practice's own where it has some."""
    async with practice_lens(desk.practice):
        texts = await find_texts(desk.practice)
    usual = _usual(desk, kind, channel)
    pairs: list[tuple[str, Any]] = [("seen", texts_fingerprint(texts, kind, channel))]
    for language in desk.practice.languages:
        text = texts.get((kind, channel, language), usual[language])
        pairs += [(f"subject_{language}", text.subject), (f"body_{language}", text.body)]
    return Form(desk.viewer.words, pairs)


def _usual(desk: Desk, kind: str, channel: str) -> dict[str, OwnText]:
    return {language: usual_text(kind, channel, words_in(language)) for language in desk.practice.languages}


def _read(form: Form, desk: Desk, kind: str, channel: str) -> dict[str, OwnText]:
    """With words beside each field that cannot be used."""
    texts = {}
    for language in desk.practice.languages:
        subject = _read_one(form, desk, f"subject_{language}", LONGEST_SUBJECT) if channel == "email" else ""
        body = _read_one(form, desk, f"body_{language}", LONGEST_BODY, lines=True)
        texts[language] = OwnText(subject, body)
        if {f"subject_{language}", f"body_{language}"} & form.errors.keys():
            continue
        try:
            check_text(kind, channel, texts[language])
        except Refusal as refusal:
            form.refuse(f"body_{language}", phrase(refusal, desk.viewer.formats))
    return texts


def _read_one(form: Form, desk: Desk, name: str, longest: int, *, lines: bool = False) -> str:
    text = form.text(name, longest, required=False, lines=lines)
    try:
        check_placeholders(text)
        if not form[name]:
            raise TextMissing
    except Refusal as refusal:
        form.refuse(name, phrase(refusal, desk.viewer.formats))
    return text


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
    async with practice_lens(desk.practice):
        own = any(key[:2] == (kind, channel) for key in await find_texts(desk.practice))
    return desk.page(
        "desk/reminders/text.html",
        status_code=status,
        form=form,
        here=_path(desk, kind, channel),
        name=kind_names(desk.viewer.words)[kind],
        channel=channel,
        written_in=[(language, _named(language)) for language in desk.practice.languages],
        placeholders=[name for name in PLACEHOLDERS if not (name == "link" and kind in WITHOUT_LINK)],
        previews=make_previews(kind, channel, fit, example, settings),
        example=example,
        own=own,
        saved=saved,
        longest={"subject": LONGEST_SUBJECT, "body": LONGEST_BODY},
    )


def _named(language: str) -> str:
    """In itself, as those who read it call it."""
    name = Locale(language).get_display_name() or language
    return name[:1].upper() + name[1:]
