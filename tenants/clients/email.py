import unicodedata

from email_validator import EmailNotValidError, validate_email

LONGEST = 254  # RFC 5321, 4.5.3.1.3 less the angle brackets


def normal(typed: str) -> str:
    """The one form in which an address is kept and compared: no case, NFC, the domain in Unicode; plus-tags stay.

    Raises ValueError when it is no e-mail address. Nothing is asked of the network.
    """
    try:
        found = validate_email(typed.strip()[: LONGEST + 1], check_deliverability=False)
    except EmailNotValidError as trouble:
        raise ValueError(str(trouble)) from None
    return unicodedata.normalize("NFC", found.normalized.casefold())
