import json
import re
from datetime import time, timedelta
from typing import Any
from urllib.parse import parse_qs

import asyncpg
import pytest

from tests.browser import Browser, TestClock
from tests.cast import ANA, ANA_AT_MEADOW, BEN, Cast
from tests.factories import insert


def slips(browser: Browser) -> list[tuple[str, str]]:
    """Time and name of each appointment that the page draws, in its order."""
    return [
        (time[:5], name)
        for time, name in re.findall(
            r'<time datetime="[^"T]*T([^"]*)">.*?/appointments/[a-z2-7]{10}">([^<]*)</a>', browser.text, re.DOTALL
        )
    ]


async def test_sign_in_leads_staff_to_the_desk_of_their_one_practice(nora: Browser) -> None:
    assert nora.path == "/desk/harbour"
    assert "Monday, November 23, 2026" in nora.text


async def test_day_shows_exactly_the_practice_s_appointments_of_that_day(nora: Browser, cast: Cast) -> None:
    harbour, meadow = cast.harbour, cast.meadow
    await harbour.appointment(ANA, "Follow-up", "Nora Blake", harbour.at(2026, 11, 24, 9, 30))
    await harbour.appointment(BEN, "First visit", "Theo Roy", harbour.at(2026, 11, 24, 16))
    await harbour.appointment(BEN, "Follow-up", "Nora Blake", harbour.at(2026, 11, 25, 9))
    await harbour.appointment(BEN, "Follow-up", "Theo Roy", harbour.at(2026, 11, 23, 16))
    await meadow.appointment(ANA_AT_MEADOW, "Massage", "Lea Martin", meadow.at(2026, 11, 24, 15))

    await nora.get("/desk/harbour?day=2026-11-24")

    assert slips(nora) == [("09:30", "Ana Silva"), ("16:00", "Ben Okafor")]


async def test_entries_stand_in_the_row_of_their_time(nora: Browser, cast: Cast) -> None:
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, 9, 30))

    await nora.get("/desk/harbour?day=2026-11-24")

    assert "slip tone-2 row-7 span-6 lane-1-of-1" in nora.page.text


async def test_week_by_day_puts_what_meets_beside_each_other(nora: Browser, cast: Cast) -> None:
    harbour = cast.harbour
    await harbour.appointment(ANA, "First visit", "Nora Blake", harbour.at(2026, 11, 26, 9))
    await harbour.appointment(BEN, "Follow-up", "Theo Roy", harbour.at(2026, 11, 26, 9, 30))
    await harbour.appointment(BEN, "Follow-up", "Theo Roy", harbour.at(2026, 12, 1, 9))

    await nora.get("/desk/harbour?day=2026-11-23&view=week")

    assert slips(nora) == [("09:00", "Ana Silva"), ("09:30", "Ben Okafor")]
    assert re.findall(r"lane-\d-of-\d", nora.page.text) == ["lane-1-of-2", "lane-2-of-2"]


async def test_one_practitioner_s_calendar_leaves_the_others_out(nora: Browser, cast: Cast) -> None:
    harbour = cast.harbour
    await harbour.appointment(ANA, "Follow-up", "Nora Blake", harbour.at(2026, 11, 24, 9))
    await harbour.appointment(BEN, "Follow-up", "Theo Roy", harbour.at(2026, 11, 24, 10))
    theo = harbour.practitioners["Theo Roy"]["ref"]

    await nora.get(f"/desk/harbour?day=2026-11-24&practitioner={theo}")

    assert slips(nora) == [("10:00", "Ben Okafor")]


async def test_cancelled_stands_struck_below_the_day(nora: Browser, cast: Cast) -> None:
    at = cast.harbour.at(2026, 11, 24, 9)
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", at, cancelled_at=at, cancelled_by="client")

    await nora.get("/desk/harbour?day=2026-11-24")

    assert slips(nora) == []
    assert re.search(r"<s>9:00\sa.m. Ana Silva</s>", nora.text)


async def test_closure_is_drawn_and_somebody_s_absence_is_told(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    harbour = cast.harbour
    for who, hour in ((None, 9), (harbour.practitioners["Theo Roy"]["id"], 14)):
        await insert(
            owner,
            "closure",
            tenant_id=harbour.tenant.id,
            ref=f"closure{hour:03}",
            practitioner_id=who,
            starts_at=harbour.at(2026, 11, 24, hour),
            ends_at=harbour.at(2026, 11, 24, hour + 1),
            reason="fire drill",
        )

    await nora.get("/desk/harbour?day=2026-11-24&view=week")

    assert len(re.findall('class="closure row-1 span-12"', nora.page.text)) == 1
    assert "Theo Roy away" in nora.text


async def test_empty_day_and_closed_day_say_what_they_are(nora: Browser) -> None:
    await nora.get("/desk/harbour?day=2026-11-24")
    assert "Nobody is booked yet" in nora.text

    await nora.get("/desk/harbour?day=2026-11-28")
    assert "There are no opening hours then" in nora.text


@pytest.mark.parametrize("day", ["2026-11-01", "2027-03-14"])
async def test_days_when_clocks_change_are_drawn(nora: Browser, cast: Cast, day: str) -> None:
    night = cast.harbour.at(*(int(part) for part in day.split("-")), 1, 30)
    await cast.harbour.appointment(ANA, "First visit", "Nora Blake", night)

    await nora.get(f"/desk/harbour?day={day}")

    assert slips(nora) == [("01:30", "Ana Silva")]


async def test_address_that_makes_no_sense_shows_today(nora: Browser) -> None:
    for query in (
        "day=2027-02-30",
        "day=%00",
        "day=9999-12-31",
        "view=x&practitioner=%00&place=%00&by=x",
        "day=0001-01-01",
    ):
        await nora.get(f"/desk/harbour?{query}")

        assert nora.page.status_code == 200, query
        assert "Monday, November 23, 2026" in nora.text, query


async def test_person_at_two_practices_chooses_a_desk(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await insert(
        owner, "membership", tenant_id=cast.meadow.tenant.id, email="nora@harbour.example", role="professional"
    )

    await nora.get("/desk")

    assert re.findall(r'href="/desk/(\w+)"', nora.page.text) == ["harbour", "meadow"]


async def test_client_has_no_desk(browser: Browser, owner: asyncpg.Connection) -> None:
    await browser.sign_in(ANA, owner)

    assert (await browser.get("/desk")).status_code == 404
    assert (await browser.get("/desk/harbour")).status_code == 404


async def test_ended_membership_closes_the_desk_at_once(
    nora: Browser, clock: TestClock, owner: asyncpg.Connection
) -> None:
    await owner.execute("UPDATE membership SET ended_at = $1 WHERE email = 'nora@harbour.example'", clock.now)

    assert (await nora.get("/desk/harbour")).status_code == 404


async def test_stranger_signs_in_and_comes_back(browser: Browser) -> None:
    await browser.get("/desk/harbour")

    assert browser.path == "/sign-in?next=/desk/harbour"


async def test_now_is_a_line_across_today_alone(nora: Browser, clock: TestClock, cast: Cast) -> None:
    clock.now = cast.harbour.at(2026, 11, 23, 10, 2)

    await nora.get("/desk/harbour")
    assert nora.page.text.count("agenda-now row-13 ") == 2

    await nora.get("/desk/harbour?view=week&day=2026-11-30")
    assert "agenda-now" not in nora.page.text


async def test_month_counts_the_practice_s_appointments_by_day(nora: Browser, cast: Cast) -> None:
    harbour, meadow = cast.harbour, cast.meadow
    await harbour.appointment(ANA, "Follow-up", "Nora Blake", harbour.at(2026, 11, 24, 9))
    await harbour.appointment(BEN, "Follow-up", "Theo Roy", harbour.at(2026, 11, 24, 23, 30))
    await harbour.appointment(ANA, "Follow-up", "Nora Blake", harbour.at(2026, 12, 5, 9))
    at = harbour.at(2026, 11, 25, 9)
    await harbour.appointment(BEN, "Follow-up", "Theo Roy", at, cancelled_at=at, cancelled_by="client")
    await meadow.appointment(ANA_AT_MEADOW, "Massage", "Lea Martin", meadow.at(2026, 11, 26, 15))

    await nora.get("/desk/harbour?view=month&day=2026-11-10")
    of_all = numbers(nora)
    theo = harbour.practitioners["Theo Roy"]["ref"]
    await nora.get(f"/desk/harbour?view=month&day=2026-11-10&practitioner={theo}")

    assert of_all == {"2026-11-24": 2, "2026-12-05": 1}
    assert numbers(nora) == {"2026-11-24": 1}
    assert "November 2026" in nora.text


async def test_month_names_a_day_that_is_closed_to_all(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    harbour = cast.harbour
    for who, day, reason in ((None, 25, "Painting"), (harbour.practitioners["Theo Roy"]["id"], 26, "Dentist")):
        await insert(
            owner,
            "closure",
            tenant_id=harbour.tenant.id,
            ref=f"closure{day:03}",
            practitioner_id=who,
            starts_at=harbour.at(2026, 11, day),
            ends_at=harbour.at(2026, 11, day + 1),
            reason=reason,
        )

    await nora.get("/desk/harbour?view=month&day=2026-11-10")

    assert re.findall(r'<span class="month-word">(\w+)</span></span>\s*</a>', nora.page.text) == ["Painting"]


async def test_months_are_turned_by_months(nora: Browser) -> None:
    turned = []
    for day in ("2026-12-31", "2027-01-31", "2027-03-31"):
        await nora.get(f"/desk/harbour?view=month&day={day}")
        turned.append(re.findall(r'href="/desk/harbour\?day=([-\d]+)&amp;view=month"', nora.page.text)[:3:2])

    assert turned == [["2026-11-01", "2027-01-01"], ["2026-12-01", "2027-02-01"], ["2027-02-01", "2027-04-01"]]


async def test_day_can_be_cut_by_place(nora: Browser, cast: Cast) -> None:
    harbour = cast.harbour
    studio = await harbour.place("Studio")
    await harbour.hours("Theo Roy", range(5), time(18), time(20), "Studio")
    await harbour.appointment(ANA, "Follow-up", "Nora Blake", harbour.at(2026, 11, 24, 9))
    at_studio = {"place_id": studio["id"]}
    await harbour.appointment(BEN, "Follow-up", "Theo Roy", harbour.at(2026, 11, 24, 18), **at_studio)

    await nora.get("/desk/harbour?day=2026-11-24&by=place")
    columns = re.findall(r'<h2 id="column-title-\d+">([^<]*)</h2>', nora.page.text)
    told = drawn(nora)
    await nora.get(f"/desk/harbour?day=2026-11-24&place={studio['ref']}")

    assert columns == ["Harbour House", "Studio"]
    assert [column["title"] for column in told["columns"]] == columns
    assert told["by"] == "place"
    assert slips(nora) == [("18:00", "Ben Okafor")]
    assert "6:00\xa0p.m. – 8:00\xa0p.m." in nora.text.replace("\u202f", "\xa0")
    assert "9:00\xa0a.m. – 5:00\xa0p.m." not in nora.text.replace("\u202f", "\xa0")


async def test_what_was_chosen_goes_along_while_turning(nora: Browser, cast: Cast) -> None:
    theo = cast.harbour.practitioners["Theo Roy"]["ref"]

    await nora.get(f"/desk/harbour?day=2026-11-24&view=list&practitioner={theo}")

    links = re.findall(r'href="/desk/harbour\?([^"]*)"', nora.text)
    turns = [link for link in links if "view=list" in link and f"practitioner={theo}" in link]
    assert [parse_qs(link)["day"] for link in turns[:3]] == [["2026-11-17"], ["2026-11-23"], ["2026-12-01"]]


async def test_list_is_not_drawn(nora: Browser, cast: Cast) -> None:
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, 9))

    await nora.get("/desk/harbour?day=2026-11-23&view=list")

    assert slips(nora) == [("09:00", "Ana Silva")]
    assert "data-calendar" not in nora.page.text


async def test_drawn_calendar_speaks_as_its_reader_does(nora: Browser, owner: asyncpg.Connection) -> None:
    await owner.execute("UPDATE person SET time_display = 'h'")

    await nora.get("/desk/harbour?day=2026-11-24&view=week")

    told = drawn(nora)
    assert told["hours"][14] == ["14\xa0h", "14\xa0h\xa0{}"]
    assert told["days"]["2026-11-24"] == ["Tue, Nov 24", "Tuesday, November 24, 2026"]
    assert (told["offset"], told["opens"], told["closes"]) == ("-05:00", "08:00:00", "18:00:00")
    assert told["feed"] == "/desk/harbour/calendar.json?from=2026-11-22&until=2026-11-29"


async def test_what_a_client_keeps_at_this_moment_is_told(
    nora: Browser, cast: Cast, clock: TestClock, owner: asyncpg.Connection
) -> None:
    harbour = cast.harbour
    starts_at = harbour.at(2026, 11, 24, 11)
    await insert(
        owner,
        "hold",
        tenant_id=harbour.tenant.id,
        key="ahold",
        practitioner_id=harbour.practitioners["Theo Roy"]["id"],
        service_id=harbour.services["Follow-up"]["id"],
        place_id=harbour.places["Harbour House"]["id"],
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=30),
        blocked_from=starts_at,
        blocked_until=starts_at + timedelta(minutes=30),
        created_at=clock.now,
        expires_at=clock.now + timedelta(minutes=1),
    )

    await nora.get("/desk/harbour?day=2026-11-24")
    before = nora.page.text.count("slip is-held")
    clock.now += timedelta(minutes=1)
    await nora.get("/desk/harbour?day=2026-11-24")

    assert (before, nora.page.text.count("slip is-held")) == (1, 0)


def numbers(browser: Browser) -> dict[str, int]:
    """How many a month shows, by day."""
    found = re.findall(
        r'day=([-\d]+)"(?:(?!</a>).)*<span class="count" aria-hidden="true">(\d+)</span>', browser.page.text, re.DOTALL
    )
    return {day: int(number) for day, number in found}


def drawn(browser: Browser) -> Any:
    """What the drawn calendar is told."""
    found = re.search(r"data-calendar='([^']*)'", browser.page.text)
    assert found is not None
    return json.loads(found[1])
