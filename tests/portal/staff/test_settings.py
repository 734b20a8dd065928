"""Services, hours, closures and rules, as an admin and as a professional change them."""

import re
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest

from tests.browser import Browser
from tests.cast import ANA, BEN, Cast
from tests.factories import insert

SERVICE: dict[str, Any] = {
    "name": "Shockwave",
    "about": "Ten minutes.",
    "minutes": "20",
    "before": "5",
    "after": "10",
    "step": "20",
    "price": "85,50",
}
POLICY: dict[str, Any] = {
    "minimum_notice": "3",
    "minimum_notice_unit": "days",
    "horizon": "60",
    "cancel_notice": "48",
    "cancel_notice_unit": "hours",
    "move_notice": "0",
    "move_notice_unit": "hours",
    "mercy": "15",
    "mercy_unit": "minutes",
    "daily_limit": "2",
}


def seen_in(browser: Browser) -> str:
    found: str = re.findall(r'name="seen" value="(\w*)"', browser.page.text)[0]
    return found


def place(cast: Cast) -> str:
    ref: str = cast.harbour.places["Harbour House"]["ref"]
    return ref


def who(cast: Cast, name: str) -> str:
    ref: str = cast.harbour.practitioners[name]["ref"]
    return ref


# Services


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
    sent: dict[str, Any] = shown | {"step": "15", "about": "", "seen": seen_in(nora), "practitioners": both}

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


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
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
    ],
)
async def test_bad_service_is_told_at_its_field(
    nora: Browser, owner: asyncpg.Connection, wrong: dict[str, str], field: str
) -> None:
    await nora.get("/desk/harbour/services/new")

    await nora.post(nora.path, **SERVICE | wrong)

    assert nora.page.status_code == 422
    assert f'href="#field-{field}"' in nora.page.text
    assert await owner.fetchval("SELECT count(*) FROM service") == 3


async def test_service_cannot_name_somebody_of_another_practice(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await nora.get("/desk/harbour/services/new")

    await nora.post(nora.path, **SERVICE, practitioners=cast.meadow.practitioners["Lea Martin"]["ref"])

    assert nora.page.status_code == 404
    assert await owner.fetchval("SELECT count(*) FROM service") == 3


# Opening hours


async def add_hours(browser: Browser, cast: Cast, name: str = "Nora Blake", **more: Any) -> None:
    await browser.get("/desk/harbour/hours")
    fields = {"weekday": ["5"], "opens": "09:00", "closes": "12:00", "from_day": "", "until_day": ""}
    await browser.post(
        "/desk/harbour/hours", **{"practitioner": who(cast, name), "place": place(cast), **fields, **more}
    )


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


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"weekday": ["0"]}, "Two of these opening hours run at the same time (Monday)."),
        ({"opens": "13:00"}, "The end must come after the beginning."),
        ({"from_day": "2026-12-02", "until_day": "2026-12-01"}, "The end must come after the beginning."),
        ({"weekday": []}, "Please choose at least one day."),
        ({"weekday": ["9"]}, "Please choose at least one day."),
        ({"opens": "25:00"}, "Please type a time like 09:30."),
        ({"opens": ""}, "Please fill this in."),
        ({"from_day": "2027-02-30"}, "There is no such day."),
    ],
)
async def test_hours_that_cannot_be_are_refused_and_stay_typed(
    nora: Browser, cast: Cast, owner: asyncpg.Connection, wrong: dict[str, Any], words: str
) -> None:
    before = await owner.fetchval("SELECT count(*) FROM opening_hours")

    await add_hours(nora, cast, **wrong)

    assert nora.page.status_code == 422
    assert words in nora.text
    assert 'value="12:00"' in nora.text
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


async def set_day(browser: Browser, cast: Cast, **more: Any) -> None:
    await browser.get("/desk/harbour/hours")
    fields = {"day": "2026-11-24", "day_place": place(cast), "day_opens": "18:00", "day_closes": "20:00"}
    await browser.post("/desk/harbour/hours/days", **{"practitioner": who(cast, "Nora Blake"), **fields, **more})


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


@pytest.mark.parametrize(
    "wrong",
    [
        {"day": "2027-02-30"},
        {"day": ""},
        {"day_opens": ""},
        {"day_closes": "17:00"},
        {"day_opens_again": "19:00", "day_closes_again": "21:00"},
        {"day_opens_again": "21:00", "day_closes_again": ""},
        {"day_place": "\0"},
    ],
)
async def test_day_that_cannot_be_is_refused(
    nora: Browser, cast: Cast, owner: asyncpg.Connection, wrong: dict[str, str]
) -> None:
    await set_day(nora, cast, **wrong)

    assert nora.page.status_code == 422
    assert await owner.fetchval("SELECT count(*) FROM dated_opening") == 0


# Closures


async def close(browser: Browser, **more: str) -> None:
    await browser.get("/desk/harbour/closures")
    fields: dict[str, Any] = {
        "practitioner": "all",
        "place": "all",
        "from_day": "2026-11-24",
        "from_time": "",
        "until_day": "2026-11-25",
        "until_time": "",
        "reason": "painting",
    }
    await browser.post("/desk/harbour/closures", **fields | more)


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


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"from_day": ""}, "from_day"),
        ({"until_day": "2027-02-30"}, "until_day"),
        ({"until_day": "2026-11-23"}, "until_day"),
        ({"from_time": "x"}, "from_time"),
        ({"reason": "x" * 501}, "reason"),
    ],
)
async def test_bad_closure_is_told_at_its_field(
    nora: Browser, owner: asyncpg.Connection, wrong: dict[str, str], field: str
) -> None:
    await close(nora, **wrong)

    assert nora.page.status_code == 422
    assert f'href="#field-{field}"' in nora.page.text
    assert await owner.fetchval("SELECT count(*) FROM closure") == 0


# Booking rules


async def test_rules_are_saved_and_said_again(nora: Browser, owner: asyncpg.Connection) -> None:
    await nora.get("/desk/harbour/policy")

    await nora.post(nora.path, **POLICY, seen=seen_in(nora))

    assert "Saved." in nora.text
    row = await owner.fetchrow(
        "SELECT minimum_notice, horizon, cancel_notice, move_notice, mercy, daily_limit FROM booking_policy"
        " JOIN practice ON practice.id = tenant_id WHERE slug = 'harbour'"
    )
    days, none = timedelta(days=1), timedelta()
    assert tuple(row) == (3 * days, 60 * days, 2 * days, none, timedelta(minutes=15), 2)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"minimum_notice": "91"}, "minimum_notice"),
        ({"minimum_notice": "-1"}, "minimum_notice"),
        ({"minimum_notice_unit": "years"}, "minimum_notice_unit"),
        ({"horizon": "0"}, "horizon"),
        ({"horizon": "731"}, "horizon"),
        ({"mercy": "1441"}, "mercy"),
        ({"daily_limit": "0"}, "daily_limit"),
        ({"cancel_notice": ""}, "cancel_notice"),
    ],
)
async def test_bad_rule_is_told_at_its_sentence(nora: Browser, wrong: dict[str, str], field: str) -> None:
    await nora.get("/desk/harbour/policy")

    await nora.post(nora.path, **POLICY | wrong, seen=seen_in(nora))

    assert nora.page.status_code == 422
    assert f'href="#field-{field}"' in nora.page.text


async def test_rules_changed_meanwhile_are_not_overwritten_unread(nora: Browser, owner: asyncpg.Connection) -> None:
    await nora.get("/desk/harbour/policy")
    seen = seen_in(nora)
    await owner.execute("UPDATE booking_policy SET daily_limit = 7")

    await nora.post(nora.path, **POLICY, seen=seen)

    assert nora.page.status_code == 409
    assert await owner.fetchval("SELECT min(daily_limit) FROM booking_policy") == 7


# What a professional may


async def test_professional_reads_settings_without_a_way_to_save(theo: Browser, cast: Cast) -> None:
    service = cast.harbour.services["Follow-up"]["ref"]
    for page in ("services", f"services/{service}", "policy"):
        await theo.get(f"/desk/harbour/{page}")

        assert theo.page.status_code == 200, page
        assert [form for form in re.findall(r'method="post" action="([^"]+)"', theo.text) if "Save" in form] == []
        assert "Save</button>" not in theo.text, page


async def test_professional_cannot_change_what_admins_keep(
    theo: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    service = cast.harbour.services["Follow-up"]["ref"]
    await theo.get("/desk/harbour/services")
    token = re.findall(r'name="_csrf" value="([^"]+)"', theo.page.text)[0]

    for page, fields in (
        ("services/new", SERVICE),
        (f"services/{service}", SERVICE),
        (f"services/{service}/retirement", {}),
        (f"services/{service}/return", {}),
        ("policy", POLICY),
    ):
        await theo.post(f"/desk/harbour/{page}", token=token, **fields)
        assert theo.page.status_code == 404, page
    assert await owner.fetchval("SELECT count(*) FROM service WHERE name = 'Shockwave' OR retired_at IS NOT NULL") == 0


async def test_professional_keeps_own_hours_and_nobody_else_s(
    theo: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await add_hours(theo, cast, "Theo Roy")
    assert theo.page.status_code == 200
    assert await owner.fetchval("SELECT count(*) FROM opening_hours WHERE weekday = 5") == 2  # and Lea's Saturday

    await add_hours(theo, cast, "Nora Blake")
    assert theo.page.status_code == 404
    of_nora = await owner.fetchval(
        "SELECT ref FROM opening_hours WHERE practitioner_id = $1 LIMIT 1",
        cast.harbour.practitioners["Nora Blake"]["id"],
    )
    assert (await theo.get(f"/desk/harbour/hours/{of_nora}")).status_code == 404


async def test_professional_closes_for_themselves_alone(theo: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    for practitioner in ("all", who(cast, "Nora Blake")):
        await close(theo, practitioner=practitioner)
        assert theo.page.status_code == 404, practitioner

    await close(theo, practitioner=who(cast, "Theo Roy"))
    assert theo.page.status_code == 200

    of_all = await insert(
        owner,
        "closure",
        tenant_id=cast.harbour.tenant.id,
        ref="holidays22",
        starts_at=cast.harbour.at(2026, 12, 24),
        ends_at=cast.harbour.at(2026, 12, 27),
    )
    await theo.post(f"/desk/harbour/closures/{of_all['ref']}/removal")
    assert theo.page.status_code == 404
    assert await owner.fetchval("SELECT count(*) FROM closure") == 2
