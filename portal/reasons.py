"""Why nothing was sent → words. The names are those that rules and the worker give; a test reads them off both."""

from functools import cache

from portal.languages.words import words_in


def reason_words(name: str, language: str) -> str:
    """One sentence for the practice. Rows outlive versions: a name that is not given any more stands as it is."""
    known = _sentences(language).get(name)
    return known or words_in(language).gettext("It was not sent (%(name)s).", name=name)


@cache
def _sentences(language: str) -> dict[str, str]:
    _ = words_in(language).gettext
    return {
        # The moment and the rule.
        "missed": _("Its moment passed without it: nothing could be sent then."),
        "rule_ended": _("The reminder has been removed from the settings."),
        "off_for_service": _("The reminder is off for this service."),
        "off_for_practitioner": _("The reminder is off for this practitioner."),
        "booked_late": _("It was booked, or moved, after the moment of the reminder."),
        "rule_is_newer": _("The reminder was set up after its moment."),
        "quiet_hours": _("It was booked late, and its moment fell into the quiet hours."),
        # The appointment.
        "cancelled": _("The appointment is cancelled."),
        "begun": _("The appointment had begun."),
        "not_agreed": _("Nobody had agreed to the appointment yet."),
        "confirmed_already": _("The client has confirmed already."),
        "moved_since": _("The appointment has been moved since."),
        "changed_since": _("A later change has been told instead."),
        "nothing_new": _("What the client knew was still true."),
        "offer_over": _("The offer had ended before it could leave."),
        # The ways to the client.
        "has_email": _("The client has an e-mail address, and this is for those without one."),
        "no_address": _("There is no e-mail address on the record."),
        "bounced": _("Mail to this address has come back."),
        "reminders_refused": _("The client wants no reminders by e-mail."),
        "sms_not_on": _("SMS is not turned on for this practice."),
        "no_number": _("There is no mobile number on the record."),
        "not_mobile": _("The number is not a mobile one, so it takes no SMS."),
        "country_not_served": _("No SMS is sent to the country of this number."),
        "number_opted_out": _("This number has answered STOP: it gets no SMS from anybody."),
        "sms_refused": _("The client wants no SMS from this practice."),
        "sms_off_here": _("The practice has turned SMS off for this client."),
        "budget_spent": _("The SMS budget of the month was spent."),
        "too_many_texts": _("There were too many SMS about this client in one day."),
        # The practice.
        "left_unsaid": _("Whoever made the change chose not to send a notice."),
        "notice_off": _("The practice does not send this kind of message."),
        "record_erased": _("The client’s record was erased."),
        "left_practice": _("This person has left the practice."),
        "suspended": _("The practice was suspended at that moment."),
    }
