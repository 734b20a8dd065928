"""The form of one message's words: from what stands, the practice's own or Carnet's, to what is typed, and back."""

from typing import Any

from litestar.exceptions import NotFoundException

from portal.languages.words import words_in
from portal.messages.letters.usual_texts import usual_text
from portal.phrases import phrase
from portal.staff.desk import Desk
from portal.web.forms import Form
from tenants.refusals import Refusal, TextMissing
from tenants.writing.texts import (
    CHANNELS,
    KINDS,
    LONGEST_BODY,
    LONGEST_SUBJECT,
    OwnText,
    check_placeholders,
    check_text,
    find_texts,
    texts_fingerprint,
)


def check_known(kind: str, channel: str) -> None:
    if kind not in KINDS or channel not in CHANNELS:
        raise NotFoundException


def path_of(desk: Desk, kind: str, channel: str) -> str:
    return f"{desk.path}/reminders/texts/{kind}/{channel}"


async def kept_words(desk: Desk, kind: str, channel: str) -> Form:
    """As they stand: the practice's own where it has some."""
    async with desk.lens():
        texts = await find_texts(desk.practice)
    usual = usual_words(desk, kind, channel)
    pairs: list[tuple[str, Any]] = [("seen", texts_fingerprint(texts, kind, channel))]
    for language in desk.practice.languages:
        text = texts.get((kind, channel, language), usual[language])
        pairs += [(f"subject_{language}", text.subject), (f"body_{language}", text.body)]
    return Form(desk.viewer.words, pairs)


def usual_words(desk: Desk, kind: str, channel: str) -> dict[str, OwnText]:
    return {language: usual_text(kind, channel, words_in(language)) for language in desk.practice.languages}


def read_words(form: Form, desk: Desk, kind: str, channel: str) -> dict[str, OwnText]:
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
