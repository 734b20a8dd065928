import re
from datetime import timedelta
from typing import Any

import asyncpg

from tests.browser import Browser
from tests.cast import ANA, Cast
from tests.portal.staff.forms import SERVICE, place, seen_in, who


async def test_new_service_can_be_booked_at_once(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await nora.get("/desk/harbour/services/new")

    await nora.post(nora.path, **SERVICE, practitioners=who(cast, "Theo Roy"), places=place(cast))

    assert nora.path == "/desk/harbour/services"
    row = await owner.fetchrow("SELECT duration, buffer_after, price, position FROM service WHERE name = 'Shockwave'")
    assert tuple(row) == (timedelta(minutes=20), timedelta(minutes=10), 8550, 2)
    await nora.get("/p/harbour")
    assert "Shockwave" in nora.text


async def test_service_saved_unchanged_stays_as_it_was(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    first_visit = cast.harbour.services["First visit"]
    await nora.get(f"/desk/harbour/services/{first_visit['ref']}")
    shown = dict(re.findall(r'<input id="field-(\w+)" name="\w+"[^>]*value="([^"]*)"', nora.text))
    both = [who(cast, "Nora Blake"), who(cast, "Theo Roy")]
    sent: dict[str, Any] = shown | {
        "step": "15",
        "about": "",
        "booked_by": "online",
        "seen": seen_in(nora),
        "practitioners": both,
    }

    await nora.post(nora.path, **sent, places=place(cast))

    assert nora.path == "/desk/harbour/services"
    row = await owner.fetchrow("SELECT * FROM service WHERE id = $1", first_visit["id"])
    assert dict(row) == first_visit


async def test_service_changes_who_gives_it(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    service = cast.harbour.services["Follow-up"]
    await nora.get(f"/desk/harbour/services/{service['ref']}")

    await nora.post(nora.path, **SERVICE, seen=seen_in(nora), practitioners=who(cast, "Theo Roy"), places=place(cast))

    query = "SELECT practitioner_id FROM service_practitioner WHERE service_id = $1"
    given_by = [row["practitioner_id"] for row in await owner.fetch(query, service["id"])]
    assert given_by == [cast.harbour.practitioners["Theo Roy"]["id"]]


async def test_change_does_not_overwrite_one_it_has_not_shown(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    service = cast.harbour.services["Follow-up"]
    await nora.get(f"/desk/harbour/services/{service['ref']}")
    seen = seen_in(nora)
    await owner.execute("UPDATE service SET name = 'Check-up' WHERE id = $1", service["id"])

    await nora.post(nora.path, **SERVICE, seen=seen)
    assert nora.page.status_code == 409
    assert ("Somebody else has saved" in nora.text, 'value="Shockwave"' in nora.text) == (True, True)
    assert await owner.fetchval("SELECT name FROM service WHERE id = $1", service["id"]) == "Check-up"

    await nora.post(nora.path, **SERVICE, seen=seen_in(nora))
    assert await owner.fetchval("SELECT name FROM service WHERE id = $1", service["id"]) == "Shockwave"


async def test_service_that_is_still_needed_stays(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, 10))
    page = f"/desk/harbour/services/{cast.harbour.services['Follow-up']['ref']}"
    await nora.get(page)

    await nora.post(f"{page}/retirement")

    assert nora.page.status_code == 422
    assert "An appointment to come still needs this" in nora.text
    assert await owner.fetchval("SELECT count(*) FROM service WHERE retired_at IS NOT NULL") == 0


async def test_service_is_retired_and_comes_back(nora: Browser, cast: Cast) -> None:
    page = f"/desk/harbour/services/{cast.harbour.services['Follow-up']['ref']}"
    await nora.get(page)
    await nora.post(f"{page}/retirement")
    assert "Offered no more" in nora.text
    assert (await nora.get(page)).status_code == 404

    await nora.get("/desk/harbour/services")
    await nora.post(f"{page}/return")

    assert "Offered no more" not in nora.text
    assert (await nora.get(page)).status_code == 200


BAD_SERVICES = [
    ({"name": ""}, "name"),
    ({"name": "x" * 121}, "name"),
    ({"about": "a\0b"}, "about"),
    ({"minutes": "0"}, "minutes"),
    ({"minutes": "1441"}, "minutes"),
    ({"minutes": "half"}, "minutes"),
    ({"before": "-5"}, "before"),
    ({"after": "241"}, "after"),
    ({"step": "7"}, "step"),
    ({"price": "cheap"}, "price"),
    ({"price": "1.999"}, "price"),
    ({"price": "-1"}, "price"),
    ({"price": "999999999999"}, "price"),
    ({"capacity": "0"}, "capacity"),
    ({"capacity": "201"}, "capacity"),
    ({"booked_by": "anybody"}, "booked_by"),
    ({"colour": "#123456"}, "colour"),
    ({"name_fr": "x" * 121}, "name_fr"),
    ({"about_fr": "a\0b"}, "about_fr"),
]


async def test_bad_service_is_told_at_its_field(nora: Browser, owner: asyncpg.Connection) -> None:
    await nora.get("/desk/harbour/services/new")

    for wrong, field in BAD_SERVICES:
        await nora.post("/desk/harbour/services/new", **SERVICE | wrong)

        assert nora.page.status_code == 422, wrong
        assert f'href="#field-{field}"' in nora.page.text, wrong
    assert await owner.fetchval("SELECT count(*) FROM service") == 3


async def test_service_cannot_name_somebody_of_another_practice(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await nora.get("/desk/harbour/services/new")

    await nora.post(nora.path, **SERVICE, practitioners=cast.meadow.practitioners["Lea Martin"]["ref"])

    assert nora.page.status_code == 404
    assert await owner.fetchval("SELECT count(*) FROM service") == 3
