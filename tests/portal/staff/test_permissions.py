"""Who may what: the table read as a grid, and every door of the desk as everybody who could stand before it."""

import re
from collections.abc import AsyncIterator

import asyncpg
import pytest

from portal.staff.changes import stream
from tenants.team.permissions import MAY, Permission
from tests.browser import Browser, TestClock, make_app
from tests.cast import ANA, LEA, THEO, Cast
from tests.portal.staff.parts import PARTS, hand_to_theo, may, play
from tests.portal.things import Things, ask, desk_doors, of_desk, token_of

GRID = """
                 admin  receptionist  professional  own clients  no contacts  neither
calendar           x         x             x             x            x          x
arrange            x         x             x             x            x          x
requests           x         x             x             x            x          x
waiting            x         x             x             x            x          x
clients            x         x             x             x            x          x
change_clients     x         x             x             x            x          x
contacts           x         x             x             x            -          -
join_clients       x         x             x             -            -          -
erase_clients      x         -             -             -            -          -
transfer           x         -             -             -            -          -
messages           x         x             x             x            x          x
send               x         x             x             x            x          x
own                x         x             x             x            x          x
hours              x         -             x             x            x          x
settings           x         x             x             x            x          x
change_settings    x         -             -             -            -          -
team               x         -             -             -            -          -
audit              x         -             -             -            -          -
"""
SIGN_IN = re.compile(r"/sign-in(\?|$)")
OPEN, CLOSED = "open", "closed"


def read_grid() -> dict[str, set[str]]:
    """What each part may."""
    head, *lines = GRID.strip("\n").splitlines()
    parts = re.split(r"\s{2,}", head.strip())
    cells = [line.split() for line in lines]
    return {part: {name for name, *marks in cells if marks[number] == "x"} for number, part in enumerate(parts)}


@pytest.fixture
async def things(things: Things, cast: Cast, owner: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch) -> Things:
    """All of them Theo's own, so that nothing but a permission can close a door."""
    monkeypatch.setattr(stream, "LASTS", 0.0)  # or its answer would not end while anybody listens
    return await hand_to_theo(owner, cast, things)


@pytest.fixture
async def browser(clock: TestClock) -> AsyncIterator[Browser]:
    async with Browser(make_app(clock)) as browser:
        yield browser


def test_table_says_what_the_grid_says() -> None:
    assert {part: {str(each) for each in may(part)} for part in PARTS} == read_grid()
    assert {line.split()[0] for line in GRID.strip().splitlines()[1:]} == {str(each) for each in Permission}


def test_switches_take_nothing_from_roles_that_have_none() -> None:
    """The database keeps them on for whoever is no professional (`membership_sees_check`)."""
    assert {part: may(part) for part in ("admin", "receptionist", "professional")} == MAY


def test_every_door_of_the_desk_says_what_it_needs() -> None:
    doors = desk_doors()

    assert set(doors) == set(of_desk())
    assert {door for door, needs in doors.items() if not isinstance(needs, Permission)} == set()


async def how_it_opens(browser: Browser, things: Things) -> dict[tuple[str, str], str]:
    """Each door of the desk. What would change something is asked with a wrong token: whoever is let in is told so."""
    told = {}
    for method, path in of_desk():
        answer = await ask(browser, method, things.path(path), "0" * 40)
        opened = answer.status_code == 403 if method != "GET" else answer.status_code in {200, 303}
        told[method, path] = OPEN if opened else CLOSED if answer.status_code == 404 else str(answer.status_code)
    return told


@pytest.mark.parametrize("part", PARTS)
async def test_door_opens_to_whom_the_table_names(
    browser: Browser, things: Things, cast: Cast, owner: asyncpg.Connection, part: str
) -> None:
    await play(owner, cast, part)
    await browser.sign_in(THEO, owner)

    told = await how_it_opens(browser, things)

    expected = {door: OPEN if needs in may(part) else CLOSED for door, needs in desk_doors().items()}
    assert {door: how for door, how in told.items() if how != expected[door]} == {}
    assert {door for door, how in expected.items() if how == OPEN} != set()


@pytest.mark.parametrize("email", [LEA, ANA], ids=["admin of another practice", "client"])
async def test_no_door_opens_to_who_does_not_work_there(
    browser: Browser, things: Things, owner: asyncpg.Connection, email: str
) -> None:
    await browser.sign_in(email, owner)

    told = await how_it_opens(browser, things)

    assert {door: how for door, how in told.items() if how != CLOSED} == {}


async def test_membership_that_has_ended_opens_no_door(
    browser: Browser, things: Things, owner: asyncpg.Connection
) -> None:
    await browser.sign_in(THEO, owner)
    await owner.execute("UPDATE membership SET ended_at = now() WHERE email = $1", THEO)

    told = await how_it_opens(browser, things)

    assert {door: how for door, how in told.items() if how != CLOSED} == {}


async def test_stranger_is_asked_to_sign_in(browser: Browser, things: Things) -> None:
    await browser.get("/sign-in")
    token = token_of(browser)

    told = {}
    for method, path in of_desk():
        answer = await ask(browser, method, things.path(path), token)
        told[method, path] = (answer.status_code, bool(SIGN_IN.match(answer.headers.get("location", ""))))

    assert {door: how for door, how in told.items() if how != (303, True)} == {}
