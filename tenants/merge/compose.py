"""What becomes of two records' details when they are one person's. Pure: the rows come in."""

from collections.abc import Mapping
from typing import Any, Literal

from tenants.clients.details import FIELDS
from tenants.refusals import KinCannotMerge, RecordErased, SameRecord

Side = Literal["kept", "gone"]
Row = Mapping[str, Any]

PARTS: dict[str, tuple[str, ...]] = {
    **{name: (name,) for name in FIELDS},
    "birthday": ("birthday",),
    "language": ("language",),
    "reach": ("email", "guardian_id"),
}
"""What somebody chooses between two records, and the columns of each. A record has an address or a guardian."""

OWN = (*(f"own_{name}" for name in FIELDS), "own_said_at")
JOINED = ("tags", "held", "sms_off_at", "sms_off_by", "reminders_off_at", "created_at")
COMPOSED = (*(column for columns in PARTS.values() for column in columns), *OWN, *JOINED)
"""Every column that a merge writes in the record that is kept, and empties in the other."""

UNTOUCHED = {
    "id": "which row it is",
    "tenant_id": "which practice's",
    "ref": "its address in the portal, which leads on",
    "reach_email": "filled by the database",
    "created_by": "who made that very row",
    "search": "filled by the database",
    "filed_as": "filled by the database",
    "merged_into": "where it went",
    "merged_at": "when",
    "erase_at": "a record that is to be erased is not merged",
    "erased_at": "an erased record is not merged",
}

EMPTY: dict[str, Any] = {
    **dict.fromkeys(column for column in COMPOSED if column != "created_at"),
    **dict.fromkeys((*FIELDS, "language"), ""),
    "tags": [],
    "held": [],
}
MOST_TAGS = 20


def value_of(row: Row, part: str) -> tuple[Any, ...]:
    return tuple(row[column] or None for column in PARTS[part])


def settled(kept: Row, gone: Row) -> dict[str, Side | None]:
    """By part, whose value stands without a question, since the other has the same or none; None where they differ."""
    found: dict[str, Side | None] = {}
    for part in PARTS:
        ours, theirs = value_of(kept, part), value_of(gone, part)
        found[part] = "kept" if ours == theirs or not any(theirs) else None if any(ours) else "gone"
    return found


def compose(kept: Row, gone: Row, chosen: Mapping[str, str]) -> dict[str, Any]:
    """The kept record's columns after the merge. `chosen` is a side by part, asked only where `settled` says None.

    What the client says of themselves goes with the address that stays. Of what they refuse to hear, the stricter.
    """
    asked: dict[str, Side] = {part: "gone" if chosen.get(part) == "gone" else "kept" for part in PARTS}
    whose = {part: side or asked[part] for part, side in settled(kept, gone).items()}
    rows: dict[str, Row] = {"kept": kept, "gone": gone}
    speaker = rows[whose["reach"]]
    made = {column: rows[whose[part]][column] for part, columns in PARTS.items() for column in columns}
    made |= {column: speaker[column] for column in OWN}
    made["held"] = sorted(name for name in FIELDS if _is_held(name, rows[whose[name]], made))
    made["tags"] = list(dict.fromkeys([*kept["tags"], *gone["tags"]]))[:MOST_TAGS]
    by_whom = {row["sms_off_by"] for row in (kept, gone)}
    made["sms_off_by"] = "client" if "client" in by_whom else "staff" if "staff" in by_whom else None
    for column in ("sms_off_at", "reminders_off_at", "created_at"):
        made[column] = min((row[column] for row in (kept, gone) if row[column]), default=None)
    return made


def _is_held(name: str, chosen: Row, made: Row) -> bool:
    """What the practice chose against the client's own word is its own from now on."""
    own = made[f"own_{name}"]
    return name in chosen["held"] if own is None else own != made[name]


def check_may_merge(kept: Row, gone: Row) -> None:
    """Of records that stand by themselves. Raises SameRecord, RecordErased, KinCannotMerge."""
    if kept["id"] == gone["id"]:
        raise SameRecord
    for row in (kept, gone):
        if row["erased_at"] or row["erase_at"]:
            raise RecordErased
    if kept["guardian_id"] == gone["id"] or gone["guardian_id"] == kept["id"]:
        raise KinCannotMerge


def check_may_stand(made: Row, dependants: int) -> None:
    """Who stands under another's address has nobody under their own. Raises KinCannotMerge."""
    if made["guardian_id"] is not None and dependants:
        raise KinCannotMerge
