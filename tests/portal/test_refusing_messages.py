"""No more reminders, no more SMS: by the link of a message, by a mail program, and from one's own page."""

from typing import Any

import asyncpg
import httpx
import pytest

from tests.browser import Browser, TestClock
from tests.cast import ANA, ANA_AT_MEADOW, BEN, MONDAY, Cast
from tests.factories import insert
from tests.messages_made import message_made

LINK = "Ab3dEf9h"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}
A_MAIL_PROGRAM: list[dict[str, str]] = [{}, {"origin": "https://mail.example"}, {"sec-fetch-site": "cross-site"}]


@pytest.fixture
async def written(cast: Cast, owner: asyncpg.Connection) -> dict[str, Any]:
    """Ana's appointment at Harbour, of which she was reminded; Harbour writes SMS, too."""
    harbour = cast.harbour
    await owner.execute("UPDATE client_record SET phone = '+14165550132' WHERE email = $1", ANA)
    await insert(owner, "message_policy", tenant_id=harbour.tenant.id, sms_on=True)
    kept = await harbour.appointment(ANA, "Follow-up", "Nora Blake", harbour.at(2026, 11, 25, 10))
    await message_made(owner, kept, kind="reminder", link=LINK, created_at=MONDAY)
    return kept


async def record(owner: asyncpg.Connection, email: str = ANA) -> tuple[Any, ...]:
    wanted = "SELECT reminders_off_at, sms_off_at, sms_off_by FROM client_record WHERE email = $1"
    return tuple(await owner.fetchrow(wanted, email))


async def one_click(browser: Browser, path: str = f"/m/{LINK}/reminders", **more: Any) -> httpx.Response:
    return await browser.http.post(path, **{"data": ONE_CLICK, **more})


async def test_client_refuses_reminders_and_wants_them_again(
    browser: Browser, written: dict[str, Any], owner: asyncpg.Connection
) -> None:
    await browser.get(f"/m/{LINK}/reminders")
    asked, before = browser.text, await record(owner)
    await browser.post(browser.path, wanted="off")
    off = (browser.text, await record(owner))
    await browser.post(browser.path, wanted="on")

    assert "No more reminders by e-mail?" in asked
    assert before == (None, None, None)
    assert "Reminders by e-mail are off" in off[0]
    assert off[1] == (MONDAY, None, None)
    assert await record(owner) == (None, None, None)
    assert await record(owner, ANA_AT_MEADOW) == (None, None, None)


@pytest.mark.parametrize("headers", A_MAIL_PROGRAM)
@pytest.mark.parametrize("kind", ["urlencoded", "multipart"])
async def test_mail_program_unsubscribes_with_one_click(
    browser: Browser, written: dict[str, Any], owner: asyncpg.Connection, headers: dict[str, str], kind: str
) -> None:
    """RFC 8058: no cookie, no token, no page of ours before it, no redirect after it. Twice is once."""
    body: Any = (
        {"data": ONE_CLICK}
        if kind == "urlencoded"
        else {"data": {}, "files": {"List-Unsubscribe": (None, "One-Click")}}
    )

    answers = [await one_click(browser, headers=headers, **body) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert await record(owner) == (MONDAY, None, None)


async def test_old_letter_still_unsubscribes(
    browser: Browser, written: dict[str, Any], owner: asyncpg.Connection, clock: TestClock
) -> None:
    clock.now = written["ends_at"].replace(month=12)

    answer = await one_click(browser)

    assert answer.status_code == 200
    assert await record(owner) == (clock.now, None, None)
    for detail in ("Follow-up", "Nora", "November", ANA):
        assert detail not in answer.text


@pytest.mark.parametrize(
    ("path", "data"),
    [
        (f"/m/{LINK}/reminders", {"wanted": "off"}),
        (f"/m/{LINK}/reminders", ONE_CLICK | {"wanted": "on"}),
        (f"/m/{LINK}/reminders", {"List-Unsubscribe": "one-click"}),
        (f"/m/{LINK}/sms", ONE_CLICK),
        (f"/m/{LINK}/sms", ONE_CLICK | {"wanted": "off"}),
        ("/m/{ref}/confirmation", ONE_CLICK),
        ("/m/{ref}/cancellation", ONE_CLICK),
        ("/sign-out", ONE_CLICK),
        ("/messages/records/{record}/reminders", ONE_CLICK),
    ],
)
@pytest.mark.parametrize("headers", A_MAIL_PROGRAM)
async def test_nothing_else_is_done_without_a_token(
    browser: Browser,
    written: dict[str, Any],
    owner: asyncpg.Connection,
    path: str,
    data: dict[str, str],
    headers: dict[str, str],
) -> None:
    await browser.sign_in(ANA, owner)
    named = await owner.fetchval("SELECT ref FROM client_record WHERE email = $1", ANA)
    path = path.replace("/m/{ref}", f"/m/{LINK}/appointments/{written['ref']}").replace("{record}", named)

    answer = await one_click(browser, path, data=data, headers=headers)

    assert answer.status_code == 403
    assert await record(owner) == (None, None, None)
    assert await owner.fetchval("SELECT confirmed_at IS NULL AND cancelled_at IS NULL FROM appointment")


@pytest.mark.parametrize(
    "kind", ["multipart/form-data", "multipart/form-data; boundary=x", "multipart/form-data; boundary="]
)
async def test_broken_form_is_no_crash(
    browser: Browser, written: dict[str, Any], owner: asyncpg.Connection, kind: str
) -> None:
    answer = await browser.http.post(f"/m/{LINK}/reminders", content=b"--x\r\nnothing", headers={"content-type": kind})

    assert answer.status_code in {400, 403}
    assert await record(owner) == (None, None, None)


@pytest.mark.parametrize("content", [b"List-Unsubscribe=One-Click", b"{}"])
async def test_one_click_that_is_no_form_is_none(
    browser: Browser, written: dict[str, Any], owner: asyncpg.Connection, content: bytes
) -> None:
    answer = await browser.http.post(
        f"/m/{LINK}/reminders", content=content, headers={"content-type": "text/plain", "origin": "https://x.example"}
    )

    assert answer.status_code == 403
    assert await record(owner) == (None, None, None)


async def test_one_click_of_a_wrong_link_is_not_found(browser: Browser, written: dict[str, Any]) -> None:
    assert (await one_click(browser, "/m/Zz3dEf9h/reminders")).status_code == 404


async def test_client_turns_sms_of_a_practice_off_and_on_by_a_link(
    browser: Browser, written: dict[str, Any], owner: asyncpg.Connection
) -> None:
    await browser.get(f"/m/{LINK}/reminders")
    await browser.post(f"/m/{LINK}/sms", wanted="off")
    off = (browser.path, await record(owner), "No SMS comes from Harbour Physiotherapy any more." in browser.text)
    await browser.post(f"/m/{LINK}/sms", wanted="on")

    assert off == (f"/m/{LINK}/reminders", (None, MONDAY, "client"), True)
    assert await record(owner) == (None, None, None)


async def test_practice_s_own_refusal_stays_its_own(
    browser: Browser, written: dict[str, Any], owner: asyncpg.Connection
) -> None:
    await owner.execute("UPDATE client_record SET sms_off_at = $2, sms_off_by = 'staff' WHERE email = $1", ANA, MONDAY)
    await browser.get(f"/m/{LINK}/reminders")
    told = browser.text

    await browser.post(f"/m/{LINK}/sms", wanted="on")
    refused = (browser.page.status_code, browser.text)
    await browser.post(f"/m/{LINK}/sms", wanted="off")

    assert "Only the practice can turn them on again." in told
    assert refused[0] == 422
    assert "The practice itself has turned SMS to you off." in refused[1]
    assert await record(owner) == (None, MONDAY, "staff")


async def test_number_that_answered_stop_is_told_so(
    browser: Browser, written: dict[str, Any], owner: asyncpg.Connection
) -> None:
    await insert(owner, "sms_stop", number="+14165550132", stopped_at=MONDAY)
    await browser.get(f"/m/{LINK}/reminders")

    assert "Your number has answered STOP" in browser.text
    assert f'action="/m/{LINK}/sms"' not in browser.text


async def test_practice_without_sms_offers_nothing_to_turn_off(
    browser: Browser, written: dict[str, Any], owner: asyncpg.Connection
) -> None:
    await owner.execute("UPDATE message_policy SET sms_on = false")

    await browser.get(f"/m/{LINK}/reminders")

    assert "SMS" not in browser.text


async def test_signed_in_client_chooses_for_one_practice(
    browser: Browser, written: dict[str, Any], owner: asyncpg.Connection
) -> None:
    named = await owner.fetchval("SELECT ref FROM client_record WHERE email = $1", ANA)
    await browser.sign_in(ANA, owner)
    await browser.get("/messages")

    await browser.post(f"/messages/records/{named}/reminders", wanted="off")
    await browser.post(f"/messages/records/{named}/sms", wanted="off")

    assert browser.path == "/messages"
    assert await record(owner) == (MONDAY, MONDAY, "client")
    assert await record(owner, ANA_AT_MEADOW) == (None, None, None)


async def test_signed_in_client_cannot_undo_what_the_practice_has_turned_off(
    browser: Browser, written: dict[str, Any], owner: asyncpg.Connection
) -> None:
    await owner.execute("UPDATE client_record SET sms_off_at = $2, sms_off_by = 'staff' WHERE email = $1", ANA, MONDAY)
    named = await owner.fetchval("SELECT ref FROM client_record WHERE email = $1", ANA)
    await browser.sign_in(ANA, owner)
    await browser.get("/messages")

    await browser.post(f"/messages/records/{named}/sms", wanted="on")

    assert browser.page.status_code == 422
    assert "The practice itself has turned SMS to you off." in browser.text
    assert await record(owner) == (None, MONDAY, "staff")


async def test_client_without_an_address_is_asked_about_sms_alone(
    browser: Browser, written: dict[str, Any], owner: asyncpg.Connection
) -> None:
    await owner.execute("UPDATE client_record SET email = NULL WHERE email = $1", ANA)

    await browser.get(f"/m/{LINK}/reminders")

    assert browser.page.status_code == 200
    assert ("SMS" in browser.text, "e-mail" in browser.text) == (True, False)


async def test_record_of_somebody_else_is_not_found(
    browser: Browser, written: dict[str, Any], owner: asyncpg.Connection
) -> None:
    named = await owner.fetchval("SELECT ref FROM client_record WHERE email = $1", BEN)
    await browser.sign_in(ANA, owner)
    await browser.get("/messages")

    told = [
        (await browser.post(f"/messages/records/{named}/{what}", wanted="off")).status_code
        for what in ("reminders", "sms")
    ]

    assert told == [404, 404]
    assert await record(owner, BEN) == (None, None, None)


@pytest.mark.parametrize("wanted", ["", "maybe"])
async def test_what_no_page_asks_changes_nothing(
    browser: Browser, written: dict[str, Any], owner: asyncpg.Connection, wanted: str
) -> None:
    for what in ("reminders", "sms"):
        await browser.get(f"/m/{LINK}/reminders")
        await browser.post(f"/m/{LINK}/{what}", wanted=wanted)
        assert browser.page.status_code == 422

    assert await record(owner) == (None, None, None)
