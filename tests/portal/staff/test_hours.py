import re
from datetime import date
from typing import Any

import asyncpg

from tests.browser import Browser
from tests.cast import Cast
from tests.portal.staff.forms import add_hours, place, set_day, who


async def test_added_hours_open_times_for_clients(nora: Browser, cast: Cast) -> None:
    await add_hours(nora, cast, weekday=["5", "6"])

    service = cast.harbour.services["Follow-up"]["ref"]
    await nora.get(f"/p/harbour/open-days?service={service}&month=2026-11-01")

    assert {"2026-11-28", "2026-11-29"} <= set(nora.page.json()["days"])


async def test_hours_until_midnight_are_kept_as_the_day_s_end(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await add_hours(nora, cast, opens="22:00", closes="00:00")

    assert await owner.fetchval("SELECT closes FROM opening_hours WHERE weekday = 5 AND opens = 1320") == 1440


BAD_HOURS: list[tuple[dict[str, Any], str]] = [
    ({"weekday": ["0"]}, "Two of these opening hours run at the same time (Monday)."),
    ({"opens": "13:00"}, "The end must come after the beginning."),
    ({"from_day": "2026-12-02", "until_day": "2026-12-01"}, "The end must come after the beginning."),
    ({"weekday": []}, "Please choose at least one day."),
    ({"weekday": ["9"]}, "Please choose at least one day."),
    ({"opens": "25:00"}, "Please type a time like 09:30."),
    ({"opens": ""}, "Please fill this in."),
    ({"from_day": "2027-02-30"}, "There is no such day."),
]


async def test_hours_that_cannot_be_are_refused_and_stay_typed(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    before = await owner.fetchval("SELECT count(*) FROM opening_hours")

    for wrong, words in BAD_HOURS:
        await add_hours(nora, cast, **wrong)

        assert nora.page.status_code == 422, wrong
        assert words in nora.text, wrong
        assert 'value="12:00"' in nora.text, wrong
    assert await owner.fetchval("SELECT count(*) FROM opening_hours") == before


async def test_same_hours_may_follow_each_other_in_time(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await add_hours(nora, cast, until_day="2026-12-31")
    await add_hours(nora, cast, opens="10:00", from_day="2027-01-01")

    assert nora.page.status_code == 200
    assert await owner.fetchval("SELECT count(*) FROM opening_hours WHERE weekday = 5 AND opens < 660") == 3


async def test_removed_hours_come_back_with_one_button(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    everything = "SELECT practitioner_id, place_id, weekday, opens, closes FROM opening_hours ORDER BY 1, 3"
    before = await owner.fetch(everything)
    await nora.get("/desk/harbour/hours")
    removal = re.findall(r'action="(/desk/harbour/hours/[a-z2-7]{10}/removal)"', nora.text)[0]

    await nora.post(removal)
    assert "These hours are removed." in nora.text
    assert len(await owner.fetch(everything)) == len(before) - 1

    undo = re.findall(r'<form class="alert".*?</form>', nora.text, re.DOTALL)[0]
    await nora.post("/desk/harbour/hours", **dict(re.findall(r'name="(?!_csrf)(\w+)" value="([^"]*)"', undo)))
    assert await owner.fetch(everything) == before


async def test_hours_are_changed_in_place(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await nora.get("/desk/harbour/hours")
    change = re.findall(r'href="(/desk/harbour/hours/[a-z2-7]{10})"', nora.text)[0]
    await nora.get(change)
    assert 'value="09:00"' in nora.text

    await nora.post(change, weekday="0", place=place(cast), opens="08:00", closes="16:00", from_day="", until_day="")

    ref = change.rsplit("/", 1)[1]
    row = await owner.fetchrow("SELECT weekday, opens, closes FROM opening_hours WHERE ref = $1", ref)
    assert tuple(row) == (0, 480, 960)


async def test_changed_hours_that_overlap_are_refused(nora: Browser, cast: Cast) -> None:
    await nora.get("/desk/harbour/hours")
    change = re.findall(r'href="(/desk/harbour/hours/[a-z2-7]{10})"', nora.text)[0]
    await nora.get(change)

    await nora.post(change, weekday="1", place=place(cast), opens="16:00", closes="18:00", from_day="", until_day="")

    assert nora.page.status_code == 422
    assert "run at the same time (Tuesday)" in nora.text


async def test_day_with_hours_of_its_own_is_set_removed_and_put_back(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    everything = "SELECT day, opens, closes FROM dated_opening ORDER BY opens"
    await set_day(nora, cast, day_opens_again="21:00", day_closes_again="00:00")
    expected = [(date(2026, 11, 24), 1080, 1200), (date(2026, 11, 24), 1260, 1440)]
    assert [tuple(row) for row in await owner.fetch(everything)] == expected

    removal: dict[str, Any] = {"practitioner": who(cast, "Nora Blake"), "day": "2026-11-24", "day_place": place(cast)}
    await nora.post("/desk/harbour/hours/days/removal", **removal)
    assert await owner.fetch(everything) == []

    undo = re.findall(r'<form class="alert".*?</form>', nora.text, re.DOTALL)[0]
    await nora.post("/desk/harbour/hours/days", **dict(re.findall(r'name="(?!_csrf)(\w+)" value="([^"]*)"', undo)))
    assert [tuple(row) for row in await owner.fetch(everything)] == expected


async def test_day_is_closed(nora: Browser, cast: Cast) -> None:
    await set_day(nora, cast, day_closed="yes", day_opens="", day_closes="")

    service, practitioner = cast.harbour.services["Follow-up"]["ref"], who(cast, "Nora Blake")
    await nora.get(f"/p/harbour/open-times?service={service}&practitioner={practitioner}&day=2026-11-24")

    assert nora.page.json()["times"] == []


BAD_DAYS = [
    {"day": "2027-02-30"},
    {"day": ""},
    {"day_opens": ""},
    {"day_closes": "17:00"},
    {"day_opens_again": "19:00", "day_closes_again": "21:00"},
    {"day_opens_again": "21:00", "day_closes_again": ""},
    {"day_place": "\0"},
]


async def test_day_that_cannot_be_is_refused(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    for wrong in BAD_DAYS:
        await set_day(nora, cast, **wrong)

        assert nora.page.status_code == 422, wrong
    assert await owner.fetchval("SELECT count(*) FROM dated_opening") == 0
