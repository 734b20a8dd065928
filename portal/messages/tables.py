from piccolo.columns import JSONB, BigSerial, Integer, Text, Timestamptz
from piccolo.table import Table

from tenants.refs import new_ref


class OutboxMail(Table, tablename="outbox_mail"):
    """What the console room let leave, kept for the demo's /outbox. `attachments`: [{name, media_type, text}]."""

    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    created_at = Timestamptz()
    message_id = Text()
    to_email = Text()
    subject = Text()
    text = Text()
    html = Text()
    attachments = JSONB()


class OutboxText(Table, tablename="outbox_text"):
    """What the console room for text messages let leave, kept beside it."""

    id = BigSerial(primary_key=True)
    created_at = Timestamptz()
    to_number = Text()
    body = Text()


class SmsStop(Table, tablename="sms_stop"):
    """A number (E.164) whose owner has asked for no SMS at all, from whatever practice."""

    id = BigSerial(primary_key=True)
    number = Text()
    stopped_at = Timestamptz()


class MailBounce(Table, tablename="mail_bounce"):
    """An address that came back as not deliverable. `status` is RFC 3463's, like 5.1.1."""

    id = BigSerial(primary_key=True)
    email = Text()
    bounced_at = Timestamptz()
    status = Text()
    reason = Text()


class IncomingText(Table, tablename="incoming_text"):
    """What a phone wrote to the installation's number.

    `provider_took_as`: stop, start or help where the provider has understood and answered it itself.
    """

    id = BigSerial(primary_key=True)
    provider_id = Text()
    from_number = Text()
    body = Text()
    provider_took_as = Text()
    received_at = Timestamptz()
    handled_at = Timestamptz(null=True, default=None)
    outcome = Text()


class ChannelTrouble(Table, tablename="channel_trouble"):
    """There while a channel's provider refuses or is silent; gone with the next message that it takes."""

    id = BigSerial(primary_key=True)
    channel = Text()
    since = Timestamptz()
    last_at = Timestamptz()
    reason = Text()


class ReminderLook(Table, tablename="reminder_look"):
    """One row: until when every moment of every reminder has been looked at."""

    id = Integer(primary_key=True)
    looked_until = Timestamptz()
