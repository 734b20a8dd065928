import re
from typing import Any

import asyncpg

from tests.browser import Browser
from tests.cast import ANA, BEN, Cast
from tests.factories import insert
from tests.portal.staff.forms import SERVICE, place, seen_in

PAGE = "/desk/harbour/resources"


async def rooms_made(nora: Browser, cast: Cast) -> str:
    """The page of a kind with two rooms at Harbour House."""
    await nora.get(f"{PAGE}/new")
    there: dict[str, Any] = {f"there_{place(cast)}": "Room 1\n\n  Room 2  \n"}
    await nora.post(nora.path, name="Treatment room", what="room", **there)
    ref: str = re.findall(r'/resources/(\w+)">Treatment room', nora.page.text)[0]
    return f"{PAGE}/{ref}"


async def needed(owner: asyncpg.Connection, cast: Cast, service: str = "Follow-up") -> None:
    await owner.execute(
        "INSERT INTO service_need (tenant_id, service_id, kind_id) SELECT tenant_id, $1, id FROM resource_kind",
        cast.harbour.services[service]["id"],
    )


async def used(owner: asyncpg.Connection, appointment: dict[str, Any], thing: str = "Room 1") -> None:
    await insert(
        owner,
        "resource_use",
        tenant_id=appointment["tenant_id"],
        resource_id=await owner.fetchval("SELECT id FROM resource WHERE name = $1", thing),
        appointment_id=appointment["id"],
        blocked_from=appointment["blocked_from"],
        blocked_until=appointment["blocked_until"],
    )


async def things(owner: asyncpg.Connection) -> dict[str, bool]:
    """By name: whether it is there still."""
    return {row["name"]: row["retired_at"] is None for row in await owner.fetch("SELECT * FROM resource ORDER BY id")}


async def thing_page(page: str, owner: asyncpg.Connection, name: str = "Room 1") -> str:
    return f"{page}/things/{await owner.fetchval('SELECT ref FROM resource WHERE name = $1', name)}"


async def test_empty_page_teaches_by_an_example(nora: Browser, theo: Browser) -> None:
    await nora.get(PAGE)
    assert ("For example" in nora.text, f'href="{PAGE}/new"' in nora.page.text) == (True, True)

    await theo.get(PAGE)
    assert ("For example" in theo.text, f'href="{PAGE}/new"' in theo.page.text) == (True, False)


async def test_kind_is_made_with_what_there_is_of_it(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await rooms_made(nora, cast)

    assert ("Room 1, Room 2" in nora.text, "No service needs it yet." in nora.text) == (True, True)
    rows = await owner.fetch("SELECT name, position FROM resource ORDER BY position")
    assert [tuple(row) for row in rows] == [("Room 1", 0), ("Room 2", 1)]


async def test_bad_kind_is_told_at_its_field_and_keeps_what_was_typed(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    there = f"there_{place(cast)}"
    good: dict[str, Any] = {"name": "Treatment room", "what": "room", there: "Room 1"}
    await nora.get(f"{PAGE}/new")

    for wrong, field in (
        ({"name": ""}, "name"),
        ({"what": "person"}, "what"),
        ({there: "x" * 121}, there),
        ({there: "\n".join("x" * 51)}, there),
    ):
        await nora.post(f"{PAGE}/new", **good | wrong)

        assert (nora.page.status_code, f'href="#field-{field}"' in nora.page.text) == (422, True), wrong
    assert "Please name 50 at most at a time." in nora.text
    assert await owner.fetchval("SELECT count(*) FROM resource_kind") == 0


async def test_kind_is_renamed_but_not_over_somebody_else_s_change(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    page = await rooms_made(nora, cast)
    await nora.get(page)
    seen = seen_in(nora)
    await owner.execute("UPDATE resource_kind SET name = 'Cabin'")

    await nora.post(page, name="Laser", what="equipment", seen=seen)
    assert (nora.page.status_code, 'value="Laser"' in nora.text) == (409, True)
    await nora.post(page, name="Laser", what="equipment", seen=seen_in(nora))

    assert tuple(await owner.fetchrow("SELECT name, what FROM resource_kind")) == ("Laser", "equipment")


async def test_thing_is_added_and_renamed(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    page = await rooms_made(nora, cast)
    await nora.get(page)
    await nora.post(f"{page}/things", thing_name="Room 3", place=place(cast))
    assert (nora.path, list(await things(owner))) == (page, ["Room 1", "Room 2", "Room 3"])

    await nora.get(await thing_page(page, owner, "Room 3"))
    await nora.post(nora.path, name="Loft", seen=seen_in(nora))
    assert (nora.path, list(await things(owner))) == (page, ["Room 1", "Room 2", "Loft"])

    await nora.post(f"{page}/things", thing_name="", place=place(cast))
    assert (nora.page.status_code, 'href="#field-thing_name"' in nora.page.text) == (422, True)


async def test_thing_is_not_renamed_over_somebody_else_s_change(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    page = await rooms_made(nora, cast)
    await nora.get(await thing_page(page, owner))
    seen, here = seen_in(nora), nora.path
    await owner.execute("UPDATE resource SET name = 'Attic' WHERE name = 'Room 1'")

    await nora.post(here, name="Loft", seen=seen)

    assert (nora.page.status_code, 'value="Loft"' in nora.page.text) == (409, True)


async def test_unused_thing_is_given_up_at_once_and_comes_back(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    page = await rooms_made(nora, cast)
    here = await thing_page(page, owner)
    await nora.get(page)

    await nora.post(f"{here}/retirement")
    assert await things(owner) == {"Room 1": False, "Room 2": True}
    await nora.post(f"{here}/return")

    assert await things(owner) == {"Room 1": True, "Room 2": True}


async def test_appointments_that_have_a_thing_are_named_and_keep_it(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    page = await rooms_made(nora, cast)
    harbour = cast.harbour
    await used(owner, await harbour.appointment(ANA, "Follow-up", "Nora Blake", harbour.at(2026, 11, 24, 10)))
    await used(owner, await harbour.appointment(BEN, "Follow-up", "Theo Roy", harbour.at(2026, 11, 20, 10)))
    here = await thing_page(page, owner)
    await nora.get(page)

    await nora.post(f"{here}/retirement")
    assert "One appointment to come has it" in nora.text
    assert ("Ana Silva" in nora.text, "Ben Okafor" in nora.text) == (True, False)
    assert await things(owner) == {"Room 1": True, "Room 2": True}
    await nora.post(f"{here}/retirement", confirmed=re.findall(r'name="confirmed" value="(\w+)"', nora.page.text)[0])

    assert await things(owner) == {"Room 1": False, "Room 2": True}
    assert await owner.fetchval("SELECT count(*) FROM resource_use") == 2


async def test_whole_group_is_named_that_has_a_thing_by_one_of_them(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    page = await rooms_made(nora, cast)
    harbour, ten = cast.harbour, cast.harbour.at(2026, 11, 24, 10)
    first = await harbour.appointment(ANA, "Follow-up", "Nora Blake", ten, seat=1)
    shared = asyncpg.Range(first["blocked_from"], first["blocked_until"])
    await harbour.appointment(BEN, "Follow-up", "Nora Blake", ten, seat=2, shares=[shared])
    await used(owner, first)
    await nora.get(page)

    await nora.post(f"{await thing_page(page, owner)}/retirement")

    assert "2 appointments to come have it" in nora.text


async def test_kind_that_a_service_needs_stays(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    page = await rooms_made(nora, cast)
    await needed(owner, cast)
    await nora.get(page)

    await nora.post(f"{page}/retirement")

    assert (nora.page.status_code, "A service still needs one: Follow-up." in nora.text) == (422, True)
    assert await things(owner) == {"Room 1": True, "Room 2": True}


async def test_kind_goes_with_its_things_and_comes_back_with_them(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    page = await rooms_made(nora, cast)
    harbour = cast.harbour
    await nora.get(page)
    await nora.post(f"{await thing_page(page, owner, 'Room 2')}/retirement")
    await used(owner, await harbour.appointment(ANA, "Follow-up", "Nora Blake", harbour.at(2026, 11, 24, 10)))

    await nora.post(f"{page}/retirement")
    assert "One appointment to come has it" in nora.text
    await nora.post(f"{page}/retirement", confirmed=re.findall(r'name="confirmed" value="(\w+)"', nora.page.text)[0])
    assert ("Used no more" in nora.text, await things(owner)) == (True, {"Room 1": False, "Room 2": False})
    assert (await nora.get(page)).status_code == 404
    await nora.get(PAGE)
    await nora.post(f"{page}/return")

    assert ((await nora.get(page)).status_code, len([each for each in (await things(owner)).values() if each])) == (
        200,
        2,
    )


async def test_service_offered_again_needs_no_kind_that_is_gone(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    page, service = await rooms_made(nora, cast), cast.harbour.services["Follow-up"]["ref"]
    await needed(owner, cast)
    await nora.get(page)
    await nora.post(f"/desk/harbour/services/{service}/retirement")
    await nora.get(page)
    await nora.post(f"{page}/retirement")

    await nora.get("/desk/harbour/services")
    await nora.post(f"/desk/harbour/services/{service}/return")

    assert await owner.fetchval("SELECT count(*) FROM service_need") == 0


async def test_thing_is_only_there_under_its_own_kind(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    page = await rooms_made(nora, cast)
    other = await insert(
        owner, "resource_kind", tenant_id=cast.harbour.tenant.id, ref="otherkindf", name="Laser", what="equipment"
    )
    elsewhere = (await thing_page(page, owner)).replace(page, f"{PAGE}/{other['ref']}")
    await nora.get(page)

    told = [(await nora.get(elsewhere)).status_code]
    await nora.get(page)
    told += [(await nora.post(elsewhere + way, name="Mine")).status_code for way in ("", "/retirement", "/return")]

    assert told == [404] * 4


async def test_service_form_tells_what_there_is_of_each_kind(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    page = await rooms_made(nora, cast)
    await nora.get("/desk/harbour/services/new")
    assert "Room 1, Room 2" in nora.text

    await nora.post(nora.path, **SERVICE, places=place(cast), needs=page.rpartition("/")[2])

    assert nora.path == "/desk/harbour/services"
    assert await owner.fetchval("SELECT count(*) FROM service_need") == 1
