"""What every channel's room offers, and the two ways in which it can say no."""

from typing import Protocol, TypeVar

Message_contra = TypeVar("Message_contra", contravariant=True)


class Refused(Exception):
    """For good: trying again would be refused again. The text is for whoever runs the installation."""


class Unavailable(Exception):
    """For now: the same message may leave later."""


class Channel(Protocol[Message_contra]):
    """A room for one kind of message: letters leave by e-mail, texts by SMS. Several may leave side by side."""

    async def send(self, message: Message_contra, /) -> str:
        """Gives the provider's own name for what it accepted. Raises Refused or Unavailable."""

    async def find(self, message: Message_contra, /) -> str | None:
        """The provider's name for this very message where it tells of what it has taken. Raises Unavailable."""

    async def close(self) -> None: ...
