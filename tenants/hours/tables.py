from piccolo.columns import BigInt, BigSerial, Date, SmallInt, Text, Timestamptz

from tenants.refs import new_ref
from tenants.scope import OwnedByTenant


class OpeningHours(OwnedByTenant, tablename="opening_hours"):
    """`weekday` 0 is Monday. Minutes after midnight on the practice's wall; `closes` may be 1440."""

    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    practitioner_id = BigInt()
    place_id = BigInt()
    weekday = SmallInt()
    opens = SmallInt()
    closes = SmallInt()
    from_day = Date(null=True, default=None)
    until_day = Date(null=True, default=None)


class DatedOpening(OwnedByTenant, tablename="dated_opening"):
    """Stands instead of the weekly hours of its practitioner, place and day; without times: closed."""

    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    practitioner_id = BigInt()
    place_id = BigInt()
    day = Date()
    opens = SmallInt(null=True, default=None)
    closes = SmallInt(null=True, default=None)


class Closure(OwnedByTenant, tablename="closure"):
    """Time off of one practitioner, of one place, or of all where both are empty. Clients never see why.

    `holiday` names the public holiday that it was taken from, so that none is taken twice.
    """

    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    practitioner_id = BigInt(null=True, default=None)
    place_id = BigInt(null=True, default=None)
    starts_at = Timestamptz()
    ends_at = Timestamptz()
    reason = Text()
    holiday = Text(null=True, default=None)


class RemovedClosure(OwnedByTenant, tablename="removed_closure"):
    """A closure as it was when it was taken away, kept for a day so that it can be put back."""

    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    practitioner_id = BigInt(null=True, default=None)
    place_id = BigInt(null=True, default=None)
    starts_at = Timestamptz()
    ends_at = Timestamptz()
    reason = Text()
    holiday = Text(null=True, default=None)
    removed_at = Timestamptz()
