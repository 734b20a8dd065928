"""Mail by a real server."""

import asyncio
from email.errors import HeaderParseError
from email.message import EmailMessage
from email.utils import parseaddr

import aiosmtplib

from portal.messages.channel import Refused, Unavailable
from portal.messages.email.mail import as_mail
from portal.messages.letters.letter import Letter
from portal.settings import Settings

PATIENCE = 15.0  # seconds for each answer of the server; well under the lease of a claim
LINES = 8  # connections at once; servers count them, too
_PERMANENT = range(500, 600)
_SIGN_IN_FIRST = 530  # RFC 4954 §6: the installation's trouble, not the message's, and it may be mended
_LONGEST_REASON = 300


class SmtpRoom:
    """A connection serves one letter after another, and up to `LINES` of them stand side by side.

    Once the server has not answered, the rest of the batch is not tried.
    """

    def __init__(self, settings: Settings, patience: float = PATIENCE) -> None:
        self._settings = settings
        self._patience = patience
        self._reports_to = parseaddr(settings.bounce_address or settings.mail_from)[1]
        self._turn = asyncio.Semaphore(LINES)
        self._idle: list[aiosmtplib.SMTP] = []
        self._silent: str | None = None

    async def send(self, letter: Letter) -> str:
        try:
            mail = as_mail(letter, self._settings.mail_from)
        except (ValueError, IndexError, HeaderParseError) as trouble:  # IndexError: Python's parser at an empty part
            raise Refused(_reason(trouble)) from None
        async with self._turn:
            client = await self._connected()
            try:
                return await self._hand_over(client, mail)
            finally:
                self._idle.append(client)

    async def find(self, _: Letter) -> None:
        """No mail server tells; a second copy has the same Message-ID, by which mailboxes know it."""

    async def close(self) -> None:
        idle, self._idle = self._idle, []
        for client in idle:
            if client.is_connected:
                try:
                    await client.quit()
                except (aiosmtplib.SMTPException, OSError):
                    client.close()

    async def _hand_over(self, client: aiosmtplib.SMTP, mail: EmailMessage) -> str:
        try:
            _, answer = await client.send_message(mail, sender=self._reports_to)
        except aiosmtplib.SMTPRecipientsRefused as refusal:
            raise _named(refusal.recipients[0]) from None
        except aiosmtplib.SMTPNotSupported as trouble:
            raise Refused(_reason(trouble)) from None
        except aiosmtplib.SMTPResponseException as refusal:
            raise _named(refusal) from None
        except (aiosmtplib.SMTPException, OSError) as trouble:
            raise self._gone_silent(trouble) from None
        return answer[:_LONGEST_REASON]

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._silent:
            raise Unavailable(self._silent)
        while self._idle:
            client = self._idle.pop()
            if client.is_connected:
                return client
        client = self._new_client()
        try:
            await client.connect()
        except (aiosmtplib.SMTPException, OSError) as trouble:
            raise self._gone_silent(trouble) from None
        return client

    def _new_client(self) -> aiosmtplib.SMTP:
        settings = self._settings
        return aiosmtplib.SMTP(
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            username=settings.smtp_user,
            password=settings.smtp_password,
            use_tls=settings.smtp_tls == "tls",
            start_tls=settings.smtp_tls == "starttls",
            timeout=self._patience,
        )

    def _gone_silent(self, trouble: Exception) -> Unavailable:
        self._silent = _reason(trouble)
        return Unavailable(self._silent)


def _named(refusal: aiosmtplib.SMTPResponseException) -> Refused | Unavailable:
    """RFC 5321 §4.2.1: 5yz is for good, 4yz for now."""
    if refusal.code in _PERMANENT and refusal.code != _SIGN_IN_FIRST:
        return Refused(_reason(refusal))
    return Unavailable(_reason(refusal))


def _reason(trouble: Exception) -> str:
    if isinstance(trouble, aiosmtplib.SMTPResponseException):
        return f"{trouble.code} {trouble.message}"[:_LONGEST_REASON]
    return f"{type(trouble).__name__}: {trouble}"[:_LONGEST_REASON]
