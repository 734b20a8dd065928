"""When a time cannot be had, and when hours or services cannot be as they were wanted."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tenants.refusals.refusal import Refusal


@dataclass(eq=False)
class SlotTaken(Refusal):
    """Somebody else has, or holds, that time. `next_free` are the starts nearest to it, at most three."""

    starts_at: datetime
    next_free: tuple[datetime, ...] = ()


@dataclass(eq=False)
class TimeNotOffered(Refusal):
    """Hours, closures or the grid of starts do not allow that time."""

    starts_at: datetime
    next_free: tuple[datetime, ...] = ()


@dataclass(eq=False)
class PractitionerBusy(SlotTaken):
    """What staff chose meets what is booked, or held, already: each of `others` is a client's name, its start and end.

    `may_overbook` when the practice lets it be laid over them on purpose.
    """

    others: tuple[tuple[str, datetime, datetime], ...] = ()
    may_overbook: bool = False


@dataclass(eq=False)
class NotOpenThen(TimeNotOffered):
    """What staff chose lies outside opening hours, or in a closure: `why` as in `arranging.why`. They may insist."""

    why: str = ""


@dataclass(eq=False)
class SeriesMeets(Refusal):
    """Some days of a series cannot be as they were wanted; the page lists them anew."""

    days: tuple[date, ...]


@dataclass(eq=False)
class TimeIsPast(Refusal):
    starts_at: datetime


@dataclass(eq=False)
class BookedTooLate(Refusal):
    """The practice wants to know `minimum_notice` ahead."""

    starts_at: datetime
    minimum_notice: timedelta


@dataclass(eq=False)
class BookedTooEarly(Refusal):
    """Booking opens `horizon` ahead."""

    starts_at: datetime
    horizon: timedelta


@dataclass(eq=False)
class DailyLimitReached(Refusal):
    """The client has `limit` appointments at this practice that day already."""

    limit: int


@dataclass(eq=False)
class ServiceNotGiven(Refusal):
    """The practitioner does not give the service, or not at that place."""


@dataclass(eq=False)
class TooLateToCancel(Refusal):
    deadline: datetime


@dataclass(eq=False)
class TooLateToMove(Refusal):
    deadline: datetime


@dataclass(eq=False)
class AppointmentOver(Refusal):
    """It has begun, so it cannot be cancelled or moved by the client any more."""

    starts_at: datetime


@dataclass(eq=False)
class AppointmentCancelled(Refusal):
    cancelled_at: datetime


@dataclass(eq=False)
class MovedMeanwhile(Refusal):
    """What was agreed to was another time; it begins at `starts_at` now."""

    starts_at: datetime


@dataclass(eq=False)
class NotYetBegun(Refusal):
    """Nobody can have missed an appointment that is still to come."""

    starts_at: datetime


@dataclass(eq=False)
class ResourceTaken(Refusal):
    """Somebody else has that room or thing then; `name` is its name."""

    name: str


@dataclass(eq=False)
class ResourceUnfit(Refusal):
    """The appointment needs none of its kind, or is at another place."""

    name: str


@dataclass(eq=False)
class StillNeeded(Refusal):
    """The service, practitioner or place still has `appointments` to come."""

    appointments: int


@dataclass(eq=False)
class KindStillNeeded(Refusal):
    """Services, told by their names, need a room or thing of this kind."""

    services: tuple[str, ...]


@dataclass(eq=False)
class HoursOverlap(Refusal):
    """Two openings of one practitioner would run at the same time."""

    weekday: int


@dataclass(eq=False)
class EndsBeforeItBegins(Refusal):
    """A span of hours or days whose end is not after its beginning."""


@dataclass(eq=False)
class NoResourceFree(SlotTaken):
    """No room or thing of a kind that the service needs is free then; `kind` is its name."""

    kind: str = ""


@dataclass(eq=False)
class PracticeSuspended(Refusal):
    """The platform lets nobody book there at the moment."""


@dataclass(eq=False)
class NewClientsNotTaken(Refusal):
    """The practice does not know this address, and takes no new clients by itself online."""


@dataclass(eq=False)
class OpenLimitReached(Refusal):
    """The client has `limit` appointments to come at this practice already."""

    limit: int
