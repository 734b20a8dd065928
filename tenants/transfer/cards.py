"""vCards, 3.0 (RFC 2426) and 4.0 (RFC 6350): many of them in one file become a sheet, and records become cards."""

import re
from collections.abc import Mapping
from typing import Any

import vobject  # type: ignore[import-untyped]

from tenants.refusals import FileEmpty, TooManyRows
from tenants.transfer.columns import FIELDS
from tenants.transfer.reading import UNREADABLE
from tenants.transfer.sheet import MOST_ROWS, Row, Sheet

COLUMNS = {name: place for place, name in enumerate(FIELDS)}
_CARD = re.compile(r"^BEGIN:VCARD[ \t]*$.*?^END:VCARD[ \t]*$", re.IGNORECASE | re.MULTILINE | re.DOTALL)
_BEGINS = re.compile(r"\s*BEGIN:VCARD\s", re.IGNORECASE)
LARGEST_CARD = 1 << 20  # with a photo; longer ones are broken


def is_cards(text: str) -> bool:
    return bool(_BEGINS.match(text))


def split_cards(text: str, *, first: int | None = None) -> list[str]:
    """Raises FileEmpty, TooManyRows."""
    found = []
    for card in _CARD.finditer(text.replace("\r\n", "\n")):
        found.append(card[0])
        if len(found) == first:
            break
    if not found:
        raise FileEmpty
    if len(found) > MOST_ROWS:
        raise TooManyRows(MOST_ROWS)
    return found


def read_cards(cards: list[str]) -> Sheet:
    """One row each, with our fields for headings."""
    return Sheet(list(FIELDS), [Row(number, _cells(card)) for number, card in enumerate(cards, start=1)], ",")


def _cells(card: str) -> list[str]:
    said = dict.fromkeys(FIELDS, "")
    try:
        if len(card) > LARGEST_CARD:
            raise ValueError("too long")  # noqa: TRY301 - like any other that cannot be read
        said |= _said(vobject.readOne(card, allowQP=True).contents)
    except Exception:  # noqa: BLE001 - vobject raises what it happens to meet in a broken card
        said["first_name"] = UNREADABLE
    return list(said.values())


def _said(contents: Mapping[str, Any]) -> dict[str, str]:
    name = contents["n"][0].value if "n" in contents else None
    first, last = (_words(getattr(name, part, "")) for part in ("given", "family"))
    mobile, home = _phones(contents.get("tel", []))
    return {
        "first_name": first,
        "last_name": last,
        "full_name": "" if first or last else _first(contents, "fn"),
        "email": next((str(each.value) for each in sorted(contents.get("email", []), key=_rank)), ""),
        "phone": mobile,
        "home_phone": home,
        "birthday": re.sub(r"T.*", "", _first(contents, "bday")) if "--" not in _first(contents, "bday") else "",
        "language": _first(contents, "lang"),
        "tags": ",".join(_words(tag) for each in contents.get("categories", []) for tag in _many(each.value)),
        "number": _first(contents, "uid").removeprefix("urn:uuid:"),
        "note": str(contents["note"][0].value) if contents.get("note") else "",
    }


def _phones(told: list[Any]) -> tuple[str, str]:
    """A mobile before all others, and what is left at home; a lone number is the mobile, whatever it is called."""
    numbers = [(str(each.value).removeprefix("tel:"), _kinds(each)) for each in sorted(told, key=_rank)]
    numbers = [(number, kinds) for number, kinds in numbers if number and "fax" not in kinds]
    mobile = next((number for number, kinds in numbers if kinds & {"cell", "iphone", "mobile"}), "")
    others = [number for number, _ in numbers if number != mobile]
    if not mobile and others:
        away = [number for number, kinds in numbers if "home" not in kinds]
        mobile = away[0] if away and len(others) > 1 else others[0]
        others = [number for number in others if number != mobile]
    return mobile, next(iter(others), "")


def _kinds(line: Any) -> set[str]:
    return {kind.strip().lower() for each in line.params.get("TYPE", []) for kind in each.split(",")}


def _rank(line: Any) -> int:
    """PREF=1 of 4.0 and TYPE=pref of 3.0 come first."""
    preferred = line.params.get("PREF", ["100"])[0]
    return 0 if "pref" in _kinds(line) else int(preferred) if preferred.isdecimal() else 100


def _first(contents: Mapping[str, Any], name: str) -> str:
    return _words(contents[name][0].value) if contents.get(name) else ""


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _words(value: Any) -> str:
    return " ".join(" ".join(str(each) for each in _many(value)).split())


def write_card(record: Mapping[str, Any]) -> str:
    """VCard 4.0, with CRLF, folded at 75 octets."""
    card = vobject.vCard()
    card.add("version").value = "4.0"
    card.add("uid").value = str(record["ref"])
    card.add("n").value = vobject.vcard.Name(family=record["last_name"], given=record["first_name"])
    card.add("fn").value = f"{record['first_name']} {record['last_name']}".strip() or record["email"] or record["ref"]
    if record["email"]:
        card.add("email").value = record["email"]
    for name, kind in (("phone", "cell"), ("home_phone", "home")):
        if record[name]:
            line = card.add("tel")
            line.value, line.type_param = record[name], kind
    if record["birthday"]:
        card.add("bday").value = f"{record['birthday']:%Y%m%d}"
    if record["language"]:
        card.add("lang").value = record["language"]
    if record["tags"]:
        card.add("categories").value = list(record["tags"])
    return str(card.serialize(validate=False))
