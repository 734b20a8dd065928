"""A letter as the Internet carries it (RFC 5322, 2045)."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from portal.messages.letter import Letter
from tenants.clients.email import deliverable


def as_mail(letter: Letter, mail_from: str) -> EmailMessage:
    """The installation's address under the practice's name, so that the reader knows who writes."""
    mail = EmailMessage(policy=SMTP)
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
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    for attachment in letter.attachments:
        _attach(mail, attachment.name, attachment.media_type, attachment.text)
    mail["Content-Language"] = letter.language  # last: setting the content drops what describes it
    return mail


def _address(email: str) -> Address:
    """In ASCII as far as its owner's name allows: for a letter in a domain alone no server need speak RFC 6531."""
    if email.isascii():
        return Address(addr_spec=email)
    mailbox, domain = deliverable(email)
    return Address(username=mailbox, domain=domain)


def _attach(mail: EmailMessage, name: str, media_type: str, text: str) -> None:
    kind, *parameters = (part.strip() for part in media_type.split(";"))
    subtype = kind.partition("/")[2]
    params = dict(parameter.split("=", 1) for parameter in parameters)
    mail.add_attachment(text, subtype=subtype, filename=name, params=params)


def _one_line(text: str) -> str:
    """A header ends where its line ends."""
    return " ".join(text.split())
