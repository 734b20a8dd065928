"""Letters as they are searched for: small, without accents, one kind of apostrophe."""

import unicodedata
from functools import lru_cache

_LETTERS = {"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "’": "'", "\u00a0": " ", "\u202f": " "}


def folded(text: str) -> str:
    return "".join(map(_folded, text))


def folded_places(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its letters where in `text` the one stands that it comes from."""
    pieces = [_folded(letter) for letter in text]
    return "".join(pieces), [place for place, piece in enumerate(pieces) for _ in piece]


@lru_cache(maxsize=1024)
def _folded(letter: str) -> str:
    small = letter.casefold()
    plain = unicodedata.normalize("NFKD", _LETTERS.get(small, small))
    return "".join(each for each in plain if not unicodedata.combining(each))
