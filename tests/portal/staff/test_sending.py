"""Quiet hours, SMS with their budget, notices: what an admin sets and a professional reads."""

from datetime import date
from typing import Any

import asyncpg
import pytest

from tests.browser import Browser, TestClock, make_app
from tests.cast import NORA, Cast
from tests.factories import insert
from tests.portal.staff.forms import SENDING, seen_in

PAGE = "/desk/harbour/reminders/sending"
_OWN = """
SELECT quiet_from, quiet_until, sms_on, sms_budget, sms_folds, sms_names_service, notices_off
FROM message_policy JOIN practice ON practice.id = tenant_id WHERE slug = 'harbour'
"""


async def kept(owner: asyncpg.Connection) -> tuple[Any, ...] | None:
    row = await owner.fetchrow(_OWN)
    return tuple(row) if row else None


async def test_settings_are_saved_and_said_again(nora: Browser, owner: asyncpg.Connection) -> None:
    await nora.get(PAGE)

    await nora.post(PAGE, **SENDING, seen=seen_in(nora))

    assert "Saved." in nora.text
    assert await kept(owner) == (20 * 60, 7 * 60 + 30, True, 250, True, False, ["asked", "moved"])
    await nora.get("/desk/harbour/reminders")
    assert "No reminder leaves from 8:00\u202fp.m. to 7:30\u202fa.m. SMS are on." in nora.text


async def test_same_time_twice_means_no_quiet_hours(nora: Browser, owner: asyncpg.Connection) -> None:
    await nora.get(PAGE)

    await nora.post(PAGE, **SENDING | {"quiet_from": "00:00", "quiet_until": "24:00"}, seen=seen_in(nora))

    row = await kept(owner)
    assert row is not None
    assert row[:2] == (0, 0)
    await nora.get("/desk/harbour/reminders")
    assert "There are no quiet hours." in nora.text


BAD_SETTINGS = [
    ({"quiet_from": "25:00"}, "quiet_from"),
    ({"quiet_from": ""}, "quiet_from"),
    ({"quiet_until": "late"}, "quiet_until"),
    ({"quiet_until": "16:01"}, "quiet_until"),
    ({"quiet_until": "\0"}, "quiet_until"),
    ({"sms_budget": "-1"}, "sms_budget"),
    ({"sms_budget": "1000001"}, "sms_budget"),
    ({"sms_budget": "1" * 5000}, "sms_budget"),
    ({"sms_budget": "many"}, "sms_budget"),
]


async def test_bad_setting_is_told_at_its_sentence(nora: Browser, owner: asyncpg.Connection) -> None:
    await nora.get(PAGE)

    for wrong, field in BAD_SETTINGS:
        await nora.post(PAGE, **SENDING | wrong, seen=seen_in(nora))

        assert nora.page.status_code == 422, wrong
        assert f'href="#field-{field}"' in nora.page.text, wrong
    assert await kept(owner) is None


async def test_settings_changed_meanwhile_are_not_overwritten_unread(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    await nora.get(PAGE)
    seen = seen_in(nora)
    await insert(owner, "message_policy", tenant_id=cast.harbour.tenant.id, sms_budget=7)

    await nora.post(PAGE, **SENDING, seen=seen)

    assert nora.page.status_code == 409
    row = await kept(owner)
    assert row is not None
    assert row[3] == 7


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (0, "0 of 500"),
        (399, "399 of 500"),
        (400, "400 of 500 · November 2026 · Little is left."),
        (500, "500 of 500 · November 2026 · The budget is spent: until December 1, 2026 reminders go by e-mail."),
    ],
)
async def test_month_s_spend_is_told_in_words(
    nora: Browser, cast: Cast, owner: asyncpg.Connection, parts: int, said: str
) -> None:
    tenant = cast.harbour.tenant.id
    await insert(owner, "sms_spend", tenant_id=tenant, month=date(2026, 11, 1), parts=parts)
    await insert(owner, "sms_spend", tenant_id=tenant, month=date(2026, 10, 1), parts=490)

    await nora.get(PAGE)

    assert said in nora.text.replace("<strong>", "").replace("</strong>", "")
    assert ("Little is left" in nora.text, "is spent" in nora.text) == (400 <= parts < 500, parts == 500)


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, True),
        ({"demo": True}, False),
        ({"twilio_account_sid": "AC0", "twilio_auth_token": "t", "twilio_sender": "+14165550000"}, False),
    ],
    ids=["nothing set up", "demo", "Twilio"],
)
async def test_missing_provider_is_told_once_sms_are_on(
    cast: Cast, clock: TestClock, owner: asyncpg.Connection, settings: dict[str, Any], told: bool
) -> None:
    await insert(owner, "message_policy", tenant_id=cast.harbour.tenant.id, sms_on=True)

    async with Browser(make_app(clock, **settings)) as nora:
        await nora.sign_in(NORA, owner)
        pages = [(await nora.get(page)).text for page in (PAGE, "/desk/harbour/reminders")]

    assert ["this installation has no SMS provider" in page for page in pages] == [told, told]


async def test_professional_reads_settings_and_changes_none(theo: Browser, owner: asyncpg.Connection) -> None:
    await theo.get(PAGE)
    shown = (theo.page.status_code, " disabled>" in theo.text)

    await theo.post(PAGE, **SENDING, seen=seen_in(theo))

    assert (shown, theo.page.status_code, await kept(owner)) == ((200, True), 404, None)
