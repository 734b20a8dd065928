"""What phones are answered, in each language that is offered."""

import json
from dataclasses import replace
from typing import Any

import pytest

from portal.languages.words import offered_languages
from portal.messages.account_messages import write_account_message
from portal.messages.letters.text import Text
from portal.messages.sms.parts import size_of
from tests.cast import ANA
from tests.portal.messages.texting import ANAS, NOW, TUESDAY, Texting

APPOINTMENT = {"practice": "harbour", "starts_at": TUESDAY.isoformat(), "link": "Ab3dEf9h"}
ANSWERS: list[dict[str, Any]] = [
    {"answer": "stopped"},
    {"answer": "stopped", "cancel": True},
    {"answer": "stopped", "cancel": True, "link": "Ab3dEf9h"},
    {"answer": "resumed"},
    {"answer": "help"},
    {"answer": "help", "practice": None, "email": None},
    {"answer": "confirmed", "appointments": [APPOINTMENT]},
    {"answer": "several", "appointments": [APPOINTMENT] * 8},
]


@pytest.mark.parametrize("language", offered_languages())
@pytest.mark.parametrize("facts", ANSWERS, ids=str)
async def test_answer_is_written_with_cheap_signs_in_every_language(
    texting: Texting, facts: dict[str, Any], language: str
) -> None:
    whole = {"cancel": False, "practice": "harbour", "email": ANA, "link": "", "appointments": []} | facts
    row = {"id": 1, "kind": "sms_answer", "channel": "sms", "sent_to": ANAS, "language": language, "attempts": 1}
    row |= {"created_at": NOW, "facts": json.dumps(whole)}

    text = await write_account_message(row, replace(texting.settings, sms_countries=("CA",)), NOW)

    assert isinstance(text, Text)
    listed = len([line for line in text.body.splitlines() if "/m/" in line])
    assert (size_of(text.body).alphabet, text.language, text.mark) == ("GSM-7", language, text.body)
    assert listed <= 5
