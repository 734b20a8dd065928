"""From a row's cells to what a record would say, with each cell that cannot be taken and why."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from tenants.clients.email import normal
from tenants.transfer.cells import plain
from tenants.transfer.columns import folded

LONGEST = {"first_name": 100, "last_name": 100, "full_name": 201, "email": 254, "phone": 40, "home_phone": 40}
LONGEST_NUMBER, LONGEST_TAG, MOST_TAGS, LONGEST_CELL = 200, 40, 20, 2000
FIRST_YEAR = 1900

UNREADABLE = "\0unreadable"
"""In the first cell of a card that is none; no cell with that sign is ever taken."""

_UNSEEN = re.compile(r"[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")  # what address books put around numbers
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_ISO = re.compile(r"(\d{4})[-/.]?(\d{2})[-/.]?(\d{2})")
_SPOKEN = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})")
_CLOCK = re.compile(r"[T ]0?0:00(:00(\.0+)?)?Z?$")
_BEFORE_LAST_NAME = {"de", "du", "des", "la", "le", "del", "da", "das", "dos", "von", "van", "der", "den", "ter", "el"}
_LANGUAGES = {
    "en": "english,anglais,ingles",
    "fr": "french,francais,frances",
    "es": "spanish,espagnol,espanol,castellano",
}
_LANGUAGE_OF = {name: code for code, names in _LANGUAGES.items() for name in names.split(",")}


@dataclass(frozen=True, slots=True)
class Layout:
    """How a practice's file is to be read. `columns` are places of cells by field; `read_phone` raises ValueError."""

    columns: dict[str, int]
    day_first: bool
    today: date
    read_phone: Callable[[str], str]
    width: int


@dataclass(slots=True)
class Reading:
    """`values` by field, only what the row says; `faults` by field, "row" for what is no single cell's."""

    number: int
    cells: Sequence[str]
    values: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    def refuse(self, name: str, why: str) -> None:
        self.faults.setdefault(name, why)


class _Fault(ValueError):
    """The text is the reason's name."""


def read_row(number: int, cells: Sequence[str], layout: Layout) -> Reading:
    reading = Reading(number, cells)
    if cells and cells[0] == UNREADABLE:
        reading.refuse("row", "unreadable")
        return reading
    if any(cell.strip() for cell in cells[layout.width :]):
        reading.refuse("row", "too_many_cells")
    for name, place in layout.columns.items():
        said = _said(cells[place]) if place < len(cells) else ""
        if not said:
            continue
        try:
            value = _value(name, said, layout)
        except _Fault as fault:
            reading.refuse(name, str(fault))
        else:
            if value:
                reading.values[name] = value
    _take_full_name(reading)
    if not ({"first_name", "last_name"} & reading.values.keys() or reading.faults):
        reading.refuse(
            next((name for name in ("first_name", "full_name") if name in layout.columns), "row"), "nameless"
        )
    return reading


def _said(cell: str) -> str:
    return plain(_UNSEEN.sub("", cell)).replace("\r\n", "\n").strip()


def _value(name: str, said: str, layout: Layout) -> Any:  # noqa: PLR0911 - one for each kind
    if len(said) > LONGEST.get(name, LONGEST_CELL):
        raise _Fault("too_long")
    if _CONTROL.search(said):
        raise _Fault("sign")
    match name:
        case "email":
            return _email(said)
        case "phone" | "home_phone":
            return _phone(said, layout)
        case "birthday":
            return _birthday(said, layout)
        case "language":
            return _language(said)
        case "tags":
            return _tags(said)
        case "note":
            return said.replace("\r", "\n")
        case "number" if len(said) > LONGEST_NUMBER:
            raise _Fault("too_long")
        case _:
            return " ".join(said.split())


def _email(said: str) -> str:
    try:
        return normal(said.removeprefix("mailto:"))
    except ValueError:
        raise _Fault("email") from None


def _phone(said: str, layout: Layout) -> str:
    try:
        return layout.read_phone(said.removeprefix("tel:"))
    except ValueError:
        raise _Fault("phone") from None


def _birthday(said: str, layout: Layout) -> date:
    said = _CLOCK.sub("", said)
    if found := _ISO.fullmatch(said):
        year, month, day = (int(part) for part in found.groups())
    elif found := _SPOKEN.fullmatch(said):
        first, second, year = (int(part) for part in found.groups())
        day, month = (first, second) if layout.day_first else (second, first)
        if len(found[3]) == 2:  # noqa: PLR2004 - the digits of a year cut short: of those who live, the younger
            year += 2000 if 2000 + year <= layout.today.year else 1900
    else:
        raise _Fault("birthday")
    try:
        birthday = date(year, month, day)
    except ValueError:
        raise _Fault("birthday") from None
    if birthday > layout.today:
        raise _Fault("future")
    if birthday.year < FIRST_YEAR:
        raise _Fault("birthday")
    return birthday


def _language(said: str) -> str:
    if known := _LANGUAGE_OF.get(folded(said)):
        return known
    if re.fullmatch(r"[A-Za-z]{2,3}([-_][A-Za-z]{2})?", said):
        code, _, region = said.replace("_", "-").partition("-")
        return f"{code.lower()}-{region.upper()}" if region else code.lower()
    raise _Fault("language")


def _tags(said: str) -> list[str]:
    tags = {folded(tag): " ".join(tag.split()) for tag in reversed(re.split(r"[,;|\n]", said)) if tag.strip()}
    if len(tags) > MOST_TAGS or any(len(tag) > LONGEST_TAG for tag in tags.values()):
        raise _Fault("tags")
    return list(reversed(tags.values()))


def _take_full_name(reading: Reading) -> None:
    """“Silva, Ana” and “Ana Silva” alike; what first and last name say for themselves counts more."""
    whole = reading.values.pop("full_name", "")
    if not whole:
        return
    last, comma, first = (part.strip() for part in whole.partition(","))
    if not comma:
        words = whole.split()
        cut = len(words) - 1
        while cut > 1 and words[cut - 1].lower() in _BEFORE_LAST_NAME:
            cut -= 1
        first, last = (" ".join(words[:cut]), " ".join(words[cut:])) if cut else (whole, "")
    if len(first) > LONGEST["first_name"] or len(last) > LONGEST["last_name"]:
        reading.refuse("full_name", "too_long")
    for name, value in (("first_name", first), ("last_name", last)):
        if value:
            reading.values.setdefault(name, value)
