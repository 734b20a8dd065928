"""The doors that Twilio knocks at: what became of a message, and what a phone has answered. They only write it down."""

import re
from typing import Any

from litestar import Response, post
from litestar.exceptions import ClientException
from litestar.params import FromPath

from portal.database import practice_lens, read_row
from portal.messages.sms.signature import signed_fields
from portal.messages.sms.stops import is_opt_out, note_stops
from portal.settings import Settings
from portal.web.given import AnyRequest, TheClock, TheSettings
from portal.web.guard import SIGNED
from portal.web.practice import find_practice
from tenants.notifications.receipts import Receipt, note_receipt

LARGEST_BODY = 16 * 1024
_DOOR: dict[str, Any] = {"opt": {SIGNED: True}, "request_max_body_size": LARGEST_BODY}
_SID = re.compile(r"(SM|MM)[0-9a-f]{32}")
_NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")  # E.164; nobody can answer a short code or a name
_CODE = re.compile(r"[0-9]{0,6}")
_LONGEST_TEXT = 1600

# https://www.twilio.com/docs/messaging/api/message-resource#message-status-values, in our words
_STATES = {
    "accepted": "queued",
    "scheduled": "queued",
    "queued": "queued",
    "sending": "queued",
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "undelivered",
    "failed": "failed",
    "canceled": "failed",
}
_TAKEN_AS = {"": "", "STOP": "stop", "START": "start", "HELP": "help"}

_KEEP = """
INSERT INTO incoming_text (provider_id, from_number, body, provider_took_as, received_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT ON CONSTRAINT incoming_text_provider_key DO NOTHING
"""


@post("/twilio/status/{slug:str}/{ref:str}", status_code=204, **_DOOR)
async def hear_receipt(
    request: AnyRequest, settings: TheSettings, clock: TheClock, slug: FromPath[str], ref: FromPath[str]
) -> None:
    fields = await signed_fields(request, settings)
    practice = await find_practice(request, slug)
    receipt = _receipt(fields, settings)
    async with practice_lens(practice):
        number = await note_receipt(practice, ref, receipt, clock())
    if is_opt_out(receipt.failure):
        await note_stops([number], clock())


@post("/twilio/incoming", status_code=200, **_DOOR)
async def hear_text(request: AnyRequest, settings: TheSettings, clock: TheClock) -> Response[str]:
    """Twilio tells it again when our answer is lost; once is enough. The worker hears of it by the nudge."""
    fields = await signed_fields(request, settings)
    await read_row(_KEEP, *_text(fields, settings), clock())
    return Response("<Response/>", media_type="text/xml")


def _receipt(fields: dict[str, str], settings: Settings) -> Receipt:
    code, state = fields.get("ErrorCode", ""), fields.get("MessageStatus", "")
    if state not in _STATES or not _CODE.fullmatch(code):
        raise ClientException
    return Receipt(_sid(fields, settings), _STATES[state], f"{code} {state}".strip())


def _text(fields: dict[str, str], settings: Settings) -> tuple[str, str, str, str]:
    number, body = fields.get("From", ""), fields.get("Body")
    taken_as = _TAKEN_AS.get(fields.get("OptOutType", ""))
    if not _NUMBER.fullmatch(number) or taken_as is None:
        raise ClientException
    if body is None or len(body) > _LONGEST_TEXT or "\0" in body:
        raise ClientException
    return _sid(fields, settings), number, body, taken_as


def _sid(fields: dict[str, str], settings: Settings) -> str:
    """Twilio's name for the message, if it is one of this account's."""
    sid = fields.get("MessageSid", "")
    if fields.get("AccountSid") != settings.twilio_account_sid or not _SID.fullmatch(sid):
        raise ClientException
    return sid
