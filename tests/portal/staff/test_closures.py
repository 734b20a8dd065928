import re
from datetime import timedelta
from typing import Any

import asyncpg

from portal.database import practice_lens
from portal.messages.prune import prune
from tenants.appointments.affected import closures_to_come
from tests.browser import Browser, TestClock
from tests.cast import ANA, BEN, MONDAY, Cast
from tests.factories import insert
from tests.portal.staff.forms import close, seen_in, who

ROWS = "SELECT practitioner_id, place_id, starts_at, ends_at, reason FROM closure ORDER BY practitioner_id, id"


def hidden(browser: Browser) -> dict[str, Any]:
    """What the page's last form would send by itself."""
    form = re.findall(r'<form class="form" method="post".*?</form>', browser.text, re.DOTALL)[-1]
    found: dict[str, Any] = {}
    for name, value in re.findall(r'type="hidden" name="(?!_csrf)(\w+)" value="([^"]*)"', form):
        found[name] = [*found.get(name, []), value]
    return found


async def test_who_stands_in_a_closure_is_shown_before_it_is_made(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    anas = await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 25, 16, 30))
    bens = await cast.harbour.appointment(BEN, "Follow-up", "Theo Roy", cast.harbour.at(2026, 11, 26, 9))

    await close(nora)
    assert (nora.page.status_code, await owner.fetch(ROWS)) == (200, [])
    assert "One appointment stands in it" in nora.text
    assert "Tuesday, November 24, 2026 – Wednesday, November 25, 2026</strong> · The whole practice" in nora.text
    assert (anas["ref"] in nora.text, bens["ref"] in nora.text) == (True, False)

    await nora.post("/desk/harbour/closures", **hidden(nora))
    row = await owner.fetchrow(ROWS)
    assert tuple(row) == (None, None, cast.harbour.at(2026, 11, 24), cast.harbour.at(2026, 11, 26), "painting")

    way = re.findall(r'href="(/desk/harbour/closures/\w+/appointments)"', nora.text)[0]
    await nora.get(way)
    assert "Ana Silva" in nora.text
    assert f"/desk/harbour/appointments/{anas['ref']}/move" in nora.text


async def test_what_was_booked_meanwhile_is_shown_too(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, 10))
    await close(nora)
    await cast.harbour.appointment(BEN, "Follow-up", "Theo Roy", cast.harbour.at(2026, 11, 24, 10))

    await nora.post("/desk/harbour/closures", **hidden(nora))

    assert "2 appointments stand in it" in nora.text
    assert await owner.fetch(ROWS) == []


async def test_question_leads_back_to_what_was_typed(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, 10))
    ref = who(cast, "Nora Blake")
    await close(nora, whom="some", practitioner=[ref], reason="<b>Räume</b> & 50 %")

    await nora.post("/desk/harbour/closures", **hidden(nora), again="yes")

    assert (nora.page.status_code, await owner.fetch(ROWS)) == (200, [])
    assert 'value="&lt;b&gt;Räume&lt;/b&gt; &amp; 50 %"' in nora.page.text
    assert f'name="practitioner" value="{ref}" checked' in nora.text
    assert 'value="2026-11-25"' in nora.text


async def test_several_people_get_one_each_made_together(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    theo, blake = (cast.harbour.practitioners[name] for name in ("Theo Roy", "Nora Blake"))
    when = {"from_time": "13:00", "until_day": "2026-11-24", "until_time": "15:00"}

    await close(nora, whom="some", practitioner=[theo["ref"], blake["ref"], theo["ref"]], **when)

    times = (cast.harbour.at(2026, 11, 24, 13), cast.harbour.at(2026, 11, 24, 15))
    expected = [(who, None, *times, "painting") for who in sorted([theo["id"], blake["id"]])]
    assert [tuple(row) for row in await owner.fetch(ROWS)] == expected

    lea = cast.meadow.practitioners["Lea Martin"]["ref"]
    await close(nora, whom="some", practitioner=[theo["ref"], lea], from_day="2026-12-01", until_day="2026-12-01")
    assert nora.page.status_code == 404
    assert len(await owner.fetch(ROWS)) == 2


async def test_one_place_is_closed_for_everybody(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    attic = await cast.harbour.place("Attic")
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, 10))

    await close(nora, place=attic["ref"])

    assert [tuple(row)[:2] for row in await owner.fetch(ROWS)] == [(None, attic["id"])]


async def test_same_form_sent_twice_makes_one(nora: Browser, owner: asyncpg.Connection) -> None:
    for _ in range(2):
        await close(nora)

    assert len(await owner.fetch(ROWS)) == 1


async def test_day_on_which_clocks_change_is_closed_whole(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    """23 and 25 hours; and its own form says the same day again."""
    for day, hours in (("2027-03-14", 23), ("2027-11-07", 25)):
        await owner.execute("DELETE FROM closure")
        await close(nora, from_day=day, until_day=day)
        row = await owner.fetchrow("SELECT ref, ends_at - starts_at AS length FROM closure")
        assert row["length"] == timedelta(hours=hours)

        await nora.get(f"/desk/harbour/closures/{row['ref']}")
        typed = dict(re.findall(r'name="(\w+_(?:day|time))" type="\w+" value="([^"]*)"', nora.text))
        assert typed == {"from_day": day, "from_time": "", "until_day": day, "until_time": ""}


async def test_removed_closure_comes_back_with_one_button(
    nora: Browser, theo: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    """Its reason stands in no address, and nobody reads of it who could not put it back."""
    everything = "SELECT ref, starts_at, ends_at, practitioner_id, place_id, reason, holiday FROM closure"
    await close(nora, whom=who(cast, "Nora Blake"), from_time="10:00", until_time="12:30")
    before = await owner.fetch(everything)
    ref = before[0]["ref"]

    await nora.post(f"/desk/harbour/closures/{ref}/removal")
    assert await owner.fetch(everything) == []
    assert nora.path == f"/desk/harbour/closures?removed={ref}"
    await theo.get(nora.path)
    assert "Put it back" not in theo.text
    assert (await theo.post(f"/desk/harbour/closures/{ref}/return")).status_code == 404

    for _ in range(2):
        await nora.post(f"/desk/harbour/closures/{ref}/return")
        assert nora.page.status_code == 200
        assert await owner.fetch(everything) == before


async def test_removed_closure_is_forgotten_after_a_day(
    nora: Browser, clock: TestClock, owner: asyncpg.Connection
) -> None:
    await close(nora)
    ref = await owner.fetchval("SELECT ref FROM closure")
    await nora.post(f"/desk/harbour/closures/{ref}/removal")

    await prune(MONDAY + timedelta(hours=23))
    kept = await owner.fetchval("SELECT count(*) FROM removed_closure")
    await prune(MONDAY + timedelta(hours=25))
    assert (kept, await owner.fetchval("SELECT count(*) FROM removed_closure")) == (1, 0)

    assert (await nora.post(f"/desk/harbour/closures/{ref}/return")).status_code == 404


async def test_closure_is_changed_in_place(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await close(nora)
    ref = await owner.fetchval("SELECT ref FROM closure")
    await nora.get(f"/desk/harbour/closures/{ref}")
    assert 'value="painting"' in nora.text

    fields: dict[str, Any] = {"place": "all", "from_day": "2026-11-24", "from_time": "09:30", "until_day": "2026-11-24"}
    theo = cast.harbour.practitioners["Theo Roy"]
    more: dict[str, Any] = {"whom": theo["ref"], "until_time": "", "reason": "course", "seen": seen_in(nora)}
    await nora.post(f"/desk/harbour/closures/{ref}", **fields, **more)

    times = (cast.harbour.at(2026, 11, 24, 9, 30), cast.harbour.at(2026, 11, 25))
    assert [tuple(row) for row in await owner.fetch(ROWS)] == [(theo["id"], None, *times, "course")]
    assert nora.path == "/desk/harbour/closures?saved=yes"


async def test_change_is_not_saved_over_one_that_was_not_read(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await close(nora)
    ref = await owner.fetchval("SELECT ref FROM closure")
    await nora.get(f"/desk/harbour/closures/{ref}")
    old = seen_in(nora)
    fields: dict[str, Any] = {
        "whom": "all",
        "place": "all",
        "from_day": "2026-11-24",
        "until_day": "2026-11-24",
        "reason": "mine",
    }
    await owner.execute("UPDATE closure SET reason = 'theirs'")

    await nora.post(f"/desk/harbour/closures/{ref}", **fields, seen=old)
    assert (nora.page.status_code, await owner.fetchval("SELECT reason FROM closure")) == (409, "theirs")
    assert 'value="mine"' in nora.text

    await nora.post(f"/desk/harbour/closures/{ref}", **fields, seen=seen_in(nora))
    assert await owner.fetchval("SELECT reason FROM closure") == "mine"


async def test_change_asks_about_those_alone_whom_it_reaches_anew(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    harbour = cast.harbour
    await harbour.appointment(ANA, "Follow-up", "Nora Blake", harbour.at(2026, 11, 24, 10))
    bens = await harbour.appointment(BEN, "Follow-up", "Nora Blake", harbour.at(2026, 11, 27, 10))
    whole = {"starts_at": harbour.at(2026, 11, 24), "ends_at": harbour.at(2026, 11, 25)}
    await insert(owner, "closure", tenant_id=harbour.tenant.id, ref="aclosure", **whole)
    await nora.get("/desk/harbour/closures/aclosure")
    fields: dict[str, Any] = {"whom": "all", "from_day": "2026-11-24", "until_day": "2026-11-24", "seen": seen_in(nora)}

    await nora.post("/desk/harbour/closures/aclosure", **fields, reason="x")
    assert nora.path == "/desk/harbour/closures?saved=yes"
    await nora.get("/desk/harbour/closures/aclosure")
    await nora.post("/desk/harbour/closures/aclosure", **fields | {"until_day": "2026-11-27", "seen": seen_in(nora)})

    assert ("Ben Okafor" in nora.text, "Ana Silva" in nora.text) == (True, False)
    await nora.post("/desk/harbour/closures/aclosure", **hidden(nora))
    assert await owner.fetchval("SELECT ends_at FROM closure") == harbour.at(2026, 11, 28)
    assert bens["ref"] in (await nora.get("/desk/harbour/closures/aclosure/appointments")).text


async def test_what_is_over_stands_in_nobodys_way(nora: Browser, cast: Cast, clock: TestClock) -> None:
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 20, 10))

    await close(nora, from_day="2026-11-20")

    assert nora.path == "/desk/harbour/closures?saved=yes"
    async with practice_lens(cast.harbour.tenant):
        rows = await closures_to_come(cast.harbour.tenant, MONDAY)
    assert [row["appointments"] for row in rows] == [0]


BAD_CLOSURES: list[tuple[dict[str, Any], str]] = [
    ({"from_day": ""}, "from_day"),
    ({"until_day": "2027-02-30"}, "until_day"),
    ({"until_day": "2026-11-23"}, "until_day"),
    ({"until_day": "9999-12-31"}, "until_day"),
    ({"from_time": "x"}, "from_time"),
    ({"reason": "x" * 501}, "reason"),
    ({"reason": "a\0b"}, "reason"),
    ({"whom": ""}, "whom"),
    ({"whom": "some"}, "practitioner"),
    ({"place": "\0"}, "place"),
]


async def test_bad_closure_is_told_at_its_field(nora: Browser, owner: asyncpg.Connection) -> None:
    for wrong, field in BAD_CLOSURES:
        await close(nora, **wrong)

        assert nora.page.status_code == 422, wrong
        assert f'href="#field-{field}"' in nora.page.text, wrong
    await close(nora, whom="some", practitioner=["\0", "nobody"])
    assert nora.page.status_code == 404
    assert await owner.fetchval("SELECT count(*) FROM closure") == 0


async def test_bad_change_is_told_at_its_field_and_changes_nothing(nora: Browser, owner: asyncpg.Connection) -> None:
    await close(nora)
    before = await owner.fetch("SELECT * FROM closure")
    fields: dict[str, Any] = {"whom": "all", "from_day": "2026-11-24", "until_day": "2026-11-24"}
    for wrong, field in BAD_CLOSURES:
        await nora.post(f"/desk/harbour/closures/{before[0]['ref']}", **fields | wrong)

        assert nora.page.status_code == 422, wrong
        assert f'href="#field-{field}"' in nora.page.text, wrong
    assert await owner.fetch("SELECT * FROM closure") == before
    for ref in ("nobody", "%00", "a" * 3000):
        assert (await nora.get(f"/desk/harbour/closures/{ref}")).status_code == 404, ref
        assert (await nora.get(f"/desk/harbour/closures?removed={ref}")).status_code == 200, ref
