"""A client's record at the desk: whose word each detail is, and who changed it."""

import re

import asyncpg
import pytest

from tests.browser import Browser, TestClock, make_app
from tests.cast import ANA, NORA, Cast
from tests.portal.test_photo import saves as saves_photo
from tests.portal.test_profile import saves

FIELDS = ("first_name", "last_name", "phone", "home_phone")


@pytest.fixture
async def ana_at(cast: Cast, owner: asyncpg.Connection) -> str:
    return f"/desk/harbour/clients/{await owner.fetchval('SELECT ref FROM client_record WHERE email = $1', ANA)}"


async def keep(browser: Browser, page: str, **typed: str) -> None:
    await browser.get(f"{page}/details")
    seen = dict(re.findall(r'<input type="hidden" name="seen_(\w+)" value="([^"]*)">', browser.text))
    await browser.post(f"{page}/details", **seen | typed, **{f"seen_{name}": seen[name] for name in FIELDS})


async def shown(owner: asyncpg.Connection) -> tuple[str, ...]:
    row = await owner.fetchrow("SELECT * FROM client_record WHERE email = $1", ANA)
    return tuple(row[name] for name in FIELDS)


async def test_what_staff_type_over_is_the_practices_own(nora: Browser, owner: asyncpg.Connection, ana_at: str) -> None:
    await keep(nora, ana_at, phone="416 555 0100")

    assert nora.path == f"{ana_at}?done=kept"
    assert await shown(owner) == ("Ana", "Silva", "+14165550100", "")
    assert "the practice’s own" in nora.text
    assert f"By {NORA}, for this practice" in nora.text


async def test_restoring_lets_the_clients_own_stand_again(
    nora: Browser, clock: TestClock, owner: asyncpg.Connection, ana_at: str
) -> None:
    await keep(nora, ana_at, phone="416 555 0100")
    async with Browser(make_app(clock)) as ana:
        await ana.sign_in(ANA, owner)
        await saves(ana, last_name="Silva", mobile_phone="+14165550132")
    await nora.get(ana_at)
    told = "The client says: (416) 555-0132" in nora.text

    await nora.post(f"{ana_at}/own", field="phone")

    assert told
    assert nora.path == f"{ana_at}?done=restored"
    assert await shown(owner) == ("Ana", "Silva", "+14165550132", "")


async def test_a_form_left_open_takes_back_nothing(
    nora: Browser, clock: TestClock, owner: asyncpg.Connection, ana_at: str
) -> None:
    await nora.get(f"{ana_at}/details")
    seen = dict(re.findall(r'<input type="hidden" name="seen_(\w+)" value="([^"]*)">', nora.text))
    async with Browser(make_app(clock)) as ana:
        await ana.sign_in(ANA, owner)
        await saves(ana, last_name="Souza", mobile_phone="+14165550132")

    await nora.post(
        f"{ana_at}/details", **seen | {"first_name": "Anita"}, **{f"seen_{name}": seen[name] for name in FIELDS}
    )

    assert await shown(owner) == ("Anita", "Souza", "+14165550132", "")


@pytest.mark.parametrize(
    ("field", "typed"),
    [("phone", "ring twice"), ("first_name", ""), ("last_name", "x" * 5000), ("home_phone", "+999999")],
)
async def test_what_cannot_be_is_said_beside_its_field(
    nora: Browser, owner: asyncpg.Connection, ana_at: str, field: str, typed: str
) -> None:
    await keep(nora, ana_at, **{field: typed})

    assert nora.page.status_code == 422
    assert f'id="error-{field}"' in nora.page.text
    assert await shown(owner) == ("Ana", "Silva", "", "")


@pytest.mark.parametrize("field", ["phone", "email", "id", "", "held"])
async def test_nothing_is_restored_where_nothing_is_held(nora: Browser, ana_at: str, field: str) -> None:
    await nora.get(ana_at)

    await nora.post(f"{ana_at}/own", field=field)

    assert nora.page.status_code == 404


async def shows(clock: TestClock, owner: asyncpg.Connection, *boxes: str) -> None:
    """Ana saves a photo and who may see it."""
    async with Browser(make_app(clock)) as ana:
        await ana.sign_in(ANA, owner)
        await ana.get("/profile/photo")
        await saves_photo(ana)
        await saves(ana, last_name="Silva", shown=list(boxes))


@pytest.mark.parametrize(
    ("boxes", "status"),
    [(["photo@*"], 200), (["photo@harbour"], 200), (["photo@meadow", "home_phone@*"], 404), ([], 404)],
)
async def test_photo_is_seen_where_it_is_shown(
    nora: Browser, clock: TestClock, owner: asyncpg.Connection, ana_at: str, boxes: list[str], status: int
) -> None:
    await shows(clock, owner, *boxes)

    answers = [(await nora.get(f"{ana_at}/photo/{size}")).status_code for size in ("small", "large")]

    assert answers == [status, status]
    assert (f'src="{ana_at}/photo/small"' in (await nora.get(ana_at)).text) == (status == 200)


async def test_photo_leaves_with_the_address(
    nora: Browser, clock: TestClock, owner: asyncpg.Connection, ana_at: str
) -> None:
    await shows(clock, owner, "photo@*")
    seen = await nora.get(f"{ana_at}/photo/large")
    unchanged = await nora.get(f"{ana_at}/photo/large", headers={"if-none-match": seen.headers["etag"]})

    await owner.execute("DELETE FROM address WHERE email = $1", ANA)

    assert (seen.headers["cache-control"], unchanged.status_code) == ("private, no-cache", 304)
    assert (await nora.get(f"{ana_at}/photo/large")).status_code == 404
