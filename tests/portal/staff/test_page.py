"""What an admin makes of the practice's own page, and what becomes of it where clients look."""

import re
from typing import Any

import asyncpg
import pytest

from tests.browser import ORIGIN, Browser
from tests.cast import ANA, Cast
from tests.factories import insert
from tests.photos import encoded, four_corners, opened
from tests.portal.staff.forms import seen_in

PAGE = "/desk/harbour/page"
PARTS = ("", "/words", "/contact", "/address", "/colour", "/logo", "/languages", "/zone", "/publication", "/website")
CONTACT: dict[str, Any] = {
    "city": "Toronto",
    "email": "Desk@Harbour.example",
    "phone": "416 555 0199",
    "website": "www.harbour.example/book",
    "country": "CA",
    "currency": "CAD",
}


async def of_harbour(owner: asyncpg.Connection, *names: str) -> tuple[Any, ...]:
    return tuple(await owner.fetchrow(f"SELECT {', '.join(names)} FROM practice ORDER BY id LIMIT 1"))


async def test_only_admins_make_the_page(theo: Browser) -> None:
    assert {(await theo.get(f"{PAGE}{part}")).status_code for part in PARTS} == {404}


async def test_name_and_words_are_kept_for_each_language(nora: Browser, owner: asyncpg.Connection) -> None:
    await nora.get(f"{PAGE}/words")

    await nora.post(nora.path, seen=seen_in(nora), name="Harbour Physio", about_en="Backs.\nKnees.", about_fr="Le dos.")

    assert "Saved." in nora.text
    assert await of_harbour(owner, "name", "about") == ("Harbour Physio", "Backs.\nKnees.")
    assert [tuple(row) for row in await owner.fetch("SELECT language, about FROM practice_text")] == [("fr", "Le dos.")]
    assert "Le dos." in (await nora.get("/p/harbour?lang=fr")).text


async def test_words_saved_meanwhile_are_not_overwritten_unread(nora: Browser, owner: asyncpg.Connection) -> None:
    await nora.get(f"{PAGE}/words")
    seen = seen_in(nora)
    await nora.post(nora.path, seen=seen, name="Harbour", about_en="First.", about_fr="")
    await nora.get(f"{PAGE}/words")

    await nora.post(f"{PAGE}/words", seen=seen, name="Harbour", about_en="Second.", about_fr="")

    assert nora.page.status_code == 409
    assert "Second." in nora.text
    assert await of_harbour(owner, "about") == ("First.",)
    await nora.post(f"{PAGE}/words", seen=seen_in(nora), name="Harbour", about_en="Second.", about_fr="")
    assert await of_harbour(owner, "about") == ("Second.",)


async def test_contact_is_read_as_people_type_it(nora: Browser, owner: asyncpg.Connection) -> None:
    await nora.get(f"{PAGE}/contact")

    await nora.post(nora.path, seen=seen_in(nora), **CONTACT)

    assert "Saved." in nora.text
    assert await of_harbour(owner, "email", "phone", "website") == (
        "desk@harbour.example",
        "+14165550199",
        "https://www.harbour.example/book",
    )


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("website", "javascript:alert(1)"),
        ("website", "javascript://www.example.org/%0aalert(1)"),
        ("website", "not one"),
        ("website", "https://user@example.org"),
        ("website", "http://["),
        ("email", "nobody"),
        ("phone", "ring twice"),
        ("country", "XX"),
        ("currency", "GOLD"),
    ],
)
async def test_contact_that_is_none_is_told_at_its_field(
    nora: Browser, owner: asyncpg.Connection, field: str, typed: str
) -> None:
    before = await of_harbour(owner, field)
    await nora.get(f"{PAGE}/contact")

    await nora.post(nora.path, seen=seen_in(nora), **CONTACT | {field: typed})

    assert nora.page.status_code == 422
    assert f'id="error-{field}"' in nora.page.text
    assert await of_harbour(owner, field) == before


async def test_address_changes_and_the_old_one_leads_to_it(nora: Browser, owner: asyncpg.Connection) -> None:
    await nora.get(f"{PAGE}/address")

    await nora.post(nora.path, seen=seen_in(nora), slug=f"{ORIGIN}/p/Harbour-Physio/")

    assert nora.path == "/desk/harbour-physio/page/address?saved=yes"
    assert "/p/harbour</li>" in nora.page.text
    await nora.get("/p/harbour/book")
    assert (nora.page.status_code, nora.path) == (200, "/p/harbour-physio/book")


async def test_taken_address_is_refused_with_free_ones_beside_it(nora: Browser, owner: asyncpg.Connection) -> None:
    await owner.execute("UPDATE practice SET city = 'Montréal' WHERE slug = 'harbour'")
    await nora.get(f"{PAGE}/address")

    await nora.post(nora.path, seen=seen_in(nora), slug="meadow")

    assert nora.page.status_code == 409
    assert "“meadow” belongs to another practice" in nora.text
    free = re.findall(r'name="take" value="([^"]+)"', nora.page.text)
    assert free == ["meadow-montreal", "meadow-harbour-physiotherapy", "montreal"]
    await nora.post(nora.path, seen=seen_in(nora), slug="meadow", take=free[0])
    assert await of_harbour(owner, "slug") == ("meadow-montreal",)


@pytest.mark.parametrize("slug", ["ab", "a" * 41, "two words", "-harbour", "har--bour", "hâvre", "www", "sign-in", "."])
async def test_address_that_cannot_be_is_told(nora: Browser, owner: asyncpg.Connection, slug: str) -> None:
    await nora.get(f"{PAGE}/address")

    await nora.post(nora.path, seen=seen_in(nora), slug=slug)

    assert nora.page.status_code == 422
    assert 'id="error-slug"' in nora.page.text
    assert await of_harbour(owner, "slug") == ("harbour",)


async def test_colour_is_looked_at_before_it_is_kept(nora: Browser, owner: asyncpg.Connection) -> None:
    await nora.get(f"{PAGE}/colour")
    seen = seen_in_colour(nora)

    await nora.post(f"{PAGE}/colour/preview", seen=seen, accent="#FC0")

    assert nora.page.status_code == 200
    assert "White letters on it: 1.5 : 1" in nora.text
    assert 'name="take" value="#9e6d00"' in nora.page.text
    assert await of_harbour(owner, "accent") == ("#0f5c6e",)


async def test_pale_colour_is_kept_as_the_nearest_that_can_be_read(nora: Browser, owner: asyncpg.Connection) -> None:
    await nora.get(f"{PAGE}/colour")
    seen = seen_in_colour(nora)

    await nora.post(f"{PAGE}/colour", seen=seen, accent="#ffcc00")
    refused = (nora.page.status_code, "nearest shade on which they can be read is #9e6d00" in nora.text)
    await nora.post(f"{PAGE}/colour/preview", seen=seen, accent="#ffcc00", take="#9e6d00")
    shown = 'name="accent" type="text" value="#9e6d00"' in nora.page.text
    await nora.post(f"{PAGE}/colour", seen=seen, accent="#9e6d00")

    assert (refused, shown) == ((422, True), True)
    assert await of_harbour(owner, "accent") == ("#9e6d00",)
    assert "accent.css?v=9e6d00" in nora.page.text


@pytest.mark.parametrize("typed", ["red", "#12345", "#gggggg", "0f5c6e; }", ""])
async def test_colour_that_is_none_is_told_at_its_field(nora: Browser, owner: asyncpg.Connection, typed: str) -> None:
    await nora.get(f"{PAGE}/colour")
    seen = seen_in_colour(nora)

    for path in (f"{PAGE}/colour", f"{PAGE}/colour/preview"):
        await nora.post(path, seen=seen, accent=typed)
        assert 'id="error-accent"' in nora.page.text, path

    assert await of_harbour(owner, "accent") == ("#0f5c6e",)


async def choose_logo(browser: Browser, sent: bytes, name: str = "logo.png") -> None:
    await browser.get(f"{PAGE}/logo")
    token = re.findall(r'name="_csrf" value="([^"]*)"', browser.page.text)[0]
    browser.page = await browser.http.post(
        f"{PAGE}/logo", data={"_csrf": token}, files={"logo": (name, sent)}, follow_redirects=True
    )


async def test_logo_is_shown_to_everybody_and_taken_away_again(
    nora: Browser, browser: Browser, owner: asyncpg.Connection
) -> None:
    await choose_logo(nora, encoded(four_corners(1000, 500), "PNG"))
    (name,) = await of_harbour(owner, "logo")
    shown = [(await browser.get(path)).text.count(f"/logo/{name}/") for path in ("/", "/p/harbour")]
    pictures = [await browser.get(f"/p/harbour/logo/{name}/{size}") for size in ("large", "small")]

    assert shown == [1, 1]
    assert [opened(picture.content).size for picture in pictures] == [(512, 256), (128, 64)]
    assert {picture.headers["content-type"] for picture in pictures} == {"image/png"}
    assert {picture.headers["cache-control"] for picture in pictures} == {"public, max-age=31536000, immutable"}
    for path in (f"/p/meadow/logo/{name}/large", f"/p/harbour/logo/{name}/huge", "/p/harbour/logo//large"):
        assert (await browser.get(path)).status_code == 404, path

    await nora.get(f"{PAGE}/logo/removal")
    await nora.post(nora.path)
    assert await of_harbour(owner, "logo") == ("",)
    assert (await browser.get(f"/p/harbour/logo/{name}/large")).status_code == 404


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 422, "cannot be read as a logo"),
        (b"", 422, "choose a file first"),
        (b"x" * (5 * 1024 * 1024 + 1), 413, "too large: 5 MB at most"),
    ],
)
async def test_file_that_is_no_logo_is_told(
    nora: Browser, owner: asyncpg.Connection, sent: bytes, status: int, words: str
) -> None:
    await choose_logo(nora, sent)

    assert nora.page.status_code == status
    assert words in nora.text
    assert await of_harbour(owner, "logo") == ("",)


async def test_languages_change_places_with_their_words(nora: Browser, owner: asyncpg.Connection) -> None:
    await owner.execute("UPDATE practice SET about = 'Backs.' WHERE slug = 'harbour'")
    tenant = (await of_harbour(owner, "id"))[0]
    await insert(owner, "practice_text", tenant_id=tenant, language="fr", about="Le dos.")

    await nora.get(f"{PAGE}/languages")
    await nora.post(nora.path, seen=seen_in(nora), first="fr")
    french = await of_harbour(owner, "languages", "about")
    await nora.post(f"{PAGE}/languages", seen=seen_in(nora), first="en", also="es")

    assert french == (["fr"], "Le dos.")
    assert await of_harbour(owner, "languages", "about") == (["en", "es"], "Backs.")
    kept = await owner.fetch("SELECT language, about FROM practice_text ORDER BY language")
    assert [tuple(row) for row in kept] == [("en", "Backs."), ("fr", "Le dos.")]


async def test_new_language_says_which_own_words_are_missing(nora: Browser, owner: asyncpg.Connection) -> None:
    tenant = (await of_harbour(owner, "id"))[0]
    for language in ("en", "fr"):
        text = {"language": language, "subject": "", "body": "{link}"}
        await insert(owner, "message_text", tenant_id=tenant, kind="reminder", channel="sms", **text)
    before = "not written in each language" in (await nora.get(f"{PAGE}/languages")).text

    await nora.post(nora.path, seen=seen_in(nora), first="en", also="es")

    assert (before, "not written in each language" in nora.text) == (False, True)
    assert re.search(r'href="/desk/harbour/reminders/texts/reminder/sms">Reminder · SMS</a> – Español', nora.text)


@pytest.mark.parametrize("fields", [{}, {"first": "xx"}, {"first": "en", "also": "xx"}])
async def test_language_of_nobody_is_told(nora: Browser, owner: asyncpg.Connection, fields: dict[str, Any]) -> None:
    await nora.get(f"{PAGE}/languages")

    await nora.post(nora.path, seen=seen_in(nora), **fields)

    assert nora.page.status_code == 422
    assert await of_harbour(owner, "languages") == (["en", "fr"],)


async def test_zone_is_told_before_it_is_changed(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    harbour = cast.harbour
    await harbour.appointment(ANA, "Follow-up", "Nora Blake", harbour.at(2026, 11, 25, 10))
    times = {"starts_at": harbour.at(2026, 12, 25), "ends_at": harbour.at(2026, 12, 26)}
    await insert(owner, "closure", tenant_id=harbour.tenant.id, ref="aholiday", reason="Christmas", **times)

    await nora.get(f"{PAGE}/zone?zone=America/Vancouver")

    told = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", nora.text))
    assert "so far: Wednesday, November 25, 2026 at 10:00 a.m. then: Wednesday, November 25, 2026 at 7:00 a.m." in told
    assert "Christmas so far: Friday, December 25, 2026 at 12:00 a.m. then: Thursday, December 24, 2026 at 9:00" in told
    assert await of_harbour(owner, "zone") == ("America/Toronto",)

    await nora.post(f"{PAGE}/zone", zone="America/Vancouver", seen=seen_in(nora), whole_days="yes")

    assert await of_harbour(owner, "zone") == ("America/Vancouver",)
    assert await owner.fetchval("SELECT starts_at FROM appointment") == harbour.at(2026, 11, 25, 10)
    closed = await owner.fetchrow("SELECT starts_at, ends_at FROM closure")
    assert [at.isoformat() for at in closed] == ["2026-12-25T08:00:00+00:00", "2026-12-26T08:00:00+00:00"]


async def test_zone_told_of_an_older_state_is_told_again(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await nora.get(f"{PAGE}/zone?zone=America/Vancouver")
    seen = seen_in(nora)
    times = {"starts_at": cast.harbour.at(2026, 12, 25), "ends_at": cast.harbour.at(2026, 12, 26)}
    await insert(owner, "closure", tenant_id=cast.harbour.tenant.id, ref="aholiday", **times)

    await nora.post(f"{PAGE}/zone", zone="America/Vancouver", seen=seen)

    assert nora.page.status_code == 409
    assert await of_harbour(owner, "zone") == ("America/Toronto",)


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "UTC\0"])
async def test_zone_that_is_none_is_told(nora: Browser, owner: asyncpg.Connection, zone: str) -> None:
    await nora.get(f"{PAGE}/zone?zone={zone.replace(chr(0), '%00')}")
    asked = nora.page.status_code

    await nora.post(f"{PAGE}/zone", zone=zone, seen="")

    assert (asked, nora.page.status_code) == (422, 422)
    assert await of_harbour(owner, "zone") == ("America/Toronto",)


async def test_page_is_taken_back_and_published_again(
    nora: Browser, browser: Browser, owner: asyncpg.Connection
) -> None:
    told = []
    for wanted in ("closed", "open"):
        await nora.get(f"{PAGE}/publication")
        await nora.post(nora.path, wanted=wanted)
        told.append(((await browser.get("/p/harbour")).status_code, "Publish it" in (await nora.get(PAGE)).text))

    assert told == [(404, True), (200, False)]


async def test_code_for_one_s_own_site_says_what_was_chosen(nora: Browser, cast: Cast) -> None:
    service = cast.harbour.services["Follow-up"]["ref"]

    await nora.get(f"{PAGE}/website?service={service}&language=fr&colour=%237a3e6d")

    code = f'src="{ORIGIN}/p/harbour/embed.js" data-service="{service}" data-lang="fr" data-colour="7a3e6d"'
    assert code in nora.text
    assert f'<iframe src="{ORIGIN}/p/harbour/embed?service={service}&amp;lang=fr&amp;colour=7a3e6d"' in nora.text
    assert nora.page.headers["content-security-policy"].endswith("; frame-src 'self'")


async def test_code_holds_no_other_tag(nora: Browser, owner: asyncpg.Connection) -> None:
    await owner.execute("""UPDATE practice SET name = '"><script>alert(1)</script>' WHERE slug = 'harbour'""")
    nora.app.state.signs.forget("harbour")

    await nora.get(f"{PAGE}/website?colour=%3Cscript%3E")
    assert nora.page.status_code == 422
    await nora.get(f"{PAGE}/website")

    assert "<script>alert" not in nora.page.text
    assert "<script>alert" not in nora.text.split("</textarea>")[0].split("<textarea")[1]


def seen_in_colour(browser: Browser) -> str:
    found: str = re.findall(r'name="seen" value="([^"]*)"', browser.page.text)[0]
    return found
