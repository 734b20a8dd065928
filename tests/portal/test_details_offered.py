"""Phones and names, from a person's profile to the records of the practices that they see."""

from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from portal.people.offers import LEFT_BEHIND, offer_what_waits
from tests.browser import Browser, TestClock, code_sent_to
from tests.cast import ANA, ANA_AT_MEADOW, BEN, MONDAY, Cast
from tests.portal.test_booking_pages import choose
from tests.portal.test_profile import AS_IT_WAS, saves

MOBILE, HOME = "+14165550132", "+14165550188"
DEE = "dee@example.org"


async def records(owner: asyncpg.Connection, *columns: str) -> dict[str, tuple[Any, ...]]:
    rows = await owner.fetch(f"SELECT email, {', '.join(columns)} FROM client_record")
    return {row["email"]: tuple(row[name] for name in columns) for row in rows}


async def test_saving_tells_every_practice_and_nobody_elses(browser: Browser, owner: asyncpg.Connection) -> None:
    await browser.sign_in(ANA, owner)

    await saves(browser, last_name="Souza", mobile_phone="(416) 555-0132")

    assert await records(owner, "last_name", "phone") == {
        ANA: ("Souza", MOBILE),
        ANA_AT_MEADOW: ("Souza", MOBILE),
        BEN: ("Okafor", ""),
    }
    assert await owner.fetchval("SELECT count(*) FROM person WHERE offer_waits_since IS NOT NULL") == 0


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("416 555 0132", "+14165550132"),
        ("06 12 34 56 78", "+33612345678"),
        ("+33 6 12 34 56 78", "+33612345678"),
        ("0033 6 12 34 56 78", "+33612345678"),
        ("1-416-555-0132", "+14165550132"),
        ("", ""),
    ],
)
async def test_numbers_are_read_as_where_one_goes(
    browser: Browser, owner: asyncpg.Connection, typed: str, kept: str
) -> None:
    """Ana sees a practice in Canada and one in France."""
    await browser.sign_in(ANA, owner)

    await saves(browser, mobile_phone=typed)

    assert await owner.fetchval("SELECT mobile_phone FROM person WHERE first_name = 'Ana'") == kept


async def test_a_number_is_shown_as_it_is_dialled_at_home(browser: Browser, owner: asyncpg.Connection) -> None:
    await browser.sign_in(ANA, owner)
    await saves(browser, mobile_phone="06 12 34 56 78", home_phone="416-555-0188")

    await browser.get("/profile")

    assert 'value="+33 6 12 34 56 78"' in browser.text
    assert 'value="(416) 555-0188"' in browser.text


async def test_home_phone_is_only_theirs_by_default(browser: Browser, owner: asyncpg.Connection) -> None:
    await browser.sign_in(ANA, owner)

    await saves(browser, home_phone=HOME)

    assert await records(owner, "home_phone", "own_home_phone") == {
        ANA: ("", ""),
        ANA_AT_MEADOW: ("", ""),
        BEN: ("", None),
    }


@pytest.mark.parametrize(
    ("ticked", "at_harbour", "at_meadow"),
    [
        (["home_phone@*"], HOME, HOME),
        (["home_phone@meadow"], "", HOME),
        (["home_phone@harbour", "home_phone@meadow"], HOME, HOME),
        (["photo@*"], "", ""),
        (["home_phone@nowhere", "name@*", "home_phone@", "@*", "*"], "", ""),
    ],
)
async def test_home_phone_is_shown_where_it_is_ticked(
    browser: Browser, owner: asyncpg.Connection, ticked: list[str], at_harbour: str, at_meadow: str
) -> None:
    await browser.sign_in(ANA, owner)

    await saves(browser, home_phone=HOME, shown=ticked)

    shown = await records(owner, "home_phone")
    assert (shown[ANA], shown[ANA_AT_MEADOW]) == ((at_harbour,), (at_meadow,))


async def test_taking_the_tick_away_takes_the_number_away(browser: Browser, owner: asyncpg.Connection) -> None:
    await browser.sign_in(ANA, owner)
    await saves(browser, home_phone=HOME, shown=["home_phone@*"])

    await saves(browser, home_phone=HOME, shown=["home_phone@meadow"])

    shown = await records(owner, "home_phone")
    assert (shown[ANA], shown[ANA_AT_MEADOW]) == (("",), (HOME,))


async def test_the_boxes_stand_as_they_were_ticked(browser: Browser, owner: asyncpg.Connection) -> None:
    await browser.sign_in(ANA, owner)
    await saves(browser, shown=["photo@*", "home_phone@meadow"])

    await browser.get("/profile")

    ticked = [line.split('value="')[1].split('"')[0] for line in browser.text.splitlines() if '" checked>' in line]
    assert sorted(ticked) == ["home_phone@meadow", "photo@*"]


async def test_what_a_page_left_behind_is_offered_later(
    browser: Browser, owner: asyncpg.Connection, clock: TestClock
) -> None:
    """Whoever saved was told nothing of it: the server was stopped between the two."""
    await browser.sign_in(ANA, owner)
    await owner.execute(
        "UPDATE person SET mobile_phone = $1, offer_waits_since = $2 WHERE first_name = 'Ana'", MOBILE, clock()
    )

    await offer_what_waits(clock() + LEFT_BEHIND)
    early = (await records(owner, "phone"))[ANA]
    await offer_what_waits(clock() + LEFT_BEHIND + timedelta(seconds=1))

    assert early == ("",)
    assert (await records(owner, "phone"))[ANA_AT_MEADOW] == (MOBILE,)
    assert await owner.fetchval("SELECT count(*) FROM person WHERE offer_waits_since IS NOT NULL") == 0


async def test_another_number_has_to_be_verified_anew(browser: Browser, owner: asyncpg.Connection) -> None:
    await browser.sign_in(ANA, owner)
    await saves(browser, mobile_phone=MOBILE)
    await owner.execute("UPDATE person SET mobile_verified_at = $1 WHERE first_name = 'Ana'", MONDAY)

    await saves(browser, mobile_phone=MOBILE, last_name="Silva")
    same = await owner.fetchval("SELECT mobile_verified_at FROM person WHERE first_name = 'Ana'")
    await saves(browser, mobile_phone="+14165550133")

    assert same == MONDAY
    assert await owner.fetchval("SELECT mobile_verified_at FROM person WHERE first_name = 'Ana'") is None


async def test_example_follows_what_is_chosen(browser: Browser, owner: asyncpg.Connection) -> None:
    await browser.sign_in(ANA, owner)

    await browser.get("/profile/example?language=fr&date_display=iso&time_display=h&zone=America/Toronto")
    chosen = browser.text
    await browser.get("/profile/example?language=tlh&date_display=%00&time_display=1&zone=Mars/Olympus")

    assert "Votre rendez-vous" not in browser.text
    assert 'lang="fr' in chosen
    assert "2026-11-23 à 14\u00a0h\u00a030" in chosen


async def test_a_booking_starts_with_the_mobile_phone(browser: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await browser.sign_in(ANA, owner)
    await saves(browser, **AS_IT_WAS | {"mobile_phone": MOBILE})

    await browser.post(
        "/p/harbour/holds",
        service=cast.harbour.services["Follow-up"]["ref"],
        practitioner="any",
        start=cast.harbour.at(2026, 11, 25, 10).isoformat(),
    )

    assert 'value="(416) 555-0132"' in browser.text


async def books_at_meadow(browser: Browser, cast: Cast, email: str) -> None:
    await browser.get("/p/meadow")
    await browser.post(
        "/p/meadow/holds",
        service=cast.meadow.services["Massage"]["ref"],
        practitioner="any",
        start=cast.meadow.at(2026, 11, 26, 11).isoformat(),
    )
    await browser.post(f"{browser.path}/appointment", email=email, first_name="Ana", last_name="Silva", phone=MOBILE)


@pytest.mark.parametrize(("ticked", "seen"), [(["home_phone@*"], HOME), (["home_phone@harbour"], ""), ([], "")])
async def test_a_practice_that_meets_somebody_sees_what_every_practice_may(
    browser: Browser, cast: Cast, owner: asyncpg.Connection, ticked: list[str], seen: str
) -> None:
    await browser.sign_in(ANA, owner)
    await saves(browser, last_name="Souza", home_phone=HOME, shown=ticked)

    await books_at_meadow(browser, cast, ANA)

    row = await owner.fetchrow(
        "SELECT * FROM client_record WHERE email = $1 AND tenant_id = $2", ANA, cast.meadow.tenant.id
    )
    assert browser.path.startswith("/appointments/")
    assert (row["last_name"], row["phone"], row["home_phone"]) == ("Silva", MOBILE, seen)


async def test_profile_starts_with_what_was_typed_at_the_first_booking(
    browser: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await choose(browser, cast)
    await browser.post(
        f"{browser.path}/details", email=DEE, first_name="Dee", last_name="Ray", phone="416 555 0132", note=""
    )
    await browser.post(browser.path, code=await code_sent_to(DEE, owner))
    await browser.get("/profile")

    shown = [f'value="{value}"' in browser.text for value in ("Dee", "Ray", "(416) 555-0132")]
    assert shown == [True, True, True]
    assert (await records(owner, "own_first_name", "own_phone"))[DEE] == ("Dee", MOBILE)
