import re
from typing import Any

import asyncpg

from portal.languages.zones import zones
from tests.browser import Browser
from tests.cast import ANA, BEN, Cast
from tests.factories import insert
from tests.portal.staff.forms import place, seen_in

PAGE = "/desk/harbour/places"
STUDIO: dict[str, Any] = {
    "name": "Halifax Studio",
    "street": "5 Water Street",
    "postcode": "B3J 1R7",
    "city": "Halifax",
    "directions": "Second floor.\nRing twice.",
    "zone": "America/Halifax",
}


async def change(nora: Browser, cast: Cast, **more: str) -> None:
    """Harbour House, from its form."""
    await nora.get(f"{PAGE}/{place(cast)}")
    house: dict[str, Any] = {"name": "Harbour House", "street": "12 Quay Street", "postcode": "M5J 2N8"}
    house |= {"city": "Toronto", "directions": "", "zone": "", "seen": seen_in(nora)}
    await nora.post(nora.path, **house | more)


async def test_new_place_is_listed_with_its_clock(nora: Browser, owner: asyncpg.Connection) -> None:
    await nora.get(f"{PAGE}/new")

    await nora.post(nora.path, **STUDIO)

    assert (nora.path, "Atlantic Time, now 9:00" in nora.text) == (PAGE, True)
    row = await owner.fetchrow("SELECT * FROM place WHERE name = 'Halifax Studio'")
    assert {name: row[name] for name in STUDIO} == STUDIO
    assert row["position"] == 1


async def test_every_zone_that_can_be_chosen_is_known_to_the_database(owner: asyncpg.Connection) -> None:
    known = {row["name"] for row in await owner.fetch("SELECT name FROM pg_timezone_names")}

    assert set(zones()) - known == set()
    assert len(zones()) > 300


async def test_zones_are_told_by_city_with_what_their_clocks_say(nora: Browser) -> None:
    await nora.get(f"{PAGE}/new?lang=fr")

    assert '<option value="Europe/Paris">Paris – 14 h</option>' in nora.text.replace("\u00a0", " ")
    assert re.findall(r'<optgroup label="(\w+)"', nora.page.text)[0] == "Afrique"


async def test_bad_place_is_told_at_its_field(nora: Browser, owner: asyncpg.Connection) -> None:
    await nora.get(f"{PAGE}/new")
    wrongs = ({"name": ""}, "name"), ({"city": "a\nb"}, "city"), ({"zone": "Mars/Olympus"}, "zone")

    for wrong, field in wrongs:
        await nora.post(f"{PAGE}/new", **STUDIO | wrong)

        assert (nora.page.status_code, f'href="#field-{field}"' in nora.page.text) == (422, True), wrong
    assert await owner.fetchval("SELECT count(*) FROM place") == 2


async def test_zone_changes_at_once_where_nobody_has_booked(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await change(nora, cast, zone="America/Vancouver")

    assert nora.path == PAGE
    assert await owner.fetchval("SELECT zone FROM place WHERE ref = $1", place(cast)) == "America/Vancouver"


async def test_zone_tells_first_which_appointments_will_read_differently(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    at = cast.harbour.at(2026, 11, 24, 10)
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", at)
    await cast.harbour.appointment(BEN, "Follow-up", "Theo Roy", cast.harbour.at(2026, 11, 20, 10))

    await change(nora, cast, zone="America/Vancouver", name="The House")

    said = nora.text.replace("\u202f", " ")
    assert "One appointment will read differently" in said
    assert "Tuesday, November 24, 2026 at 10:00 a.m." in said
    assert "<strong>Tuesday, November 24, 2026 at 7:00 a.m.</strong>" in said
    assert ("Ana Silva" in said, "Ben Okafor" in said) == (True, False)
    assert await owner.fetchval("SELECT zone FROM place WHERE ref = $1", place(cast)) is None

    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', nora.page.text))
    hidden.pop("_csrf")
    await nora.post(nora.path, **hidden)

    row = await owner.fetchrow("SELECT name, zone FROM place WHERE ref = $1", place(cast))
    assert (nora.path, *row) == (PAGE, "The House", "America/Vancouver")
    assert await owner.fetchval("SELECT max(starts_at) FROM appointment") == at


async def test_zone_asks_again_once_somebody_has_booked_meanwhile(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, 10))
    await change(nora, cast, zone="America/Vancouver")
    confirmed = re.findall(r'name="confirmed" value="(\w+)"', nora.page.text)[0]
    await cast.harbour.appointment(BEN, "Follow-up", "Theo Roy", cast.harbour.at(2026, 11, 24, 10))

    await change(nora, cast, zone="America/Vancouver", confirmed=confirmed)

    assert "2 appointments will read differently" in nora.text


async def test_same_clock_under_another_name_asks_nothing(nora: Browser, cast: Cast) -> None:
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, 10))

    await change(nora, cast, zone="America/New_York")

    assert nora.path == PAGE


async def test_what_was_typed_comes_back_from_the_question(nora: Browser, cast: Cast) -> None:
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, 10))

    await change(nora, cast, zone="America/Vancouver", name="The House", again="yes")

    assert ('value="The House"' in nora.page.text, 'value="America/Vancouver" selected' in nora.page.text) == (
        True,
        True,
    )


async def test_change_does_not_overwrite_one_it_has_not_shown(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await nora.get(f"{PAGE}/{place(cast)}")
    seen = seen_in(nora)
    await owner.execute("UPDATE place SET city = 'Hamilton' WHERE ref = $1", place(cast))

    await nora.post(nora.path, **STUDIO, seen=seen)
    assert (nora.page.status_code, 'value="Halifax Studio"' in nora.text) == (409, True)
    await nora.post(nora.path, **STUDIO, seen=seen_in(nora))

    assert await owner.fetchval("SELECT city FROM place WHERE ref = $1", place(cast)) == "Halifax"


async def test_place_that_is_still_needed_stays(nora: Browser, cast: Cast) -> None:
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, 10))
    await nora.get(f"{PAGE}/{place(cast)}")

    await nora.post(f"{nora.path}/retirement")

    assert (nora.page.status_code, "An appointment to come still needs this" in nora.text) == (422, True)


async def test_place_is_retired_and_comes_back(nora: Browser, cast: Cast) -> None:
    past = await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 20, 10))
    page = f"{PAGE}/{place(cast)}"
    await nora.get(page)
    await nora.post(f"{page}/retirement")
    assert ("Used no more" in nora.text, (await nora.get(page)).status_code) == (True, 404)
    pages = ("/hours", "", "?day=2026-11-20", "?by=place", f"/appointments/{past['ref']}", "/services", "/resources")
    told = {each: (await nora.get(f"/desk/harbour{each}")).status_code for each in pages}
    assert {each: status for each, status in told.items() if status != 200} == {}
    await nora.get("/p/harbour")
    assert "9:00" not in nora.text

    await nora.get(PAGE)
    await nora.post(f"{page}/return")

    assert ("Used no more" not in nora.text, (await nora.get(page)).status_code) == (True, 200)
    await nora.get("/p/harbour")
    assert "9:00" in nora.text


async def test_hours_name_the_clock_of_a_place_that_has_its_own(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await nora.get("/desk/harbour/hours")
    assert "by the clock" not in nora.text
    await owner.execute("UPDATE place SET zone = 'America/Vancouver' WHERE ref = $1", place(cast))

    await nora.get("/desk/harbour/hours")
    assert "Times are by the clock of Harbour House (Pacific Time)." in nora.text

    await insert(owner, "place", tenant_id=cast.harbour.tenant.id, ref="secondplac", name="Annex")
    hours = await owner.fetchval("SELECT ref FROM opening_hours LIMIT 1")
    for page in ("/desk/harbour/hours", f"/desk/harbour/hours/{hours}"):
        await nora.get(page)
        assert ">Harbour House (Pacific Time)</option>" in nora.text
        assert ">Annex</option>" in nora.text
