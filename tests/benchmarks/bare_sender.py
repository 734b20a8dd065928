"""The limit of what workers can send here: the provider's client alone, as wide as theirs, with nothing to decide.

`python -m tests.benchmarks.bare_sender sms|email WHERE COUNT` is one of two such processes.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import aiosmtplib
import uvloop
from twilio.rest import Client

from portal.messages.email import smtp
from portal.messages.sms import twilio
from portal.messages.sms.twilio_http import TwilioHttp
from portal.messages.worker import BATCHES
from tests.benchmarks.providers import Providers
from tests.benchmarks.workers import WORKERS
from tests.fake_twilio import ACCOUNT, NUMBER, TOKEN

COUNT = 4_000  # of each process
_ROOT = Path(__file__).parents[2]
_BODY = "Practice 1: Mon, Dec 7 at 2:30 p.m., House 1. Confirm, move or cancel: http://localhost:8000/m/{number:08}"
_LETTER_SIZE = 12_000  # characters, about as many as a reminder's


def bare_rate(channel: str, there: Providers) -> float:
    """Messages a second, of all processes together."""
    where = there.twilio_url if channel == "sms" else str(there.smtp_port)
    command = [sys.executable, "-m", "tests.benchmarks.bare_sender", channel, where]
    processes = [subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) for _ in range(WORKERS)]
    return sum(float(process.communicate()[0]) for process in processes)


async def _texts(url: str) -> float:
    client = Client(ACCOUNT, TOKEN, http_client=TwilioHttp(url, 10))

    async def send(number: int) -> None:
        await client.messages.create_async(to="+14165550100", from_=NUMBER, body=_BODY.format(number=number))

    try:
        return await _rate(BATCHES * twilio.LINES, lambda: _same(send))
    finally:
        await client.http_client.close()


async def _letters(port: str) -> float:
    async def connect() -> Callable[[int], Awaitable[None]]:
        client = aiosmtplib.SMTP(hostname="127.0.0.1", port=int(port), start_tls=False)
        await client.connect()

        async def send(number: int) -> None:
            await client.send_message(_letter(number))

        return send

    return await _rate(BATCHES * smtp.LINES, connect)


async def _same(send: Callable[[int], Awaitable[None]]) -> Callable[[int], Awaitable[None]]:
    return send


def _letter(number: int) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = "Carnet <carnet@portal.example>", "client@example.org"
    mail["Subject"], mail["Message-ID"] = "Reminder", f"<{number}@portal.example>"
    mail["Date"] = datetime(2026, 12, 1, tzinfo=UTC) + timedelta(seconds=number)
    mail.set_content("x" * 70 + "\n" + ("y" * 70 + "\n") * (_LETTER_SIZE // 71))
    return mail


async def _rate(width: int, line: Callable[[], Awaitable[Callable[[int], Awaitable[None]]]]) -> float:
    numbers = iter(range(COUNT))

    async def work() -> None:
        send = await line()
        for number in numbers:
            await send(number)

    began = time.monotonic()
    async with asyncio.TaskGroup() as tasks:
        for _ in range(width):
            tasks.create_task(work())
    return COUNT / (time.monotonic() - began)


if __name__ == "__main__":
    send_all = {"sms": _texts, "email": _letters}[sys.argv[1]]
    print(uvloop.run(send_all(sys.argv[2])))  # noqa: T201 - read by whoever has started it
