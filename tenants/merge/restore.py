"""What two records become when their merge is undone. Pure: the rows come in."""

from collections.abc import Mapping
from typing import Any

from tenants.clients.details import FIELDS
from tenants.merge.compose import COMPOSED

Row = Mapping[str, Any]

# What is put back together or not at all. A detail takes along what the client says of it, and whether it is held.
_PIECES: dict[str, tuple[str, ...]] = {
    **{name: (name, f"own_{name}") for name in FIELDS},
    "birthday": ("birthday",),
    "language": ("language",),
    "reach": ("email", "guardian_id"),
    "tags": ("tags",),
    "sms": ("sms_off_at", "sms_off_by"),
    "reminders": ("reminders_off_at",),
    "said": ("own_said_at",),
    "since": ("created_at",),
}
_REFUSALS = ("sms", "reminders")


def restore_kept(now: Row, became: Row, before: Row) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The kept record's columns, and the pieces that stay as they are because they have been changed since."""
    made: dict[str, Any] = {}
    stayed = []
    held = set(now["held"])
    for piece, columns in _PIECES.items():
        states = [_state(row, piece, columns) for row in (now, became, before)]
        if states[1] == states[2]:
            continue
        if states[0] != states[1]:
            stayed.append(piece)
            continue
        made |= {column: before[column] for column in columns}
        if piece in FIELDS:
            held = held - {piece} | ({piece} & set(before["held"]))
    return made | {"held": sorted(held)}, tuple(stayed)


def restore_gone(now: Row, became: Row, before: Row) -> dict[str, Any]:
    """The other record's columns as they were. What was refused since, by whichever of the two, holds for both.

    `now` and `became` are the kept record's.
    """
    made = {column: before[column] for column in COMPOSED}
    for first, *more in (_PIECES[piece] for piece in _REFUSALS):
        if now[first] and now[first] != became[first] and not made[first]:
            made |= {column: now[column] for column in (first, *more)}
    return made | {"merged_into": None, "merged_at": None}


def _state(row: Row, piece: str, columns: tuple[str, ...]) -> tuple[Any, ...]:
    return (*(row[column] for column in columns), piece in FIELDS and piece in row["held"])
