"""What a practice's own people are told: a change of their appointments, and what becomes of the SMS budget."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from portal.languages.formats import Formats
from portal.languages.words import Words, words_in
from portal.messages.letters.brief import message_id
from portal.messages.letters.letter import Letter
from portal.messages.letters.paper import written_out
from portal.messages.queue import Row
from portal.settings import Settings
from tenants.notifications.facts import AppointmentFacts
from tenants.practices.tenant import Tenant

_USEFUL = timedelta(days=7)


def write_staff_letter(
    row: Row, kind: str, appointment: AppointmentFacts, to: str, formats: Formats, settings: Settings, now: datetime
) -> Letter:
    """`kind` is what it means to the reader: booked, moved or cancelled."""
    words, practice = words_in(formats.locale.language), appointment.practice
    adult = f"{appointment.first_name} {appointment.last_name}".strip()
    client = f"{appointment.for_name} ({adult})" if appointment.for_name else adult
    moment = formats.moment(appointment.starts_at)
    subject, heading = _said(kind, client, moment, words)
    facts = {
        "subject": subject,
        "heading": heading,
        "moment": moment,
        "day": formats.day(appointment.starts_at),
        "span": formats.span(appointment.starts_at, appointment.ends_at),
        "service": appointment.service_name,
        "practitioner": words.gettext("with %(name)s", name=appointment.practitioner_name),
        "place": appointment.place_name,
        "link": f"{settings.public_url}/desk/{practice.slug}/appointments/{appointment.ref}",
    }
    return _Paper(row, practice, to, formats, settings).letter("to_staff", facts, now, appointment.starts_at)


def write_budget_letter(
    row: Row, practice: Tenant, budget: int, to: str, formats: Formats, settings: Settings, now: datetime
) -> Letter:
    words = words_in(formats.locale.language)
    if row["kind"] == "budget_low":
        subject = words.gettext("Four fifths of this month's SMS are sent")
        said = words.gettext(
            "%(practice)s lets %(parts)s SMS leave each month. Once they are sent, reminders go by e-mail.",
            practice=practice.name,
            parts=budget,
        )
    else:
        subject = words.gettext("This month's SMS are all sent")
        said = words.gettext(
            "%(practice)s lets %(parts)s SMS leave each month. Until the next one, reminders go by e-mail; clients "
            "without an address get none.",
            practice=practice.name,
            parts=budget,
        )
    facts = {"subject": subject, "said": said, "link": f"{settings.public_url}/desk/{practice.slug}/reminders"}
    return _Paper(row, practice, to, formats, settings).letter("budget", facts, now, row["created_at"] + _USEFUL)


@dataclass(frozen=True, slots=True)
class _Paper:
    row: Row
    practice: Tenant
    to: str
    formats: Formats
    settings: Settings

    def letter(self, template: str, facts: dict[str, Any], now: datetime, useful_until: datetime) -> Letter:
        words = words_in(self.formats.locale.language)
        around = {
            "language": str(self.formats.locale).replace("_", "-"),
            "accent": self.practice.accent,
            "sender_name": self.practice.name,
        }
        html, text = written_out(template, words, facts | around)
        return Letter(
            message_id=message_id(self.row["ref"], self.settings),
            to=self.to,
            sender_name=self.practice.name,
            reply_to=None,
            subject=facts["subject"],
            text=text,
            html=html,
            language=words.language,
            written_at=now,
            useful_until=useful_until,
        )


def _said(kind: str, client: str, moment: str, words: Words) -> tuple[str, str]:
    """The subject, which has to tell all, and the heading above the facts."""
    _ = words.gettext
    match kind:
        case "booked":
            subject = _("%(client)s has an appointment: %(moment)s", client=client, moment=moment)
            return subject, _("%(client)s has an appointment", client=client)
        case "moved":
            subject = _("%(client)s's appointment is now: %(moment)s", client=client, moment=moment)
            return subject, _("%(client)s's appointment has been moved", client=client)
        case _:
            subject = _("%(client)s is not coming: %(moment)s", client=client, moment=moment)
            return subject, _("%(client)s is not coming", client=client)
