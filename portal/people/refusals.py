"""What signing in and changing one's account can be refused for.

Words stand in `portal/phrases.py` with those of the practices' rules.
"""

from dataclasses import dataclass
from datetime import datetime

from tenants.refusals import Refusal


@dataclass(eq=False)
class CodeWrong(Refusal):
    tries_left: int


@dataclass(eq=False)
class CodeOver(Refusal):
    """Too old, used, tried too often, or another one has been sent since."""


@dataclass(eq=False)
class AddressElsewhere(Refusal):
    """Another person has proved it too. Told only to whoever has just proved it themselves."""

    email: str
    emails: tuple[str, ...]


@dataclass(eq=False)
class LastAddress(Refusal):
    """Without it nobody could sign in any more."""

    email: str


@dataclass(eq=False)
class UndoOver(Refusal):
    """Used, too old, or the addresses have changed again since."""


@dataclass(eq=False)
class MobileMissing(Refusal):
    """There is no number to send a code to."""


@dataclass(eq=False)
class MobileVerified(Refusal):
    """It has been proved already, and each code costs money."""


@dataclass(eq=False)
class MobileChanged(Refusal):
    """The person has saved another number, or none, since the code was sent."""


@dataclass(eq=False)
class MobileStopped(Refusal):
    """Its owner has answered STOP, and whoever types the number need not be that owner."""


@dataclass(eq=False)
class NotMeOver(Refusal):
    """Used, too old, or its address has left the account."""


@dataclass(eq=False)
class CodeTooSoon(Refusal):
    """The next one can be sent at `again_at`; the same is said whether anybody knows the address or number or not."""

    again_at: datetime


@dataclass(eq=False)
class PhotoUnreadable(Refusal):
    """No image at all, one of another kind, or one that is not whole."""


@dataclass(eq=False)
class PhotoTooLarge(Refusal):
    megabytes: int
    """At most."""


@dataclass(eq=False)
class PhotoTooManyPixels(Refusal):
    megapixels: int
    """At most."""


@dataclass(eq=False)
class PhotoOver(Refusal):
    """The draft was turned, replaced or discarded elsewhere, or has waited too long."""
