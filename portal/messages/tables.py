from piccolo.columns import JSONB, BigSerial, Text, Timestamptz
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
