"""Text messages by Twilio; one session serves a batch."""

import asyncio
import json
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aiohttp import ClientError
from twilio.base.exceptions import TwilioException
from twilio.rest import Client

from portal.messages.channel import Refused, Unavailable
from portal.messages.letters.text import Text
from portal.messages.sms.twilio_http import TwilioHttp
from portal.settings import Settings

PATIENCE = 10.0  # seconds for a whole answer; well under the lease of a claim
LINES = 25  # questions at once, for each batch
_LOOK_BACK = timedelta(days=2)  # how long ago the first attempt can have been, and a day for Twilio's dates in UTC
_MOST_LOOKED_AT = 100
_SERVICE = re.compile(r"MG[0-9a-f]{32}")  # the SID of a messaging service; a name may begin so, too
_LONGEST_WAIT = 36_000  # seconds that Twilio may keep a message until its carrier takes it
_REFUSALS = range(400, 500)
_SIGN_IN_FIRST = 401  # the installation's trouble, not the message's, and it may be mended
_SLOW_DOWN = 429
_QUEUE_FULL = 21611  # too many messages wait behind this sender
_LONGEST_REASON = 300
# A broken connection, time running out, and an answer that is no JSON: a proxy's page, or one cut short.
_NO_ANSWER = (ClientError, OSError, TimeoutError, ValueError)


class TwilioRoom:
    """Once there was no answer, or Twilio asks to slow down, the rest of the batch is not tried."""

    def __init__(self, settings: Settings, patience: float = PATIENCE) -> None:
        self._settings = settings
        self._patience = patience
        self._turn = asyncio.Semaphore(LINES)
        self._client: Client | None = None
        self._silent: str | None = None

    async def send(self, text: Text) -> str:
        """The SID. Twilio gives a message up that its carrier takes too late to be of use."""
        left = int((text.useful_until - text.written_at).total_seconds())
        told = self._sender() | ({"status_callback": text.report_to} if text.report_to else {})
        async with self._turn:
            self._check_answering()
            try:
                accepted = await self._connected().messages.create_async(
                    to=text.to, body=text.body, validity_period=max(1, min(left, _LONGEST_WAIT)), **told
                )
            except TwilioException as refusal:
                raise self._named(refusal, text) from None
            except _NO_ANSWER as trouble:
                raise self._gone_silent(type(trouble).__name__) from None
        return str(accepted.sid)

    async def find(self, text: Text) -> str | None:
        """Among what Twilio has for this number, the message that carries this one's mark."""
        since = (text.written_at - _LOOK_BACK).date()
        async with self._turn:
            self._check_answering()
            try:
                known = await self._connected().messages.list_async(
                    to=text.to, date_sent_after=since, limit=_MOST_LOOKED_AT
                )
            except TwilioException as refusal:
                answer = _answer(refusal)
                reason = _reason(answer).replace(text.to, "…")
                raise self._gone_silent(reason) if answer.status == _SLOW_DOWN else Unavailable(reason) from None
            except _NO_ANSWER as trouble:
                raise self._gone_silent(type(trouble).__name__) from None
        return next((str(each.sid) for each in known if text.mark and text.mark in (each.body or "")), None)

    async def account_state(self) -> str:
        """In Twilio's own word: active, suspended or closed. Raises Refused or Unavailable.

        An API key may not look at the account; that it may look at messages is all that can be found out.
        """
        try:
            if self._settings.twilio_api_key_sid:
                await self._connected().messages.list_async(limit=1)
                return "active"
            account = await self._connected().api.accounts(self._settings.twilio_account_sid).fetch_async()
        except TwilioException as refusal:
            answer = _answer(refusal)
            kind = Refused if answer.status in _REFUSALS else Unavailable
            raise kind(_reason(answer)) from None
        except _NO_ANSWER as trouble:
            raise Unavailable(type(trouble).__name__) from None
        return str(account.status)

    async def close(self) -> None:
        client, self._client = self._client, None
        if client:
            await client.http_client.close()

    def _check_answering(self) -> None:
        if self._silent:
            raise Unavailable(self._silent)

    def _connected(self) -> Client:
        if self._client is None:
            settings = self._settings
            http = TwilioHttp(settings.twilio_base_url, self._patience)
            name = settings.twilio_api_key_sid or settings.twilio_account_sid
            secret = settings.twilio_api_key_secret or settings.twilio_auth_token
            self._client = Client(name, secret, settings.twilio_account_sid, http_client=http)
        return self._client

    def _sender(self) -> dict[str, str | None]:
        sender = self._settings.twilio_sender or ""
        return {"messaging_service_sid" if _SERVICE.fullmatch(sender) else "from_": sender}

    def _named(self, refusal: TwilioException, text: Text) -> Refused | Unavailable:
        answer = _answer(refusal)
        reason = _reason(answer).replace(text.to, "…")
        if answer.status == _SLOW_DOWN:
            return self._gone_silent(reason)
        passing = answer.status == _SIGN_IN_FIRST or answer.code == _QUEUE_FULL
        return Refused(reason) if answer.status in _REFUSALS and not passing else Unavailable(reason)

    def _gone_silent(self, reason: str) -> Unavailable:
        self._silent = reason
        return Unavailable(reason)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What Twilio said instead of doing it."""

    status: int
    code: int | None
    said: str


def _answer(refusal: Any) -> _Answer:
    """Its client names neither status nor code when a list was refused; then the response is all there is."""
    if status := getattr(refusal, "status", None):
        said = getattr(refusal, "msg", None) or getattr(refusal, "detail", None) or ""
        return _Answer(status, refusal.code, said)
    said, *more = refusal.args
    if not more:
        return _Answer(0, None, str(said))
    try:
        facts = json.loads(more[0].text)
        return _Answer(more[0].status_code, facts["code"], f"{said}: {facts['message']}")
    except (ValueError, KeyError, TypeError):
        return _Answer(more[0].status_code, None, str(said))


def _reason(answer: _Answer) -> str:
    """The code is what Twilio's page of errors is sorted by."""
    return f"{answer.status} {answer.code} {answer.said}"[:_LONGEST_REASON]
