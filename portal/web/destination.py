import re

# One slash, then nothing that a browser could read as another host: no second slash, no backslash, no control sign.
_INSIDE = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]*")


def safe_destination(wanted: str | None, otherwise: str) -> str:
    """Where to go next: a path of this portal, or `otherwise` for anything that might lead out of it."""
    return wanted if wanted and _INSIDE.fullmatch(wanted) else otherwise
