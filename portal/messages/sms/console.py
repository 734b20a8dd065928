"""Text messages without a provider: said on the terminal, and kept for the demo's /outbox."""

import sys

from portal.database import people_transaction
from portal.messages.letters.text import Text
from portal.messages.tables import OutboxText
from portal.settings import Settings


class ConsoleRoom:
    def __init__(self, settings: Settings) -> None:
        self._keeps = settings.demo

    async def send(self, text: Text) -> str:
        """Nobody has accepted it, so it has no name."""
        sys.stdout.write(f"\n✆ {text.to}\n{text.body}\n")
        sys.stdout.flush()
        if self._keeps:
            async with people_transaction():
                await OutboxText.insert(OutboxText(created_at=text.written_at, to_number=text.to, body=text.body))
        return ""

    async def find(self, _: Text) -> None:
        """Nobody else knows of it."""

    async def close(self) -> None:
        """Nothing is open."""
