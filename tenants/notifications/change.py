"""What there is to say about a change, given what its reader knows. Pure.

A practice's changes wait a little before they are told, so that a drag and a drag back are no news to anybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

SETTLING = timedelta(minutes=3)
"""How long what staff have changed may be changed again before it is told."""


@dataclass(frozen=True, slots=True)
class Change:
    """What an appointment became at one `sequence`. `by_email` is empty when the client did it."""

    sequence: int
    kind: str
    starts_at: datetime | None
    practitioner_id: int | None
    place_id: int | None
    by_email: str


@dataclass(frozen=True, slots=True)
class Told:
    """A message to the reader about the change of that `sequence`: sent, or left unsaid on purpose."""

    sequence: int


def what_to_say(
    changes: Sequence[Change], told: Sequence[Told], sequence: int, *, reader: str = "", own: int | None = None
) -> str:
    """booked, moved or cancelled; "" when what the reader knows is still true.

    `changes` in their order, up to the latest; `sequence` is the one that the message at hand is about. `reader` is a
    staff member's address, with `own` the practitioner that they are; for the client neither.
    """
    latest = changes[-1]
    if sequence < latest.sequence:
        return ""
    known = _known(changes, told, sequence, reader)
    if latest.by_email == reader:
        return latest.kind  # they get it in writing, whatever they knew
    if known is None and changes[0].kind != "booked":
        return latest.kind  # from before messages were kept: whoever came to it knows where it stood
    before, now = _seen(known, own), _seen(latest, own)
    if before == now:
        return ""
    if now is None:
        return "cancelled"
    return "booked" if before is None else "moved"


def _known(changes: Sequence[Change], told: Sequence[Told], sequence: int, reader: str) -> Change | None:
    """The last change before this one that the reader made or was told of."""
    heard = {each.sequence for each in told}
    earlier = (change for change in changes if change.sequence < sequence)
    return max(
        (change for change in earlier if change.by_email == reader or change.sequence in heard),
        key=lambda change: change.sequence,
        default=None,
    )


def _seen(change: Change | None, own: int | None) -> tuple[datetime | None, int | None, int | None] | None:
    """Where the reader believes it to stand; None for nowhere, or with somebody else."""
    if change is None or change.kind == "cancelled" or (own is not None and change.practitioner_id != own):
        return None
    return change.starts_at, change.practitioner_id, change.place_id
