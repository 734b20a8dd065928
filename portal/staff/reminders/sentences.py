"""A reminder rule as a sentence."""

from collections.abc import Mapping
from datetime import timedelta

from portal.languages.formats import Formats
from portal.languages.words import Words, words_in
from tenants.reminders.reminder import Rule

UNITS = {"minutes": timedelta(minutes=1), "hours": timedelta(hours=1), "days": timedelta(days=1)}
_LONGEST_IN_HOURS = timedelta(hours=72)


def say_rule(rule: Rule, formats: Formats) -> str:
    length = say_length(rule.ahead, formats)
    return _sentences(words_in(formats.locale.language))[rule.channel, rule.condition] % {"length": length}


def say_late(rule: Rule, formats: Formats) -> str:
    words = words_in(formats.locale.language)
    if rule.late_left is None:
        return words.gettext("Whoever books after that moment gets none.")
    return words.gettext(
        "Whoever books after that moment gets it within ten minutes, when at least %(length)s are left.",
        length=say_length(rule.late_left, formats),
    )


def say_length(length: timedelta, formats: Formats) -> str:
    if unit_of(length) == "days":
        return words_in(formats.locale.language).ngettext("%(n)s day", "%(n)s days", length.days, n=length.days)
    return formats.duration(length)


def unit_of(length: timedelta) -> str:
    """The largest that people say it in: 72 hours, 4 days."""
    if length % UNITS["hours"]:
        return "minutes"
    return "days" if length > _LONGEST_IN_HOURS and not length % UNITS["days"] else "hours"


def _sentences(words: Words) -> Mapping[tuple[str, str], str]:
    _ = words.gettext
    return {
        ("email", "always"): _("Send an e-mail %(length)s before the start, always."),
        ("email", "unconfirmed"): _("Send an e-mail %(length)s before the start if it is not confirmed yet."),
        ("email", "no_email"): _("Send an e-mail %(length)s before the start if there is no e-mail address."),
        ("email", "unconfirmed_or_no_email"): _(
            "Send an e-mail %(length)s before the start if it is not confirmed yet or there is no e-mail address."
        ),
        ("sms", "always"): _("Send an SMS %(length)s before the start, always."),
        ("sms", "unconfirmed"): _("Send an SMS %(length)s before the start if it is not confirmed yet."),
        ("sms", "no_email"): _("Send an SMS %(length)s before the start if there is no e-mail address."),
        ("sms", "unconfirmed_or_no_email"): _(
            "Send an SMS %(length)s before the start if it is not confirmed yet or there is no e-mail address."
        ),
    }
