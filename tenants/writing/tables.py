from piccolo.columns import Array, BigSerial, Boolean, Date, Integer, SmallInt, Text

from tenants.scope import OwnedByTenant


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
