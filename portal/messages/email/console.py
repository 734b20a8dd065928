"""Mail without a server: said on the terminal, and kept for the demo's /outbox."""

import sys

from portal.database import people_transaction
from portal.messages.letters.letter import Letter
from portal.messages.tables import OutboxMail
from portal.settings import Settings


class ConsoleRoom:
    def __init__(self, settings: Settings) -> None:
        self._keeps = settings.demo

    async def send(self, letter: Letter) -> str:
        sys.stdout.write(f"\n✉ {letter.to} | {letter.subject}\n{letter.text}\n")
        sys.stdout.flush()
        if self._keeps:
            await _keep(letter)
        return letter.message_id

    async def find(self, _: Letter) -> None:
        """Nobody else knows of it."""

    async def close(self) -> None:
        """Nothing is open."""


async def _keep(letter: Letter) -> None:
    attachments = [
        {"name": attachment.name, "media_type": attachment.media_type, "text": attachment.text}
        for attachment in letter.attachments
    ]
    async with people_transaction():
        await OutboxMail.insert(
            OutboxMail(
                created_at=letter.written_at,
                message_id=letter.message_id,
                to_email=letter.to,
                subject=letter.subject,
                text=letter.text,
                html=letter.html,
                attachments=attachments,
            )
        )
