"""Every "no" that a rule can give, by name and with its facts. The words are the portal's."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta


class Refusal(Exception):
    """A rule's answer, not a crash: nothing has been changed."""


@dataclass(eq=False)
class NotFound(Refusal):
    """No such thing at this practice; `what` is a table's name. Told to strangers as a missing page."""

    what: str


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
    """What staff chose lies outside opening hours, or in a closure: `why` as in `booking.why`. They may insist."""

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
class StillNeeded(Refusal):
    """The service, practitioner or place still has `appointments` to come."""

    appointments: int


@dataclass(eq=False)
class HoursOverlap(Refusal):
    """Two openings of one practitioner would run at the same time."""

    weekday: int


@dataclass(eq=False)
class EndsBeforeItBegins(Refusal):
    """A span of hours or days whose end is not after its beginning."""


@dataclass(eq=False)
class ChangedMeanwhile(Refusal):
    """Somebody else has saved since the form was shown, and would be overwritten without having been read."""


@dataclass(eq=False)
class TooManyRules(Refusal):
    """A practice has `most` reminder rules already."""

    most: int


@dataclass(eq=False)
class TextMissing(Refusal):
    """A message of the practice's own says nothing, or nothing in one of its languages."""


@dataclass(eq=False)
class UnknownPlaceholder(Refusal):
    name: str


@dataclass(eq=False)
class BrokenPlaceholder(Refusal):
    """A brace in a text opens or closes nothing."""


@dataclass(eq=False)
class LinkMissing(Refusal):
    """An SMS without a link leaves its reader no way to answer."""


@dataclass(eq=False)
class SmsOffByPractice(Refusal):
    """Only the practice can take its own refusal back."""


@dataclass(eq=False)
class FileEmpty(Refusal):
    """A file with nothing in it, or with nothing below its headings."""


@dataclass(eq=False)
class NotATable(Refusal):
    """Neither CSV nor vCard: a workbook, a picture, a PDF."""


@dataclass(eq=False)
class FileTooLarge(Refusal):
    """More than so many megabytes."""

    megabytes: int


@dataclass(eq=False)
class EncodingUnreadable(Refusal):
    """In this line of the file stands what is no letter in the encoding of all the others."""

    line: int


@dataclass(eq=False)
class QuoteLeftOpen(Refusal):
    """From this row on everything would be one cell."""

    line: int


@dataclass(eq=False)
class TooManyColumns(Refusal):
    most: int


@dataclass(eq=False)
class TooManyRows(Refusal):
    most: int


@dataclass(eq=False)
class TransferUnderWay(Refusal):
    """The worker has it in hand, or it is over: it cannot be changed any more."""


@dataclass(eq=False)
class SameRecord(Refusal):
    """A record is not merged with itself."""


@dataclass(eq=False)
class RecordMerged(Refusal):
    """The record has been taken into another, which is now at `ref`. A page leads there."""

    ref: str


@dataclass(eq=False)
class RecordErased(Refusal):
    """The record is erased, or is going to be."""


@dataclass(eq=False)
class KinCannotMerge(Refusal):
    """An adult and a child under their address, or somebody who would be both, are two people."""


@dataclass(eq=False)
class MergeUndone(Refusal):
    """It has been undone already."""

    undone_at: datetime


@dataclass(eq=False)
class MergeTooOld(Refusal):
    """It could be undone until `until`."""

    until: datetime


@dataclass(eq=False)
class MergedFurther(Refusal):
    """The kept record has been taken into another since; that merge is undone first."""


@dataclass(eq=False)
class AddressTaken(Refusal):
    """Meanwhile another record, called `name`, at `ref`, has the address `email`."""

    email: str
    name: str
    ref: str


@dataclass(eq=False)
class FileUnknown(Refusal):
    """By its content it is none of the kinds that are kept, or it cannot be told what it is."""


@dataclass(eq=False)
class RecordFull(Refusal):
    """All documents of a record together have `megabytes` at most."""

    megabytes: int


@dataclass(eq=False)
class KeptUntil(Refusal):
    """The practice's own rule keeps the record until then."""

    until: datetime


@dataclass(eq=False)
class EmailInUse(Refusal):
    """Another record of the practice has that address: its `ref` and `name`, empty if it only just got it."""

    ref: str
    name: str


@dataclass(eq=False)
class TooManyTags(Refusal):
    """A record has `most` tags at most."""

    most: int
