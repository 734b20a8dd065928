"""Theo without *sees all clients*: of whomever Nora alone has there is no trace, and of his own nothing is missing."""

import re
from typing import Any

import asyncpg
import pytest

from portal.staff.changes import stream
from tests.browser import Browser
from tests.cast import ANA, BEN, CLEO, MONDAY, THEO, Cast
from tests.factories import insert
from tests.portal.staff.asking import JSON, token_of
from tests.portal.staff.crawl import HARBOUR, crawl
from tests.portal.staff.parts import hand_to_theo, may, play
from tests.portal.things import Things, ask, desk_doors, of_desk

# What stands under these is the practice's, for whoever may look at it or plan it (test_permissions.py).
OF_THE_PRACTICE = (
    "services",
    "practitioners",
    "places",
    "resources",
    "hours",
    "closures",
    "reminders",
    "consents",
    "page",
    "settings",
    "team",
    "audit",
    "transfers",
    "clients/import",
    "clients/export",
)
DAY = "2026-11-25"  # on which Ana and Ben come, both to Nora
EVERYTHING = [
    f"{HARBOUR}?day={DAY}&view={view}{more}"
    for view in ("day", "week", "month", "list")
    for more in ("", "&by=place", "&practitioner=all")
] + [
    f"{HARBOUR}/calendar.json?from=2026-11-23&until=2026-12-20",
    f"{HARBOUR}/clients?q=silva",
    f"{HARBOUR}/clients?q=okafor",
    f"{HARBOUR}/clients?q=example.org",
    f"{HARBOUR}/clients?letter=s",
    f"{HARBOUR}/clients?letter=o",
    f"{HARBOUR}/clients?order=latest",
    f"{HARBOUR}/clients?tag=sports",
    f"{HARBOUR}/appointments/sheet/clients?q=silva",
    f"{HARBOUR}/appointments/sheet?q=okafor",
    f"{HARBOUR}/appointments/sheet?start={DAY}T10:00-05:00",
    f"{HARBOUR}/messages?client=silva&from=2026-01-01",
    f"{HARBOUR}/messages?from=2026-01-01&until=2026-03-01",
]


@pytest.fixture
async def hers(cast: Cast, things: Things, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch) -> Things:
    """All of it Ana's, whom Nora alone has, as she has Ben; both would be found wherever one looks."""
    monkeypatch.setattr(stream, "LASTS", 0.0)
    harbour = cast.harbour
    await harbour.appointment(BEN, "Follow-up", "Nora Blake", harbour.at(2026, 11, 25, 11))
    await owner.execute(
        "UPDATE client_record SET phone = '+14165550101', tags = '{sports}', erase_at = $2 WHERE email = $1",
        ANA,
        harbour.at(2026, 12, 1),
    )
    await play(owner, cast, "own clients")
    return things


async def theirs(cast: Cast, owner: asyncpg.Connection) -> list[str]:
    """Everything by which Ana or Ben would be told in an answer."""
    found = ["Silva", "Okafor", ANA, BEN, "555-0101", "5550101"]
    for table in ("client_record", "appointment", "client_note", "client_document", "client_reply"):
        rows = await owner.fetch(f"SELECT ref FROM {table} WHERE tenant_id = $1", cast.harbour.tenant.id)
        found += [row["ref"] for row in rows]
    return found


async def test_what_is_of_another_one_s_client_is_not_there(
    theo: Browser, hers: Things, owner: asyncpg.Connection
) -> None:
    token = await token_of(theo)
    doors = desk_doors()
    others = [door for door in of_desk() if "{ref}" in door[1] and not is_of_the_practice(door[1])]
    before = await rows_of_clients(owner)

    told = {door: (await ask(theo, door[0], hers.path(door[1]), token)).status_code for door in others}

    assert {door: status for door, status in told.items() if status != 404} == {}
    assert await rows_of_clients(owner) == before
    assert len([door for door in others if doors[door] in may("own clients")]) > 40


def is_of_the_practice(path: str) -> bool:
    return path.removeprefix("/desk/{slug}/").startswith(OF_THE_PRACTICE)


async def rows_of_clients(owner: asyncpg.Connection) -> list[Any]:
    tables = await owner.fetch(
        "SELECT DISTINCT table_name FROM information_schema.columns WHERE column_name = 'client_record_id'"
    )
    names = [*sorted(row["table_name"] for row in tables), "client_record", "message", "hold"]
    return [(name, await owner.fetch(f"SELECT * FROM {name} ORDER BY id")) for name in names]


async def test_no_page_has_a_trace_of_another_one_s_client(
    theo: Browser, cast: Cast, hers: Things, owner: asyncpg.Connection
) -> None:
    doors = desk_doors()
    plain = [
        hers.path(path)
        for method, path in of_desk()
        if method == "GET" and doors[method, path] in may("own clients") and ("{ref}" not in path or of_rules(path))
    ]
    traces = await theirs(cast, owner)

    seen = await crawl(theo, plain + EVERYTHING)

    assert seen.failed == {}
    asked = {address: _asked(address) for address in seen.pages}
    told = {
        (address, trace)
        for address, text in seen.pages.items()
        for trace in traces
        if trace.casefold() in text.casefold() and trace.casefold() not in asked[address]
    }
    assert told == set()
    assert len(seen.pages) > 60


def of_rules(path: str) -> bool:
    return path.removeprefix("/desk/{slug}/").startswith(("services", "reminders", "consents"))


def _asked(address: str) -> str:
    """What one has typed oneself is said back."""
    return address.casefold()


async def test_nothing_is_missing_of_one_s_own(
    theo: Browser, cast: Cast, hers: Things, owner: asyncpg.Connection
) -> None:
    await hand_to_theo(owner, cast, hers)
    doors = desk_doors()

    told = {
        path: (await theo.http.get(hers.path(path))).status_code
        for method, path in of_desk()
        if method == "GET" and doors[method, path] in may("own clients")
    }

    assert {path: status for path, status in told.items() if status != 200} == {}
    assert "Silva" in (await theo.get(f"{HARBOUR}/clients")).text
    assert "Okafor" not in theo.text


async def seen_by(theo: Browser) -> set[str]:
    page = await theo.http.get(f"{HARBOUR}/clients")
    return set(re.findall(r'/desk/harbour/clients/(\w{10})"', page.text))


@pytest.fixture
async def cleo(cast: Cast, owner: asyncpg.Connection) -> dict[str, Any]:
    """A record that nobody has yet."""
    await play(owner, cast, "own clients")
    return await cast.harbour.record(CLEO, "Cleo", "Laurent")


async def test_whom_he_made_is_his(theo: Browser, cleo: dict[str, Any], owner: asyncpg.Connection) -> None:
    before = await seen_by(theo)
    await owner.execute("UPDATE client_record SET created_by = $2 WHERE id = $1", cleo["id"], THEO)

    assert (before, await seen_by(theo)) == (set(), {cleo["ref"]})


@pytest.mark.parametrize("day", [2, 30], ids=["had", "will have"])
@pytest.mark.parametrize("cancelled", [False, True])
async def test_whom_he_had_or_will_have_is_his(
    theo: Browser, cast: Cast, cleo: dict[str, Any], owner: asyncpg.Connection, day: int, cancelled: bool
) -> None:
    at = cast.harbour.at(2026, 11, day, 10)
    kept = await cast.harbour.appointment(CLEO, "Follow-up", "Theo Roy", at)
    if cancelled:
        await owner.execute(
            "UPDATE appointment SET cancelled_at = $2, cancelled_by = 'client' WHERE id = $1", kept["id"], MONDAY
        )

    assert await seen_by(theo) == {cleo["ref"]}
    assert (await theo.get(f"{HARBOUR}/appointments/{kept['ref']}")).status_code == 200


async def test_adult_of_his_client_is_his_and_the_adult_s_other_child_is_not(
    theo: Browser, cast: Cast, cleo: dict[str, Any], owner: asyncpg.Connection
) -> None:
    mine = {"tenant_id": cast.harbour.tenant.id, "guardian_id": cleo["id"], "created_at": MONDAY}
    leo = await insert(owner, "client_record", ref="leoooooooo", first_name="Leo", **mine)
    mia = await insert(owner, "client_record", ref="miaaaaaaaa", first_name="Mia", **mine)
    cast.harbour.records |= {"leo": leo, "mia": mia}
    await cast.harbour.appointment("leo", "Follow-up", "Theo Roy", cast.harbour.at(2026, 11, 25, 10))
    await cast.harbour.appointment("mia", "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 25, 10))

    assert await seen_by(theo) == {cleo["ref"], leo["ref"]}
    await theo.get(f"{HARBOUR}/clients/{cleo['ref']}")
    assert ("Leo" in theo.text, "Mia" in theo.text) == (True, False)


async def test_client_whose_only_appointment_with_him_is_moved_to_nora_is_no_longer_his(
    theo: Browser, nora: Browser, cast: Cast, cleo: dict[str, Any]
) -> None:
    """He never had them. The day on which he did, they would stay."""
    kept = await cast.harbour.appointment(CLEO, "Follow-up", "Theo Roy", cast.harbour.at(2026, 11, 25, 10))
    before = await seen_by(theo)

    await nora.get(f"{HARBOUR}/appointments/{kept['ref']}/move")
    to = cast.harbour.practitioners["Nora Blake"]["ref"]
    await nora.post(f"{HARBOUR}/appointments/{kept['ref']}/move", start="2026-11-25T10:00:00-05:00", practitioner=to)

    assert (nora.page.status_code, before, await seen_by(theo)) == (200, {cleo["ref"]}, set())
    assert (await theo.get(f"{HARBOUR}/appointments/{kept['ref']}")).status_code == 404


async def test_other_column_of_his_own_client_is_in_the_record_and_nowhere_else(
    theo: Browser, cast: Cast, cleo: dict[str, Any], owner: asyncpg.Connection
) -> None:
    harbour = cast.harbour
    await harbour.appointment(CLEO, "Follow-up", "Theo Roy", harbour.at(2026, 11, 24, 10))
    with_nora = await harbour.appointment(CLEO, "Follow-up", "Nora Blake", harbour.at(2026, 11, 25, 10))
    token = await token_of(theo)

    await theo.get(f"{HARBOUR}/clients/{cleo['ref']}")
    assert ("Nora Blake" in theo.text, f"/appointments/{with_nora['ref']}" in theo.text) == (True, False)
    for view in ("day", "week", "list"):
        page = await theo.get(f"{HARBOUR}?day=2026-11-25&view={view}")
        assert (with_nora["ref"] in page.text, "Nora Blake" in page.text) == (False, False), view
    feed = await theo.http.get(f"{HARBOUR}/calendar.json?from=2026-11-23&until=2026-11-29")
    assert {each["practitioner"] for each in feed.json()["appointments"]} == {harbour.practitioners["Theo Roy"]["ref"]}
    assert with_nora["ref"] not in feed.text

    before = await rows_of_clients(owner)
    doors = [door for door in of_desk() if door[1].startswith("/desk/{slug}/appointments/{ref}")]
    for method, path in doors:
        address = path.replace("{slug}", "harbour").replace("{ref}", with_nora["ref"])
        assert (await ask(theo, method, address, token)).status_code == 404, (method, path)
    assert await rows_of_clients(owner) == before


async def test_he_books_for_himself_also_for_somebody_new(
    theo: Browser, cast: Cast, cleo: dict[str, Any], owner: asyncpg.Connection
) -> None:
    """Whoever is free is himself."""
    new = {"first_name": "Mia", "last_name": "Laurent", "email": "mia@example.org"}
    for number, practitioner in enumerate(("any", ref_of(cast, "Theo Roy"))):
        answer = await book(theo, cast, practitioner, f"2026-11-24T1{number}:00:00-05:00", **new)

        assert answer.status_code == 200, answer.text
    taken = await book(theo, cast, "any", "2026-11-24T10:00:00-05:00", **new, key="another")

    assert taken.status_code == 409
    made = await owner.fetch("SELECT DISTINCT practitioner_id, client_record_id FROM appointment")
    assert [row["practitioner_id"] for row in made] == [cast.harbour.practitioners["Theo Roy"]["id"]]
    assert len(await seen_by(theo)) == 1


async def test_he_books_in_no_other_column(
    theo: Browser, cast: Cast, cleo: dict[str, Any], owner: asyncpg.Connection
) -> None:
    harbour, hers, token = cast.harbour, ref_of(cast, "Nora Blake"), await token_of(theo)
    kept = await harbour.appointment(CLEO, "Follow-up", "Theo Roy", harbour.at(2026, 11, 25, 10))
    at = {"start": "2026-11-26T10:00:00-05:00", "practitioner": hers, "service": harbour.services["Follow-up"]["ref"]}
    of_new = {"first_name": "Mia", "last_name": "Laurent", "_csrf": token, "key": "k", "every_weeks": "1", "times": "2"}
    there = f"{HARBOUR}/appointments/{kept['ref']}"
    before = await rows_of_clients(owner)

    told = [
        (await theo.http.post(path, data=at | of_new | more)).status_code
        for path, more in (
            (f"{HARBOUR}/appointments/sheet", {"every_weeks": ""}),
            (f"{HARBOUR}/appointments/sheet", {}),
            (f"{HARBOUR}/appointments/new", {}),
            (f"{HARBOUR}/appointments/series", {}),
            (f"{there}/move", {}),
            (f"{there}/placement", {"end": "2026-11-26T10:30:00-05:00"}),
        )
    ]

    assert told == [404] * 6
    assert await rows_of_clients(owner) == before


async def test_series_of_his_client_moves_and_ends_in_his_column_alone(
    theo: Browser, cast: Cast, cleo: dict[str, Any], owner: asyncpg.Connection
) -> None:
    harbour = cast.harbour
    about = {"tenant_id": harbour.tenant.id, "ref": "aseries222", "every_weeks": 1, "by_email": THEO}
    series = (await insert(owner, "series", **about, created_at=MONDAY))["id"]
    first, _, hers = [
        await harbour.appointment(CLEO, "Follow-up", who, harbour.at(2026, 11, day, 10), series_id=series)
        for who, day in (("Theo Roy", 24), ("Theo Roy", 25), ("Nora Blake", 26))
    ]

    await theo.get(f"{HARBOUR}/appointments/{first['ref']}/following/cancellation")
    stood = re.findall(r'name="stood" value="(\w+)"', theo.text)[0]
    await theo.post(f"{HARBOUR}/appointments/{first['ref']}/following/cancellation", stood=stood)

    assert theo.page.status_code == 200
    live = await owner.fetch("SELECT ref FROM appointment WHERE cancelled_at IS NULL")
    assert [row["ref"] for row in live] == [hers["ref"]]


@pytest.mark.parametrize("door", ["sheet", "new", "clients/new", "series"])
async def test_address_of_a_client_whom_he_does_not_see_is_refused_without_a_name(
    theo: Browser, cast: Cast, cleo: dict[str, Any], owner: asyncpg.Connection, door: str
) -> None:
    before = await owner.fetchval("SELECT count(*) FROM client_record")

    await typed(theo, cast, door, email=BEN)

    assert theo.page.status_code in {409, 422}
    assert "The practice knows this address already. Please ask an admin or the reception." in theo.text
    assert ("Okafor" in theo.text, "/clients/" + cast.harbour.records[BEN]["ref"] in theo.text) == (False, False)
    assert await owner.fetchval("SELECT count(*) FROM client_record") == before
    assert await owner.fetchval("SELECT count(*) FROM appointment") == 0


async def typed(theo: Browser, cast: Cast, door: str, **more: str) -> None:
    """Somebody new, at one of the doors that take one."""
    who: dict[str, Any] = {"first_name": "Mia", "last_name": "Laurent"} | more
    at: dict[str, Any] = {"start": "2026-11-26T10:00:00-05:00", "service": cast.harbour.services["Follow-up"]["ref"]}
    at |= {"practitioner": ref_of(cast, "Theo Roy"), "key": "k"}
    await theo.get(f"{HARBOUR}/clients")
    match door:
        case "clients/new":
            await theo.post(f"{HARBOUR}/clients/new", **who)
        case "series":
            await theo.post(f"{HARBOUR}/appointments/series", **at, **who, every_weeks="1", times="2")
            if ticks := dict(re.findall(r'name="(listed)" value="([^"]+)"', theo.text)):
                days = re.findall(r'name="on" value="([^"]+)"', theo.text)
                again = at | who | ticks | {"on": days, "every_weeks": "1", "times": "2"}
                await theo.post(f"{HARBOUR}/appointments/series", **again)
        case _:
            await theo.post(f"{HARBOUR}/appointments/{door}", **at, **who)


def ref_of(cast: Cast, name: str) -> str:
    return str(cast.harbour.practitioners[name]["ref"])


async def book(theo: Browser, cast: Cast, practitioner: str, start: str, **more: str) -> Any:
    fields = {"practitioner": practitioner, "start": start, "service": cast.harbour.services["Follow-up"]["ref"]}
    data = fields | {"_csrf": await token_of(theo), "key": start} | more
    return await theo.http.post(f"{HARBOUR}/appointments/sheet", data=data, headers=JSON)


@pytest.mark.parametrize("gone", ["practitioner_id = NULL", "retired"])
async def test_who_gives_nothing_sees_empty_pages_and_books_nothing(
    theo: Browser, cast: Cast, hers: Things, owner: asyncpg.Connection, gone: str
) -> None:
    if gone == "retired":
        await owner.execute("UPDATE practitioner SET retired_at = $1 WHERE name = 'Theo Roy'", MONDAY)
    else:
        await owner.execute("UPDATE membership SET practitioner_id = NULL WHERE email = $1", THEO)
    doors = desk_doors()
    plain = [path for method, path in of_desk() if method == "GET" and "{ref}" not in path and "{kind}" not in path]

    seen = await crawl(theo, [hers.path(path) for path in plain if doors["GET", path] in may("own clients")])
    booked = await book(theo, cast, "any", "2026-11-24T10:00:00-05:00", first_name="Mia", last_name="Laurent")

    assert (seen.failed, booked.status_code) == ({}, 404)


async def test_where_somebody_is_chosen_there_is_himself_alone(theo: Browser, cast: Cast, cleo: dict[str, Any]) -> None:
    service = cast.harbour.services["Follow-up"]["ref"]
    for page in ("", "/appointments/sheet", f"/appointments/new?service={service}", "/why", "/hours"):
        await theo.get(f"{HARBOUR}{page}")

        assert theo.page.status_code == 200, page
        assert "Nora Blake" not in theo.text, page
