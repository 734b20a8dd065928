"""Nobody reaches over the hedge: every page with something in its address, as everybody whom it does not concern.

The pages are read off the application itself, so that one is covered, or fails here, the day it is born.
"""

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import asyncpg
import httpx
import pytest
from litestar.routes import HTTPRoute

from portal.staff.changes import stream
from tests.browser import Browser, TestClock, make_app
from tests.cast import ANA, ANA_AT_MEADOW, BEN, CLEO, LEA, MONDAY, NORA, Cast
from tests.documents_made import document_made
from tests.factories import insert
from tests.messages_made import message_made

DESK = "/desk/{slug}"
SIGN_IN = re.compile(r"/sign-in(\?|$)")

OPEN_TO_ALL = {
    "/": "the front door",
    "/p/{slug}": "a practice's sign",
    "/p/{slug}/accent.css": "a colour",
    "/p/{slug}/book": "what is free",
    "/p/{slug}/open-times": "what is free",
    "/p/{slug}/open-days": "what is free",
    "/p/{slug}/holds": "choosing a time is for everybody",
    "/static/assets/{file_path}": "the built files",
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
DEMO_ONLY = {"/outbox/{ref}"}
COUNTED = ("new", "changed", "unchanged", "refused", "aside")
PHOTOS = {"/photos/{ref}/{size}"}
PHOTO = {"large": b"", "small": b"", "created_at": MONDAY, "kept_at": MONDAY}
# What makes every form whole, so that none is refused before somebody asks whose thing it would change.
FIELDS = {
    "start": "2026-11-27T10:00:00-05:00",
    "name": "Massage",
    "minutes": "30",
    "before": "0",
    "after": "0",
    "step": "15",
    "weekday": "6",
    "place": "anywhere",
    "opens": "09:00",
    "closes": "10:00",
    "email": "ben@example.org",
    "first_name": "Ben",
    "last_name": "Okafor",
    "channel": "email",
    "ahead": "2",
    "ahead_unit": "days",
    "condition": "always",
    "late": "skip",
    "quiet_from": "20:00",
    "quiet_until": "07:00",
    "sms_budget": "1",
    "tell": "none",
    "body_en": "{link}",
    "body_fr": "{link}",
    "form": "csv",
    "sure": "yes",
    "keep": "1",
    "unit": "years",
    "note": "Something.",
    "tag": "sports",
    "how": "phone",
    "seen": "1",
    "body": "I agree.",
    "capacity": "1",
    "booked_by": "online",
    "way": "up",
    "what": "room",
    "thing_name": "Room 9",
}


@dataclass
class Somebody:
    name: str
    browser: Browser
    token: str


@dataclass
class Things:
    """What stands in the addresses: Ana's, at Harbour and her own, and Harbour's."""

    appointment: str
    address: str
    code: str
    mobile_code: str
    connection: str
    service: str
    hours: str
    closure: str
    rule: str
    client: str
    hold: str
    link: str
    message: str
    reply: str
    imported: str
    exported: str
    other: str
    merge: str
    document: str
    note: str
    wording: str
    consent: str
    practitioner: str
    place: str
    kind: str
    thing: str

    def path(self, template: str) -> str:
        """The address of one of Harbour's things, by the word before it."""
        path = template.replace("{slug}", "harbour").replace("{key}", self.hold).replace("{token}", "nope")
        path = path.replace("{size}", "large").replace("{link}", self.link)
        path = path.replace("{kind}", "reminder").replace("{channel}", "sms")
        path = path.replace("{other}", self.other).replace("{merge}", self.merge)
        path = path.replace("{note}", self.note).replace("{wording}", self.wording).replace("{consent}", self.consent)
        path = path.replace("{thing}", self.thing)
        for room, ref in (
            ("appointments", self.appointment),
            ("addresses", self.address),
            ("mobile/codes", self.mobile_code),
            ("codes", self.code),
            ("connections", self.connection),
            ("services", self.service),
            ("hours", self.hours),
            ("closures", self.closure),
            ("reminders", self.rule),
            ("clients", self.client),
            ("records", self.client),
            ("messages", self.message),
            ("replies", self.reply),
            ("imports", self.imported),
            ("exports", self.exported),
            ("documents", self.document),
            ("consents", self.wording),
            ("practitioners", self.practitioner),
            ("places", self.place),
            ("resources", self.kind),
        ):
            path = path.replace(f"/{room}/{{ref}}", f"/{room}/{ref}")
        assert "{" not in path, f"{template}: tell this test whose thing stands there"
        return path


def pages() -> list[tuple[str, str]]:
    """Method and address of every page; parameters without their types."""
    routes = [route for route in make_app(TestClock(MONDAY)).routes if isinstance(route, HTTPRoute)]
    return sorted(
        (method, re.sub(r":\w+}", "}", route.path))
        for route in routes
        for method in route.methods
        if method in {"GET", "POST", "PUT", "PATCH", "DELETE"}
    )


def of_desk() -> list[tuple[str, str]]:
    return [(method, path) for method, path in pages() if path.startswith(DESK)]


def of_person() -> list[tuple[str, str]]:
    of_one = (
        "/appointments/{ref}",
        "/addresses/{ref}",
        "/addresses/codes/{ref}",
        "/connections/{ref}",
        "/profile/mobile/codes/{ref}",
        "/messages/records/{ref}",
        "/documents/{ref}",
    )
    return [(method, path) for method, path in pages() if path.startswith(of_one)]


@pytest.fixture
async def things(cast: Cast, owner: asyncpg.Connection) -> Things:
    harbour = cast.harbour
    nora = harbour.practitioners["Nora Blake"]["id"]
    place = harbour.places["Harbour House"]["id"]
    service = harbour.services["Follow-up"]
    series = await insert(
        owner,
        "series",
        tenant_id=harbour.tenant.id,
        ref="aseriesfff",
        every_weeks=1,
        by_email=NORA,
        created_at=MONDAY,
    )
    kept = await harbour.appointment(
        ANA, "Follow-up", "Nora Blake", harbour.at(2026, 11, 25, 10), series_id=series["id"]
    )
    times = {"starts_at": harbour.at(2026, 11, 26, 10), "ends_at": harbour.at(2026, 11, 26, 10, 30)}
    closure = await insert(owner, "closure", tenant_id=harbour.tenant.id, ref="closurefff", **times)
    gone = {"ref": closure["ref"], "reason": "", "removed_at": MONDAY}
    await insert(owner, "removed_closure", tenant_id=harbour.tenant.id, **gone, **times)
    hold = await insert(
        owner,
        "hold",
        tenant_id=harbour.tenant.id,
        key="a-key-that-nobody-guesses",
        practitioner_id=nora,
        service_id=service["id"],
        place_id=place,
        blocked_from=times["starts_at"],
        blocked_until=times["ends_at"],
        created_at=MONDAY,
        expires_at=harbour.at(2026, 11, 23, 8, 5),
        **times,
    )
    hours = await owner.fetchval("SELECT ref FROM opening_hours WHERE practitioner_id = $1 LIMIT 1", nora)
    address = await owner.fetchval("SELECT ref FROM address WHERE email = $1", ANA_AT_MEADOW)
    code, mobile_code = [
        await insert(
            owner,
            "code",
            ref=f"code-of-anas-to-{purpose}",
            sent_to=to,
            purpose=purpose,
            person_id=cast.ana["id"],
            digest=b"",
            created_at=MONDAY,
            expires_at=harbour.at(2026, 11, 23, 8, 15),
            used_at=MONDAY,
        )
        for purpose, to in (("add_address", BEN), ("verify_mobile", "+14165550101"))
    ]
    connection = await insert(
        owner,
        "connection",
        ref="connection",
        token_digest=b"nobody knows",
        person_id=cast.ana["id"],
        address_id=await owner.fetchval("SELECT id FROM address WHERE email = $1", ANA),
        created_at=MONDAY,
        last_seen_at=MONDAY,
    )
    await insert(owner, "photo", ref="aphoto", person_id=cast.ana["id"], **PHOTO)
    await owner.execute("UPDATE person SET shown = '{photo@*}' WHERE id = $1", cast.ana["id"])
    rule = await owner.fetchval("SELECT ref FROM reminder_rule WHERE tenant_id = $1 LIMIT 1", harbour.tenant.id)
    client = harbour.records[ANA]
    message = await message_made(owner, kept, link="Ab3dEf9h")
    reply = await insert(
        owner, "client_reply", tenant_id=harbour.tenant.id, client_record_id=client["id"], at=MONDAY, body="Maybe."
    )
    imported, exported = await transfers_made(owner, harbour.tenant.id)
    document = await document_made(owner, client, shared_at=MONDAY, shared_by=NORA)
    return Things(
        kept["ref"],
        address,
        code["ref"],
        mobile_code["ref"],
        connection["ref"],
        service["ref"],
        hours,
        closure["ref"],
        rule,
        client["ref"],
        hold["key"],
        "Ab3dEf9h",
        message["ref"],
        reply["ref"],
        imported,
        exported,
        harbour.records[BEN]["ref"],
        await merge_into(owner, client),
        document["ref"],
        *await written_about(owner, client),
        harbour.practitioners["Nora Blake"]["ref"],
        harbour.places["Harbour House"]["ref"],
        *await room_made(owner, harbour.tenant.id, place),
    )


async def room_made(owner: asyncpg.Connection, tenant_id: int, place_id: int) -> tuple[str, str]:
    """A kind, and the one of it that there is."""
    kind = await insert(owner, "resource_kind", tenant_id=tenant_id, ref="akindffffff", name="Room", what="room")
    values = {"kind_id": kind["id"], "place_id": place_id, "name": "Room 1"}
    thing = await insert(owner, "resource", tenant_id=tenant_id, ref="athingfffff", **values)
    return kind["ref"], thing["ref"]


async def transfers_made(owner: asyncpg.Connection, tenant_id: int) -> list[str]:
    """An import that was tried, with a row refused, and an export to be taken away."""
    settings = {"columns": {"first_name": 0}, "headings": ["Name"], "encoding": "utf-8", "delimiter": ","}
    made: list[tuple[str, str, dict[str, Any]]] = [
        ("import", "upload", {"checked_at": MONDAY, "counts": json.dumps(dict.fromkeys(COUNTED, 1))}),
        ("export", "result", {"finished_at": MONDAY}),
    ]
    refs = []
    for kind, part, more in made:
        told = {"by_email": NORA, "file_name": "clients.csv", "settings": json.dumps(settings | {"day_first": True})}
        values = {"tenant_id": tenant_id, "ref": f"an-{kind}", "kind": kind, "form": "csv", "created_at": MONDAY}
        row = await insert(owner, "transfer", **values, **told, **more)
        for each in {part, "refused" if kind == "import" else part}:
            piece = {"transfer_id": row["id"], "part": each, "number": 0, "bytes": b"Name\nClient\n"}
            await insert(owner, "transfer_chunk", tenant_id=tenant_id, **piece)
        refs.append(row["ref"])
    return refs


async def merge_into(owner: asyncpg.Connection, kept: dict[str, Any]) -> str:
    """Of another record into this one."""
    mine = {"tenant_id": kept["tenant_id"], "created_at": MONDAY}
    gone = await insert(owner, "client_record", ref="gone", merged_into=kept["id"], merged_at=MONDAY, **mine)
    ref: str = await owner.fetchval(
        """INSERT INTO client_merge (tenant_id, ref, kept_id, gone_id, at, by_email, before, became, moved)
           SELECT tenant_id, 'amerge', id, $2, $3, $4,
                  jsonb_build_object('kept', to_jsonb(kept), 'gone', to_jsonb(kept)), to_jsonb(kept), '{}'
           FROM client_record AS kept WHERE id = $1 RETURNING ref""",
        kept["id"],
        gone["id"],
        MONDAY,
        NORA,
    )
    return ref


async def written_about(owner: asyncpg.Connection, client: dict[str, Any]) -> tuple[str, str, str]:
    """A note, a wording, and that the client has agreed to it."""
    at = {"tenant_id": client["tenant_id"]}
    written = at | {"at": MONDAY, "by_email": NORA, "body": "Words."}
    note = await insert(owner, "client_note", **at, ref="anotefffff", client_record_id=client["id"], created_at=MONDAY)
    await insert(owner, "client_note_version", **written, note_id=note["id"])
    wording = await insert(owner, "consent_wording", **at, ref="awordingff", name="Photos", created_at=MONDAY)
    text = await insert(owner, "consent_text", **written, wording_id=wording["id"], version=1)
    consent = await insert(
        owner,
        "consent",
        **at,
        ref="aconsentff",
        client_record_id=client["id"],
        text_id=text["id"],
        given_at=MONDAY,
        how="form",
        by_email=NORA,
    )
    return note["ref"], wording["ref"], consent["ref"]


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


def token_of(browser: Browser) -> str:
    found: str = re.findall(r'name="_csrf" value="([^"]+)"', browser.page.text)[0]
    return found


async def ask(browser: Browser, method: str, path: str, token: str = "") -> httpx.Response:
    fields = FIELDS | {"_csrf": token} if method != "GET" else None
    return await browser.http.request(method, path, data=fields, follow_redirects=False)


async def counts(owner: asyncpg.Connection) -> list[int]:
    """Of every table that a page could have written to."""
    tables = ("appointment", "message", "hold", "service", "opening_hours", "dated_opening", "closure", "client_record")
    settings = ("reminder_rule", "message_policy", "message_text", "removed_closure", "transfer", "transfer_download")
    of_records = ("client_merge", "client_distinct", "client_document", "retention_rule", "erasure")
    rooms = ("practitioner", "place", "resource_kind", "resource")
    kept = ("client_note", "client_note_version", "consent_wording", "consent_text", "consent", "client_change")
    return [
        await owner.fetchval(f"SELECT count(*) FROM {table}") for table in tables + settings + of_records + rooms + kept
    ]


def test_every_page_with_something_in_its_address_is_spoken_for() -> None:
    named = {path for _, path in pages() if "{" in path}
    spoken_for = OPEN_TO_ALL.keys() | BY_KEY | BY_LINK | BY_SIGNATURE | DEMO_ONLY | PHOTOS
    spoken_for |= {path for _, path in of_desk() + of_person()}

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

    assert {path: status for path, status in told.items() if status != 200} == {}


async def test_desk_does_not_exist_for_who_does_not_work_there(
    strangers: list[Somebody], things: Things, owner: asyncpg.Connection
) -> None:
    before = await counts(owner)

    told = {
        (somebody.name, method, path): (
            await ask(somebody.browser, method, things.path(path), somebody.token)
        ).status_code
        for somebody in strangers
        for method, path in of_desk()
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
    for method, path in of_desk() + of_person():
        answer = await ask(browser, method, things.path(path), token)
        told[method, path] = (answer.status_code, bool(SIGN_IN.match(answer.headers.get("location", ""))))

    assert {page: answer for page, answer in told.items() if answer != (303, True)} == {}


async def test_hold_is_not_found_at_another_practice(strangers: list[Somebody], things: Things) -> None:
    for somebody in strangers:
        for method, path in pages():
            if path in BY_KEY:
                there = things.path(path).replace("/harbour", "/meadow")
                answer = await ask(somebody.browser, method, there, somebody.token)
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
    things = replace(things, appointment=bens["ref"], client=record, link="Bb3dEf9h")
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
