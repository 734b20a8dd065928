"""Why a cell, a row or a whole transfer was refused, in words."""

from collections.abc import Callable

from portal.languages.words import Words
from tenants.transfer.jobs import BROKE, GAVE_UP


def field_words(name: str, words: Words) -> str:
    _ = words.gettext
    return {
        "first_name": _("First name"),
        "last_name": _("Last name"),
        "full_name": _("Full name"),
        "email": _("E-mail"),
        "phone": _("Mobile phone"),
        "home_phone": _("Home phone"),
        "birthday": _("Birthday"),
        "language": _("Language"),
        "tags": _("Tags"),
        "number": _("Number in the other program"),
        "note": _("Note"),
        "row": _("The whole row"),
    }[name]


def fault_words(why: str, words: Words) -> str:
    return FAULTS[why](words)


def failure_words(why: str, words: Words) -> str:
    """Of a transfer that has ended without a result."""
    _ = words.gettext
    return {
        GAVE_UP: _("It was begun three times and never came to its end. Nothing was changed."),
        BROKE: _("Something broke on our side. It is written down, and nothing was changed."),
    }[why]


FAULTS: dict[str, Callable[[Words], str]] = {
    "too_many_cells": lambda words: words.gettext("This row has more cells than there are headings."),
    "too_long": lambda words: words.gettext("This is too long."),
    "sign": lambda words: words.gettext("This holds a sign that cannot be kept."),
    "email": lambda words: words.gettext("This is not an e-mail address."),
    "phone": lambda words: words.gettext("This is not a phone number here. From another country it begins with +."),
    "birthday": lambda words: words.gettext("There is no such birthday."),
    "future": lambda words: words.gettext("This birthday is still to come."),
    "language": lambda words: words.gettext("This is no language that we know. Write it like fr or en-CA."),
    "tags": lambda words: words.gettext("A record has at most 20 tags, each of 40 characters at most."),
    "nameless": lambda words: words.gettext("There is no name in this row."),
    "twice": lambda words: words.gettext("This client stands in the file already, further up."),
    "other_email": lambda words: words.gettext("The record of this number has another e-mail address."),
    "ambiguous": lambda words: words.gettext("Several records could be meant. Give an e-mail address to tell which."),
    "guardian": lambda words: words.gettext("This record stands under an adult’s address, so it has none of its own."),
    "unreadable": lambda words: words.gettext("This card cannot be read."),
}
