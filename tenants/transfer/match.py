"""Whose record each row is, and what it would change there: plain arithmetic over what is known."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from tenants.clients.details import FIELDS as DETAILS
from tenants.transfer.columns import folded
from tenants.transfer.reading import MOST_TAGS, Reading

NEW, CHANGED, UNCHANGED, REFUSED = "new", "changed", "unchanged", "refused"


@dataclass(slots=True)
class Known:
    """A record as it stands, and all that was ever noted of it.

    `own` is what the client says of themselves, by field; None where they say nothing.
    """

    id: int
    email: str | None
    shown: dict[str, str]
    own: dict[str, str | None]
    own_said_at: datetime | None
    held: frozenset[str]
    birthday: date | None
    language: str
    tags: list[str]
    has_guardian: bool
    numbers: frozenset[str]
    notes: frozenset[str] = frozenset()


@dataclass(slots=True)
class Verdict:
    """What becomes of one row. `changes` are the record's new values by column, `aside` the client's own that stand."""

    reading: Reading
    outcome: str
    record_id: int | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    held: list[str] | None = None
    number: str = ""
    note: str = ""
    aside: list[str] = field(default_factory=list)


class Records:
    """All of a practice, to be found by what a row says."""

    def __init__(self, known: Iterable[Known]) -> None:
        self._by: dict[tuple[Any, ...], list[Known]] = defaultdict(list)
        for record in known:
            for key in _keys(record):
                self._by[key].append(record)

    def find(self, values: dict[str, Any]) -> Known | None:
        """By e-mail, else by number, else by name and birthday, else by name and phone. Raises Unclear."""
        if found := self._by.get(("email", values.get("email"))):
            return found[0]
        if found := self._by.get(("number", values.get("number"))):
            if values.get("email") and found[0].email:
                raise Unclear("other_email")
            return found[0]
        name = _name(values)
        keys = [("birthday", name, values.get("birthday"))]
        keys += [("phone", name, values.get(each)) for each in ("phone", "home_phone")]
        if not any(values.get(each) for each in ("email", "number", "birthday", "phone", "home_phone")):
            keys = [("name", name, True)]
        for key in keys:
            found = [each for each in self._by.get(key, ()) if not (each.email and values.get("email"))]
            if len(found) > 1:
                raise Unclear("ambiguous")
            if found and key[2]:
                return found[0]
        return None


class Unclear(Exception):
    """Which record it is cannot be said; the text is the reason's name."""


def judge(readings: Sequence[Reading], records: Records, *, insist: bool) -> list[Verdict]:
    """One verdict for each, in their order; a second row of the same client is refused.

    With `insist` the practice's file is laid over what clients say of themselves.
    """
    seen: set[Any] = set()
    own = (replace(reading, faults=dict(reading.faults)) for reading in readings)  # the readings stay as they were
    return [_judged(reading, records, seen, insist) for reading in own]


def _judged(reading: Reading, records: Records, seen: set[Any], insist: bool) -> Verdict:
    values = reading.values
    if not reading.faults:
        _refuse_twice(reading, seen)
    if reading.faults:
        return Verdict(reading, REFUSED)
    try:
        record = records.find(values)
    except Unclear as reason:
        reading.refuse("email" if str(reason) == "other_email" else "row", str(reason))
        return Verdict(reading, REFUSED)
    if record is None:
        changes = {name: value for name, value in values.items() if name not in {"number", "note"}}
        said = {name: values.get(name, "") for name in ("number", "note")}
        return Verdict(reading, NEW, changes=changes, **said)
    if ("record", record.id) in seen:
        reading.refuse("row", "twice")
        return Verdict(reading, REFUSED)
    seen.add(("record", record.id))
    return _changes(reading, record, insist)


def _refuse_twice(reading: Reading, seen: set[Any]) -> None:
    for name in ("email", "number"):
        if value := reading.values.get(name):
            if (name, value) in seen:
                reading.refuse(name, "twice")
            seen.add((name, value))
    values = reading.values
    if reading.faults or values.get("email") or values.get("number"):
        return
    whole = ("whole", _name(values), values.get("birthday"), values.get("phone"), values.get("home_phone"))
    if whole in seen:
        reading.refuse("row", "twice")
    seen.add(whole)


def _changes(reading: Reading, record: Known, insist: bool) -> Verdict:
    verdict = Verdict(reading, UNCHANGED, record.id)
    held = set(record.held)
    for name in DETAILS:
        said, own = reading.values.get(name), record.own[name]
        if not said or said == record.shown[name]:
            continue
        theirs = own is not None and own != said and (own or record.own_said_at is not None)
        if theirs and name not in held and not insist:
            verdict.aside.append(name)
            continue
        verdict.changes[name] = said
        held = held - {name} if own == said else held | {name} if theirs else held
    for name, shown in (("birthday", record.birthday), ("language", record.language)):
        if reading.values.get(name, shown) != shown:
            verdict.changes[name] = reading.values[name]
    _add_tags(verdict, record)
    _add_address(verdict, record)
    if reading.values.get("number") and reading.values["number"] not in record.numbers:
        verdict.number = reading.values["number"]
    if reading.values.get("note") and reading.values["note"] not in record.notes:
        verdict.note = reading.values["note"]
    verdict.held = sorted(held) if held != record.held else None
    if reading.faults:
        return Verdict(reading, REFUSED)
    verdict.outcome = CHANGED if verdict.changes or verdict.number or verdict.note else UNCHANGED
    return verdict


def _add_tags(verdict: Verdict, record: Known) -> None:
    """What a record is tagged with already stays."""
    known = {folded(tag) for tag in record.tags}
    more = [tag for tag in verdict.reading.values.get("tags", []) if folded(tag) not in known]
    if len(record.tags) + len(more) > MOST_TAGS:
        verdict.reading.refuse("tags", "tags")
    elif more:
        verdict.changes["tags"] = [*record.tags, *more]


def _add_address(verdict: Verdict, record: Known) -> None:
    """Another address would show the record to another person: that is nothing for a file to decide."""
    email = verdict.reading.values.get("email")
    if not email or email == record.email:
        return
    if record.has_guardian:
        verdict.reading.refuse("email", "guardian")
    else:
        verdict.changes["email"] = email


def _name(values: dict[str, Any]) -> str:
    return folded(f"{values.get('first_name', '')} {values.get('last_name', '')}")


def _keys(record: Known) -> Iterable[tuple[Any, ...]]:
    """In any spelling by which a row might call it."""
    if record.email:
        yield ("email", record.email)
    for number in record.numbers:
        yield ("number", number)
    name = _name(record.shown)
    phones = {record.shown[each] for each in ("phone", "home_phone")} - {""}
    if record.birthday:
        yield ("birthday", name, record.birthday)
    for phone in phones:
        yield ("phone", name, phone)
    if not (record.email or record.numbers or record.birthday or phones):
        yield ("name", name, True)
