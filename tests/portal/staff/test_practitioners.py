import re
from typing import Any

import asyncpg

from tests.browser import Browser
from tests.cast import ANA, NORA, Cast
from tests.portal.staff.forms import SERVICE, add_hours, place, seen_in, who

PAGE = "/desk/harbour/practitioners"
NEWCOMER: dict[str, Any] = {"name": "Cleo Laurent", "title": "Massage therapist", "about": "Backs, mostly."}


async def test_list_tells_who_signs_in_and_who_gives_what(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await owner.execute("UPDATE membership SET ended_at = now() WHERE email LIKE 'theo%'")

    await nora.get(PAGE)

    assert ("Signs in as nora@harbour.example" in nora.text, "theo@" in nora.text) == (True, False)
    assert ("Without a sign-in" in nora.text, "First visit, Follow-up" in nora.text) == (True, True)


async def test_colleagues_see_no_address_of_another_s_sign_in(theo: Browser) -> None:
    await theo.get(PAGE)

    assert ("Signs in" in theo.text, NORA in theo.text) == (True, False)


async def test_new_practitioner_is_given_services_and_led_to_the_hours(nora: Browser, cast: Cast) -> None:
    service = cast.harbour.services["Follow-up"]["ref"]
    await nora.get(f"{PAGE}/new")
    await nora.post(nora.path, **NEWCOMER, services=service)
    ref = nora.path.partition("practitioner=")[2]
    assert nora.path.startswith("/desk/harbour/hours?practitioner=")

    hers: dict[str, Any] = {"practitioner": ref, "weekday": ["0"], "from_day": "", "until_day": ""}
    await add_hours(nora, cast, **hers)

    await nora.get(f"/p/harbour/open-times?service={service}&day=2026-11-30&practitioner={ref}")
    assert len(nora.page.json()["times"]) > 0
    await nora.get("/p/harbour")
    assert "Cleo Laurent" in nora.text


async def test_practitioner_saved_again_is_changed_and_unchanged_stays(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    theo = cast.harbour.practitioners["Theo Roy"]
    before = await owner.fetch("SELECT * FROM service_practitioner ORDER BY id")
    every: Any = [row["ref"] for row in cast.harbour.services.values()]
    await nora.get(f"{PAGE}/{theo['ref']}")

    await nora.post(nora.path, name="Theo Roy", title="Physiotherapist", about="", services=every, seen=seen_in(nora))
    assert await owner.fetch("SELECT * FROM service_practitioner ORDER BY id") == before
    await nora.get(f"{PAGE}/{theo['ref']}")
    await nora.post(nora.path, name="Theo Roy", title="Osteopath", about="", services=every[0], seen=seen_in(nora))

    given = await owner.fetch("SELECT service_id FROM service_practitioner WHERE practitioner_id = $1", theo["id"])
    assert [row["service_id"] for row in given] == [cast.harbour.services["First visit"]["id"]]
    assert await owner.fetchval("SELECT title FROM practitioner WHERE id = $1", theo["id"]) == "Osteopath"


async def test_change_does_not_overwrite_one_it_has_not_shown(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    theo = cast.harbour.practitioners["Theo Roy"]
    await nora.get(f"{PAGE}/{theo['ref']}")
    seen = seen_in(nora)
    await owner.execute("UPDATE practitioner SET title = 'Osteopath' WHERE id = $1", theo["id"])

    await nora.post(nora.path, **NEWCOMER, seen=seen)
    assert (nora.page.status_code, 'value="Cleo Laurent"' in nora.text) == (409, True)
    await nora.post(nora.path, **NEWCOMER, seen=seen_in(nora))

    assert await owner.fetchval("SELECT name FROM practitioner WHERE id = $1", theo["id"]) == "Cleo Laurent"


async def test_bad_practitioner_is_told_at_the_field(nora: Browser, owner: asyncpg.Connection) -> None:
    await nora.get(f"{PAGE}/new")

    for wrong, field in (({"name": ""}, "name"), ({"name": "x" * 121}, "name"), ({"about": "a\0b"}, "about")):
        await nora.post(f"{PAGE}/new", **NEWCOMER | wrong)

        assert (nora.page.status_code, f'href="#field-{field}"' in nora.page.text) == (422, True), wrong
    assert await owner.fetchval("SELECT count(*) FROM practitioner") == 3


async def test_who_is_still_needed_stays(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await cast.harbour.appointment(ANA, "Follow-up", "Theo Roy", cast.harbour.at(2026, 11, 24, 10))
    page = f"{PAGE}/{who(cast, 'Theo Roy')}"
    await nora.get(page)

    await nora.post(f"{page}/retirement")

    assert (nora.page.status_code, "An appointment to come still needs this" in nora.text) == (422, True)
    assert await owner.fetchval("SELECT count(*) FROM practitioner WHERE retired_at IS NOT NULL") == 0


async def test_who_has_left_is_offered_nowhere_and_comes_back_as_before(nora: Browser, cast: Cast) -> None:
    page, service = f"{PAGE}/{who(cast, 'Theo Roy')}", cast.harbour.services["Follow-up"]["ref"]
    await nora.get(page)
    await nora.post(f"{page}/retirement")
    assert ("Here no more" in nora.text, (await nora.get(page)).status_code) == (True, 404)
    await nora.get("/p/harbour")
    assert "Theo Roy" not in nora.text

    await nora.get(f"/desk/harbour/services/{service}")
    more: dict[str, Any] = {"seen": seen_in(nora), "practitioners": who(cast, "Nora Blake"), "places": place(cast)}
    await nora.post(nora.path, **SERVICE, **more)
    await nora.get(PAGE)
    await nora.post(f"{page}/return")
    await nora.get(f"/p/harbour/open-times?service={service}&day=2026-11-24&practitioner={who(cast, 'Theo Roy')}")

    assert len(nora.page.json()["times"]) > 0


async def test_book_stands_where_somebody_has_left(nora: Browser, theo: Browser, cast: Cast) -> None:
    """What was with them, their hours, and their own sign-in."""
    harbour = cast.harbour
    past = await harbour.appointment(ANA, "Follow-up", "Theo Roy", harbour.at(2026, 11, 20, 10))
    hours = await harbour.owner.fetchval(
        "SELECT ref FROM opening_hours WHERE practitioner_id = $1 LIMIT 1", harbour.practitioners["Theo Roy"]["id"]
    )
    await nora.get(f"{PAGE}/{who(cast, 'Theo Roy')}")
    await nora.post(f"{nora.path}/retirement")

    desk = "/desk/harbour"
    pages = ("", "?day=2026-11-20", "?view=week&day=2026-11-20", "/calendar.json?from=2026-11-20&until=2026-11-21")
    more = (f"/appointments/{past['ref']}", f"/clients/{harbour.records[ANA]['ref']}", "/hours", "/closures", "/why")
    told = {page: (await nora.get(desk + page)).status_code for page in pages + more}
    told |= {f"theo {page}": (await theo.get(desk + page)).status_code for page in ("", "/hours", "/practitioners")}

    assert {page: status for page, status in told.items() if status != 200} == {}
    assert (await nora.get(f"{desk}/hours/{hours}")).status_code == 404


async def test_practitioners_change_places_on_the_practice_s_page(nora: Browser, cast: Cast) -> None:
    await nora.get(PAGE)

    await nora.post(f"{PAGE}/{who(cast, 'Theo Roy')}/position", way="up")

    assert re.findall(r'practitioners/(\w+)">', nora.page.text)[1:] == [who(cast, "Theo Roy"), who(cast, "Nora Blake")]


async def test_first_practitioner_is_asked_for_where_nobody_is(nora: Browser, owner: asyncpg.Connection) -> None:
    await owner.execute("UPDATE practitioner SET retired_at = now()")

    await nora.get(PAGE)
    assert "Nobody receives clients yet" in nora.text
    await nora.get("/desk/harbour/hours")
    assert 'href="/desk/harbour/practitioners/new"' in nora.page.text
