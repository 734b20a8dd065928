"""From the front page to a page that takes bookings, step by step and there and back again."""

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg

from portal.founding.sign_up import A_DAY
from tests.browser import Browser, TestClock, code_sent_to, make_app
from tests.cast import CLEO, MONDAY, THEO

PRACTICE: dict[str, Any] = {
    "name": "Cleo’s Kneipp",
    "practitioner": "Cleo Laurent",
    "zone": "America/Toronto",
    "language": "fr",
}
SERVICE: dict[str, Any] = {"name": "First visit", "minutes": "45", "price": "80,50"}
HOURS: dict[str, Any] = {"opens": "10:00", "closes": "16:00", "city": "Toronto", "street": "1 Front Street"}
NEWCOMER = "newcomer@example.org"


async def found(browser: Browser, **more: str) -> None:
    await browser.get("/practices/new")
    await browser.post("/practices/new", **PRACTICE | more)


async def test_stranger_signs_up_a_practice_and_opens_it(
    browser: Browser, owner: asyncpg.Connection, clock: TestClock
) -> None:
    await browser.get("/")
    assert 'href="/practices/new"' in browser.text
    await browser.get("/practices/new")
    await browser.post("/practices/new/address", email=NEWCOMER)
    await browser.post(browser.path, code=await code_sent_to(NEWCOMER, owner))
    assert browser.path == "/practices/new"
    await browser.post("/practices/new", **PRACTICE, title="Therapist")
    assert browser.path == "/desk/cleo-s-kneipp/start/service"
    await browser.post(browser.path, **SERVICE)
    assert browser.path == "/desk/cleo-s-kneipp/start/hours"
    await browser.post(browser.path, **HOURS, weekday="3")
    assert browser.path == "/desk/cleo-s-kneipp/start/page"
    assert await owner.fetchval("SELECT published_at FROM practice WHERE slug = 'cleo-s-kneipp'") is None
    await browser.post("/desk/cleo-s-kneipp/start/publication")

    assert "http://localhost:8000/p/cleo-s-kneipp" in browser.text
    practice = await owner.fetchrow("SELECT * FROM practice WHERE slug = 'cleo-s-kneipp'")
    facts = [practice[name] for name in ("country", "currency", "languages", "city", "published_at")]
    assert facts == ["CA", "CAD", ["fr"], "Toronto", MONDAY]
    who = await owner.fetchrow(
        "SELECT practitioner.name, title, membership.email FROM practitioner "
        "JOIN membership ON practitioner_id = practitioner.id WHERE practitioner.tenant_id = $1",
        practice["id"],
    )
    assert tuple(who) == ("Cleo Laurent", "Therapist", NEWCOMER)
    service = await owner.fetchrow("SELECT name, duration, price FROM service WHERE tenant_id = $1", practice["id"])
    assert tuple(service) == ("First visit", timedelta(minutes=45), 8050)
    async with Browser(make_app(clock)) as visitor:
        ref = await owner.fetchval("SELECT ref FROM service WHERE tenant_id = $1", practice["id"])
        await visitor.get(f"/p/cleo-s-kneipp/book?service={ref}&practitioner=any")
        assert visitor.text.count('name="start" value="2026-11-26T') > 10  # a Thursday, the only day


async def test_form_sent_twice_at_once_founds_one_practice(cleo: Browser, owner: asyncpg.Connection) -> None:
    await cleo.get("/practices/new")
    token = cleo.page.text.partition('name="_csrf" value="')[2].partition('"')[0]

    answers = await asyncio.gather(
        *(cleo.http.post("/practices/new", data=PRACTICE | {"_csrf": token}) for _ in range(2))
    )

    assert {(each.status_code, each.headers["location"]) for each in answers} == {(303, "/desk/cleo-s-kneipp/start")}
    numbers = await owner.fetchrow(
        "SELECT (SELECT count(*) FROM practice) AS practices, (SELECT count(*) FROM practitioner) AS practitioners"
    )
    assert tuple(numbers) == (3, 4)


async def test_steps_that_are_sent_twice_or_gone_back_to_change_what_is_there(
    cleo: Browser, owner: asyncpg.Connection
) -> None:
    await found(cleo)
    here = "/desk/cleo-s-kneipp/start"
    await cleo.get(f"{here}/service")
    for minutes in ("45", "30"):
        await cleo.post(f"{here}/service", **SERVICE | {"minutes": minutes})
    for closes in ("16:00", "15:00"):
        await cleo.get(f"{here}/hours")
        await cleo.post(f"{here}/hours", **HOURS | {"closes": closes}, weekday="3")

    rows = await owner.fetch(
        "SELECT duration, opens, closes, place.name, street FROM service, opening_hours, place, practice "
        "WHERE practice.slug = 'cleo-s-kneipp' AND service.tenant_id = practice.id "
        "AND opening_hours.tenant_id = practice.id AND place.tenant_id = practice.id"
    )
    assert [tuple(row) for row in rows] == [(timedelta(minutes=30), 600, 900, "Toronto", "1 Front Street")]
    await cleo.get(f"{here}/service")
    assert all(f'value="{value}"' in cleo.text for value in ("First visit", "30", "80.50"))


async def test_steps_never_overwrite_what_the_settings_have_made_richer(
    cleo: Browser, owner: asyncpg.Connection
) -> None:
    await found(cleo)
    here = "/desk/cleo-s-kneipp/start"
    await cleo.get(f"{here}/service")
    await cleo.post(f"{here}/service", **SERVICE)
    await cleo.post(f"{here}/hours", **HOURS, weekday="3")
    await owner.execute(
        "INSERT INTO opening_hours (tenant_id, ref, practitioner_id, place_id, weekday, opens, closes) "
        "SELECT tenant_id, 'evenings', practitioner_id, place_id, 3, 1080, 1200 FROM opening_hours "
        "WHERE tenant_id = (SELECT id FROM practice WHERE slug = 'cleo-s-kneipp') LIMIT 1"
    )

    await cleo.post(f"{here}/hours", **HOURS, weekday="4")
    await cleo.get(f"{here}/hours")

    assert cleo.path == f"{here}/page"
    assert await owner.fetchval("SELECT count(*) FROM opening_hours WHERE ref = 'evenings'") == 1


async def test_whoever_stops_half_way_is_led_back(cleo: Browser) -> None:
    await found(cleo)

    await cleo.get("/practices/new")
    assert 'href="/desk/cleo-s-kneipp/start"' in cleo.text
    await cleo.get("/desk/cleo-s-kneipp/start/page")
    assert cleo.path == "/desk/cleo-s-kneipp/start/service"
    await cleo.get("/desk/cleo-s-kneipp/start/hours")
    assert cleo.path == "/desk/cleo-s-kneipp/start/service"


async def test_what_was_typed_outlives_every_error(cleo: Browser) -> None:
    await found(cleo, name="Kneipp", slug="harbour", title="Therapist", currency="EUR")
    assert cleo.page.status_code == 409
    assert "Free are: harbour-2, harbour-3, harbour-4." in cleo.text
    assert all(f'value="{value}"' in cleo.text for value in ("Kneipp", "harbour", "Therapist"))
    assert '<option value="EUR" selected>' in cleo.text

    await found(cleo, slug="no good", zone="Moon/Crater", name="")
    assert cleo.page.status_code == 422
    assert cleo.text.count('class="error"') == 3

    await found(cleo)
    await cleo.post("/desk/cleo-s-kneipp/start/service", name="", minutes="3", price="cheap")
    assert (cleo.page.status_code, cleo.text.count('class="error"')) == (422, 3)
    await cleo.post("/desk/cleo-s-kneipp/start/service", **SERVICE)
    await cleo.post("/desk/cleo-s-kneipp/start/hours", opens="18:00", closes="09:00", city="Lyon", weekday="6")
    assert (cleo.page.status_code, 'value="Lyon"' in cleo.text) == (422, True)
    await cleo.post("/desk/cleo-s-kneipp/start/hours", opens="9", closes="25:00", city="")
    assert (cleo.page.status_code, cleo.text.count('class="error"')) == (422, 4)


async def test_example_fills_the_form_without_scripts(cleo: Browser) -> None:
    await found(cleo)

    await cleo.get("/desk/cleo-s-kneipp/start/service?name=Follow-up&minutes=30")

    assert 'value="Follow-up"' in cleo.text
    assert 'value="30"' in cleo.text


async def test_so_many_a_day_and_no_more(cleo: Browser, owner: asyncpg.Connection, clock: TestClock) -> None:
    statuses = []
    for number in range(A_DAY + 1):
        await found(cleo, name=f"Kneipp {number}")
        statuses.append(cleo.page.status_code)
    clock.now = MONDAY + timedelta(days=1)
    await found(cleo, name="Kneipp of Tuesday")

    assert statuses == [200] * A_DAY + [429]
    assert await owner.fetchval("SELECT count(*) FROM practice WHERE email = $1", CLEO) == A_DAY + 1


async def test_only_its_admins_walk_the_steps(cleo: Browser, owner: asyncpg.Connection, clock: TestClock) -> None:
    await found(cleo)
    async with Browser(make_app(clock)) as theo:
        await theo.sign_in(THEO, owner)
        for page in ("start", "start/service", "start/hours", "start/page", "checklist"):
            assert (await theo.get(f"/desk/cleo-s-kneipp/{page}")).status_code == 404
            assert (await theo.get(f"/desk/harbour/{page}")).status_code == 404  # a professional


async def test_zone_is_guessed_where_the_country_has_but_one(browser: Browser, owner: asyncpg.Connection) -> None:
    await browser.sign_in(CLEO, owner)

    await browser.get("/practices/new", headers={"accept-language": "fr-FR"})

    assert '<option value="Europe/Paris" selected>' in browser.text
