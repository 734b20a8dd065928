"""Public holidays: which there are is the library's to know; that each is closed once is ours."""

import asyncio
import re
from datetime import date, timedelta
from typing import Any

import asyncpg
import pytest
from babel import Locale

from portal.database import practice_lens
from portal.staff.settings.public_holidays import countries, known_countries, provinces, public_holidays
from tenants.hours.holidays import Holiday, close_for_holidays
from tests.browser import Browser, make_app
from tests.cast import ANA, LEA, Cast

PAGE = "/desk/harbour/closures/holidays"
ROWS = "SELECT starts_at, reason, holiday FROM closure ORDER BY starts_at"


def days(country: str, province: str = "", year: int = 2026, language: str = "en") -> dict[str, str]:
    return {f"{each.day:%m-%d}": each.name for each in public_holidays(country, province, year, [language])}


def ticked(browser: Browser) -> list[str]:
    return re.findall(r'name="day" value="([\d-]+)" checked', browser.text)


async def tick(browser: Browser, *wanted: str, **more: Any) -> None:
    fields: dict[str, Any] = {"country": "CA", "province": "QC", "year": "2026", "day": list(wanted)}
    await browser.post(PAGE, **fields | more)


def test_provinces_have_days_of_their_own() -> None:
    ontario, quebec = days("CA", "ON"), days("CA", "QC", language="fr")

    assert (ontario["02-16"], "06-24" in ontario) == ("Family Day", False)
    assert (quebec["06-24"], "02-16" in quebec) == ("Fête nationale du Québec", False)
    assert (days("US")["11-26"], days("US")["07-03"]) == ("Thanksgiving Day", "Independence Day (observed)")
    assert ("12-26" in days("FR"), "04-03" in days("FR")) == (False, False)
    assert days("FR", "57", language="fr")["12-26"] == "Saint-Étienne"


def test_names_are_in_the_reader_s_language_where_there_is_one() -> None:
    assert [days("CA", "ON", language=each)["09-07"] for each in ("en", "fr", "es")] == [
        "Labour Day",
        "Fête du Travail",
        "Labour Day",
    ]
    assert days("DE", "BY", language="es")["01-06"] == "Heilige Drei Könige"
    assert days("MX", language="es")["11-16"].startswith("Día de la Revolución")


def test_provinces_are_called_as_they_are_there() -> None:
    assert dict(provinces("CA"))["NB"] == "New Brunswick / Nouveau-Brunswick"
    assert dict(provinces("FR"))["57"] == "Moselle"
    assert not any(code.startswith("Zone") for code, _ in provinces("FR"))


def test_what_the_library_does_not_know_has_no_holidays() -> None:
    assert (provinces("ZZ"), days("ZZ"), days("CA", "Quebec"), days("CA", "\0")) == ((), {}, {}, {})


def test_every_key_fits_its_column_and_every_country_has_a_name() -> None:
    longest = max(
        len(Holiday(f"{country}-{province}", date(2026, 1, 1), "").key)
        for country in known_countries()
        for province, _ in provinces(country)
    )

    assert longest <= 40
    assert all(name for _, name in countries(Locale("fr")))


async def test_ticked_days_are_closed_with_one_button(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    """Now is 23 November: what is past is left out, and what is to come is ticked."""
    await nora.get(f"{PAGE}?country=CA&province=QC&year=2026")
    assert (ticked(nora), "Christmas Day" in nora.text) == (["2026-12-25"], True)
    await tick(nora, *ticked(nora))

    row = await owner.fetchrow("SELECT * FROM closure")
    assert (row["practitioner_id"], row["place_id"], row["holiday"]) == (None, None, "CA-QC:2026-12-25")
    assert (row["starts_at"], row["reason"]) == (cast.harbour.at(2026, 12, 25), "Christmas Day")
    assert row["ends_at"] == cast.harbour.at(2026, 12, 26)
    await nora.get(PAGE)
    assert (ticked(nora), "taken already" in nora.text) == ([], True)
    assert '<option value="QC" selected>' in nora.text


async def test_days_that_stand_already_are_never_doubled(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    """By the same page twice, by the province next door, by two admins at once, and where one was moved since."""
    await nora.get(f"{PAGE}?country=CA&province=QC&year=2027")
    wanted = ticked(nora)
    await tick(nora, *wanted, year="2027")
    count = len(await owner.fetch(ROWS))
    await owner.execute("UPDATE closure SET starts_at = starts_at + interval '1 day', ends_at = ends_at + '1 day'")
    await nora.get(PAGE)
    await tick(nora, *wanted, year="2027")
    await tick(nora, "2027-12-25", "2027-12-26", province="ON", year="2027")

    assert count == len(wanted) > 5
    keys = [row["holiday"] for row in await owner.fetch(ROWS)]
    assert len(keys) == count + 1  # Boxing Day, which Quebec does not have
    found = public_holidays("US", "", 2026, ["en"])

    async def close() -> int:
        async with practice_lens(cast.harbour.tenant):
            return await close_for_holidays(cast.harbour.tenant, found)

    assert sorted(await asyncio.gather(close(), close(), close())) == [0, 0, len(found)]


async def test_removed_holiday_can_be_taken_again(nora: Browser, owner: asyncpg.Connection) -> None:
    """And the one that was removed does not come back beside it."""
    await nora.get(PAGE)
    await tick(nora, "2026-12-25")
    ref = await owner.fetchval("SELECT ref FROM closure")
    await nora.get("/desk/harbour/closures")
    await nora.post(f"/desk/harbour/closures/{ref}/removal")
    await nora.get(PAGE)
    await tick(nora, "2026-12-25")
    await nora.post(f"/desk/harbour/closures/{ref}/return")

    assert [row["holiday"] for row in await owner.fetch(ROWS)] == ["CA-QC:2026-12-25"]


async def test_changed_holiday_stays_one(nora: Browser, owner: asyncpg.Connection) -> None:
    await nora.get(PAGE)
    await tick(nora, "2026-12-25")
    ref = await owner.fetchval("SELECT ref FROM closure")
    await nora.get(f"/desk/harbour/closures/{ref}")
    seen = re.findall(r'name="seen" value="(\w+)"', nora.text)[0]
    fields: dict[str, Any] = {"whom": "all", "from_day": "2026-12-24", "from_time": "12:00", "until_day": "2026-12-26"}
    await nora.post(f"/desk/harbour/closures/{ref}", **fields, reason="Christmas", seen=seen)

    row = await owner.fetchrow("SELECT reason, holiday, ends_at - starts_at AS length FROM closure")
    assert tuple(row) == ("Christmas", "CA-QC:2026-12-25", timedelta(hours=60))
    await nora.get(PAGE)
    assert ticked(nora) == []


async def test_who_stands_in_a_holiday_is_told_before(nora: Browser, cast: Cast) -> None:
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 12, 25, 10))

    await nora.get(f"{PAGE}?province=QC")

    assert "One appointment stands in it" in nora.text
    assert "/desk/harbour?day=2026-12-25&view=day" in nora.text


async def test_other_practice_neither_sees_nor_shares_them(
    nora: Browser, cast: Cast, clock: Any, owner: asyncpg.Connection
) -> None:
    await nora.get(PAGE)
    await tick(nora, "2026-12-25")
    async with Browser(make_app(clock)) as lea:
        await lea.sign_in(LEA, owner)
        await lea.get("/desk/meadow/closures/holidays?province=57")
        assert (ticked(lea), "Saint Stephen's Day" in lea.text) == (["2026-12-25", "2026-12-26"], True)
        assert "taken already" not in lea.text


@pytest.mark.parametrize("query", ["country=ZZ&province=57&year=2031", "country=%00&province=%00&year=%00", "year=-1"])
async def test_what_does_not_exist_is_left_to_the_practice_s_own(nora: Browser, query: str) -> None:
    await nora.get(f"{PAGE}?{query}")

    assert nora.page.status_code == 200
    assert '<option value="CA" selected>' in nora.text
    assert '<option value="2026" selected>' in nora.text


async def test_ticks_of_no_holiday_close_nothing(nora: Browser, owner: asyncpg.Connection) -> None:
    await nora.get(PAGE)

    for wrong in ([], ["2026-12-24"], ["\0", "x" * 5000], ["2026-01-01"]):
        await tick(nora, *wrong)
        assert nora.page.status_code == 422, wrong
        assert "Please choose at least one day." in nora.text
    assert await owner.fetch(ROWS) == []


async def test_country_that_the_library_does_not_know_is_told(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await owner.execute("UPDATE practice SET country = 'XX' WHERE slug = 'harbour'")
    nora.app.state.signs._read.clear()

    await nora.get(PAGE)
    assert (nora.page.status_code, "We know no public holidays for the country" in nora.text) == (200, True)
    await tick(nora, "2026-12-25", country="XX")
    assert (nora.page.status_code, await owner.fetch(ROWS)) == (422, [])
