"""Erasing a record at the desk, the practice's rule, and the list that warns of it."""

import re
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest

from tests.browser import Browser, TestClock
from tests.cast import ANA, BEN, MONDAY, NORA, Cast
from tests.documents_made import document_made
from tests.factories import LONG_AGO
from tests.portal.staff.forms import seen_in

RULE, LIST = "/desk/harbour/retention", "/desk/harbour/clients/erasures"
DAY = timedelta(days=1)


def page_of(cast: Cast, email: str = BEN) -> str:
    return f"/desk/harbour/clients/{cast.harbour.records[email]['ref']}"


async def visited(cast: Cast, when: datetime, email: str = BEN) -> dict[str, Any]:
    return await cast.harbour.appointment(email, "Follow-up", "Theo Roy", when)


async def set_rule(nora: Browser, **fields: str) -> None:
    await nora.get(RULE)
    typed: dict[str, Any] = {"keep": "2", "unit": "years", "seen": seen_in(nora), **fields}
    await nora.post(RULE, **typed)


async def record_of(owner: asyncpg.Connection, email: str = BEN) -> asyncpg.Record:
    return await owner.fetchrow("SELECT * FROM client_record WHERE email = $1", email)


async def test_record_is_erased_once_it_is_meant(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await visited(cast, cast.harbour.at(2026, 11, 20, 10))
    await document_made(owner, cast.harbour.records[BEN])
    await nora.get(page_of(cast))
    offered = f'href="{page_of(cast)}/erasure"' in nora.page.text
    await nora.get(f"{page_of(cast)}/erasure")

    await nora.post(f"{page_of(cast)}/erasure")
    unsure = nora.page.status_code, 'id="error-sure"' in nora.page.text, await record_of(owner) is not None
    await nora.post(f"{page_of(cast)}/erasure", sure="yes")

    assert (offered, unsure) == (True, (422, True, True))
    assert (nora.path, "Erased record" in nora.text, "Okafor" in nora.text) == (page_of(cast), True, False)
    assert ("One appointment still counts" in nora.text, f"By {NORA}." in nora.text) == (True, True)
    assert await record_of(owner) is None
    erased = await owner.fetchrow("SELECT record_ref, at, by_email, appointments FROM erasure")
    assert tuple(erased) == (cast.harbour.records[BEN]["ref"], MONDAY, NORA, 1)
    pages = [(await nora.get(page_of(cast) + page)).status_code for page in ("/erasure", "/documents")]
    assert pages == [404, 404]


async def test_record_with_an_appointment_to_come_is_not_erased(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    booked = await visited(cast, cast.harbour.at(2026, 11, 25, 10))

    await nora.get(f"{page_of(cast)}/erasure")
    listed = f'href="/desk/harbour/appointments/{booked["ref"]}"' in nora.page.text
    buttons = re.findall(r'class="button is-danger"', nora.page.text)
    await nora.post(f"{page_of(cast)}/erasure", sure="yes")
    erased = nora.page.status_code
    await nora.post(f"{page_of(cast)}/erasure/wish")

    assert (listed, buttons, erased, nora.page.status_code) == (True, [], 409, 409)
    assert (await record_of(owner))["erase_at"] is None


async def test_wish_waits_for_the_rule_and_can_be_taken_back(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await visited(cast, cast.harbour.at(2026, 11, 20, 10))
    await set_rule(nora)

    await nora.get(f"{page_of(cast)}/erasure")
    await nora.post(f"{page_of(cast)}/erasure", sure="yes")
    too_soon = nora.page.status_code, "It can be erased from Tuesday, November 21, 2028 on." in nora.text
    await nora.post(f"{page_of(cast)}/erasure/wish")
    noted = (await record_of(owner))["erase_at"], f"{NORA} has asked for it." in nora.text
    await nora.get(LIST)
    listed = "Ben Okafor" in nora.text, "Ana Silva" in nora.text
    await nora.post(f"{page_of(cast)}/keeping", then="erasures")

    assert too_soon == (409, True)
    assert noted == (cast.harbour.at(2028, 11, 21, 0), True)
    assert (listed, "Ben Okafor is kept." in nora.text) == ((True, False), True)
    assert ((await record_of(owner))["erase_at"], await owner.fetchval("SELECT count(*) FROM retention_choice")) == (
        None,
        0,
    )


async def test_wish_where_nothing_holds_is_asked_once_more(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await nora.get(f"{page_of(cast)}/erasure")

    await nora.post(f"{page_of(cast)}/erasure/wish")

    assert (nora.path, (await record_of(owner))["erase_at"]) == (f"{page_of(cast)}/erasure", None)


async def test_staff_are_warned_of_what_the_rule_erases_and_may_keep_it(
    nora: Browser, theo: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    """Ana's was made as long ago, but she has been here since."""
    await owner.execute("UPDATE client_record SET created_at = $1", LONG_AGO)
    await visited(cast, cast.harbour.at(2026, 11, 20, 10), ANA)

    await set_rule(nora, keep="6", unit="months", erases="yes")
    await theo.get(LIST)
    listed = "Ben Okafor" in theo.text, "Ana Silva" in theo.text, "Wednesday, December 23, 2026" in theo.text
    await theo.post(f"{page_of(cast)}/keeping", then="erasures")
    kept = "Ben Okafor is kept." in theo.text, (await record_of(owner))["erase_at"]
    await theo.get(page_of(cast))
    said = "keeps this record from the practice’s rule" in theo.text
    await theo.post(f"{page_of(cast)}/keeping", keep="no")

    assert (listed, kept, said) == ((True, False, True), (True, None), True)
    assert await owner.fetchval("SELECT count(*) FROM retention_choice") == 0


async def test_rule_is_saved_and_said_again(nora: Browser, theo: Browser, owner: asyncpg.Connection) -> None:
    none = await rule_in(nora)
    await set_rule(nora, keep="10", unit="years", erases="yes")
    saved = await rule_in(nora), await owner.fetchrow("SELECT keep_months, erases FROM retention_rule")
    await set_rule(nora, keep="18", unit="months")
    months = await rule_in(nora)
    await theo.get(RULE)
    read_only = "<fieldset disabled>" in theo.page.text
    await set_rule(nora, keep="")

    assert (none, saved[0], tuple(saved[1])) == (("", "years", False), ("10", "years", True), (120, True))
    assert (months, read_only) == (("18", "months", False), True)
    assert await owner.fetchval("SELECT count(*) FROM retention_rule") == 0


async def rule_in(nora: Browser) -> tuple[str, str, bool]:
    await nora.get(RULE)
    value = re.findall(r'id="field-keep"[^>]* value="(\d*)"', nora.page.text)[0]
    return value, re.findall(r'value="(\w+)" selected', nora.page.text)[0], "checked" in nora.page.text


BAD_RULES = [
    {"keep": "0"},
    {"keep": "51"},
    {"keep": "two"},
    {"unit": "weeks"},
    {"keep": "", "erases": "yes"},
    {"keep": "601", "unit": "months"},
]


@pytest.mark.parametrize("wrong", BAD_RULES, ids=str)
async def test_bad_rule_is_told_and_changes_nothing(
    nora: Browser, owner: asyncpg.Connection, wrong: dict[str, str]
) -> None:
    await set_rule(nora, **wrong)

    assert (nora.page.status_code, 'id="errors"' in nora.page.text) == (422, True)
    assert await owner.fetchval("SELECT count(*) FROM retention_rule") == 0


async def test_rule_changed_meanwhile_is_not_overwritten_unread(nora: Browser, owner: asyncpg.Connection) -> None:
    await nora.get(RULE)
    seen = seen_in(nora)
    await set_rule(nora, keep="10")

    await nora.post(RULE, keep="1", unit="months", seen=seen)

    assert (nora.page.status_code, await owner.fetchval("SELECT keep_months FROM retention_rule")) == (409, 120)


async def test_professional_erases_nothing(theo: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await theo.get(page_of(cast))
    shown = "/erasure" in theo.page.text

    told = [
        (await theo.get(f"{page_of(cast)}/erasure")).status_code,
        (await theo.post(f"{page_of(cast)}/erasure", sure="yes")).status_code,
        (await theo.post(f"{page_of(cast)}/erasure/wish")).status_code,
        (await theo.post(RULE, keep="1", unit="months")).status_code,
    ]

    assert (shown, told, (await record_of(owner))["first_name"]) == (False, [404] * 4, "Ben")


async def test_new_visit_takes_what_was_announced_off_the_list(
    nora: Browser, cast: Cast, owner: asyncpg.Connection, clock: TestClock
) -> None:
    await owner.execute("UPDATE client_record SET created_at = $1", LONG_AGO)
    await set_rule(nora, keep="6", unit="months", erases="yes")
    await nora.get(LIST)
    before = "Ben Okafor" in nora.text

    await visited(cast, cast.harbour.at(2026, 11, 25, 10))
    clock.now += DAY
    await nora.get(LIST)

    assert (before, "Ben Okafor" in nora.text, "Ana Silva" in nora.text) == (True, False, True)
