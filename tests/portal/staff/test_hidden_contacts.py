"""Theo without *sees contacts*: no answer of the desk has an address or a number of anybody, whatever he asks."""

import re
from typing import Any

import asyncpg
import pytest

from portal.staff.changes import stream
from tests.browser import Browser
from tests.cast import ANA, BEN, MONDAY, NORA, Cast
from tests.documents_made import document_made
from tests.factories import insert
from tests.messages_made import message_made
from tests.portal.staff.asking import JSON, token_of
from tests.portal.staff.crawl import HARBOUR, crawl
from tests.portal.staff.parts import hand_to_theo, may, play
from tests.portal.things import FIELDS, Things, desk_doors, of_desk

FORMER = "ana.before@example.net"
# As they are kept, dialled at home and from abroad, in digits, and as an address carries them.
NUMBERS = re.compile(r"555[-. ]?01(7[0-9])")
ADDRESSES = re.compile(r"(ana|ben|ana\.before|leo)(@|%40)example", re.IGNORECASE)
HIDDEN = "Hidden from you"
DAY = "2026-11-25"
ASKED = [f"{HARBOUR}?day={DAY}&view={view}" for view in ("day", "week", "month", "list")] + [
    f"{HARBOUR}/calendar.json?from=2026-11-23&until=2026-12-20",
    f"{HARBOUR}/clients?order=latest",
    f"{HARBOUR}/clients?q=silva",
    f"{HARBOUR}/appointments/sheet?q=silva&start={DAY}T10:00-05:00",
    f"{HARBOUR}/appointments/sheet/clients?q=silva",
    f"{HARBOUR}/messages?from=2026-09-15&until=2026-11-30",
    f"{HARBOUR}/messages?client=silva&from=2026-09-15",
]

# Headers, and what is typed beside what makes every form whole.
WAYS: list[tuple[dict[str, str], Any]] = [
    ({}, {}),
    ({}, "known"),
    (JSON, "known"),
    ({"hx-request": "true"}, {"client": "", "q": "silva", "find": "yes"}),
]


@pytest.fixture
async def known(cast: Cast, things: Things, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch) -> Things:
    """Ana, Theo's own, reached by everything there is; said in every place where staff read."""
    monkeypatch.setattr(stream, "LASTS", 0.0)
    await hand_to_theo(owner, cast, things)
    ana, mine = cast.harbour.records[ANA], {"tenant_id": cast.harbour.tenant.id}
    await owner.execute(
        """UPDATE client_record SET phone = '+14165550171', home_phone = '+14165550172', own_phone = '+14165550173',
               own_home_phone = '+14165550174', own_first_name = 'Ana', held = '{phone,home_phone}', erase_at = $2
           WHERE id = $1""",
        ana["id"],
        cast.harbour.at(2027, 1, 1),
    )
    await owner.execute("UPDATE client_record SET phone = '+14165550171' WHERE email = $1", BEN)
    leo = await insert(
        owner, "client_record", **mine, ref="leoooooooo", first_name="Leo", guardian_id=ana["id"], created_at=MONDAY
    )
    cast.harbour.records["leo"] = leo
    told = {"note": f"Write to {ANA} or call 416-555-0175.", "booked_at": MONDAY, "booked_by": "staff"}
    kept = [
        await cast.harbour.appointment(who, "Follow-up", "Theo Roy", cast.harbour.at(2026, 11, 25, hour), **told)
        for who, hour in ((ANA, 14), ("leo", 15))
    ]
    for each, channel, to in ((kept[0], "email", ANA), (kept[0], "sms", "+14165550171"), (kept[1], "email", ANA)):
        kind = "reminder" if channel == "sms" else "booked"
        await message_made(owner, each, kind=kind, channel=channel, sent_to=to)
    said = f"Other number: (416) 555-0176, or {FORMER}."
    await insert(owner, "client_reply", **mine, client_record_id=ana["id"], at=MONDAY, body=said)
    for field, before, after in (
        ("email", FORMER, ANA),
        ("phone", "+14165550177", "+14165550171"),
        ("home_phone", "", "+14165550172"),
    ):
        change = {"client_record_id": ana["id"], "at": MONDAY, "how": "changed", "by_email": NORA, "field": field}
        await insert(owner, "client_change", **mine, **change, before=before, after=after)
    note = await owner.fetchval("SELECT id FROM client_note WHERE ref = $1", things.note)
    await insert(owner, "client_note_version", **mine, note_id=note, at=MONDAY, by_email=NORA, body=said)
    await document_made(owner, ana, name=f"Letter to {ANA}.pdf", note=said)
    await insert(owner, "mail_bounce", email=ANA, bounced_at=MONDAY, status="5.1.1")
    nameless = {"ref": "nnnnnnnnnn", "email": "leo@example.org", "created_at": MONDAY}
    await insert(owner, "client_record", **mine, **nameless, erase_at=cast.harbour.at(2026, 12, 24))
    return things


def secrets_in(text: str) -> set[str]:
    return {match[0] for pattern in (NUMBERS, ADDRESSES) for match in pattern.finditer(text)}


def starts(part: str, things: Things) -> list[str]:
    doors = desk_doors()
    return [things.path(path) for method, path in of_desk() if method == "GET" and doors[method, path] in may(part)]


async def test_they_would_be_found_by_who_may_see_them(
    theo: Browser, known: Things, cast: Cast, owner: asyncpg.Connection
) -> None:
    """Else the others would prove nothing."""
    await play(owner, cast, "professional")

    seen = await crawl(theo, starts("professional", known) + ASKED)

    found = {secret for text in seen.pages.values() for secret in secrets_in(text)}
    assert {secret[-2:] for secret in found if "@" not in secret and "%" not in secret} == {
        f"7{digit}" for digit in range(1, 8)
    }
    assert {secret.lower() for secret in found if "@" in secret} == {
        "ana@example", "ben@example", "ana.before@example", "leo@example"
    }  # fmt: skip


@pytest.mark.parametrize("part", ["no contacts", "neither"])
async def test_no_page_has_an_address_or_a_number(
    theo: Browser, known: Things, cast: Cast, owner: asyncpg.Connection, part: str
) -> None:
    await play(owner, cast, part)

    seen = await crawl(theo, starts(part, known) + ASKED)

    assert seen.failed == {}
    told = {address: found for address, text in seen.pages.items() if (found := secrets_in(text))}
    assert told == {}
    assert len(seen.pages) > 60


@pytest.mark.parametrize("part", ["no contacts", "neither"])
async def test_no_answer_to_a_form_has_an_address_or_a_number(
    theo: Browser, known: Things, cast: Cast, owner: asyncpg.Connection, part: str
) -> None:
    """As a page, as a fragment and as the calendar's data; what he has typed himself is said back."""
    await play(owner, cast, part)
    token, doors, told = await token_of(theo), desk_doors(), {}
    fields = FIELDS | {"_csrf": token, "email": "typed@example.com"}

    for method, path in of_desk():
        if method == "GET" or doors[method, path] not in may(part):
            continue
        for headers, more in WAYS:
            data = fields | ({"client": known.client} if more == "known" else more)
            answer = await theo.http.post(known.path(path), data=data, headers=headers, follow_redirects=True)
            if found := secrets_in(answer.text):
                told[path, str(headers), str(more)] = found

    assert told == {}


async def test_what_is_hidden_says_so(theo: Browser, known: Things, cast: Cast, owner: asyncpg.Connection) -> None:
    await play(owner, cast, "no contacts")
    told = {}
    for page in (
        f"/clients/{known.client}",
        "/clients",
        "/clients?q=silva",
        "/appointments/sheet/clients?q=silva",
        f"/appointments/sheet?client={known.client}",
        f"/appointments/{known.appointment}",
        "/messages?from=2026-09-15&until=2026-11-30",
        f"?day={DAY}",
        f"?day={DAY}&view=list",
    ):
        await theo.get(f"{HARBOUR}{page}")
        told[page] = theo.text.count(HIDDEN) > 0 and theo.page.status_code == 200

    assert {page for page, says in told.items() if not says} == set()
    await theo.get(f"{HARBOUR}/clients/{known.client}")
    ways = (f"{known.client}/details", f"{known.client}/email", "mailto:", "tel:")
    assert [way for way in ways if way in theo.text] == []


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ana", True),
        ("Silva Ana", True),
        ("sport", True),
        (ANA, False),
        ("example.org", False),
        ("416 555 0171", False),
        ("5550171", False),
        ("+14165550172", False),
    ],
)
async def test_search_tells_nobody_whose_an_address_or_a_number_is(
    theo: Browser, known: Things, cast: Cast, owner: asyncpg.Connection, typed: str, found: bool
) -> None:
    await owner.execute("UPDATE client_record SET tags = '{sports}' WHERE email = $1", ANA)
    await owner.execute("UPDATE client_reply SET seen_at = $1", MONDAY)  # or it would stand above what is found
    told: dict[str, list[bool]] = {}
    for part in ("professional", "no contacts"):
        await play(owner, cast, part)
        told[part] = [
            "Silva" in (await theo.http.get(f"{HARBOUR}{page}", params={name: typed} | more)).text
            for page, name, more in (
                ("/clients", "q", {}),
                ("/appointments/sheet/clients", "q", {}),
                ("/appointments/new", "q", choice_of(cast)),
                ("/messages", "client", {"from": "2026-09-15", "until": "2026-11-30"}),
            )
        ]

    assert told == {"professional": [True] * 4, "no contacts": [found] * 4}


def choice_of(cast: Cast) -> dict[str, Any]:
    rows = cast.harbour.services["Follow-up"], cast.harbour.practitioners["Theo Roy"]
    return {"service": rows[0]["ref"], "practitioner": rows[1]["ref"], "start": "2026-11-27T10:00:00-05:00"}


@pytest.mark.parametrize("door", ["appointments/sheet", "appointments/new", "appointments/series", "clients/new"])
@pytest.mark.parametrize("email", [ANA, BEN])
async def test_typing_an_address_tells_nobody_whose_it_is(
    theo: Browser, known: Things, cast: Cast, owner: asyncpg.Connection, door: str, email: str
) -> None:
    await play(owner, cast, "no contacts")
    await theo.get(f"{HARBOUR}/clients")
    before = await owner.fetchval("SELECT count(*) FROM appointment")

    new: dict[str, Any] = {"first_name": "Mia", "last_name": "Laurent", "email": email, "key": "k"}
    if door.endswith("series"):
        new |= {"every_weeks": "1", "times": "2"}
    await theo.post(f"{HARBOUR}/{door}", **choice_of(cast), **new)

    assert theo.page.status_code in {409, 422}
    assert "The practice knows this address already. Please ask an admin or the reception." in theo.text
    assert ("Silva" in theo.text, "Okafor" in theo.text) == (False, False)
    assert await owner.fetchval("SELECT count(*) FROM appointment") == before


async def test_he_books_for_whom_he_chose_by_name_and_for_somebody_new(
    theo: Browser, known: Things, cast: Cast, owner: asyncpg.Connection
) -> None:
    """A second click with the address that he typed himself finds what the first one booked."""
    await play(owner, cast, "no contacts")
    await theo.get(f"{HARBOUR}/clients")
    new: dict[str, Any] = {"first_name": "Mia", "last_name": "Laurent", "email": "mia@example.org", "key": "mia"}
    for start, who in (("09:00", {"client": known.client, "key": "ana"}), ("10:00", new), ("10:00", new)):
        when: dict[str, Any] = {"start": f"2026-11-27T{start}:00-05:00"}
        await theo.post(f"{HARBOUR}/appointments/sheet", **choice_of(cast) | when, **who)
        assert theo.page.status_code == 200, theo.text

    booked = await owner.fetch(
        """SELECT email FROM appointment JOIN client_record ON client_record.id = client_record_id
           WHERE booking_key IN ('ana', 'mia') ORDER BY starts_at"""
    )
    assert [row["email"] for row in booked] == [ANA, "mia@example.org"]


async def test_note_that_holds_a_number_is_not_written_over_by_who_does_not_see_it(
    theo: Browser, known: Things, cast: Cast, owner: asyncpg.Connection
) -> None:
    await play(owner, cast, "no contacts")
    there = f"{HARBOUR}/clients/{known.client}/notes/{known.note}"
    await theo.get(there)

    assert ("<textarea" in theo.text, "which is hidden from you" in theo.text) == (False, True)
    await theo.post(there, note="Something else.", seen="99")
    assert theo.page.status_code == 404


async def test_what_was_typed_into_a_form_is_not_lost(
    theo: Browser, known: Things, cast: Cast, owner: asyncpg.Connection
) -> None:
    """An address of his own typing comes back with the error beside another field."""
    await play(owner, cast, "no contacts")
    await theo.get(f"{HARBOUR}/clients/new")

    await theo.post(f"{HARBOUR}/clients/new", first_name="", email="mia@example.org", phone="+14165550123")

    assert ('value="mia@example.org"' in theo.text, 'value="+14165550123"' in theo.text) == (True, True)
