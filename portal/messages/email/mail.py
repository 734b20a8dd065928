"""A letter as the Internet carries it (RFC 5322, 2045)."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from portal.messages.email.headers import POLICY
from portal.messages.letters.letter import Attachment, Letter
from tenants.clients.email import deliverable

_ENCODING = "quoted-printable"  # left to choose, Python encodes each part in every way that there is

_INVITES = {"REQUEST", "CANCEL"}


def as_mail(letter: Letter, mail_from: str) -> EmailMessage:
    """The installation's address under the practice's name, so that the reader knows who writes."""
    mail = EmailMessage(policy=POLICY)
    mail["From"] = Address(_one_line(letter.sender_name), addr_spec=parseaddr(mail_from)[1])
    mail["To"] = _address(letter.to)
    if letter.reply_to:
        mail["Reply-To"] = _address(letter.reply_to)
    mail["Subject"] = _one_line(letter.subject)
    mail["Date"] = format_datetime(letter.written_at)
    mail["Message-ID"] = letter.message_id
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday reply should answer it
    if letter.unsubscribe:
        mail["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058, 3.1
    mail.set_content(letter.text, cte=_ENCODING)
    mail.add_alternative(letter.html, subtype="html", cte=_ENCODING)
    for attachment in letter.attachments:
        _attach(mail, attachment)
    mail["Content-Language"] = letter.language  # last: setting the content drops what describes it
    return mail


def _address(email: str) -> Address:
    """In ASCII as far as its owner's name allows: for a letter in a domain alone no server need speak RFC 6531."""
    if email.isascii():
        return Address(addr_spec=email)
    mailbox, domain = deliverable(email)
    return Address(username=mailbox, domain=domain)


def _attach(mail: EmailMessage, attachment: Attachment) -> None:
    """An invitation is one more way to say the same, and the last one, which calendars take (RFC 6047 §2.4).

    The same comes as a file for whoever's mail program knows no invitations; of another type, so that nobody who does
    takes it over twice.
    """
    kind, *parameters = (part.strip() for part in attachment.media_type.split(";"))
    params = dict(parameter.split("=", 1) for parameter in parameters)
    if kind == "text/calendar" and params.get("method") in _INVITES:
        mail.add_alternative(attachment.text, subtype="calendar", params=params, cte=_ENCODING)
        mail.add_attachment(
            attachment.text.encode(), maintype="application", subtype="ics", filename=_one_line(attachment.name)
        )
    else:
        subtype = kind.partition("/")[2]
        mail.add_attachment(attachment.text, subtype=subtype, filename=attachment.name, params=params)


def _one_line(text: str) -> str:
    """A header ends where its line ends."""
    return " ".join(text.split())
