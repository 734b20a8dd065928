"""What became of a message, in its reader's words. A practice's own reasons for silence are none of theirs."""

from typing import Any

from portal.languages.words import Words
from portal.messages.letters.request_texts import request_heading
from portal.messages.letters.usual_texts import heading_of_several


def heading(kind: str, words: Words, n: int = 1) -> str:
    """`n` appointments are told of."""
    if n > 1 and kind in {"booked", "moved", "cancelled"}:
        return heading_of_several(kind, n, words)
    _ = words.gettext
    known = {
        "booked": _("Your appointment is booked"),
        "moved": _("Your appointment has been moved"),
        "cancelled": _("Your appointment is cancelled"),
        "asked": _("Are you coming?"),
        "offered": _("A time has come free for you"),
    }
    return known.get(kind) or request_heading(kind, words) or _("Reminder")


def reasons(words: Words) -> dict[str, str]:
    """Why something was not sent, as a sentence, where its reader can do something about it or may be wondering."""
    _ = words.gettext
    return {
        "no_address": _("The practice has no e-mail address of yours."),
        "bounced": _("An earlier e-mail to your address came back."),
        "reminders_refused": _("You want no reminders by e-mail from this practice."),
        "no_number": _("The practice has no phone number of yours."),
        "not_mobile": _("Your phone number cannot take SMS."),
        "country_not_served": _("No SMS can be sent to the country of your number."),
        "number_opted_out": _("Your number had answered STOP."),
        "sms_refused": _("You want no SMS from this practice."),
        "sms_off_here": _("The practice has turned SMS to you off."),
        "too_many_texts": _("Your number had too many SMS that day."),
        "confirmed_already": _("You had confirmed already."),
        "begun": _("The appointment had begun."),
    }


def way(by_sms: bool, to: str, words: Words) -> str:
    _ = words.gettext
    if not to:
        return _("by SMS") if by_sms else _("by e-mail")
    return _("by SMS to %(number)s", number=to) if by_sms else _("by e-mail to %(address)s", address=to)


def state(row: dict[str, Any], words: Words) -> dict[str, str]:
    """`name` for the badge's sign; `more` is a sentence, or empty."""
    _ = words.gettext
    if row["failed_at"]:
        more = (
            _("Is your number right? You can change it in your profile.")
            if row["channel"] == "sms"
            else _("Is your address right? It may not exist any more.")
        )
        return {"name": "failed", "words": _("could not be delivered"), "more": more}
    if row["delivered_at"]:
        return {"name": "delivered", "words": _("delivered"), "more": ""}
    if row["sent_at"]:
        return {"name": "sent", "words": _("sent"), "more": ""}
    if row["skipped_at"]:
        return {"name": "skipped", "words": _("not sent"), "more": reasons(words)[row["skip_reason"]]}
    return {"name": "waiting", "words": _("on its way"), "more": ""}
