import base64
import secrets
from hashlib import sha256


def new_ref() -> str:
    """What stands in a URL instead of an id: 50 random bits in base32, so nobody reads a practice's volume off it."""
    return base64.b32encode(secrets.token_bytes(7)).decode().lower()[:10]


def new_key() -> str:
    """128 random bits: whoever holds it may act on what it names."""
    return secrets.token_urlsafe(16)


def fingerprint(facts: object) -> str:
    """Tells one state of a setting from another, for a form that must not overwrite what it has not shown."""
    return sha256(repr(facts).encode()).hexdigest()[:16]
