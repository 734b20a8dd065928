"""What a mail server reports of a message that it was given (RFC 3464, and RFC 6533 for addresses in any script)."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email import message_from_string
from email.message import Message

from tenants.clients.email import normal

LARGEST = 150_000  # bytes; a report holds at most the message that it is about, and ours are a tenth of that
_MOST_PARTS = 16  # times that the word "boundary" may stand in it: each costs a look at every line
_MOST_RECIPIENTS = 20
_LONGEST_REASON = 300
_SMTP_REPLY = re.compile(r"[245]\d\d[ -]")
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")
_ESCAPED = re.compile(r"\\x\{([0-9A-Fa-f]{1,6})\}")
_REPORTS = {"message/delivery-status", "message/global-delivery-status"}
_RETURNED = {"message/rfc822", "message/global", "message/global-headers", "text/rfc822-headers"}


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a message for one recipient: `recipients` are the names that it had on its way.

    `action` is failed, delayed, delivered, relayed or expanded; `status` is RFC 3463's, like 5.1.1; `said` are the
    words of the server that refused it.
    """

    recipients: frozenset[str]
    action: str
    status: str
    said: str


@dataclass(frozen=True, slots=True)
class Report:
    """`about` are Message-IDs without their brackets, one of which names the message."""

    about: tuple[str, ...]
    fates: tuple[Fate, ...]


def read_report(raw: bytes) -> Report | None:
    """None for whatever is no report of a delivery. May raise anything at what was written to do harm."""
    if len(raw) > LARGEST or raw.lower().count(b"boundary") > _MOST_PARTS:
        return None
    mail = message_from_string(raw.decode("utf-8", "replace"))
    if mail.get_content_type() != "multipart/report" or not mail.is_multipart():
        return None
    groups = [group for part in _parts(mail, _REPORTS) for group in _groups(part)]
    fates = tuple(fate for group in groups[1 : _MOST_RECIPIENTS + 1] if (fate := _fate(group)))
    returned = [head for part in _parts(mail, _RETURNED) if (head := _returned(part)) is not None]
    about = (_message_id(head, name) for name in _MESSAGE_IDS for head in (*groups[:1], *returned))
    return Report(tuple(dict.fromkeys(id_ for id_ in about if id_)), fates) if fates else None


_MESSAGE_IDS = ("Original-Message-ID", "X-Original-Message-ID", "Message-ID")


def normal_address(address: str) -> str:
    """As it is kept; what is no address stays what it is, in lower case."""
    try:
        return normal(address)
    except ValueError:
        return address.strip().lower()


def _parts(mail: Message, kinds: set[str]) -> Iterator[Message]:
    for part in _under(mail):
        if part.get_content_type() in kinds:
            yield part


def _under(part: Message) -> Iterable[Message]:
    inside = part.get_payload()
    return [each for each in inside if isinstance(each, Message)] if isinstance(inside, list) else []


def _groups(part: Message) -> Iterator[Message]:
    """Of fields: the first about the message, then one for each recipient. Python knows the older type alone."""
    if part.get_content_type() == "message/delivery-status":
        yield from _under(part)
        return
    for first in _under(part):
        yield first
        rest = first.get_payload()
        if isinstance(rest, str):
            yield from (message_from_string(text) for text in re.split(r"\r?\n\r?\n", rest) if text.strip())


def _returned(part: Message) -> Message | None:
    """The head of the message that came back."""
    if part.get_content_type() == "text/rfc822-headers":
        body = part.get_payload(decode=True)
        return message_from_string(body.decode("utf-8", "replace")) if isinstance(body, bytes) else None
    return next(iter(_under(part)), None)


def _fate(group: Message) -> Fate | None:
    recipients = {_recipient(_field(group, name)) for name in ("Original-Recipient", "Final-Recipient")} - {""}
    action = _field(group, "Action").lower()
    diagnostic = _field(group, "Diagnostic-Code")
    status = _STATUS.search(_field(group, "Status")) or _STATUS.search(diagnostic)
    if not recipients or not action or status is None:
        return None
    return Fate(frozenset(recipients), action, status[0], _said(diagnostic, status[0]))


def _recipient(field: str) -> str:
    """`rfc822; ana@example.org`, or `utf-8; …` whose signs may be escaped (RFC 6533 §3)."""
    address = _printable(_ESCAPED.sub(_unescaped, field.partition(";")[2])).strip().strip("<>")
    return normal_address(address) if address else ""


def _unescaped(found: re.Match[str]) -> str:
    return chr(min(int(found[1], 16), 0x10FFFF))


def _said(diagnostic: str, status: str) -> str:
    """Begins with the reply's number, as a refusal at the door does."""
    kind, _, words = diagnostic.partition(";")
    said = words.strip() if kind.strip().lower() == "smtp" else ""
    if not _SMTP_REPLY.match(said):
        said = f"{status[0]}50 {status} {said}".strip()
    return said[:_LONGEST_REASON]


def _message_id(head: Message, name: str) -> str:
    return _field(head, name).removeprefix("<").removesuffix(">")


def _field(head: Message, name: str) -> str:
    """On one line, and nothing in it that a terminal or a database could stumble over."""
    return _printable(" ".join(str(head.get(name, "")).split()))


def _printable(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable())
