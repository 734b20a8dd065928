from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Attachment:
    """A text file; `media_type` with its parameters."""

    name: str
    media_type: str
    text: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One message, written out for one reader. `message_id` stays the same however often it is tried.

    Nobody needs it after `useful_until`. `unsubscribe` is an address that takes one click (RFC 8058), for what its
    reader may refuse.
    """

    message_id: str
    to: str
    sender_name: str
    reply_to: str | None
    subject: str
    text: str
    html: str
    language: str
    written_at: datetime
    useful_until: datetime
    attachments: tuple[Attachment, ...] = ()
    unsubscribe: str | None = None
