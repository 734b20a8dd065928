"""How two records are said beside each other: values, what somebody chooses, what moves."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from babel import Locale
from babel.core import UnknownLocaleError

from portal.languages.phones import say_phone
from portal.languages.words import Words
from portal.staff.desk import Desk
from tenants.merge.compose import settled, value_of
from tenants.merge.hanging import Moved
from tenants.merge.merge import Two

Row = Mapping[str, Any]

PHONES = {"phone", "home_phone"}


def part_names(words: Words) -> dict[str, str]:
    """What a merge chooses, and what an undo may leave as it is."""
    return {
        "first_name": words.gettext("First name"),
        "last_name": words.gettext("Last name"),
        "phone": words.gettext("Mobile phone"),
        "home_phone": words.gettext("Home phone"),
        "birthday": words.gettext("Birthday"),
        "language": words.gettext("Language"),
        "reach": words.gettext("Address"),
        "tags": words.gettext("Tags"),
        "sms": words.gettext("No SMS"),
        "reminders": words.gettext("No reminders by e-mail"),
    }


def name_of(row: Row, words: Words) -> str:
    return (
        f"{row['first_name'] or ''} {row['last_name'] or ''}".strip() or row["email"] or words.gettext("Without a name")
    )


def side_facts(row: Row, has: Moved, desk: Desk) -> dict[str, Any]:
    """One of the two, as its card says it."""
    return {
        "ref": row["ref"],
        "name": name_of(row, desk.viewer.words),
        "values": [said for part in ("reach", "phone", "home_phone", "birthday") if (said := say(row, part, desk))],
        "has": moves_words(has, desk.viewer.words),
        "reach": row["reach_email"],
    }


def asked_parts(two: Two, desk: Desk) -> list[dict[str, Any]]:
    """Where the two differ: what each says."""
    names = part_names(desk.viewer.words)
    return [
        {
            "part": part,
            "name": names[part],
            "values": {"kept": say(two.kept, part, desk), "gone": say(two.gone, part, desk)},
        }
        for part, side in settled(two.kept, two.gone).items()
        if side is None
    ]


def settled_parts(two: Two, desk: Desk) -> list[tuple[str, str]]:
    """What stands without a question: name and value; tags of both."""
    names = part_names(desk.viewer.words)
    rows: dict[str, Row] = {"kept": two.kept, "gone": two.gone}
    found = [
        (names[part], say(rows[side], part, desk))
        for part, side in settled(two.kept, two.gone).items()
        if side and any(value_of(rows[side], part))
    ]
    tags = list(dict.fromkeys([*two.kept["tags"], *two.gone["tags"]]))
    return [*found, (names["tags"], ", ".join(tags))] if tags else found


def say(row: Row, part: str, desk: Desk) -> str:
    """Empty where the record says nothing."""
    if part == "reach":
        return desk.contact(_say_reach(row, desk.viewer.words))
    value = row[part]
    if not value:
        return ""
    if part in PHONES:
        return desk.contact(say_phone(value, desk.practice.country))
    if isinstance(value, date):
        return desk.viewer.formats.date(value)
    return _language_name(value, desk) if part == "language" else str(value)


def _say_reach(row: Row, words: Words) -> str:
    if row["guardian_id"] is None:
        return row["email"] or ""
    if row["reach_email"]:
        return words.gettext("under %(email)s, the address of an adult", email=row["reach_email"])
    return words.gettext("under an adult without an address")


def _language_name(code: str, desk: Desk) -> str:
    try:
        return Locale.parse(code, sep="-").get_display_name(desk.viewer.formats.locale) or code
    except (ValueError, UnknownLocaleError):
        return code


def moves_words(has: Moved, words: Words) -> list[str]:
    """One line for each kind of thing, in the order of the list that names them."""
    lines = {place: _COUNTED[place](words, len(ids)) for place, ids in has.items() if ids}
    return [lines[place] for place in _COUNTED if place in lines]


def _appointments(words: Words, n: int) -> str:
    return words.ngettext("%(n)s appointment, with its messages", "%(n)s appointments, with their messages", n, n=n)


def _replies(words: Words, n: int) -> str:
    return words.ngettext("%(n)s answer by SMS", "%(n)s answers by SMS", n, n=n)


def _dependants(words: Words, n: int) -> str:
    return words.ngettext("%(n)s record under this address", "%(n)s records under this address", n, n=n)


def _documents(words: Words, n: int) -> str:
    return words.ngettext("%(n)s document", "%(n)s documents", n, n=n)


def _notes(words: Words, n: int) -> str:
    return words.ngettext("%(n)s note", "%(n)s notes", n, n=n)


def _consents(words: Words, n: int) -> str:
    return words.ngettext("%(n)s consent", "%(n)s consents", n, n=n)


def _numbers(words: Words, n: int) -> str:
    return words.ngettext("%(n)s number of another program", "%(n)s numbers of another program", n, n=n)


def _wishes(words: Words, n: int) -> str:
    return words.ngettext("%(n)s place on the waiting list", "%(n)s places on the waiting list", n, n=n)


def _offers(words: Words, n: int) -> str:
    return words.ngettext("%(n)s offer of a time", "%(n)s offers of a time", n, n=n)


_COUNTED = {
    "appointment.client_record_id": _appointments,
    "client_reply.client_record_id": _replies,
    "client_document.client_record_id": _documents,
    "client_note.client_record_id": _notes,
    "consent.client_record_id": _consents,
    "client_number.client_record_id": _numbers,
    "waiting_wish.client_record_id": _wishes,
    "waiting_offer.client_record_id": _offers,
    "client_record.guardian_id": _dependants,
}
COUNTED: Sequence[str] = tuple(_COUNTED)
"""Every kind that has words; a test holds it together with what moves."""
