"""Twilio's messages over HTTP on loopback: what it was sent it remembers, and it answers as a test tells it."""

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from aiohttp import web

ACCOUNT = "AC" + "0" * 32
TOKEN = "token-of-the-test-account"
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


@dataclass
class FakeTwilio:
    """`answers` are given to the next messages, one each: codes of Twilio's errors, HANG, CUT or GARBLED.

    When none is left, all is accepted. `refused` answers each message to a number with a code.
    """

    answers: list[int | str] = field(default_factory=list)
    refused: dict[str, int] = field(default_factory=dict)
    messages: list[dict[str, Any]] = field(default_factory=list)
    received: list[dict[str, str]] = field(default_factory=list)
    """The fields of every POST, whatever was answered."""
    account_status: str = "active"
    now: datetime = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    url: str = ""

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

    async def account(self, _: web.Request) -> web.Response:
        return web.json_response({"sid": ACCOUNT, "friendly_name": "Carnet", "status": self.account_status})

    def becomes(self, sid: str, status: str, error_code: int | None = None) -> None:
        """What the carrier made of it: sent, delivered, undelivered or failed."""
        message = next(message for message in self.messages if message["sid"] == sid)
        message.update(status=status, error_code=error_code, date_updated=format_datetime(self.now))

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
        }
        self.messages.append(message)
        return message


def refusal(code: int, to: str = "") -> web.Response:
    status, said = _REFUSALS[code]
    facts = {"code": code, "message": said.format(to=to), "status": status}
    return web.json_response(facts | {"more_info": f"https://www.twilio.com/docs/errors/{code}"}, status=status)


@web.middleware
async def _signed_in(request: web.Request, handler: Any) -> web.StreamResponse:
    expected = "Basic " + b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    if request.headers.get("Authorization") != expected:
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
async def fake_twilio() -> AsyncIterator[FakeTwilio]:
    twilio = FakeTwilio()
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
        await runner.cleanup()
