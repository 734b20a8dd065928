import re

import asyncpg

from tests.browser import Browser
from tests.cast import ANA, BEN, Cast
from tests.portal.staff.forms import close, who


async def test_closure_of_whole_days_counts_who_stands_in_it(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 25, 16, 30))
    await cast.harbour.appointment(BEN, "Follow-up", "Theo Roy", cast.harbour.at(2026, 11, 26, 9))

    await close(nora)

    row = await owner.fetchrow("SELECT starts_at, ends_at, practitioner_id, place_id FROM closure")
    assert tuple(row) == (cast.harbour.at(2026, 11, 24), cast.harbour.at(2026, 11, 26), None, None)
    assert "One appointment stands in it" in nora.text


async def test_removed_closure_comes_back_with_one_button(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    everything = "SELECT starts_at, ends_at, practitioner_id, place_id, reason FROM closure"
    await close(nora, practitioner=who(cast, "Theo Roy"), from_time="10:00", until_time="12:30")
    before = await owner.fetch(everything)

    await nora.post(f"/desk/harbour/closures/{await owner.fetchval('SELECT ref FROM closure')}/removal")
    assert await owner.fetch(everything) == []
    undo = re.findall(r'<form class="alert".*?</form>', nora.text, re.DOTALL)[0]
    await nora.post("/desk/harbour/closures", **dict(re.findall(r'name="(?!_csrf)(\w+)" value="([^"]*)"', undo)))

    assert await owner.fetch(everything) == before


BAD_CLOSURES = [
    ({"from_day": ""}, "from_day"),
    ({"until_day": "2027-02-30"}, "until_day"),
    ({"until_day": "2026-11-23"}, "until_day"),
    ({"from_time": "x"}, "from_time"),
    ({"reason": "x" * 501}, "reason"),
]


async def test_bad_closure_is_told_at_its_field(nora: Browser, owner: asyncpg.Connection) -> None:
    for wrong, field in BAD_CLOSURES:
        await close(nora, **wrong)

        assert nora.page.status_code == 422, wrong
        assert f'href="#field-{field}"' in nora.page.text, wrong
    assert await owner.fetchval("SELECT count(*) FROM closure") == 0
