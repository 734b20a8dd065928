"""What an SMS costs: its alphabet, its length and its parts (3GPP TS 23.038 and 23.040)."""

import unicodedata
from dataclasses import dataclass

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")  # each takes two places
_GSM_ONE, _GSM_EACH = 160, 153
_UCS2_ONE, _UCS2_EACH = 70, 67  # longer messages spend seven bytes a part on saying which part it is

# Signs that the GSM alphabet does not have, and their next of kin there: nobody misses them.
_KIN = str.maketrans({"\u00a0": " ", "\u202f": " ", "’": "'", "–": "-", "…": "...", "“": '"', "”": '"'})
_LETTERS = str.maketrans({"œ": "oe", "Œ": "OE", "ç": "c", "«": '"', "»": '"'})


@dataclass(frozen=True, slots=True)
class Size:
    """`places` counts what the alphabet counts: two for what it has to write as two."""

    alphabet: str
    places: int
    parts: int
    left: int
    """Places still free in the last part."""


def size_of(body: str) -> Size:
    """One sign from outside the GSM alphabet makes parts of 70 where 160 would fit, each of them paid."""
    if all(sign in _GSM or sign in _EXTENDED for sign in body):
        places = sum(2 if sign in _EXTENDED else 1 for sign in body)
        return _size("GSM-7", places, _GSM_ONE, _GSM_EACH)
    return _size("UCS-2", len(body.encode("utf-16-be")) // 2, _UCS2_ONE, _UCS2_EACH)


def outside_gsm(body: str) -> list[str]:
    """The signs that force parts of 70, each once, in their order."""
    return [sign for sign in dict.fromkeys(body) if sign not in _GSM and sign not in _EXTENDED]


def in_few_parts(body: str) -> str:
    """Dashes, quotes and spaces as the GSM alphabet has them."""
    return body.translate(_KIN)


def folded(body: str) -> str:
    """Letters without the accents that the GSM alphabet lacks: ê is e, ç is c, œ is oe; é and à stay.

    What has no next of kin, another script for one, stays as well.
    """
    return "".join(sign if sign in _GSM else _bare(sign) for sign in in_few_parts(body).translate(_LETTERS))


def _bare(sign: str) -> str:
    plain = unicodedata.normalize("NFD", sign)[0]
    return plain if plain in _GSM else sign


def _size(alphabet: str, places: int, one: int, each: int) -> Size:
    if places <= one:
        return Size(alphabet, places, 1, one - places)
    parts = -(-places // each)
    return Size(alphabet, places, parts, parts * each - places)
