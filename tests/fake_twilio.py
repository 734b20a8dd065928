"""Twilio over HTTP on loopback: what it was sent it remembers, and it answers and reports as a test tells it.

Its reports and the texts that phones send to it reach the portal signed, as Twilio's "Security" page describes.
"""

import asyncio
import hmac
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import httpx
from aiohttp import web

ACCOUNT = "AC" + "0" * 32
TOKEN = "token-of-the-test-account"
KEY, KEY_SECRET = "SK" + "0" * 32, "secret-of-the-test-key"
SERVICE = "MG" + "0" * 32
NUMBER = "+15005550006"

HANG = "hang"
"""No answer until `released`."""

CUT = "cut"
"""The socket closes in the middle of the answer."""
GARBLED = "garbled"
"""A page of some proxy instead of JSON."""

_REFUSALS = {
    21211: (400, "The 'To' number {to} is not a valid phone number."),
    21408: (400, "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: {to}."),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21611: (400, "This 'From' number has exceeded the maximum number of queued messages"),
    21614: (400, "'To' number: {to}, is not a mobile number"),
    20003: (401, "Authenticate"),
    20404: (404, "The requested resource was not found"),
    20429: (429, "Too many requests"),
    20500: (500, "An internal server error has occurred"),
    20503: (503, "Service unavailable"),
}


@dataclass(frozen=True)
class Call:
    """What Twilio tells the portal."""

    url: str
    fields: Mapping[str, str]


def signature(call: Call, token: str = TOKEN) -> str:
    """HMAC-SHA1 of the address and, by their names, each field's name and value."""
    said = call.url + "".join(name + call.fields[name] for name in sorted(call.fields))
    return b64encode(hmac.digest(token.encode(), said.encode(), "sha1")).decode()


@dataclass
class FakeTwilio:
    """`answers` are given to the next messages, one each: codes of Twilio's errors, HANG, CUT or GARBLED.

    When none is left, all is accepted. `refused` answers each message to a number with a code,
    `answers_to_questions` the next questions after messages. `portal` is the way to
    it; `incoming_url` is where its owner has told Twilio to bring texts.
    """

    answers: list[int | str] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)
    answers_to_questions: list[int] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    received: list[dict[str, str]] = field(default_factory=list)
    """The fields of every POST, whatever was answered."""
    account_status: str = "active"
    now: datetime = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""
    portal: httpx.AsyncClient = field(default_factory=httpx.AsyncClient)
    incoming_url: str = ""
    calls: list[Call] = field(default_factory=list)

    async def create(self, request: web.Request) -> web.StreamResponse:
        fields = {name: str(value) for name, value in (await request.post()).items()}
        self.received.append(fields)
        answer = self.answers.pop(0) if self.answers else self.refused.get(fields["To"])
        if isinstance(answer, int):
            return refusal(answer, fields["To"])
        message = self._kept(fields)
        if answer == HANG:
            await self.released.wait()
        if answer == CUT:
            return await _cut_short(request)
        if answer == GARBLED:
            return web.Response(text="<h1>Bad gateway</h1>", status=201, content_type="text/html")
        return web.json_response(message, status=201)

    async def find(self, request: web.Request) -> web.Response:
        known = {message["sid"]: message for message in self.messages}
        message = known.get(request.match_info["sid"])
        return web.json_response(message) if message else refusal(20404)

    async def search(self, request: web.Request) -> web.Response:
        """Newest first, by number and by the day of sending (UTC; both ends included)."""
        if self.answers_to_questions:
            return refusal(self.answers_to_questions.pop(0))
        tests: dict[str, Callable[[dict[str, Any], str], bool]] = {
            "To": lambda message, to: message["to"] == to,
            "DateSent": lambda message, day: _day(message) == day[:10],
            "DateSent<": lambda message, day: _day(message) <= day[:10],
            "DateSent>": lambda message, day: _day(message) >= day[:10],
        }
        wanted = [
            message
            for message in reversed(self.messages)
            if all(test(message, request.query[name]) for name, test in tests.items() if name in request.query)
        ]
        return web.json_response({"messages": wanted, "page": 0, "page_size": 50, "next_page_uri": None})

    async def account(self, request: web.Request) -> web.Response:
        """Keys may not look at it."""
        if request.headers["Authorization"] != _basic(ACCOUNT, TOKEN):
            return refusal(20003)
        return web.json_response({"sid": ACCOUNT, "friendly_name": "Carnet", "status": self.account_status})

    async def becomes(self, sid: str, status: str, error_code: int | None = None) -> int | None:
        """What the carrier made of it: sent, delivered, undelivered or failed. Gives the portal's answer, if asked."""
        message = next(message for message in self.messages if message["sid"] == sid)
        message.update(status=status, error_code=error_code, date_updated=format_datetime(self.now))
        if message["status_callback"] is None:
            return None
        facts = {"MessageSid": sid, "SmsSid": sid, "MessageStatus": status, "SmsStatus": status}
        facts |= {"To": message["to"], "From": message["from"] or NUMBER, "AccountSid": ACCOUNT}
        facts |= {"ApiVersion": "2010-04-01"} | ({"ErrorCode": str(error_code)} if error_code else {})
        return (await self.tells(message["status_callback"], facts)).status_code

    async def receives(self, body: str, number: str, **more: str) -> httpx.Response:
        """A phone answers. `more` are further fields: OptOutType where Twilio has answered it itself."""
        sid = f"SM{len(self.calls):032x}".replace("SM0", "SMf")
        facts = {"MessageSid": sid, "SmsMessageSid": sid, "SmsSid": sid, "AccountSid": ACCOUNT, "From": number}
        facts |= {"To": NUMBER, "Body": body, "NumMedia": "0", "NumSegments": "1", "FromCity": "", "FromCountry": "CA"}
        return await self.tells(self.incoming_url, facts | more)

    async def tells(self, url: str, fields: Mapping[str, str]) -> httpx.Response:
        self.calls.append(Call(url, dict(fields)))
        return await self.repeats()

    async def repeats(self, which: int = -1) -> httpx.Response:
        """As Twilio does when the answer was lost."""
        call = self.calls[which]
        return await self.portal.post(call.url, data=call.fields, headers={"X-Twilio-Signature": signature(call)})

    def told(self) -> list[tuple[str, str]]:
        """Who was told what, in the order of arrival."""
        return [(message["to"], message["body"]) for message in self.messages]

    def _kept(self, fields: dict[str, str]) -> dict[str, Any]:
        message = {
            "sid": f"SM{len(self.messages):032x}",
            "account_sid": ACCOUNT,
            "to": fields["To"],
            "from": fields.get("From"),
            "messaging_service_sid": fields.get("MessagingServiceSid"),
            "body": fields["Body"],
            "status": "accepted" if "MessagingServiceSid" in fields else "queued",
            "direction": "outbound-api",
            "error_code": None,
            "error_message": None,
            "num_segments": "1",
            "date_created": format_datetime(self.now),
            "date_updated": format_datetime(self.now),
            "date_sent": format_datetime(self.now),
            "status_callback": fields.get("StatusCallback"),
        }
        self.messages.append(message)
        return message


def refusal(code: int, to: str = "") -> web.Response:
    status, said = _REFUSALS[code]
    facts = {"code": code, "message": said.format(to=to), "status": status}
    return web.json_response(facts | {"more_info": f"https://www.twilio.com/docs/errors/{code}"}, status=status)


def _basic(name: str, secret: str) -> str:
    return "Basic " + b64encode(f"{name}:{secret}".encode()).decode()


@web.middleware
async def _signed_in(request: web.Request, handler: Any) -> web.StreamResponse:
    if request.headers.get("Authorization") not in {_basic(ACCOUNT, TOKEN), _basic(KEY, KEY_SECRET)}:
        return refusal(20003)
    answer: web.StreamResponse = await handler(request)
    return answer


async def _cut_short(request: web.Request) -> web.StreamResponse:
    answer = web.StreamResponse(status=201, headers={"Content-Type": "application/json", "Content-Length": "900"})
    await answer.prepare(request)
    await answer.write(b'{"sid": "SM')
    assert request.transport is not None
    request.transport.abort()
    return answer


def _day(message: dict[str, Any]) -> str:
    return datetime.strptime(message["date_sent"], "%a, %d %b %Y %H:%M:%S %z").date().isoformat()


@asynccontextmanager
async def fake_twilio(twilio: FakeTwilio | None = None) -> AsyncIterator[FakeTwilio]:
    twilio = twilio or FakeTwilio()
    account = f"/2010-04-01/Accounts/{ACCOUNT}"
    app = web.Application(middlewares=[_signed_in])
    app.add_routes(
        [
            web.get(f"{account}.json", twilio.account),
            web.post(f"{account}/Messages.json", twilio.create),
            web.get(f"{account}/Messages.json", twilio.search),
            web.get(account + "/Messages/{sid}.json", twilio.find),
        ]
    )
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0]
    twilio.url = f"http://{host}:{port}"
    try:
        yield twilio
    finally:
        await twilio.portal.aclose()
        await runner.cleanup()
