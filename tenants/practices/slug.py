"""The name by which a practice's page is reached: what may be one, and which one its name suggests."""

import re
import unicodedata

LONGEST = 63
_SUGGESTED = 40
_SLUG = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?")
# Letters that are no letter with a mark, as their readers write them where marks cannot be had.
_FOLDED = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"})
_APOSTROPHES = re.compile("['\u2019\u02bc]")


def is_slug(text: str) -> bool:
    """As the table has it."""
    return len(text) <= LONGEST and _SLUG.fullmatch(text) is not None


def slug_of(name: str) -> str:
    """Of an ordinary length, cut between words where it can be; "" when nothing of the name can stand in an address."""
    lower = _APOSTROPHES.sub("", name.lower()).translate(_FOLDED)
    bare = "".join(each for each in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(each))
    words = re.findall(r"[a-z0-9]+", bare)
    kept = "-".join(words)
    if len(kept) > _SUGGESTED:
        kept = kept[: _SUGGESTED + 1].rpartition("-")[0] or kept[:_SUGGESTED]
    return kept.strip("-")
