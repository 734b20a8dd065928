from piccolo.columns import Array, BigInt, BigSerial, Boolean, Date, Integer, SmallInt, Text, Timestamptz

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


class ReminderRule(OwnedByTenant, tablename="reminder_rule"):
    """`minutes_ahead` of the start, elapsed. `since` is when its moment was last set: no earlier one is made up for.

    `late_minutes_left`: who books after the moment is reminded at once when so much time is left; None for never.
    """

    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    channel = Text()
    minutes_ahead = Integer()
    condition = Text()
    late_minutes_left = Integer(null=True, default=None)
    off_services = Array(base_column=BigInt())
    off_practitioners = Array(base_column=BigInt())
    since = Timestamptz()
    ended_at = Timestamptz(null=True, default=None)


class MessagePolicy(OwnedByTenant, tablename="message_policy"):
    """`quiet_from` and `quiet_until` are minutes of the day at the practice; `sms_budget` is in parts a month."""

    id = BigSerial(primary_key=True)
    quiet_from = SmallInt(default=21 * 60)
    quiet_until = SmallInt(default=8 * 60)
    sms_on = Boolean(default=False)
    sms_budget = Integer(default=500)
    sms_folds = Boolean(default=False)
    sms_names_service = Boolean(default=False)
    notices_off = Array(base_column=Text())


class MessageText(OwnedByTenant, tablename="message_text"):
    """A practice's own words for one kind of message; `subject` is empty for SMS."""

    id = BigSerial(primary_key=True)
    kind = Text()
    channel = Text()
    language = Text()
    subject = Text()
    body = Text()


class SmsSpend(OwnedByTenant, tablename="sms_spend"):
    """`month` is its first day, in the practice's zone."""

    id = BigSerial(primary_key=True)
    month = Date()
    parts = Integer()


class ClientReply(OwnedByTenant, tablename="client_reply"):
    """What a client answered by SMS in words that no rule knows."""

    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    client_record_id = BigInt()
    appointment_id = BigInt(null=True, default=None)
    at = Timestamptz()
    body = Text()
    seen_at = Timestamptz(null=True, default=None)
