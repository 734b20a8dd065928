from piccolo.columns import Array, BigInt, BigSerial, Date, SmallInt, Text, Timestamptz

from tenants.refs import new_key, new_ref
from tenants.scope import OwnedByTenant


class WaitingWish(OwnedByTenant, tablename="waiting_wish"):
    """A client waits for a start of a service, from `first_day` to `last_day`, both included.

    On one of `weekdays` (0 is Monday), from `from_minute` on and before `until_minute` after midnight at the place.
    No practitioner and no place mean any. `ended_why` is booked, withdrawn (by the client), removed (by staff), over
    (its last day has passed) or offered_enough.
    """

    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    client_record_id = BigInt()
    service_id = BigInt()
    practitioner_id = BigInt(null=True, default=None)
    place_id = BigInt(null=True, default=None)
    weekdays = Array(base_column=SmallInt())
    from_minute = SmallInt()
    until_minute = SmallInt()
    first_day = Date()
    last_day = Date()
    note = Text()
    created_at = Timestamptz()
    created_by = Text()
    ended_at = Timestamptz(null=True, default=None)
    ended_why = Text(null=True, default=None)


class WaitingOffer(OwnedByTenant, tablename="waiting_offer"):
    """A time offered to whoever waits, open until one of its four ends. With `hold_id` it is kept until `expires_at`.

    It is lost when somebody else has taken a time that was offered to all.
    """

    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    key = Text(default=new_key)
    wish_id = BigInt()
    client_record_id = BigInt()
    practitioner_id = BigInt()
    place_id = BigInt()
    starts_at = Timestamptz()
    hold_id = BigInt(null=True, default=None)
    offered_at = Timestamptz()
    expires_at = Timestamptz()
    accepted_at = Timestamptz(null=True, default=None)
    declined_at = Timestamptz(null=True, default=None)
    expired_at = Timestamptz(null=True, default=None)
    lost_at = Timestamptz(null=True, default=None)
    appointment_id = BigInt(null=True, default=None)


class WaitingLook(OwnedByTenant, tablename="waiting_look"):
    """A practice where a time may have come free for somebody who waits; the database notes it, the worker looks."""

    id = BigSerial(primary_key=True)
    since = Timestamptz()
