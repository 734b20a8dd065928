"""Nobody reaches over the hedge: every page with something in its address, as everybody whom it does not concern.

The pages are read off the application itself, so that one is covered, or fails here, the day it is born.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import asyncpg
import pytest

from portal.staff.changes import stream
from portal.web.guard import csrf_token
from tests.browser import Browser, TestClock, make_app
from tests.cast import ANA, ANA_AT_MEADOW, BEN, CLEO, LEA, MONDAY, NORA, Cast
from tests.factories import insert
from tests.messages_made import message_made
from tests.portal.things import DESK, PHOTO, Things, ask, of_desk, of_operator, of_person, pages, token_of
from tests.waiting_made import wish_made

NOBODY = csrf_token("k" * 32, "")
SIGN_IN = re.compile(r"/sign-in(\?|$)")

OPEN_TO_ALL = {
    "/": "the front door",
    "/practices/new": "whoever has proved an address may found a practice",
    "/p/{slug}": "a practice's sign",
    "/p/{slug}/accent.css": "a colour",
    "/p/{slug}/logo/{name}/{size}": "a picture on the sign",
    "/p/{slug}/book": "what is free",
    "/p/{slug}/embed": "the same in a frame",
    "/p/{slug}/embed.js": "the script around it",
    "/p/{slug}/embed/{look}/book": "the same in a frame",
    "/p/{slug}/embed/{look}/holds": "the same in a frame",
    "/p/{slug}/open-times": "what is free",
    "/p/{slug}/open-days": "what is free",
    "/p/{slug}/holds": "choosing a time is for everybody",
    "/p/{slug}/waiting": "waiting for a time is for everybody",
    "/static/assets/{file_path}": "the built files",
    "/help/{name}": "the help",
    "/sign-in/{ref}": "whoever has the 128 bits of it still needs the code",
    "/addresses/undo/{token}": "the link that was mailed, open to whoever somebody else has signed out",
    "/connections/not-me/{token}": "the same",
}
BY_KEY = {
    "/p/{slug}/holds/{key}",
    "/p/{slug}/holds/{key}/details",
    "/p/{slug}/holds/{key}/code",
    "/p/{slug}/holds/{key}/appointment",
    "/p/{slug}/holds/{key}/release",
    "/p/{slug}/embed/{look}/holds/{key}",
    "/p/{slug}/embed/{look}/holds/{key}/details",
    "/p/{slug}/embed/{look}/holds/{key}/code",
    "/p/{slug}/embed/{look}/holds/{key}/release",
    "/p/{slug}/embed/{look}/holds/{key}/booked",
}
BY_SIGNATURE = {"/twilio/status/{slug}/{ref}", "/twilio/incoming"}  # Twilio's: tests/portal/messages/test_signature.py
BY_LINK = {
    "/m/{link}",
    "/m/{link}/reminders",
    "/m/{link}/sms",
    "/m/{link}/appointments/{ref}/confirmation",
    "/m/{link}/appointments/{ref}/cancellation",
    "/m/{link}/appointments/{ref}/move",
}
BY_OFFER = {"/offers/{key}", "/offers/{key}/acceptance", "/offers/{key}/refusal"}
BY_INVITATION = {
    "/invitations/{key}",
    "/invitations/{key}/acceptance",
    "/invitations/{key}/refusal",
}


# The first steps of a practice that has long made them.
LEAD_ON = dict.fromkeys((f"{DESK}/start", f"{DESK}/start/hours", f"{DESK}/start/service"), 303)
DEMO_ONLY = {"/outbox/{ref}"}
PHOTOS = {"/photos/{ref}/{size}"}


@dataclass
class Somebody:
    name: str
    browser: Browser
    token: str


@pytest.fixture
async def strangers(cast: Cast, owner: asyncpg.Connection, clock: TestClock) -> AsyncIterator[list[Somebody]]:
    """Cleo knows nobody; Ben is a client of the same practice; Lea works at the other one."""
    people = []
    for email in (CLEO, BEN, LEA):
        browser = Browser(make_app(clock))
        await browser.sign_in(email, owner)
        people.append(Somebody(email, browser, token_of(browser)))
    yield people
    for somebody in people:
        await somebody.browser.http.aclose()


@pytest.fixture
async def nora(cast: Cast, owner: asyncpg.Connection, clock: TestClock) -> AsyncIterator[Browser]:
    async with Browser(make_app(clock)) as browser:
        await browser.sign_in(NORA, owner)
        yield browser


async def counts(owner: asyncpg.Connection) -> list[int]:
    """Of every table that a page could have written to."""
    tables = ("appointment", "message", "hold", "service", "opening_hours", "dated_opening", "closure", "client_record")
    settings = ("reminder_rule", "message_policy", "message_text", "removed_closure", "transfer", "transfer_download")
    of_records = ("client_merge", "client_distinct", "client_document", "retention_rule", "erasure")
    waiting = ("waiting_wish", "waiting_offer")
    kept = ("client_note", "client_note_version", "consent_wording", "consent_text", "consent", "client_change")
    of_page = ("practice_text", "practice_logo", "former_slug")
    rooms = ("practitioner", "place", "resource_kind", "resource")
    every = rooms + tables + settings + of_records + of_page + waiting + kept + ("membership", "invitation")
    return [await owner.fetchval(f"SELECT count(*) FROM {table}") for table in every]


def test_every_page_with_something_in_its_address_is_spoken_for() -> None:
    named = {path for _, path in pages() if "{" in path}
    spoken_for = OPEN_TO_ALL.keys() | BY_KEY | BY_LINK | BY_INVITATION | BY_OFFER | BY_SIGNATURE | DEMO_ONLY | PHOTOS
    spoken_for |= {path for _, path in of_desk() + of_person() + of_operator()}

    assert named - spoken_for == set()
    assert (len(of_desk()), len(of_person())) > (20, 4)


async def test_addresses_are_right_since_they_open_to_whom_they_concern(
    nora: Browser, browser: Browser, things: Things, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "LASTS", 0.0)  # or its answer would not end while anybody listens
    await browser.sign_in(ANA, owner)

    told = {
        path: (await ask(nora, "GET", things.path(path))).status_code for method, path in of_desk() if method == "GET"
    }
    told |= {
        path: (await ask(browser, "GET", things.path(path))).status_code
        for method, path in of_person()
        if method == "GET"
    }

    assert {path: status for path, status in told.items() if status != 200} == LEAD_ON


async def test_desk_does_not_exist_for_who_does_not_work_there(
    strangers: list[Somebody], things: Things, owner: asyncpg.Connection
) -> None:
    before = await counts(owner)

    told = {
        (somebody.name, method, path): (
            await ask(somebody.browser, method, things.path(path), somebody.token)
        ).status_code
        for somebody in strangers
        for method, path in of_desk() + of_operator()
    }

    assert {page: status for page, status in told.items() if status != 404} == {}
    assert await counts(owner) == before


async def test_things_of_a_practice_are_not_found_at_the_other_one_s_desk(
    cast: Cast, strangers: list[Somebody], things: Things, owner: asyncpg.Connection
) -> None:
    lea = next(somebody for somebody in strangers if somebody.name == LEA)
    before = await counts(owner)
    with_thing = [(method, path) for method, path in of_desk() if "{ref}" in path]

    told = {
        (method, path): (
            await ask(lea.browser, method, things.path(path).replace("/harbour", "/meadow"), lea.token)
        ).status_code
        for method, path in with_thing
    }

    assert {page: status for page, status in told.items() if status != 404} == {}
    assert await counts(owner) == before


async def test_appointment_of_somebody_else_is_no_different_from_none(
    strangers: list[Somebody], things: Things
) -> None:
    told = {
        (somebody.name, method, path): (
            await ask(somebody.browser, method, things.path(path), somebody.token)
        ).status_code
        for somebody in strangers
        for method, path in of_person()
    }

    assert {page: status for page, status in told.items() if status != 404} == {}


async def test_who_is_not_signed_in_is_asked_to(browser: Browser, things: Things) -> None:
    await browser.get("/sign-in")
    token = token_of(browser)

    told = {}
    for method, path in of_desk() + of_person() + of_operator():
        answer = await ask(browser, method, things.path(path), token)
        told[method, path] = (answer.status_code, bool(SIGN_IN.match(answer.headers.get("location", ""))))

    assert {page: answer for page, answer in told.items() if answer != (303, True)} == {}


async def test_hold_is_not_found_at_another_practice(strangers: list[Somebody], things: Things) -> None:
    for somebody in strangers:
        for method, path in pages():
            if path in BY_KEY:
                there = things.path(path).replace("/harbour", "/meadow")
                token = NOBODY if "/embed/" in path else somebody.token  # in a frame they are nobody
                answer = await ask(somebody.browser, method, there, token)
                assert answer.status_code == 404, (somebody.name, method, path)


async def test_link_opens_to_nothing_that_its_message_did_not_tell_of(
    strangers: list[Somebody], things: Things, cast: Cast, owner: asyncpg.Connection
) -> None:
    """Whoever holds it: the two next door, Ana's other one, and one of the other practice."""
    harbour, meadow = cast.harbour, cast.meadow
    others = [
        await harbour.appointment(BEN, "Follow-up", "Theo Roy", harbour.at(2026, 11, 25, 10)),
        await harbour.appointment(ANA, "Follow-up", "Theo Roy", harbour.at(2026, 11, 26, 10)),
        await meadow.appointment(ANA_AT_MEADOW, "Massage", "Lea Martin", meadow.at(2026, 11, 26, 10)),
    ]
    before = await counts(owner)

    told = {
        (method, path, number): (
            await ask(each.browser, method, replace(things, appointment=other["ref"]).path(path), each.token)
        ).status_code
        for each in strangers
        for method, path in pages()
        for number, other in enumerate(others)
        if path in BY_LINK and "{ref}" in path
    }

    assert len(told) == 15
    assert {page: status for page, status in told.items() if status != 404} == {}
    assert await counts(owner) == before


async def test_photo_is_found_by_nobody_else_nor_asks_them_to_sign_in(
    browser: Browser, strangers: list[Somebody], nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    """Nora's practice has a record of Ana."""
    await insert(owner, "photo", ref="aphoto", person_id=cast.ana["id"], **PHOTO)

    told = {(await each.http.get("/photos/aphoto/large")).status_code for each in (browser, nora)}
    told |= {(await ask(each.browser, "GET", "/photos/aphoto/large")).status_code for each in strangers}
    await browser.sign_in(ANA, owner)

    assert (told, (await browser.get("/photos/aphoto/large")).status_code) == ({404}, 200)


async def test_outbox_is_for_the_demo_alone(strangers: list[Somebody]) -> None:
    assert [(await ask(each.browser, "GET", "/outbox/1")).status_code for each in strangers] == [404] * 3


async def test_every_change_asks_for_the_token_of_this_browser(
    nora: Browser, cast: Cast, strangers: list[Somebody], things: Things, owner: asyncpg.Connection
) -> None:
    ben = next(somebody for somebody in strangers if somebody.name == BEN)
    harbour = cast.harbour
    bens = await harbour.appointment(BEN, "Follow-up", "Theo Roy", harbour.at(2026, 11, 25, 10))
    await message_made(owner, bens, link="Bb3dEf9h")
    record = await owner.fetchval("SELECT ref FROM client_record WHERE email = $1", BEN)
    wish = await wish_made(owner, harbour.records[BEN], harbour.services["Follow-up"]["id"], MONDAY)
    things = replace(things, appointment=bens["ref"], client=record, link="Bb3dEf9h", wish=wish["ref"])
    before = await counts(owner)

    told = {}
    for method, path in pages():
        if method == "GET" or path in BY_SIGNATURE:
            continue
        for token in ("", ben.token if path.startswith(DESK) else "0" * 40):
            address = things.path(path.replace("/sign-in/{ref}", "/sign-in/nope"))
            browser = nora if path.startswith(DESK) else ben.browser
            told[path, token] = (await ask(browser, method, address, token)).status_code

    assert len(told) > 40
    assert {page: status for page, status in told.items() if status != 403} == {}
    assert await counts(owner) == before


async def test_invitation_makes_nobody_a_member_whom_it_does_not_name(
    strangers: list[Somebody], things: Things, owner: asyncpg.Connection
) -> None:
    before = await counts(owner)
    acceptance = things.path("/invitations/{key}/acceptance")

    told = [(await ask(each.browser, "POST", acceptance, each.token)).status_code for each in strangers]

    assert (told, await counts(owner)) == ([422] * 3, before)
    assert await owner.fetchval("SELECT accepted_at FROM invitation") is None
