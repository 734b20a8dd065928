"""The log's rows as they are read: one group for each save, a sentence and its details for each line."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from portal.device_words import described
from portal.people.devices import read_device
from portal.people.places import Places
from portal.staff.audit.sentences import act_of, sentence
from portal.staff.audit.values import value_words
from portal.staff.audit.words import UNTOLD, column_words
from portal.staff.desk import Desk
from tenants.audit.find import Known

EMPTY: tuple[object, ...] = (None, "", [], "00:00:00")
"""What a row need not tell where all of it is told."""
FOLDED_FROM = 4
"""So many lines of one sentence in a group are told once, with their number."""

# Whose name a line tells, by its table: the field that holds the id; and what it was joined with.
_NAME_OF = {
    "service_text": "service_id",
    "service_practitioner": "service_id",
    "service_place": "service_id",
    "service_need": "service_id",
    "opening_hours": "practitioner_id",
    "dated_opening": "practitioner_id",
    "closure": "practitioner_id",
    "consent_text": "wording_id",
}
_OTHER_OF = {"service_practitioner": "practitioner_id", "service_place": "place_id", "service_need": "kind_id"}
_MEMBERS = frozenset(("membership", "invitation"))
ROOM_OF = {
    "service": "services",
    "service_text": "services",
    "service_practitioner": "services",
    "service_place": "services",
    "service_need": "services",
    "practitioner": "practitioners",
    "place": "places",
    "resource_kind": "resources",
    "resource": "resources",
    "opening_hours": "hours",
    "dated_opening": "hours",
    "closure": "closures",
    "booking_policy": "policy",
    "message_policy": "reminders/sending",
    "message_text": "reminders/texts",
    "reminder_rule": "reminders",
    "consent_wording": "consents",
    "consent_text": "consents",
    "retention_rule": "retention",
    "membership": "team",
    "invitation": "team",
    "practice": "page",
    "practice_text": "page",
    "transfer": "transfers",
    "transfer_download": "transfers",
}


@dataclass(frozen=True, slots=True)
class Detail:
    """One field; `before` and `after` are None where the log holds no values."""

    label: str
    before: str | None
    after: str | None

    @property
    def values(self) -> str:
        return " → ".join(each for each in (self.before, self.after) if each is not None)

    @property
    def line(self) -> str:
        return f"{self.label}: {self.values}" if self.values else self.label


@dataclass(frozen=True, slots=True)
class Line:
    """`link` leads to the thing while there is one. `ref` is what the log can be asked for, for all about it."""

    row: Mapping[str, Any]
    words: str
    details: tuple[Detail, ...]
    link: str
    ref: str

    @property
    def folds(self) -> bool:
        """Whether its details are a whole row, not what changed in it."""
        return bool(self.row["did"] != "changed")


@dataclass(frozen=True, slots=True)
class Group:
    """What one save has written: `parts` are lines of one sentence each, told together where they are many."""

    at: datetime
    by: str
    ip: str
    device: str
    place: str
    parts: tuple[tuple[Line, ...], ...] = field(default=())


def groups_of(rows: Iterable[dict[str, Any]], known: Known, desk: Desk, places: Places) -> list[Group]:
    """Newest first, as the rows come; within one in the order in which it was done."""
    saves = groupby(rows, key=lambda row: (row["at"], row["by_email"], row["ip"], row["browser"]))
    made = []
    for (at, by, ip, browser), of_one in saves:
        lines = [line_of(row, known, desk) for row in reversed(list(of_one))]
        made.append(Group(at, by, ip, device_words(browser, desk), place_words(ip, desk, places), _parts(lines)))
    return made


def line_of(row: dict[str, Any], known: Known, desk: Desk) -> Line:
    names = {
        "who": known.members.get(row["by_email"]) or row["by_email"],
        "name": _name(row, known),
        "other": _named(row, _OTHER_OF.get(row["what"], ""), known),
    }
    return Line(
        row,
        sentence(row, names, desk.viewer.words.language),
        tuple(_details(row, desk, known)),
        _link(row, known, desk),
        row["subject_ref"] or known.records.get(row["record_id"], ""),
    )


def device_words(browser: str, desk: Desk) -> str:
    return described(read_device(browser, {}), desk.viewer.words) if browser else ""


def place_words(ip: str, desk: Desk, places: Places) -> str:
    found = places.find(ip, desk.viewer.locale.language) if ip else None
    return found.line if found else ""


def _parts(lines: list[Line]) -> tuple[tuple[Line, ...], ...]:
    alike: dict[Any, list[Line]] = {}
    for line in lines:
        alike.setdefault((line.words, tuple(each.label for each in line.details)), []).append(line)
    parts: list[tuple[Line, ...]] = []
    for several in alike.values():
        parts += [tuple(several)] if len(several) >= FOLDED_FROM else [(line,) for line in several]
    return tuple(parts)


def _name(row: dict[str, Any], known: Known) -> str:
    if row["what"] in _MEMBERS:
        return known.members.get(row["subject"]) or str(row["subject"])
    named = row["subject"] or _named(row, _NAME_OF.get(row["what"], ""), known)
    return named or ("" if row["what"] == "closure" else "…")


def _named(row: dict[str, Any], name: str, known: Known) -> str:
    """From what the line holds, else from the row that stands."""
    held = row["after"].get(name, row["before"].get(name)) if name else None
    held = held or (known.whose.get((row["what"], row["subject_id"])) if name else None)
    return known.things.get((name, held), ("", ""))[1] if held else ""


def _details(row: dict[str, Any], desk: Desk, known: Known) -> Iterable[Detail]:
    """In the order of the words. Where the sentence names the act and no values are kept, it has said all."""
    held, changed = (row["before"], row["after"]), row["did"] == "changed"
    if not any(held) and act_of(row) != "changed":
        return
    said = set() if changed else {_NAME_OF.get(row["what"]), _OTHER_OF.get(row["what"])}
    told = set(row["fields"] or row["after"] or row["before"]) - UNTOLD - said
    for name, label in column_words(desk.viewer.words.language).items():
        if name in told and (changed or (row["after"] or row["before"]).get(name) not in EMPTY):
            yield Detail(label, *(value_words(name, of[name], desk, known) if name in of else None for of in held))


def _link(row: dict[str, Any], known: Known, desk: Desk) -> str:
    if ref := known.appointments.get((row["what"], row["subject_id"])):
        return f"{desk.path}/appointments/{ref}"
    if ref := known.records.get(row["record_id"], ""):
        return f"{desk.path}/clients/{ref}"
    return f"{desk.path}/{ROOM_OF[row['what']]}" if row["what"] in ROOM_OF else ""
