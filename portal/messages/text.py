from dataclasses import dataclass
from datetime import datetime

# Signs that 3GPP TS 23.038 does not have in its GSM alphabet, and their next of kin there.
_KIN = str.maketrans({"\u00a0": " ", "\u202f": " ", "’": "'", "–": "-", "…": "...", "“": '"', "”": '"'})


@dataclass(frozen=True, slots=True)
class Text:
    """One message for a phone. `to` is E.164. Nobody needs it after `useful_until`."""

    to: str
    body: str
    language: str
    written_at: datetime
    useful_until: datetime


def in_few_parts(body: str) -> str:
    """One sign from outside the GSM alphabet makes parts of 70 characters where 160 would fit, each of them paid."""
    return body.translate(_KIN)
