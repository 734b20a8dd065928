from piccolo.columns import BigInt, BigSerial, Integer, SmallInt, Text, Timestamptz

from tenants.refs import new_ref
from tenants.scope import OwnedByTenant


class Message(OwnedByTenant, tablename="message"):
    """What a practice owes somebody to say, and what became of it: a notice, or a reminder whose moment has come.

    `sequence` is the appointment's at the change that a notice is about; `starts_at`, `practitioner_id` and `place_id`
    are what it was changed to, and for a reminder the start that it is about. `by_email` is the staff member who
    caused it, empty when the client did. `told_with` names the message that spoke for this one, too.
    """

    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    appointment_id = BigInt(null=True, default=None)
    audience = Text(default="client")
    membership_id = BigInt(null=True, default=None)
    kind = Text()
    rule_id = BigInt(null=True, default=None)
    sequence = Integer()
    copy = SmallInt(default=0)
    starts_at = Timestamptz(null=True, default=None)
    practitioner_id = BigInt(null=True, default=None)
    place_id = BigInt(null=True, default=None)
    by_email = Text()
    told_with = BigInt(null=True, default=None)
    channel = Text()
    instead_of = Text()
    link = Text(null=True, default=None)
    sent_to = Text()
    said = Text()
    parts = SmallInt()
    created_at = Timestamptz()
    claimed_until = Timestamptz(null=True, default=None)
    attempts = Integer(default=0)
    next_attempt_at = Timestamptz()
    sent_at = Timestamptz(null=True, default=None)
    delivered_at = Timestamptz(null=True, default=None)
    failed_at = Timestamptz(null=True, default=None)
    failure = Text()
    skipped_at = Timestamptz(null=True, default=None)
    skip_reason = Text()
    provider_id = Text()
    provider_state = Text()
    offer_id = BigInt(null=True, default=None)
