import re

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
    for query in ("day=2027-02-30", "day=%00", "day=9999-12-31", "view=x&practitioner=%00", "day=0001-01-01"):
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
