"""Nora writes a reminder as a sentence, gives it words of her own, and sees what they become while she types."""

import re

import pytest

from tests.cast import NORA
from tests.journeys.conftest import Visit
from tests.journeys.demo import Demo

pytestmark = pytest.mark.browser


async def test_rule_is_written_and_its_message_seen(visit: Visit, portal: Demo) -> None:
    nora = await visit(None, NORA)
    await nora.go("/desk/harbour")
    await nora.follow("Settings", exact=True)
    await nora.follow("Reminders", exact=True)
    await nora.follow("New reminder")
    await nora.page.get_by_label("What is sent").select_option("an SMS")
    await nora.type("How long before the start", "4")
    await nora.page.get_by_label("If", exact=True).select_option("only if it is not confirmed yet")
    await nora.page.get_by_label("Knee check").uncheck()
    await nora.press("Save")
    await nora.page.wait_for_url("**/reminders?saved=*")

    sentence = nora.page.get_by_role(
        "link", name="Send an SMS 4\u00a0hours before the start if it is not confirmed yet."
    )
    assert await sentence.count() == 1
    assert "Not for: Knee check." in await nora.text

    await nora.follow("Texts", exact=True)
    await nora.page.locator("a[href$='/texts/reminder/sms']").click()
    french = nora.page.locator("[name=body_fr]")
    preview = nora.page.locator("#preview-fr")
    await french.fill("À bientôt, ")
    await nora.press("{first_name}")
    await preview.get_by_text("Without {link} nobody can answer.").wait_for()
    await nora.press("{link}")
    await preview.get_by_text("/m/").wait_for()

    assert await french.input_value() == "À bientôt, {first_name}{link}"
    assert re.fullmatch(
        r"À bientôt, (Ana|Ben)http://localhost:\d+/m/\w{8}", await preview.locator(".bubble").inner_text()
    )
    assert "À ô are not in the SMS alphabet, so a part holds 70 characters" in await preview.inner_text()

    await nora.press("Save")
    await nora.page.wait_for_url("**?saved=yes")
    assert await portal.owner.fetchval("SELECT body FROM message_text WHERE language = 'fr'") == (
        "À bientôt, {first_name}{link}"
    )
