"""A practice's own words: what may be filled in, and what cannot be saved."""

import asyncio

import pytest

from portal.database import practice_lens
from tenants.refusals import BrokenPlaceholder, ChangedMeanwhile, LinkMissing, Refusal, TextMissing, UnknownPlaceholder
from tenants.writing.texts import (
    OwnText,
    change_texts,
    check_text,
    fill,
    find_texts,
    forget_texts,
    save_texts,
    texts_fingerprint,
)
from tests.cast import Cast

FACTS = {"first_name": "Ana", "day": "Tuesday", "time": "2:30 p.m.", "link": "https://x.example/m/Ab3dEf9h"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{first_name}: {day} at {time}. {link}", "Ana: Tuesday at 2:30 p.m. https://x.example/m/Ab3dEf9h"),
        ("{{day}} {day}{place}", "{day} Tuesday"),
    ],
)
def test_places_are_filled_and_a_full_stop_stands_once(text: str, said: str) -> None:
    assert fill(text, FACTS) == said


def test_what_a_client_is_called_is_never_read_as_a_place() -> None:
    assert fill("{first_name}, {day}", FACTS | {"first_name": "{link}{0.__class__}"}) == "{link}{0.__class__}, Tuesday"


@pytest.mark.parametrize(
    ("kind", "channel", "text", "refusal"),
    [
        ("reminder", "sms", OwnText("", "{day} {link}"), None),
        ("reminder", "sms", OwnText("", "{day}"), LinkMissing),
        ("cancelled_by_practice", "sms", OwnText("", "{day}"), None),
        ("reminder", "email", OwnText("{day}", "Soon."), None),
        ("reminder", "email", OwnText("", "Soon."), TextMissing),
        ("reminder", "email", OwnText("{day}", " \n"), TextMissing),
        ("reminder", "email", OwnText("{day}", "{diagnosis}"), UnknownPlaceholder),
        ("reminder", "email", OwnText("{day}", "{}"), UnknownPlaceholder),
        ("reminder", "email", OwnText("{day}", "{day.year}"), UnknownPlaceholder),
        ("reminder", "email", OwnText("{day}", "{day!r}"), BrokenPlaceholder),
        ("reminder", "email", OwnText("{day}", "{day:>9999999}"), BrokenPlaceholder),
        ("reminder", "email", OwnText("{day", "Soon."), BrokenPlaceholder),
    ],
)
def test_text_that_could_not_be_sent_cannot_be_saved(
    kind: str, channel: str, text: OwnText, refusal: type[Refusal] | None
) -> None:
    if refusal is None:
        check_text(kind, channel, text)
    else:
        with pytest.raises(refusal):
            check_text(kind, channel, text)


async def test_texts_are_saved_in_every_language_of_the_practice_or_not_at_all(cast: Cast) -> None:
    harbour, english = cast.harbour.tenant, OwnText("", "{day} {link}")
    async with practice_lens(harbour):
        with pytest.raises(TextMissing):
            await save_texts(harbour, "reminder", "sms", {"en": english})
        nothing = await find_texts(harbour)
        await save_texts(harbour, "reminder", "sms", {"en": english, "fr": OwnText("", "{link}")})
        both = await find_texts(harbour)
        await forget_texts(harbour, "reminder", "sms")
        gone = await find_texts(harbour)

    assert (nothing, gone) == ({}, {})
    assert both == {("reminder", "sms", "en"): english, ("reminder", "sms", "fr"): OwnText("", "{link}")}


async def test_of_two_who_save_at_once_one_is_told(cast: Cast) -> None:
    tenant = cast.harbour.tenant

    async def save(body: str) -> None:
        async with practice_lens(tenant):
            texts = dict.fromkeys(tenant.languages, OwnText("", body))
            await change_texts(tenant, "reminder", "sms", texts, texts_fingerprint({}, "reminder", "sms"))

    told = await asyncio.gather(save("One {link}"), save("Two {link}"), return_exceptions=True)

    assert [type(each) for each in told if each] == [ChangedMeanwhile]
    async with practice_lens(tenant):
        assert len({text.body for text in (await find_texts(tenant)).values()}) == 1
