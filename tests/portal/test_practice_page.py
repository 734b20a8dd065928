"""A practice's page as strangers, readers of other languages and its own members find it."""

import asyncpg
import httpx

from tests.browser import ORIGIN, Browser, TestClock, make_app
from tests.cast import ANA, LEA, NORA, Cast
from tests.factories import insert

CLOSED_DOORS = (
    "/p/harbour",
    "/p/harbour/book",
    "/p/harbour/embed/auto/book",
    "/p/harbour/open-times?service={service}&day=2026-11-24",
    "/p/harbour/open-days?service={service}&month=2026-11-01",
)


async def test_page_says_it_in_the_language_of_its_reader(
    browser: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await owner.execute("UPDATE practice SET about = 'By the water.' WHERE slug = 'harbour'")
    await insert(owner, "practice_text", tenant_id=cast.harbour.tenant.id, language="fr", about="Au bord de l’eau.")
    await insert(owner, "practice_text", tenant_id=cast.harbour.tenant.id, language="es", about="Junto al agua.")

    told = {}
    for language in ("en", "fr", "es"):
        for path in ("/p/harbour", "/"):
            said = (await browser.get(f"{path}?lang={language}")).text
            told[language, path] = [
                words for words in ("By the water.", "Au bord de l’eau.", "Junto al agua.") if words in said
            ]

    assert told == {
        ("en", "/p/harbour"): ["By the water."],
        ("en", "/"): ["By the water."],
        ("fr", "/p/harbour"): ["Au bord de l’eau."],
        ("fr", "/"): ["Au bord de l’eau."],
        ("es", "/p/harbour"): ["By the water."],  # spoken no more, so what was said in it rests
        ("es", "/"): ["By the water."],
    }


async def test_page_names_its_languages(browser: Browser) -> None:
    await browser.get("/p/meadow")

    assert '<span lang="fr">Français</span> · <span lang="en">English</span>' in browser.text


async def test_zone_is_named_to_whoever_lives_by_another(browser: Browser, owner: asyncpg.Connection) -> None:
    await owner.execute("UPDATE person SET zone = 'Europe/Paris' WHERE first_name = 'Ana'")
    stranger = "All times are in" in (await browser.get("/p/harbour")).text
    await browser.sign_in(ANA, owner)

    told = ["All times are in" in (await browser.get(path)).text for path in ("/p/harbour", "/p/meadow")]

    assert (stranger, told) == (False, [True, False])


async def test_unpublished_practice_is_there_for_its_members_alone(
    browser: Browser, cast: Cast, clock: TestClock, owner: asyncpg.Connection
) -> None:
    await owner.execute("UPDATE practice SET published_at = NULL WHERE slug = 'harbour'")
    service = cast.harbour.services["Follow-up"]["ref"]
    doors = [path.replace("{service}", service) for path in CLOSED_DOORS]

    told = {"": [(await browser.get(path)).status_code for path in doors]}
    for email in (ANA, LEA, NORA):
        async with Browser(make_app(clock)) as other:
            await other.sign_in(email, owner)
            told[email] = [(await other.get(path)).status_code for path in doors]
            if email == NORA:
                assert "Only the members of Harbour Physiotherapy see this page" in (await other.get("/p/harbour")).text

    nobody = [404] * 5
    assert told == {"": nobody, ANA: nobody, LEA: nobody, NORA: [200, 200, 404, 404, 404]}
    assert "Harbour" not in (await browser.get("/")).text


async def test_booking_ends_when_the_page_is_taken_back(
    browser: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    service = cast.harbour.services["Follow-up"]["ref"]
    await browser.get(f"/p/harbour/book?service={service}&day=2026-11-24")
    await browser.post(
        "/p/harbour/holds", service=service, practitioner="any", place="", start="2026-11-24T10:00:00-05:00"
    )
    await owner.execute("UPDATE practice SET published_at = NULL WHERE slug = 'harbour'")
    browser.app.state.signs.forget("harbour")

    await browser.post(f"{browser.path}/details", email="cleo@example.org", first_name="Cleo", last_name="L")

    assert browser.page.status_code == 404
    assert await owner.fetchval("SELECT count(*) FROM code") == 0


async def test_former_address_leads_on(browser: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await owner.execute("UPDATE practice SET slug = 'pier' WHERE slug = 'harbour'")
    await browser.sign_in(NORA, owner)
    asked = (
        "/p/harbour",
        "/p/harbour/book?service=x&day=2026-11-24",
        "/p/harbour/embed?lang=fr",
        "/desk/harbour/hours",
    )

    told = [await browser.http.get(path) for path in asked]
    sent = await browser.http.post("/p/harbour/holds", data={"start": "x"})

    assert [(answer.status_code, answer.headers["location"]) for answer in (*told, sent)] == [
        (308, "/p/pier"),
        (308, "/p/pier/book?service=x&day=2026-11-24"),
        (308, "/p/pier/embed?lang=fr"),
        (308, "/desk/pier/hours"),
        (308, "/p/pier/holds"),
    ]
    assert {answer.headers["cache-control"] for answer in told} == {"no-store"}


async def test_former_address_leads_on_within_the_portal_alone(browser: Browser, owner: asyncpg.Connection) -> None:
    await owner.execute("UPDATE practice SET slug = 'pier' WHERE slug = 'harbour'")

    for path in ("/p/harbour/%2F%2Fevil.example", "/p/harbour//evil.example", "/p/harbour/book%0d%0aset-cookie:x"):
        answer = await browser.http.get(path)
        there = httpx.URL(ORIGIN).join(answer.headers.get("location", "/"))
        assert (there.host, "set-cookie" in answer.headers) == ("localhost", False), path


async def test_twilio_is_heard_at_a_former_address(cast: Cast, owner: asyncpg.Connection, clock: TestClock) -> None:
    """It signs the address that it was told, so nothing may lead it elsewhere."""
    await owner.execute("UPDATE practice SET slug = 'pier' WHERE slug = 'harbour'")
    async with Browser(make_app(clock)) as browser:
        found = await browser.app.state.signs.find("harbour")

    assert (found.id, found.slug) == (cast.harbour.tenant.id, "pier")


async def test_colour_s_address_holds_the_colour(browser: Browser) -> None:
    """A process that remembers the one before must not have it kept for a year under the new one's address."""
    told = {
        query: (answer.text, answer.headers["cache-control"])
        for query in ("?v=ffcc00", "", "?v=red")
        if (answer := await browser.get(f"/p/harbour/accent.css{query}"))
    }

    own = (".practice-harbour { --accent: #0f5c6e }\n", "no-cache")
    lasting = "public, max-age=31536000, immutable"
    assert told == {"?v=ffcc00": (".practice-harbour { --accent: #ffcc00 }\n", lasting), "": own, "?v=red": own}
