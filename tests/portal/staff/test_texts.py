"""A practice's own words, beside what they become."""

import re
from typing import Any

import asyncpg
import pytest

from tests.browser import Browser
from tests.cast import ANA, Cast
from tests.factories import insert
from tests.portal.staff.forms import seen_in

TEXTS = "/desk/harbour/reminders/texts"
SMS, MAIL = f"{TEXTS}/reminder/sms", f"{TEXTS}/moved/email"
OWN_SMS: dict[str, Any] = {
    "body_en": "{first_name}, {day} {time}: {link}",
    "body_fr": "{first_name}, le {day} {time} : {link}",
}
OWN_MAIL: dict[str, Any] = {
    "subject_en": "New time: {day}",
    "body_en": "Hello {first_name},\nnow at {time}.",
    "subject_fr": "Nouvelle heure : {day}",
    "body_fr": "Bonjour {first_name},\nc’est {time}.",
}


def shown(browser: Browser, language: str) -> str:
    """The words of a preview, without its marks."""
    preview = re.findall(rf'<section id="preview-{language}".*?</section>', browser.text, re.DOTALL)[0]
    return " ".join(re.sub(r"<[^>]+>", " ", preview).split())


async def kept(owner: asyncpg.Connection) -> list[tuple[str, ...]]:
    query = "SELECT kind, channel, language, subject, body FROM message_text ORDER BY kind, channel, language"
    return [tuple(row) for row in await owner.fetch(query)]


async def test_own_words_are_saved_in_each_language(nora: Browser, owner: asyncpg.Connection) -> None:
    for page, typed in ((SMS, OWN_SMS), (MAIL, OWN_MAIL)):
        await nora.get(page)
        await nora.post(page, **typed, seen=seen_in(nora))
        assert "Saved." in nora.text

    assert await kept(owner) == [
        ("moved", "email", "en", OWN_MAIL["subject_en"], OWN_MAIL["body_en"]),
        ("moved", "email", "fr", OWN_MAIL["subject_fr"], OWN_MAIL["body_fr"]),
        ("reminder", "sms", "en", "", OWN_SMS["body_en"]),
        ("reminder", "sms", "fr", "", OWN_SMS["body_fr"]),
    ]
    await nora.get(TEXTS)
    assert nora.text.count("your words") == 2
    await nora.get("/desk/harbour/reminders")
    assert "2 in your own words, the others in Carnet’s." in nora.text


async def test_carnet_s_words_saved_unchanged_stay_carnet_s(nora: Browser, owner: asyncpg.Connection) -> None:
    await nora.get(SMS)
    bodies = dict(re.findall(r'<textarea id="field-(\w+)".*?>(.*?)</textarea>', nora.text, re.DOTALL))

    await nora.post(SMS, **bodies, seen=seen_in(nora))

    assert ("Saved." in nora.text, await kept(owner)) == (True, [])


async def test_preview_speaks_of_the_next_appointment_in_each_language(nora: Browser, cast: Cast) -> None:
    harbour = cast.harbour
    await harbour.appointment(ANA, "Follow-up", "Nora Blake", harbour.at(2026, 11, 24, 14, 30))
    gone = {"cancelled_at": harbour.at(2026, 11, 20, 9), "cancelled_by": "client"}
    await harbour.appointment(ANA, "Follow-up", "Theo Roy", harbour.at(2026, 11, 24, 9), **gone)

    await nora.get(SMS)
    await nora.post(f"{SMS}/preview", **OWN_SMS)

    assert shown(nora, "en").startswith("Preview Ana, Tue, Nov 24 2:30 p.m.: http://localhost:8000/m/Ab3dEf9h")
    assert shown(nora, "fr").startswith("Preview Ana, le mar. 24 nov. 14 h 30 : http://localhost:8000/m/Ab3dEf9h")
    assert shown(nora, "en").endswith("Parts 1 Alphabet GSM-7")
    assert (nora.page.status_code, "Tuesday, November 24, 2026" in nora.text) == (200, True)


async def test_preview_of_a_mail_has_its_subject_and_lines(nora: Browser, cast: Cast) -> None:
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, 14, 30))
    await nora.get(MAIL)

    await nora.post(f"{MAIL}/preview", **OWN_MAIL)

    said = "Preview Harbour Physiotherapy New time: Tuesday, November 24, 2026 Hello Ana, now at 2:30 p.m."
    assert shown(nora, "en").replace("\u202f", " ") == said


async def test_preview_without_appointments_invents_one(nora: Browser) -> None:
    await nora.get(SMS)

    assert "an invented appointment" in nora.text
    assert "Harbour House" in shown(nora, "en")


async def test_service_is_named_in_sms_only_where_the_practice_says_so(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, 14, 30))
    typed: dict[str, Any] = dict.fromkeys(OWN_SMS, "{service} {link}")
    await nora.get(SMS)

    await nora.post(f"{SMS}/preview", **typed)
    unnamed = shown(nora, "en")
    await insert(owner, "message_policy", tenant_id=cast.harbour.tenant.id, sms_names_service=True)
    await nora.post(f"{SMS}/preview", **typed)

    assert ["Follow-up" in words for words in (unnamed, shown(nora, "en"))] == [False, True]
    assert "your appointment" in unnamed


async def test_sign_that_shortens_parts_is_named(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, 14, 30))
    typed: dict[str, Any] = {"body_en": "Ça va être bien… {link}", "body_fr": "予約 {link}"}
    await nora.get(SMS)

    await nora.post(f"{SMS}/preview", **typed)
    plain, japanese = shown(nora, "en"), shown(nora, "fr")
    await insert(owner, "message_policy", tenant_id=cast.harbour.tenant.id, sms_folds=True)
    await nora.post(f"{SMS}/preview", **typed)

    assert "UCS-2 ê is not in the SMS alphabet" in plain
    assert "Let accents be written plainly" in plain
    assert "予 約 are not in the SMS alphabet" in japanese
    assert "Let accents be written plainly" not in japanese
    assert "Ça va etre bien... http" in shown(nora, "en")
    assert "GSM-7" in shown(nora, "en")


BAD_TEXTS = [
    ({"body_en": ""}, "body_en", "in each language"),
    ({"body_fr": " \n"}, "body_fr", "in each language"),
    ({"subject_fr": ""}, "subject_fr", "in each language"),
    ({"body_en": "{diagnosis}"}, "body_en", "nothing called {diagnosis}"),
    ({"subject_en": "{0}"}, "subject_en", "nothing called {0}"),
    ({"body_fr": "{day.__class__}"}, "body_fr", "nothing called {day.__class__}"),
    ({"body_en": "{day"}, "body_en", "A brace is left open"),
    ({"body_en": "{day!r}"}, "body_en", "A brace is left open"),
    ({"body_en": "x" * 5000}, "body_en", "2000 characters at most"),
    ({"subject_en": "x" * 201}, "subject_en", "200 characters at most"),
    ({"subject_en": "two\nlines"}, "subject_en", "cannot be kept"),
    ({"body_en": "a\0b"}, "body_en", "cannot be kept"),
    ({"body_en": "\u202eb"}, "body_en", "cannot be kept"),
]


@pytest.mark.parametrize(("wrong", "field", "words"), BAD_TEXTS, ids=lambda each: each if isinstance(each, str) else "")
async def test_bad_text_is_told_at_its_field(
    nora: Browser, owner: asyncpg.Connection, wrong: dict[str, Any], field: str, words: str
) -> None:
    await nora.get(MAIL)
    seen = seen_in(nora)

    await nora.post(f"{MAIL}/preview", **OWN_MAIL | wrong)
    previewed = (nora.page.status_code, words in shown(nora, field[-2:]))
    await nora.post(MAIL, **OWN_MAIL | wrong, seen=seen)

    assert (previewed, nora.page.status_code) == ((200, True), 422)
    assert f'href="#field-{field}"' in nora.page.text
    assert words in nora.text
    assert await kept(owner) == []


async def test_sms_must_lead_somewhere(nora: Browser, owner: asyncpg.Connection) -> None:
    await nora.get(SMS)
    await nora.post(SMS, **OWN_SMS | {"body_fr": "À demain"}, seen=seen_in(nora))
    assert nora.page.status_code == 422
    assert 'href="#field-body_fr"' in nora.page.text

    cancelled = f"{TEXTS}/cancelled_by_practice/sms"
    await nora.get(cancelled)
    await nora.post(cancelled, body_en="Sorry.", body_fr="Pardon.", seen=seen_in(nora))
    assert [row[2:] for row in await kept(owner)] == [("en", "", "Sorry."), ("fr", "", "Pardon.")]


async def test_texts_changed_meanwhile_are_not_overwritten_unread(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await nora.get(SMS)
    seen = seen_in(nora)
    other = {"kind": "reminder", "channel": "sms", "language": "en", "body": "Soon: {link}"}
    await insert(owner, "message_text", tenant_id=cast.harbour.tenant.id, **other)

    await nora.post(SMS, **OWN_SMS, seen=seen)
    assert (nora.page.status_code, len(await kept(owner))) == (409, 1)
    assert OWN_SMS["body_en"] in nora.text

    await nora.post(SMS, **OWN_SMS, seen=seen_in(nora))
    assert len(await kept(owner)) == 2


async def test_carnet_s_words_come_back_after_a_question(nora: Browser, owner: asyncpg.Connection) -> None:
    await nora.get(SMS)
    await nora.post(SMS, **OWN_SMS, seen=seen_in(nora))
    await nora.get(f"{SMS}/removal")
    assert "{practice}: {day} at {time}, {place}. Confirm, move or cancel: {link}" in nora.text
    assert len(await kept(owner)) == 2

    await nora.post(f"{SMS}/removal", seen=seen_in(nora))

    assert ("These are Carnet’s words." in nora.text, await kept(owner)) == (True, [])


@pytest.mark.parametrize("page", ["diagnosis/sms", "reminder/pigeon", "reminder/sms%00"])
async def test_there_are_no_other_texts(nora: Browser, page: str) -> None:
    await nora.get(TEXTS)

    told = [(await nora.get(f"{TEXTS}/{page}{part}")).status_code for part in ("", "/removal")]
    await nora.get(TEXTS)
    told += [(await nora.post(f"{TEXTS}/{page}{part}")).status_code for part in ("", "/preview", "/removal")]

    assert told == [404] * 5


async def test_professional_reads_texts_and_changes_none(theo: Browser, owner: asyncpg.Connection) -> None:
    await theo.get(SMS)
    read = (theo.page.status_code, "Harbour Physiotherapy:" in shown(theo, "en"))

    told = [(await theo.post(SMS, **OWN_SMS, seen=seen_in(theo))).status_code]
    told.append((await theo.get(f"{SMS}/removal")).status_code)

    assert (read, told, await kept(owner)) == ((200, True), [404, 404], [])
