"""What there is to say about a change, given what its reader knows. Pure.

A practice's changes wait a little before they are told, so that a drag and a drag back are no news to anybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

SETTLING = timedelta(minutes=3)
"""How long what staff have changed may be changed again before it is told."""

ENDS = {"cancelled", "declined", "lapsed"}
"""Kinds of change after which there is nothing to come to."""


@dataclass(frozen=True, slots=True)
class Change:
    """What an appointment became at one `sequence`. `by_email` is empty when the client did it, or the rule."""

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


@dataclass(frozen=True, slots=True)
class _Seen:
    """Where a reader believes it to stand, and whether somebody has agreed to it."""

    starts_at: datetime | None
    practitioner_id: int | None
    place_id: int | None
    pending: bool


def what_to_say(
    changes: Sequence[Change], told: Sequence[Told], sequence: int, *, reader: str = "", own: int | None = None
) -> str:
    """booked, moved or cancelled; "" when what the reader knows is still true.

    Of a request: requested, then accepted (or accepted_moved, at another time), declined, lapsed or withdrawn.

    `changes` in their order, up to the latest; `sequence` is the one that the message at hand is about. `reader` is a
    staff member's address, with `own` the practitioner that they are; for the client neither.
    """
    latest = changes[-1]
    if sequence < latest.sequence:
        return ""
    known = _known(changes, told, sequence, reader)
    before, now = _seen(known, changes, own), _seen(latest, changes, own)
    if latest.by_email == reader:  # they get it in writing, whatever they knew
        return _of_request(latest, before, now) or latest.kind
    if known is None and changes[0].kind not in {"booked", "requested"}:
        return latest.kind  # from before messages were kept: whoever came to it knows where it stood
    return "" if before == now else _of_request(latest, before, now) or _of_agreed(before, now)


def _of_agreed(before: _Seen | None, now: _Seen | None) -> str:
    if now is None:
        return "cancelled"
    return "booked" if before is None else "moved"


def _of_request(latest: Change, before: _Seen | None, now: _Seen | None) -> str:
    """What becomes of a request; "" for what the reader takes for agreed."""
    if now is not None and now.pending:
        return "requested"
    if before is None or not before.pending:
        return latest.kind if latest.kind in {"declined", "lapsed"} else ""
    if now is not None:
        same = (before.starts_at, before.practitioner_id, before.place_id)
        return "accepted" if same == (now.starts_at, now.practitioner_id, now.place_id) else "accepted_moved"
    by_practice = "declined" if latest.kind == "cancelled" else "accepted_moved"  # a colleague has taken it
    return latest.kind if latest.kind in {"declined", "lapsed"} else by_practice if latest.by_email else "withdrawn"


def _known(changes: Sequence[Change], told: Sequence[Told], sequence: int, reader: str) -> Change | None:
    """The last change before this one that the reader made or was told of."""
    heard = {each.sequence for each in told}
    earlier = (change for change in changes if change.sequence < sequence)
    return max(
        (change for change in earlier if change.by_email == reader or change.sequence in heard),
        key=lambda change: change.sequence,
        default=None,
    )


def _seen(change: Change | None, changes: Sequence[Change], own: int | None) -> _Seen | None:
    """Where the reader believes it to stand; None for nowhere, or with somebody else."""
    if change is None or change.kind in ENDS or (own is not None and change.practitioner_id != own):
        return None
    return _Seen(change.starts_at, change.practitioner_id, change.place_id, _pending(change, changes))


def _pending(change: Change, changes: Sequence[Change]) -> bool:
    """A move leaves a request as it is."""
    settled = [each.kind for each in changes if each.sequence <= change.sequence and each.kind != "moved"]
    return settled[-1:] == ["requested"]
