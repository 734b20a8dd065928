import unicodedata

from email_validator import validate_email

LONGEST = 254  # RFC 5321, 4.5.3.1.3 less the angle brackets
_LONGEST_TYPED = 4 * LONGEST  # no letter is written with more than four signs


def normal(typed: str) -> str:
    """The one form in which an address is kept, compared and written to: no case, NFC, the domain in Unicode.

    What may be another's mailbox stays apart: plus-tags, dots, and letters that only folding makes alike, as ß and ss.
    Raises ValueError when it is no e-mail address. Nothing is asked of the network.
    """
    if len(typed) > _LONGEST_TYPED:
        raise ValueError("too long")
    mailbox, _, domain = unicodedata.normalize("NFC", typed).strip().rpartition("@")
    # Word by word, since a sigma is written differently at the end of one.
    lower = ".".join(word.lower() for word in mailbox.split("."))
    return validate_email(f"{lower}@{domain}", check_deliverability=False).normalized


def deliverable(email: str) -> tuple[str, str]:
    """Mailbox and domain, the domain as every mail server knows it (RFC 5890). Raises ValueError."""
    found = validate_email(email, check_deliverability=False)
    return found.local_part, found.ascii_domain
