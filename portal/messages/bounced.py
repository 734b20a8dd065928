"""An address that came back as not deliverable, as a practice's pages tell of it."""

from dataclasses import dataclass
from datetime import datetime

from portal.database import read_row

_FOUND = "SELECT bounced_at, reason FROM mail_bounce WHERE email = $1"
_FORGET = "DELETE FROM mail_bounce WHERE email = $1"


@dataclass(frozen=True, slots=True)
class Bounce:
    """`reason` are the words of the server that sent it back."""

    at: datetime
    reason: str


async def find_bounce(email: str) -> Bounce | None:
    row = await read_row(_FOUND, email)
    return Bounce(row["bounced_at"], row["reason"]) if row else None


async def try_address_again(email: str) -> None:
    """Messages go there again, until another one comes back."""
    await read_row(_FORGET, email)
