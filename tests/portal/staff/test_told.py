"""Each member says for themselves which changes of their own appointments they are told of."""

import asyncpg
import pytest

from tests.browser import Browser, TestClock, make_app
from tests.cast import NORA, THEO, Cast
from tests.factories import insert, make_person

PAGE = "/desk/harbour/reminders/told"


async def tells(owner: asyncpg.Connection) -> dict[str, str]:
    return {row["email"]: row["tell"] for row in await owner.fetch("SELECT email, tell FROM membership")}


@pytest.mark.parametrize("tell", ["all", "others", "soon", "none"])
async def test_professional_chooses_for_themselves_alone(theo: Browser, owner: asyncpg.Connection, tell: str) -> None:
    before = await tells(owner)
    await theo.get(PAGE)

    await theo.post(PAGE, tell=tell)

    assert ("Saved." in theo.text, f'value="{tell}" required checked' in theo.text) == (True, True)
    assert await tells(owner) == before | {THEO: tell}


@pytest.mark.parametrize("tell", ["", "everything", "x" * 5000, "no\0ne"])
async def test_what_is_no_choice_is_refused(nora: Browser, owner: asyncpg.Connection, tell: str) -> None:
    before = await tells(owner)
    await nora.get(PAGE)

    await nora.post(PAGE, tell=tell)

    assert (nora.page.status_code, await tells(owner)) == (422, before)
    assert 'href="#field-tell"' in nora.page.text


async def test_address_that_hears_is_named(nora: Browser) -> None:
    await nora.get(PAGE)

    assert f"an e-mail goes to {NORA}." in nora.text


async def test_reception_has_nothing_to_be_told(cast: Cast, clock: TestClock, owner: asyncpg.Connection) -> None:
    await insert(owner, "membership", tenant_id=cast.harbour.tenant.id, email="desk@harbour.example", role="admin")
    await make_person(owner, "Dee", "desk@harbour.example")

    async with Browser(make_app(clock)) as reception:
        await reception.sign_in("desk@harbour.example", owner)
        await reception.get(PAGE)
        answer = await reception.post(PAGE, tell="none")
        shown = (answer.status_code, "You have no appointments of your own" in reception.text)
        await reception.get("/desk/harbour/reminders")

    assert shown == (200, True)
    assert "You give no services here" in reception.text
