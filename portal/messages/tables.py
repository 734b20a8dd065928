from piccolo.columns import JSONB, BigSerial, Text, Timestamptz
from piccolo.table import Table


class OutboxMail(Table, tablename="outbox_mail"):
    """What the console room let leave, kept for the demo's /outbox. `attachments`: [{name, media_type, text}]."""

    id = BigSerial(primary_key=True)
    created_at = Timestamptz()
    message_id = Text()
    to_email = Text()
    subject = Text()
    text = Text()
    html = Text()
    attachments = JSONB()
