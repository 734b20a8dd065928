from piccolo.columns import BigInt, BigSerial, Integer, Text, Timestamptz

from tenants.refs import new_ref
from tenants.scope import OwnedByTenant


class Appointment(OwnedByTenant, tablename="appointment"):
    """`blocked_from` to `blocked_until` is the appointment with its buffers; the exclusion constraint keeps it single.

    `sequence` counts the changes that a calendar must know of (RFC 5545, 3.8.7.4). `booking_key` makes the second click
    of a double click find the first one's appointment. `booked_by` and `cancelled_by` are "client" or "staff".
    """

    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    client_record_id = BigInt()
    practitioner_id = BigInt()
    service_id = BigInt()
    place_id = BigInt()
    starts_at = Timestamptz()
    ends_at = Timestamptz()
    blocked_from = Timestamptz()
    blocked_until = Timestamptz()
    sequence = Integer(default=0)
    note = Text()
    booking_key = Text()
    booked_at = Timestamptz()
    booked_by = Text()
    moved_at = Timestamptz(null=True, default=None)
    cancelled_at = Timestamptz(null=True, default=None)
    cancelled_by = Text(null=True, default=None)
    cancel_reason = Text()
    no_show_at = Timestamptz(null=True, default=None)
    confirmed_at = Timestamptz(null=True, default=None)
    confirmed_by = Text(null=True, default=None)
    booked_from = Text()
