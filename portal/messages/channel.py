"""What every channel's room offers, and the two ways in which it can say no."""

from typing import Protocol

from portal.messages.letter import Letter


class Refused(Exception):
    """For good: trying again would be refused again. The text is for whoever runs the installation."""


class Unavailable(Exception):
    """For now: the same message may leave later."""


class Channel(Protocol):
    async def send(self, letter: Letter) -> str:
        """Gives the provider's own name for what it accepted. Raises Refused or Unavailable."""

    async def close(self) -> None: ...
