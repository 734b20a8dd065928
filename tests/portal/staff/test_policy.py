from datetime import timedelta
from typing import Any

import asyncpg

from tests.browser import Browser
from tests.portal.staff.forms import POLICY, seen_in


async def test_rules_are_saved_and_said_again(nora: Browser, owner: asyncpg.Connection) -> None:
    await nora.get("/desk/harbour/policy")

    await nora.post(nora.path, **POLICY, seen=seen_in(nora))

    assert "Saved." in nora.text
    row = await owner.fetchrow(
        "SELECT minimum_notice, horizon, cancel_notice, move_notice, mercy, daily_limit FROM booking_policy"
        " JOIN practice ON practice.id = tenant_id WHERE slug = 'harbour'"
    )
    days, none = timedelta(days=1), timedelta()
    assert tuple(row) == (3 * days, 60 * days, 2 * days, none, timedelta(minutes=15), 2)


async def test_rules_of_requests_offers_and_newcomers_are_saved(nora: Browser, owner: asyncpg.Connection) -> None:
    await nora.get("/desk/harbour/policy")
    usual = [f'value="{value}"' in nora.text for value in ("24", "2")], 'name="new_clients" value="yes"' in nora.text

    await nora.post(
        nora.path, **{name: typed for name, typed in POLICY.items() if name != "new_clients"}, seen=seen_in(nora)
    )

    row = await owner.fetchrow(
        "SELECT open_limit, new_clients, request_lasts, offer_lasts, offer_to FROM booking_policy"
        " JOIN practice ON practice.id = tenant_id WHERE slug = 'harbour'"
    )
    assert usual == ([True, True], True)
    assert tuple(row) == (4, False, timedelta(days=3), timedelta(minutes=45), "all")
    assert 'name="new_clients" value="yes" aria-describedby="hint-new_clients"> ' in nora.text
    assert '<option value="all" selected>' in nora.text


async def test_limits_left_empty_are_none(nora: Browser, owner: asyncpg.Connection) -> None:
    await nora.get("/desk/harbour/policy")

    await nora.post(nora.path, **POLICY | {"open_limit": "", "daily_limit": ""}, seen=seen_in(nora))

    assert await owner.fetchval("SELECT count(*) FROM booking_policy WHERE open_limit IS NULL") == 2


async def test_overbooking_is_allowed_and_forbidden_again(nora: Browser, owner: asyncpg.Connection) -> None:
    told = []
    ticks: list[dict[str, Any]] = [{"overbooking": "yes"}, {}]
    for ticked in ticks:
        await nora.get("/desk/harbour/policy")
        await nora.post(nora.path, **POLICY, **ticked, seen=seen_in(nora))
        rows = await owner.fetch(
            "SELECT slug, overbooking FROM booking_policy JOIN practice ON practice.id = tenant_id"
        )
        told.append((dict(tuple(row) for row in rows), 'name="overbooking" value="yes" checked' in nora.text))

    assert "Staff may overbook on purpose." in nora.text
    assert [allowed for allowed, _ in told] == [
        {"harbour": True, "meadow": False},
        {"harbour": False, "meadow": False},
    ]


BAD_RULES = [
    ({"minimum_notice": "91"}, "minimum_notice"),
    ({"minimum_notice": "-1"}, "minimum_notice"),
    ({"minimum_notice_unit": "years"}, "minimum_notice_unit"),
    ({"horizon": "0"}, "horizon"),
    ({"horizon": "731"}, "horizon"),
    ({"mercy": "1441"}, "mercy"),
    ({"daily_limit": "0"}, "daily_limit"),
    ({"cancel_notice": ""}, "cancel_notice"),
    ({"open_limit": "0"}, "open_limit"),
    ({"request_lasts": "15"}, "request_lasts"),
    ({"request_lasts": "59", "request_lasts_unit": "minutes"}, "request_lasts"),
    ({"offer_lasts": "14"}, "offer_lasts"),
    ({"offer_lasts": "25", "offer_lasts_unit": "hours"}, "offer_lasts"),
    ({"offer_to": "some"}, "offer_to"),
]


async def test_bad_rule_is_told_at_its_sentence(nora: Browser) -> None:
    await nora.get("/desk/harbour/policy")

    for wrong, field in BAD_RULES:
        await nora.post(nora.path, **POLICY | wrong, seen=seen_in(nora))

        assert nora.page.status_code == 422, wrong
        assert f'href="#field-{field}"' in nora.page.text, wrong


async def test_rules_changed_meanwhile_are_not_overwritten_unread(nora: Browser, owner: asyncpg.Connection) -> None:
    await nora.get("/desk/harbour/policy")
    seen = seen_in(nora)
    await owner.execute("UPDATE booking_policy SET daily_limit = 7")

    await nora.post(nora.path, **POLICY, seen=seen)

    assert nora.page.status_code == 409
    assert await owner.fetchval("SELECT min(daily_limit) FROM booking_policy") == 7
