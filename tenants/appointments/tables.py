from typing import Any

from piccolo.columns import BigInt, BigSerial, Boolean, Column, Integer, SmallInt, Text, Timestamptz

from tenants.refs import new_ref
from tenants.scope import OwnedByTenant


class Spans(Column):
    """A tstzmultirange; as asyncpg reads it, a list of its ranges."""

    value_type = list

    def __init__(self, default: Any = None, **more: Any) -> None:
        self.default: Any = default or []
        super().__init__(default=self.default, **more)

    @property
    def column_type(self) -> str:
        return "TSTZMULTIRANGE"


class Series(OwnedByTenant, tablename="series"):
    """Appointments agreed together, each of which stands for itself; `by_email` is the staff member's."""

    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    every_weeks = SmallInt()
    by_email = Text()
    created_at = Timestamptz()


class Appointment(OwnedByTenant, tablename="appointment"):
    """`blocked_from` to `blocked_until` is the appointment with its buffers.

    The exclusion constraint keeps that time single, but for what it `shares` on purpose with others.

    `sequence` counts the changes that a calendar must know of (RFC 5545, 3.8.7.4). `booking_key` makes the second click
    of a double click find the first one's appointment. `booked_by` is "client" or "staff", `cancelled_by` these or
    "rule", for a request that nobody answered.

    With a `seat` it is one of a group: those of its practitioner, service and start. A request has `approve_by`, until
    when it waits for an answer; the database itself says whether it is `pending`.
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
    series_id = BigInt(null=True, default=None)
    shares = Spans()
    arrived_at = Timestamptz(null=True, default=None)
    completed_at = Timestamptz(null=True, default=None)
    seat = SmallInt(null=True, default=None)
    approve_by = Timestamptz(null=True, default=None)
    accepted_at = Timestamptz(null=True, default=None)
    accepted_by = Text(null=True, default=None)
    declined_at = Timestamptz(null=True, default=None)
    pending = Boolean(default=False)
