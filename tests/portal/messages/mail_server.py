"""A real SMTP server on loopback that answers as a test tells it."""

import asyncio
import warnings
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session

ACCEPTED = "250 OK"
HANG = "hang"
HELD = "held"
"""Taken, without an answer."""


@dataclass
class MailServer:
    """`answers` are given to the next messages, one each; when none is left, all is accepted."""

    answers: list[str] = field(default_factory=list)
    received: list[EmailMessage] = field(default_factory=list)
    senders: list[str | None] = field(default_factory=list)
    recipients_refused: dict[str, str] = field(default_factory=dict)
    connections: int = 0
    port: int = 0

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's names
        self, _server: SMTP, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if refusal := self.recipients_refused.get(address):
            return refusal
        envelope.rcpt_tos.append(address)
        return ACCEPTED

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.answers.pop(0) if self.answers else ACCEPTED
        if answer == HANG:
            await asyncio.sleep(30)
        if answer in {ACCEPTED, HELD}:
            assert isinstance(envelope.content, bytes)
            self.senders.append(envelope.mail_from)
            self.received.append(message_from_bytes(envelope.content, policy=default))
        if answer == HELD:
            await asyncio.sleep(30)
        return answer

    def told(self) -> list[tuple[Any, Any]]:
        """Who was told what, by subject, in the order of arrival."""
        return [(mail["To"], mail["Subject"]) for mail in self.received]


@asynccontextmanager
async def mail_server(password: str | None = None) -> AsyncIterator[MailServer]:
    """Whoever sends must sign in first where a password is given."""
    answering = MailServer()
    loop = asyncio.get_running_loop()

    def signs_in(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, offered: Any) -> AuthResult:
        return AuthResult(success=offered.password == (password or "").encode(), handled=False)

    def answer() -> SMTP:
        with warnings.catch_warnings():  # here a password may cross the wire in the clear: it is loopback
            warnings.filterwarnings("ignore", "Requiring AUTH while not requiring TLS", UserWarning)
            return SMTP(
                answering,
                hostname="127.0.0.1",
                loop=loop,
                authenticator=signs_in,
                auth_required=password is not None,
                auth_require_tls=False,
            )

    listening = await loop.create_server(answer, "127.0.0.1", 0)
    answering.port = listening.sockets[0].getsockname()[1]
    try:
        yield answering
    finally:
        listening.close()
        await listening.wait_closed()
