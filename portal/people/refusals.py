"""What signing in can be refused for. Words stand in `portal/phrases.py` with those of the practices' rules."""

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
class NotMeOver(Refusal):
    """Used, too old, or its address has left the account."""


@dataclass(eq=False)
class CodeTooSoon(Refusal):
    """The next one can be sent at `again_at`; the same is said whether anybody knows the address or not."""

    again_at: datetime
