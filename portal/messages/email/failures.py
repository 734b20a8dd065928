"""Why an e-mail did not arrive, in plain words for a practice: by its status (RFC 3463), else by the answer's code."""

import re

from portal.languages.words import Words

_STATUS = re.compile(r"\b5\.([0-9]{1,3})\.([0-9]{1,3})\b")
_REFUSED = re.compile(r"5[0-9]{2}\b")
# What servers that give no status mean by their code (RFC 5321 §4.2.3). 554 is any refusal, so it says nothing more.
_BY_CODE = {"550": "1.1", "551": "1.6", "552": "2.2", "553": "1.3"}


def failure_words(failure: str, words: Words) -> str:
    """`failure` is what the server answered, or the status that a bounce report names, like 5.1.1."""
    _ = words.gettext
    if failure == "could not be written":
        return _("The message could not be put together.")
    subject, detail = _status(failure)
    known = {
        "1.1": _("There is no such mailbox."),
        "1.2": _("There is no such address: its domain does not exist or takes no mail."),
        "1.3": _("This is not an e-mail address that mail can be sent to."),
        "1.6": _("The mailbox has moved elsewhere."),
        "1.10": _("There is no such address: its domain does not exist or takes no mail."),
        "2.1": _("The mailbox is closed."),
        "2.2": _("The mailbox is full."),
        "2.3": _("The mailbox takes no message of this size."),
    }
    if words_of_it := known.get(f"{subject}.{detail}"):
        return words_of_it
    if subject == "7":
        return _("The other mail server has refused it as spam.")
    if subject or _REFUSED.match(failure):
        return _("The other mail server has refused it.")
    return _("The mail server did not take it in time.")


def _status(failure: str) -> tuple[str, str]:
    """Subject and detail; empty where there are none."""
    if found := _STATUS.search(failure):
        return found[1], found[2]
    subject, _, detail = _BY_CODE.get(failure[:3], "").partition(".")
    return subject, detail
