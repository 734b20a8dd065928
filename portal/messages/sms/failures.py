"""Why an SMS did not arrive, in plain words for a practice. The codes are Twilio's (twilio.com/docs/api/errors)."""

import re

from portal.languages.words import Words

_CODE = re.compile(r"\b[1-9][0-9]{4}\b")
_PASSING = re.compile(r"(401|429|5[0-9]{2})\b")
"""What begins so is the provider's trouble, not the message's: it was tried until it came too late."""


def failure_words(failure: str, words: Words) -> str:
    """`failure` as `message.failure` has it: what the provider answered, or what it reported later."""
    _ = words.gettext
    if _PASSING.match(failure):
        return _("The SMS provider did not take it in time.")
    code = _CODE.search(failure)
    if code is None:
        return _without_code(failure, words)
    known = {
        "30003": _("The phone was switched off or out of reach."),
        "30004": _("The phone or its network does not let these messages through."),
        "30005": _("This number does not exist, or nobody has it any more."),
        "30006": _("This is a landline, or its network takes no SMS."),
        "30007": _("The phone's network has held it back as spam."),
        "30008": _("It was lost on the way; the phone's network gives no reason."),
        "21610": _("Whoever has this number has answered STOP."),
        "21211": _("This is not a phone number."),
        "21614": _("This is not the number of a mobile phone."),
        "21408": _("SMS to this country are not switched on with the SMS provider."),
        "21612": _("SMS cannot be sent to this number from ours."),
    }
    return known.get(code[0]) or _("The SMS provider could not deliver it (error %(code)s).", code=code[0])


def _without_code(failure: str, words: Words) -> str:
    if failure == "could not be written":
        return words.gettext("The message could not be put together.")
    if failure in {"failed", "undelivered", "canceled"}:
        return words.gettext("The SMS provider could not deliver it and gives no reason.")
    return words.gettext("The SMS provider did not take it in time.")
