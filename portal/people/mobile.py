"""A person's own mobile number, proved by a code that was sent to it."""

from datetime import datetime

from portal.database import read_row
from portal.people.refusals import MobileChanged, MobileMissing, MobileVerified


async def unverified_mobile(person_id: int) -> str:
    """The number that a code is worth sending to. Raises MobileMissing or MobileVerified."""
    row = await read_row("SELECT mobile_phone, mobile_verified_at FROM person WHERE id = $1", person_id)
    if row is None or not row["mobile_phone"]:
        raise MobileMissing
    if row["mobile_verified_at"]:
        raise MobileVerified
    return str(row["mobile_phone"])


async def verify_mobile(person_id: int, number: str, now: datetime) -> None:
    """For a number that this person has proved; a second time changes nothing. Raises MobileChanged."""
    row = await read_row(_VERIFY, person_id, number, now)
    if row is None:
        raise MobileChanged


_VERIFY = """
UPDATE person SET mobile_verified_at = coalesce(mobile_verified_at, $3) WHERE id = $1 AND mobile_phone = $2
RETURNING id
"""
