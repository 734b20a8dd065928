"""When somebody cannot wait for a time as they would like to, and when what was offered to them cannot be had."""

from dataclasses import dataclass
from datetime import date, datetime

from tenants.refusals.refusal import Refusal


@dataclass(eq=False)
class WaitsAlready(Refusal):
    """The client waits for the very same thing."""


@dataclass(eq=False)
class TooManyWishes(Refusal):
    """A client waits for `most` things at one practice at most."""

    most: int


@dataclass(eq=False)
class WaitsTooLong(Refusal):
    """Nobody can book beyond `last_day` yet, so nobody can wait for it either."""

    last_day: date


@dataclass(eq=False)
class WishEnded(Refusal):
    """It is not on the list any more; `why` as `WaitingWish` has it."""

    why: str


@dataclass(eq=False)
class OfferAccepted(Refusal):
    """The client has taken this time already, in another tab or by the link in the mail."""

    starts_at: datetime


@dataclass(eq=False)
class OfferDeclined(Refusal):
    """The client has said no to it already."""

    starts_at: datetime


@dataclass(eq=False)
class OfferExpired(Refusal):
    """It was the client's until then, and nobody answered."""

    expired_at: datetime


@dataclass(eq=False)
class OfferLost(Refusal):
    """Somebody else has that time."""

    starts_at: datetime
