from piccolo.columns import BigInt, BigSerial, Integer, Text, Timestamptz

from tenants.scope import OwnedByTenant


class Notice(OwnedByTenant, tablename="notice"):
    """A message caused by a change: booked, moved or cancelled; one per appointment, sequence, kind and channel."""

    id = BigSerial(primary_key=True)
    appointment_id = BigInt()
    sequence = Integer()
    kind = Text()
    channel = Text()
    created_at = Timestamptz()
    claimed_until = Timestamptz(null=True, default=None)
    attempts = Integer(default=0)
    next_attempt_at = Timestamptz()
    sent_at = Timestamptz(null=True, default=None)
    failed_at = Timestamptz(null=True, default=None)
    failure = Text()
    skipped_at = Timestamptz(null=True, default=None)
    skip_reason = Text()
    provider_id = Text()
