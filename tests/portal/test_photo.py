"""One's photo on its page: nothing is kept before Save, nothing bad gets in, and nobody else ever sees it."""

import asyncio
import re
from collections.abc import Callable
from datetime import timedelta

import asyncpg
import httpx
import pytest
from PIL import Image

from portal.client.photo import CHOICES_AN_HOUR, LARGEST
from portal.messages.prune import prune
from portal.people.address_undo import undo_change
from portal.people.addresses import merge_accounts
from portal.people.photos import DRAFT_LIFE, choose_photo, find_photo, own_photos, save_photo
from tests.browser import Browser, TestClock, make_app
from tests.cast import ANA, BEN, CLEO, Cast
from tests.photos import BLUE, GREEN, RED, WHITE, corners, encoded, four_corners, opened

PAGE = "/profile/photo"
SHOWN = re.compile(r'name="shown" value="([^"]+)"')
IMAGE = re.compile(r'<img class="photo[^>]* src="([^"]+)"')
UPRIGHT, TURNED = (RED, GREEN, BLUE, WHITE), (BLUE, RED, WHITE, GREEN)


@pytest.fixture
async def ana(browser: Browser, owner: asyncpg.Connection) -> Browser:
    await browser.sign_in(ANA, owner)
    await browser.get(PAGE)
    return browser


async def chooses(browser: Browser, sent: bytes, name: str = "me.jpg", token: str | None = None) -> httpx.Response:
    if token is None:
        token = re.findall(r'name="_csrf" value="([^"]+)"', browser.page.text)[0]
    browser.page = await browser.http.post(
        PAGE, data={"_csrf": token}, files={"photo": (name, sent)}, follow_redirects=True
    )
    return browser.page


async def presses(browser: Browser, what: str) -> None:
    found = SHOWN.search(browser.page.text)
    await browser.post(f"{PAGE}/{what}", shown=found[1] if found else "")


async def saves(browser: Browser, sent: bytes | None = None) -> str:
    """The address of the picture."""
    await chooses(browser, sent or encoded(four_corners(), "JPEG"))
    await presses(browser, "save")
    return image_of(browser)


def image_of(browser: Browser) -> str:
    found: str = IMAGE.findall(browser.page.text)[0]
    return found


async def seen(browser: Browser) -> tuple[tuple[int, ...], ...]:
    """What the page shows."""
    return corners(opened((await browser.http.get(image_of(browser))).content))


async def rows(owner: asyncpg.Connection) -> list[tuple[str, bool]]:
    """Whose, and whether it is kept."""
    found = await owner.fetch(
        "SELECT first_name, kept_at FROM photo JOIN person ON person.id = person_id ORDER BY photo.id"
    )
    return [(row["first_name"], row["kept_at"] is not None) for row in found]


async def test_photo_is_seen_before_it_is_saved(ana: Browser, owner: asyncpg.Connection) -> None:
    empty = IMAGE.search(ana.page.text)

    await chooses(ana, encoded(four_corners(), "JPEG"))
    draft, shown = await rows(owner), await seen(ana)
    await ana.get("/profile")
    elsewhere = IMAGE.search(ana.page.text)
    await ana.get(PAGE)
    await presses(ana, "save")
    kept = await rows(owner)
    await ana.get("/profile")

    assert (empty, draft, shown) == (None, [("Ana", False)], UPRIGHT)
    assert (elsewhere, kept) == (None, [("Ana", True)])
    assert opened((await ana.http.get(image_of(ana))).content).size == (96, 96)


async def test_photo_turns_as_often_as_wanted(ana: Browser) -> None:
    await chooses(ana, encoded(four_corners(), "PNG"))
    ways = [await seen(ana)]

    for _ in range(4):
        await presses(ana, "turn")
        ways.append(await seen(ana))

    assert ways[0] == ways[4] == UPRIGHT
    assert ways[1] == TURNED
    assert len(set(ways)) == 4


async def test_saved_photo_turns_only_once_that_is_saved(ana: Browser, owner: asyncpg.Connection) -> None:
    before = await saves(ana)

    await presses(ana, "turn")
    draft, meanwhile = await seen(ana), corners(opened((await ana.http.get(before)).content))
    await presses(ana, "save")

    assert (draft, meanwhile) == (TURNED, UPRIGHT)
    assert (await seen(ana), await rows(owner)) == (TURNED, [("Ana", True)])
    assert (await ana.http.get(before)).status_code == 404


async def test_second_click_turns_no_further(ana: Browser) -> None:
    await chooses(ana, encoded(four_corners(), "PNG"))
    shown = SHOWN.findall(ana.page.text)[0]

    await asyncio.gather(*(ana.post(f"{PAGE}/turn", shown=shown) for _ in range(2)))
    await ana.get(PAGE)

    assert await seen(ana) == TURNED


async def test_second_click_saves_once(ana: Browser, owner: asyncpg.Connection) -> None:
    await chooses(ana, encoded(four_corners(), "PNG"))
    shown = SHOWN.findall(ana.page.text)[0]

    for _ in range(2):
        await asyncio.gather(*(ana.post(f"{PAGE}/save", shown=shown) for _ in range(2)))

    assert (ana.path, await rows(owner)) == (f"{PAGE}?done=saved", [("Ana", True)])


async def test_what_was_not_seen_is_not_saved(ana: Browser, owner: asyncpg.Connection) -> None:
    """Another tab has turned it meanwhile."""
    await chooses(ana, encoded(four_corners(), "PNG"))
    shown = SHOWN.findall(ana.page.text)[0]
    await presses(ana, "turn")

    await ana.post(f"{PAGE}/save", shown=shown)

    assert (ana.page.status_code, await rows(owner)) == (409, [("Ana", False)])
    assert await seen(ana) == TURNED


async def test_new_photo_takes_the_place_of_the_old_one(ana: Browser, owner: asyncpg.Connection) -> None:
    first = await saves(ana)
    green = Image.new("RGB", (200, 200), GREEN)

    await chooses(ana, encoded(green, "WEBP"))
    await presses(ana, "discard")
    still = await seen(ana)
    second = await saves(ana, encoded(green, "WEBP"))

    assert (still, await seen(ana), await rows(owner)) == (UPRIGHT, (GREEN,) * 4, [("Ana", True)])
    assert first != second


async def test_photo_is_removed_once_asked(ana: Browser, owner: asyncpg.Connection) -> None:
    picture = await saves(ana)

    await ana.get(f"{PAGE}/removal")
    asked = await rows(owner)
    await ana.post(f"{PAGE}/removal")

    assert (asked, await rows(owner)) == ([("Ana", True)], [])
    assert (ana.path, "The photo is removed." in ana.text) == (f"{PAGE}?done=removed", True)
    assert (await ana.http.get(picture)).status_code == 404
    assert (await ana.get(f"{PAGE}/removal")).url.path == PAGE


BAD: dict[str, Callable[[], bytes]] = {
    "nothing.jpg": lambda: b"",
    "text.jpg": lambda: b"Dear diary,\n" * 100,
    "truncated.jpg": lambda: encoded(four_corners(), "JPEG")[:-400],
    "drawing.svg": lambda: b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "moving.gif": lambda: encoded(four_corners(), "GIF"),
    "bomb.png": lambda: encoded(Image.new("1", (10_000, 10_000)), "PNG"),
    "page.html": lambda: b"<!doctype html><script>alert(1)</script>",
}


@pytest.mark.parametrize("name", BAD)
async def test_what_is_no_photo_is_said_beside_its_field(ana: Browser, owner: asyncpg.Connection, name: str) -> None:
    """What was kept stays, and so does what was being looked at."""
    await saves(ana)
    await chooses(ana, encoded(four_corners(), "PNG"))

    await chooses(ana, BAD[name](), name)

    assert (ana.page.status_code, 'id="error-photo"' in ana.page.text) == (422, True)
    assert await rows(owner) == [("Ana", True), ("Ana", False)]
    assert (await ana.get(PAGE)).status_code == 200


async def test_form_without_a_file_asks_for_one(ana: Browser, owner: asyncpg.Connection) -> None:
    await ana.post(PAGE)
    without = (ana.page.status_code, "Please choose a file first." in ana.text)
    await chooses(ana, b"", "")  # as browsers send a field that was left empty

    assert without == (422, True)
    assert (ana.page.status_code, await rows(owner)) == (422, [])


@pytest.mark.parametrize("too_many", [1, 100_000, 5_000_000])
async def test_file_over_ten_megabytes_is_refused(ana: Browser, owner: asyncpg.Connection, too_many: int) -> None:
    sent = encoded(four_corners(), "JPEG")

    await chooses(ana, sent + b"\0" * (LARGEST + too_many - len(sent)))
    refused = (ana.page.status_code, "10 MB at most" in ana.text, 'id="error-photo"' in ana.page.text)
    await ana.get(PAGE)
    await chooses(ana, sent + b"\0" * (LARGEST - len(sent)))

    assert refused == (413, True, True)
    assert (ana.page.status_code, await rows(owner)) == (200, [("Ana", False)])


@pytest.mark.parametrize("token", ["", "0" * 40])
async def test_photo_from_another_site_is_refused(ana: Browser, owner: asyncpg.Connection, token: str) -> None:
    await chooses(ana, encoded(four_corners(), "JPEG"), token=token)

    assert (ana.page.status_code, await rows(owner)) == (403, [])


BROKEN = b'--b\r\nContent-Disposition: form-data; name="_csrf"\r\n\r\n\xff\r\n--b--'


@pytest.mark.parametrize("body", [b"--b\r\n", BROKEN])
async def test_form_that_is_none_is_no_crash(ana: Browser, body: bytes) -> None:
    answer = await ana.http.post(PAGE, content=body, headers={"content-type": "multipart/form-data; boundary=b"})

    assert answer.status_code == 400


async def test_photos_are_not_tried_without_end(ana: Browser) -> None:
    for _ in range(CHOICES_AN_HOUR):
        await chooses(ana, b"text")

    await chooses(ana, encoded(four_corners(), "JPEG"))

    assert ana.page.status_code == 429


async def test_saved_photo_is_cached_by_its_person_alone(ana: Browser) -> None:
    await chooses(ana, encoded(four_corners(), "JPEG"))
    draft = await ana.http.get(image_of(ana))
    await presses(ana, "save")

    kept = await ana.http.get(image_of(ana))
    again = await ana.http.get(image_of(ana), headers={"if-none-match": kept.headers["etag"]})

    assert draft.headers["cache-control"] == "no-store"
    assert kept.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert (kept.headers["content-type"], kept.headers["x-content-type-options"]) == ("image/webp", "nosniff")
    assert (again.status_code, again.content) == (304, b"")


async def test_nobody_else_sees_it(ana: Browser, owner: asyncpg.Connection, cast: Cast, clock: TestClock) -> None:
    """Signed in or not, as a draft or saved: there is nothing to be found."""
    await chooses(ana, encoded(four_corners(), "JPEG"))
    shown = SHOWN.findall(ana.page.text)[0]
    async with Browser(make_app(clock)) as ben, Browser(make_app(clock)) as stranger:
        await ben.sign_in(BEN, owner)
        await ben.get(PAGE)
        told = []
        for _ in ("draft", "kept"):
            told += [(await each.http.get(image_of(ana))).status_code for each in (ben, stranger)]
            for what in ("turn", "save", "discard", "removal"):
                await ben.post(f"{PAGE}/{what}", shown=shown)
                await ben.get(PAGE)
            await presses(ana, "save")

        assert (told, await rows(owner)) == ([404] * 4, [("Ana", True)])
        assert image_of(ana) not in ben.page.text
        assert [(await ana.http.get(f"/photos/{shown}/{size}")).status_code for size in ("large", "huge")] == [200, 404]


async def test_draft_is_forgotten_after_an_hour(
    ana: Browser, owner: asyncpg.Connection, clock: TestClock, cast: Cast
) -> None:
    await saves(ana)
    await chooses(ana, encoded(Image.new("RGB", (9, 9), GREEN), "PNG"))
    picture, shown = image_of(ana), SHOWN.findall(ana.page.text)[0]
    clock.now += DRAFT_LIFE - timedelta(seconds=1)
    await prune(clock.now)
    young = (await rows(owner), (await own_photos(cast.ana["id"], clock.now)).draft)
    clock.now += timedelta(seconds=1)

    await ana.post(f"{PAGE}/save", shown=shown)
    refused = (ana.page.status_code, (await ana.http.get(picture)).status_code, await seen(ana))
    await prune(clock.now)

    assert young == ([("Ana", True), ("Ana", False)], shown)
    assert (refused, await rows(owner)) == ((409, 404, UPRIGHT), [("Ana", True)])


@pytest.mark.parametrize(
    ("having", "then", "undone"),
    [
        ([BEN], {"Cleo": GREEN}, {"Ben": GREEN}),
        ([CLEO], {"Cleo": RED}, {"Cleo": RED}),
        ([BEN, CLEO], {"Cleo": RED, "Ben": GREEN}, {"Cleo": RED, "Ben": GREEN}),
    ],
)
async def test_photo_of_who_stays_outlives_a_merge(
    cast: Cast,
    clock: TestClock,
    owner: asyncpg.Connection,
    having: list[str],
    then: dict[str, object],
    undone: dict[str, object],
) -> None:
    """Whoever stays without one takes over the other's, until the merge is undone."""
    for email, person, colour in ((BEN, cast.ben, GREEN), (CLEO, cast.cleo, RED)):
        if email in having:
            await choose_photo(person["id"], encoded(Image.new("RGB", (9, 9), colour), "PNG"), clock.now)
            draft = (await own_photos(person["id"], clock.now)).draft
            assert draft is not None
            await save_photo(person["id"], draft, clock.now)

    await merge_accounts(cast.cleo["id"], BEN, "en", clock.now, keep_other=False)
    merged = await whose(owner, clock)
    await undo_change(await owner.fetchval("SELECT facts->>'undo' FROM account_message LIMIT 1"), clock.now)

    assert (merged, await whose(owner, clock)) == (then, undone)


async def whose(owner: asyncpg.Connection, clock: TestClock) -> dict[str, object]:
    """Each photo's colour, by first name."""
    found: dict[str, object] = {}
    for row in await owner.fetch("SELECT first_name, photo.ref FROM photo JOIN person ON person.id = person_id"):
        photo = await find_photo(row["ref"], "small", clock.now)
        assert photo is not None
        found[row["first_name"]] = corners(opened(photo.webp))[0]
    return found
