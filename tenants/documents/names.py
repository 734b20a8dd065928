"""File names as they are kept: shown on pages, and given to whoever saves the file. Pure."""

import re
import unicodedata

from tenants.documents.kinds import Kind

LONGEST = 120
NAMELESS = "document"

# Separators of folders, and what no Windows file may be called.
_FORBIDDEN = re.compile(r'[\\/<>:"|?*]')
# Control signs and those that turn the direction of reading: with one of them "exe.fdp" reads "pdf.exe".
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def last_of_path(sent: str) -> str:
    """Old browsers send where the file lay on somebody's disk."""
    return re.split(r"[\\/]", sent)[-1]


def clean_name(said: str, kind: Kind) -> str:
    """At most LONGEST signs, with an ending of its kind: whatever it was called, it opens as what it is."""
    seen = "".join(sign for sign in unicodedata.normalize("NFC", said) if _is_seen(sign))
    name = " ".join(_FORBIDDEN.sub("-", seen).split()).strip(" .-")
    ending = next((each for each in kind.endings if name.lower().endswith(each)), "")
    stem = name[: len(name) - len(ending)].rstrip(" .-")
    ending = name[len(name) - len(ending) :] if ending else kind.endings[0]
    return (stem[: LONGEST - len(ending)].rstrip(" .-") or NAMELESS) + ending


def _is_seen(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) not in _UNSEEN
