"""The desk's reminder rules: read by everybody who works there, written by its admins."""

import re
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from tests.browser import Browser
from tests.cast import ANA, BEN, MONDAY, Cast
from tests.factories import insert
from tests.portal.staff.forms import REMINDER, seen_in, shown_in

HOUR = timedelta(hours=1)
PAGE = "/desk/harbour/reminders"
_OWN = """
SELECT channel, minutes_ahead, condition, late_minutes_left, off_services, off_practitioners, since
FROM reminder_rule JOIN practice ON practice.id = tenant_id
WHERE slug = 'harbour' AND ended_at IS NULL ORDER BY reminder_rule.id
"""


async def rules(owner: asyncpg.Connection) -> list[tuple[Any, ...]]:
    """Harbour's, without when they were set."""
    return [tuple(row)[:-1] for row in await owner.fetch(_OWN)]


async def open_rule(browser: Browser, owner: asyncpg.Connection, channel: str = "email") -> None:
    query = """SELECT reminder_rule.ref FROM reminder_rule JOIN practice ON practice.id = tenant_id
               WHERE slug = 'harbour' AND channel = $1"""
    await browser.get(f"{PAGE}/{await owner.fetchval(query, channel)}")


def all_ticked(browser: Browser) -> dict[str, list[str]]:
    return {name.removeprefix("shown_"): refs.split() for name, refs in shown_in(browser).items()}


async def test_rules_of_a_new_practice_are_sentences(nora: Browser) -> None:
    await nora.get(PAGE)

    assert re.findall(r"<h2><a [^>]+>([^<]+)</a></h2>", nora.text) == [
        "Send an e-mail 48\u00a0hours before the start, always.",
        "Send an SMS 24\u00a0hours before the start if it is not confirmed yet or there is no e-mail address.",
    ]
    assert nora.text.count("your practice has not turned SMS on") == 1


async def test_new_rule_is_kept_and_said(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    await nora.get(f"{PAGE}/new")
    first_visit = {"services": cast.harbour.services["First visit"]["ref"]}

    await nora.post(nora.path, **REMINDER | shown_in(nora) | first_visit)

    both = [row["id"] for row in cast.harbour.practitioners.values()]
    follow_up = [cast.harbour.services["Follow-up"]["id"]]
    assert (await rules(owner))[2:] == [("sms", 4 * 24 * 60, "unconfirmed", 180, follow_up, sorted(both))]
    assert "Send an SMS 4 days before the start if it is not confirmed yet." in nora.text
    assert "gets it within ten minutes, when at least 3\u00a0hours are left." in nora.text
    assert "Not for: Follow-up, Nora Blake, Theo Roy." in nora.text


async def test_rule_saved_unchanged_stays_as_it_was(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    """Also what it is off for without the page showing it: a service that is not offered at present."""
    first_visit = cast.harbour.services["First visit"]
    await owner.execute("UPDATE service SET retired_at = now() WHERE id = $1", first_visit["id"])
    await owner.execute("UPDATE reminder_rule SET off_services = $1", [first_visit["id"]])
    before = await owner.fetch(_OWN)
    await open_rule(nora, owner)
    same: dict[str, Any] = {
        "channel": "email",
        "ahead": "2",
        "ahead_unit": "days",
        "condition": "always",
        "late": "skip",
    }

    await nora.post(nora.path, **same | shown_in(nora) | all_ticked(nora), seen=seen_in(nora))

    assert await owner.fetch(_OWN) == before
    assert "too soon" not in nora.text


async def test_other_time_ahead_begins_anew_and_tells_whom_it_passes_over(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    """Of three that begin within 72 hours one has had its message at the time before; a fourth is further off."""
    harbour, tenant = cast.harbour, cast.harbour.tenant.id
    reminded = await harbour.appointment(ANA, "Follow-up", "Nora Blake", harbour.at(2026, 11, 24, 10))
    for day in (24, 25, 27):
        await harbour.appointment(BEN, "Follow-up", "Theo Roy", harbour.at(2026, 11, day, 10))
    rule = await owner.fetchval("SELECT id FROM reminder_rule WHERE tenant_id = $1 ORDER BY id", tenant)
    message = {"rule_id": rule, "kind": "reminder", "channel": "email", "sequence": 0, "sent_at": MONDAY}
    times = {"created_at": MONDAY, "next_attempt_at": MONDAY, "starts_at": reminded["starts_at"]}
    await insert(owner, "message", tenant_id=tenant, appointment_id=reminded["id"], **message, **times)
    await open_rule(nora, owner)
    sent = REMINDER | shown_in(nora) | all_ticked(nora) | {"ahead": "72", "ahead_unit": "hours", "late": "skip"}

    await nora.post(nora.path, **sent, seen=seen_in(nora))

    assert "2 coming appointments begin too soon for it and get nothing from it." in nora.text
    assert await owner.fetchval("SELECT since FROM reminder_rule WHERE id = $1", rule) == MONDAY


async def test_rule_ends_and_comes_back(nora: Browser, owner: asyncpg.Connection) -> None:
    before = await rules(owner)
    await open_rule(nora, owner)
    path = nora.path

    await nora.post(f"{path}/end")
    assert "The reminder is ended" in nora.text
    assert await rules(owner) == before[1:]
    assert (await nora.get(path)).status_code == 404

    await nora.get(f"{PAGE}?ended={path.rsplit('/', 1)[1]}")
    await nora.post(f"{path}/return")
    assert await rules(owner) == before


async def test_practice_without_rules_is_told_what_they_are(nora: Browser, owner: asyncpg.Connection) -> None:
    await owner.execute("UPDATE reminder_rule SET ended_at = now()")

    await nora.get(PAGE)

    assert ("Nobody is reminded" in nora.text, f'href="{PAGE}/new"' in nora.text) == (True, True)


async def test_rules_end_at_a_number(nora: Browser, cast: Cast, owner: asyncpg.Connection) -> None:
    """The last place goes to one; then neither a new one nor an old one finds room."""
    tenant = cast.harbour.tenant.id
    for minutes in range(100, 117):
        facts = {"channel": "email", "minutes_ahead": minutes, "condition": "always", "since": MONDAY}
        await insert(owner, "reminder_rule", tenant_id=tenant, **facts)
    ended = await insert(owner, "reminder_rule", tenant_id=tenant, **facts | {"ended_at": MONDAY, "minutes_ahead": 500})
    await nora.get(f"{PAGE}/new")

    answers = [(await nora.post(f"{PAGE}/new", **REMINDER, follow=False)).status_code]
    await nora.get(f"{PAGE}/new")
    answers.append((await nora.post(f"{PAGE}/new", **REMINDER)).status_code)
    told = "A practice has 20 reminders at most" in nora.text
    answers.append((await nora.post(f"{PAGE}/{ended['ref']}/return")).status_code)

    assert (answers, told, len(await rules(owner))) == ([303, 422, 422], True, 20)


BAD_RULES = [
    ({"channel": "pigeon"}, "channel"),
    ({"ahead": "0"}, "ahead"),
    ({"ahead": "-2"}, "ahead"),
    ({"ahead": "61"}, "ahead"),
    ({"ahead": "4", "ahead_unit": "minutes"}, "ahead"),
    ({"ahead": "9" * 5000}, "ahead"),
    ({"ahead": "soon"}, "ahead"),
    ({"ahead": "1\0"}, "ahead"),
    ({"ahead_unit": "years"}, "ahead_unit"),
    ({"condition": "sometimes"}, "condition"),
    ({"condition": "x" * 5000}, "condition"),
    ({"channel": "email", "condition": "no_email"}, "condition"),
    ({"late": ""}, "late"),
    ({"left": "10", "left_unit": "minutes"}, "left"),
    ({"left": "4", "left_unit": "days"}, "left"),
    ({"left": ""}, "left"),
]


@pytest.mark.parametrize(("wrong", "field"), BAD_RULES, ids=lambda each: each if isinstance(each, str) else "")
async def test_bad_rule_is_told_at_its_field(
    nora: Browser, owner: asyncpg.Connection, wrong: dict[str, Any], field: str
) -> None:
    before = await rules(owner)
    await nora.get(f"{PAGE}/new")

    await nora.post(nora.path, **REMINDER | wrong)

    assert nora.page.status_code == 422
    assert f'href="#field-{field}"' in nora.page.text
    assert await rules(owner) == before


async def test_rule_cannot_name_a_service_of_another_practice(
    nora: Browser, cast: Cast, owner: asyncpg.Connection
) -> None:
    """Neither as one that it is off for, nor as one that it is on for."""
    before, strange = await rules(owner), cast.meadow.services["Massage"]["ref"]
    await nora.get(f"{PAGE}/new")

    told = [
        (await nora.post(f"{PAGE}/new", **REMINDER | more)).status_code
        for more in ({"shown_services": strange}, {"services": strange}, {"shown_practitioners": strange})
    ]

    assert (told, await rules(owner)) == ([404] * 3, before)


async def test_rule_changed_meanwhile_is_not_overwritten_unread(nora: Browser, owner: asyncpg.Connection) -> None:
    await open_rule(nora, owner)
    seen, sent = seen_in(nora), REMINDER | shown_in(nora)
    await owner.execute("UPDATE reminder_rule SET minutes_ahead = 77 WHERE channel = 'email'")

    await nora.post(nora.path, **sent, seen=seen)
    assert nora.page.status_code == 409
    assert (await rules(owner))[0][:2] == ("email", 77)

    await nora.post(nora.path, **sent, seen=seen_in(nora))
    assert (await rules(owner))[0][:2] == ("sms", 4 * 24 * 60)


async def test_professional_reads_rules_and_changes_none(theo: Browser, owner: asyncpg.Connection) -> None:
    before = await rules(owner)
    await open_rule(theo, owner)
    path = theo.path
    shown = ("<fieldset disabled>" in theo.text, "End this reminder" in theo.text)

    told = [(await theo.get(f"{PAGE}/new")).status_code]
    await theo.get(PAGE)
    told += [(await theo.post(each, **REMINDER)).status_code for each in (path, f"{path}/end", f"{path}/return")]

    assert (shown, told, await rules(owner)) == ((True, False), [404] * 4, before)
