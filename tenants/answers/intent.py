"""What somebody means who answers by SMS. Pure: one word says it, or it is for people to read."""

import unicodedata
from dataclasses import dataclass
from typing import Literal

Intent = Literal["stop", "start", "help", "confirm", "note"]


@dataclass(frozen=True, slots=True)
class Meaning:
    """`language` is that of the word, None for one that every country's phones use.

    `cancel`: the word may have been meant for an appointment; no SMS cancels one.
    """

    intent: Intent
    language: str | None = None
    cancel: bool = False


# As `_plain` leaves them. The English ones are those that carriers and Twilio act upon by themselves, so CANCEL has to
# be a STOP here as well.
_WORDS: dict[str, Meaning] = {
    "stop": Meaning("stop"),
    "stopall": Meaning("stop"),
    "stop all": Meaning("stop"),
    "unsubscribe": Meaning("stop", "en"),
    "end": Meaning("stop", "en"),
    "quit": Meaning("stop", "en"),
    "revoke": Meaning("stop", "en"),
    "optout": Meaning("stop", "en"),
    "opt out": Meaning("stop", "en"),
    "cancel": Meaning("stop", "en", cancel=True),
    "arret": Meaning("stop", "fr"),
    "arreter": Meaning("stop", "fr"),
    "desabonner": Meaning("stop", "fr"),
    "alto": Meaning("stop", "es"),
    "baja": Meaning("stop", "es"),
    "parar": Meaning("stop", "es"),
    "start": Meaning("start"),
    "unstop": Meaning("start", "en"),
    "debut": Meaning("start", "fr"),
    "alta": Meaning("start", "es"),
    "help": Meaning("help"),
    "info": Meaning("help"),
    "aide": Meaning("help", "fr"),
    "ayuda": Meaning("help", "es"),
    "yes": Meaning("confirm", "en"),
    "y": Meaning("confirm", "en"),
    "oui": Meaning("confirm", "fr"),
    "o": Meaning("confirm", "fr"),
    "si": Meaning("confirm", "es"),
    "1": Meaning("confirm"),
}


def meaning_of(body: str) -> Meaning:
    """Case, accents, punctuation and spaces around it do not matter; a word among others is a note."""
    return _WORDS.get(_plain(body), Meaning("note"))


def meaning_as_taken(body: str, taken_as: str) -> Meaning:
    """What the provider has acted upon counts, whatever our own table says."""
    own = meaning_of(body)
    if taken_as == "stop":
        return own if own.intent == "stop" else Meaning("stop", own.language)
    if taken_as == "start":
        return Meaning("start", own.language)
    return Meaning("help", own.language) if taken_as == "help" else own


def _plain(body: str) -> str:
    """NFKD writes an accent as a sign of its own, and a full-width or circled letter as a plain one."""
    letters = (
        sign if sign.isalnum() else " " if sign.isspace() else ""
        for sign in unicodedata.normalize("NFKD", body).casefold()
    )
    return " ".join("".join(letters).split())
