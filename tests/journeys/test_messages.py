"""Ana is reminded, and answers without signing in."""

import re

import pytest

from tests.cast import ANA
from tests.journeys.conftest import Visit
from tests.journeys.demo import Demo
from tests.journeys.visitor import PHONE, Look

pytestmark = pytest.mark.browser

REMIND = """
INSERT INTO message
    (tenant_id, appointment_id, sequence, kind, rule_id, copy, channel, starts_at, created_at, next_attempt_at)
SELECT appointment.tenant_id, appointment.id, sequence, 'reminder', rule.id, 9, 'email', starts_at, now(), now()
FROM appointment
JOIN client_record ON client_record.id = client_record_id
JOIN reminder_rule AS rule ON rule.tenant_id = appointment.tenant_id AND rule.channel = 'email'
WHERE client_record.email = $1 AND starts_at > now()
ORDER BY starts_at LIMIT 1
"""
CONFIRMED = """
SELECT count(*) FROM appointment JOIN message ON message.appointment_id = appointment.id
WHERE confirmed_by = 'client' AND copy = 9
"""


async def test_reminder_is_confirmed_by_its_link_and_refused_for_the_future(visit: Visit, portal: Demo) -> None:
    await portal.owner.execute(REMIND, ANA)
    mail = await portal.mail_to(ANA, "Reminder")
    [link] = set(re.findall(r"/m/\w{8}\b", mail["text"]))
    stranger = await visit(Look(PHONE, "dark"))

    await stranger.go(link)
    looked = await portal.owner.fetchval(CONFIRMED)
    await stranger.press("Confirm that you are coming")
    await stranger.page.locator(".is-confirmed").wait_for()
    await stranger.follow("Which messages you want")
    await stranger.press("Turn off")
    await stranger.heading.filter(has_text="Reminders by e-mail are off").wait_for()

    assert (looked, await portal.owner.fetchval(CONFIRMED)) == (0, 1)
    refused = "SELECT count(*) FROM client_record WHERE reminders_off_at IS NOT NULL AND email = $1"
    assert await portal.owner.fetchval(refused, ANA) == 1
    ana = await visit(Look(PHONE), ANA)
    await ana.go("/messages")
    assert "Reminder" in await ana.page.locator(".message h3").all_inner_texts()
    await ana.page.locator(".message a").first.click()
    await ana.page.wait_for_url("**/appointments/*")
    assert "Confirmed: the practice knows that you are coming." in await ana.text
