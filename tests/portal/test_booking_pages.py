import asyncio
import re
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from tests.browser import Browser, TestClock, code_sent_to
from tests.cast import ANA, BEN, Cast

TEN = "2026-11-24T10:00:00-05:00"


async def choose(browser: Browser, cast: Cast, start: str = TEN, who: str | None = "Nora Blake") -> None:
    service = cast.harbour.services["Follow-up"]["ref"]
    practitioner = cast.harbour.practitioners[who]["ref"] if who else "any"
    await browser.get(f"/p/harbour/book?service={service}&practitioner={practitioner}&day=2026-11-24")
    await browser.post("/p/harbour/holds", service=service, practitioner=practitioner, place="", start=start)


async def test_stranger_books_after_proving_the_address(
    browser: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await choose(browser, cast)
    await browser.post(
        f"{browser.path}/details", email="Dee@Example.org", first_name="Dee", last_name="Ray", phone="", note=""
    )
    assert "six digits to dee@example.org" in browser.text
    assert await owner.fetchval("SELECT count(*) FROM appointment") == 0

    await browser.post(browser.path, code=await code_sent_to("dee@example.org", owner))

    assert re.fullmatch("/appointments/[a-z2-7]{10}", browser.path)
    assert "Your appointment is booked." in browser.text
    row = await owner.fetchrow(
        """SELECT client_record.email, first_name, starts_at, booked_by
           FROM appointment JOIN client_record ON client_record.id = client_record_id"""
    )
    assert tuple(row) == ("dee@example.org", "Dee", cast.harbour.at(2026, 11, 24, 10), "client")


async def test_signed_in_person_books_without_another_code(
    browser: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await browser.sign_in(ANA, owner)
    await choose(browser, cast)

    await browser.post(f"{browser.path}/appointment", email=ANA, first_name="Ana", last_name="Silva", phone="", note="")

    assert "Your appointment is booked." in browser.text
    assert await owner.fetchval("SELECT count(*) FROM code") == 1


async def test_nobody_books_under_an_address_of_somebody_else(
    browser: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await browser.sign_in(BEN, owner)
    await choose(browser, cast)

    await browser.post(
        f"{browser.path}/appointment", email=ANA, first_name="Ben", last_name="Okafor", phone="", note=""
    )

    assert browser.page.status_code == 422
    assert "Please choose one of these" in browser.text
    assert await owner.fetchval("SELECT count(*) FROM appointment") == 0


async def test_wrong_code_books_nothing_and_five_end_it(
    browser: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await choose(browser, cast)
    await browser.post(f"{browser.path}/details", email=ANA, first_name="A", last_name="S", phone="", note="")
    right = await code_sent_to(ANA, owner)
    wrong = "000000" if right != "000000" else "111111"

    said = []
    for _ in range(5):
        await browser.post(browser.path, code=wrong)
        said.append(browser.page.status_code)
    await browser.post(browser.path, code=right)

    assert said == [422] * 5
    assert "cannot be used any more" in browser.text
    assert await owner.fetchval("SELECT count(*) FROM appointment") == 0


async def test_taken_slot_is_refused_with_the_next_free_times(
    browser: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, 10))

    await choose(browser, cast)

    assert browser.page.status_code == 409
    assert "has just been taken" in browser.text
    assert re.findall(r'name="start" value="([^"]+)"', browser.page.text) == [
        "2026-11-24T09:15:00-05:00",
        "2026-11-24T09:30:00-05:00",
        "2026-11-24T10:30:00-05:00",
    ]


async def test_new_time_from_a_refusal_keeps_what_was_typed(
    browser: Browser, cast: Cast, clock: TestClock, owner: asyncpg.Connection
) -> None:
    await browser.sign_in(ANA, owner)
    await choose(browser, cast)
    key = browser.path
    clock.now += timedelta(minutes=6)
    await cast.harbour.appointment(BEN, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 24, 10))

    await browser.get(key)
    await browser.post(f"{key}/appointment", email=ANA, first_name="Ana", last_name="Silva", phone="", note="left knee")
    assert browser.page.status_code == 409
    start = re.findall(r'name="start" value="([^"]+)"', browser.page.text)[0]
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', browser.page.text))
    hidden.pop("_csrf")
    await browser.post("/p/harbour/holds", start=start, **hidden)

    assert "left knee" in browser.text


async def test_double_click_books_once_and_answers_twice_the_same(
    browser: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await browser.sign_in(ANA, owner)
    await choose(browser, cast)
    fields = {"email": ANA, "first_name": "Ana", "last_name": "Silva", "phone": "", "note": ""}
    shown = browser.page
    key = browser.path

    await browser.post(f"{key}/appointment", follow=False, **fields)
    first = browser.page.headers["location"]
    browser.page = shown
    await browser.post(f"{key}/appointment", follow=False, **fields)

    assert browser.page.headers["location"] == first
    assert await owner.fetchval("SELECT count(*) FROM appointment") == 1


async def test_booking_works_without_any_cookie(cast: Cast, browser: Browser, owner: asyncpg.Connection) -> None:
    async def forget() -> None:
        browser.http.cookies.clear()

    await choose(browser, cast)
    await forget()
    await browser.get(browser.path)
    await browser.post(
        f"{browser.path}/details", email="dee@example.org", first_name="Dee", last_name="Ray", phone="", note=""
    )
    await forget()
    await browser.get(browser.path)

    await browser.post(browser.path, code=await code_sent_to("dee@example.org", owner))

    assert browser.page.status_code in {200, 201}
    assert "Your appointment is booked." in browser.text


async def test_merged_list_shows_both_practices_of_ana(browser: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 25, 10))
    await cast.harbour.appointment(BEN, "First visit", "Theo Roy", cast.harbour.at(2026, 11, 25, 10))
    await cast.meadow.appointment("ana.silva@example.com", "Massage", "Lea Martin", cast.meadow.at(2026, 11, 26, 10))
    await browser.sign_in(ANA, owner)

    await browser.get("/appointments")

    assert ("Harbour Physiotherapy" in browser.text, "Meadow Massage" in browser.text) == (True, True)
    assert "First visit" not in browser.text


async def test_client_cancels_and_the_time_is_free_again(
    browser: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    kept = await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 25, 10))
    await browser.sign_in(ANA, owner)
    await browser.get(f"/appointments/{kept['ref']}/cancellation")

    await browser.post(browser.path, reason="ill")

    assert "This appointment is cancelled." in browser.text
    assert await owner.fetchval("SELECT cancel_reason FROM appointment") == "ill"


async def test_client_moves_to_another_time(browser: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    kept = await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 25, 10))
    await browser.sign_in(ANA, owner)
    await browser.get(f"/appointments/{kept['ref']}/move")

    await browser.post(browser.path, start="2026-11-26T11:00:00-05:00")

    assert browser.path == f"/appointments/{kept['ref']}"
    assert await owner.fetchval("SELECT starts_at FROM appointment") == cast.harbour.at(2026, 11, 26, 11)


async def test_calendar_file_is_one_event_with_its_own_uid(
    browser: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    kept = await cast.harbour.appointment(ANA, "Follow-up", "Nora Blake", cast.harbour.at(2026, 11, 25, 10))
    await browser.sign_in(ANA, owner)

    await browser.get(f"/appointments/{kept['ref']}/calendar.ics")

    assert browser.page.headers["content-type"].startswith("text/calendar")
    assert f"UID:{kept['ref']}@localhost" in browser.page.text
    assert "DTSTART:20261125T150000Z" in browser.page.text


@pytest.mark.parametrize(
    "path", ["/nope", "/p/nowhere", "/p/harbour/holds/nope", "/appointments/aaaaaaaaaa/x", "/p/%00/book"]
)
async def test_page_that_does_not_exist_says_so(browser: Browser, path: str) -> None:
    await browser.get(path)

    assert browser.page.status_code == 404
    assert "Nothing here" in browser.text


async def test_french_reader_is_spoken_to_in_french(browser: Browser) -> None:
    await browser.get("/p/harbour?lang=fr")
    await browser.get("/sign-in")

    assert '<html lang="fr' in browser.page.text


async def test_double_click_on_the_code_gets_the_same_answer_twice(
    browser: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await choose(browser, cast)
    await browser.post(f"{browser.path}/details", email=ANA, first_name="A", last_name="S", phone="", note="")
    shown, page, code = browser.page, browser.path, await code_sent_to(ANA, owner)
    kept = {cookie.name: cookie.value or "" for cookie in browser.http.cookies.jar}

    await browser.post(page, follow=False, code=code)
    first = browser.page
    browser.page = shown
    browser.http.cookies.clear()
    browser.http.cookies.update(kept)
    await browser.post(page, follow=False, code=code)

    assert (browser.page.status_code, browser.page.headers["location"]) == (303, first.headers["location"])
    assert await owner.fetchval("SELECT count(*) FROM appointment") == 1


async def test_used_code_from_another_browser_is_refused(
    browser: Browser, cast: Cast, clock: TestClock, owner: asyncpg.Connection
) -> None:
    await choose(browser, cast)
    await browser.post(f"{browser.path}/details", email=ANA, first_name="A", last_name="S", phone="", note="")
    page, code = browser.path, await code_sent_to(ANA, owner)
    await browser.post(page, code=code)
    browser.http.cookies.clear()
    await browser.get(page)

    await browser.post(page, code=code)

    assert browser.page.status_code == 422


async def test_nothing_free_is_told_apart_from_could_not_look(
    browser: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    page = f"/p/harbour/book?service={cast.harbour.services['Follow-up']['ref']}&day=2026-11-28"
    await browser.get(page)
    assert "Nothing free on this day." in browser.text

    async with owner.transaction():  # another session keeps the table to itself, so every look ends in a time-out
        await owner.execute("LOCK TABLE hold IN ACCESS EXCLUSIVE MODE")
        await owner.execute("SELECT set_config('statement_timeout', '0', true)")
        await browser.get(page)

    assert "We could not look just now." in browser.text
    assert "Nothing free" not in browser.text


async def test_ten_parallel_posts_of_one_slot_book_it_once(
    browser: Browser, cast: Cast, clock: TestClock, owner: asyncpg.Connection
) -> None:
    """Ten holds that have expired, each still good for a booking as long as nobody was quicker."""
    await browser.sign_in(ANA, owner)
    pages = []
    for _ in range(10):
        await choose(browser, cast)
        pages.append(browser.path)
        clock.now += timedelta(minutes=6)
    token = re.findall(r'name="_csrf" value="([^"]*)"', browser.page.text)[0]
    fields = {"_csrf": token, "email": ANA, "first_name": "Ana", "last_name": "Silva", "phone": "", "note": ""}

    answers = await asyncio.gather(*(browser.http.post(f"{page}/appointment", data=fields) for page in pages))

    assert sorted(answer.status_code for answer in answers) == [303] + [409] * 9
    refused = next(answer for answer in answers if answer.status_code == 409)
    assert len(re.findall(r'name="start" value="', refused.text)) == 3
    assert await owner.fetchval("SELECT count(*) FROM appointment") == 1
    assert await owner.fetchval("SELECT count(*) FROM message WHERE audience = 'client'") == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first_name", "x" * 5000),
        ("first_name", "nul\x00byte"),
        ("first_name", ""),
        ("last_name", "line\nbreak"),
        ("last_name", "\u202eesrever"),
        ("email", "a" * 300 + "@example.org"),
        ("email", "no address"),
        ("phone", "1" * 41),
        ("note", "x" * 1001),
    ],
)
async def test_bad_detail_is_said_beside_its_field_and_nothing_is_lost(
    browser: Browser, cast: Cast, owner: asyncpg.Connection, field: str, value: str
) -> None:
    await choose(browser, cast)
    fields: dict[str, Any] = {
        "email": "dee@example.org",
        "first_name": "Dee",
        "last_name": "Ray",
        "phone": "",
        "note": "left knee",
    }

    await browser.post(f"{browser.path}/details", **fields | {field: value})

    assert browser.page.status_code == 422
    assert f'id="error-{field}"' in browser.page.text
    kept = "note" if field != "note" else "last_name"
    assert fields[kept] in browser.text
    assert await owner.fetchval("SELECT count(*) FROM code") == 0


@pytest.mark.parametrize("name", ["Zoë 🦊", "עדה", "李小龍", "O’Neil-Núñez", "<b>Dee</b>"])
async def test_names_of_all_kinds_are_kept_as_typed(
    browser: Browser, cast: Cast, owner: asyncpg.Connection, name: str
) -> None:
    await browser.sign_in(ANA, owner)
    await choose(browser, cast)

    await browser.post(
        f"{browser.path}/details", email="dee@example.org", first_name=name, last_name="R", phone="", note=""
    )

    assert await owner.fetchval("SELECT first_name FROM hold") == name
    assert "<b>Dee" not in browser.page.text


@pytest.mark.parametrize(
    "start", ["", "soon", "2027-02-30T10:00:00+00:00", "2026-11-24T10:00:00", "9999-12-31T23:59:00-23:59"]
)
async def test_start_that_is_no_moment_is_not_found(browser: Browser, cast: Cast, start: str) -> None:
    await browser.get("/p/harbour")
    await browser.get("/sign-in")

    await browser.post("/p/harbour/holds", service="x", practitioner="any", place="", start=start)

    assert browser.page.status_code == 404


async def test_page_of_an_old_choice_tells_what_to_do(
    browser: Browser, cast: Cast, clock: TestClock, owner: asyncpg.Connection
) -> None:
    await choose(browser, cast)
    clock.now += timedelta(hours=2)

    await browser.get(browser.path)

    assert "no longer kept for you" in browser.text
