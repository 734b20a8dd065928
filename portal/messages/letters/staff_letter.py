"""What a practice's own people are told: a change of their appointments, and what becomes of the SMS budget."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from portal.languages.formats import Formats
from portal.languages.words import Words, words_in
from portal.messages.letters.brief import message_id
from portal.messages.letters.letter import Letter
from portal.messages.letters.paper import written_out
from portal.messages.letters.request_texts import said_of_request
from portal.messages.queue import Row
from portal.settings import Settings
from tenants.notifications.facts import AppointmentFacts
from tenants.practices.tenant import Tenant

_USEFUL = timedelta(days=7)


def write_staff_letter(
    row: Row,
    kind: str,
    appointments: Sequence[AppointmentFacts],
    to: str,
    formats: Formats,
    settings: Settings,
    now: datetime,
) -> Letter:
    """`kind` is what it means to the reader, as `what_to_say` names it. One client's appointments, by their start."""
    appointment = appointments[0]
    words, practice = words_in(formats.locale.language), appointment.practice
    moment = formats.moment(appointment.starts_at)
    said = _said if len(appointments) == 1 else partial(_said_of_several, n=len(appointments))
    subject, heading = said_of_request(kind, _client(appointments), moment, words) or said(
        kind, _client(appointments), moment, words
    )
    desk = f"{settings.public_url}/desk/{practice.slug}"
    asks = kind == "requested" and appointment.approve_by is not None
    facts = {
        "subject": subject,
        "heading": heading,
        "moment": moment,
        "appointments": [_told(each, formats, words) for each in appointments],
        "one_kind": len({(each.service_id, each.practitioner_id, each.place_id) for each in appointments}) == 1,
        "answer_by": formats.moment(appointment.approve_by) if asks and appointment.approve_by else "",
        "link": f"{desk}/requests" if asks else f"{desk}/appointments/{appointment.ref}",
    }
    return _Paper(row, practice, to, formats, settings).letter("to_staff", facts, now, appointments[-1].starts_at)


def _client(appointments: Sequence[AppointmentFacts]) -> str:
    """Whoever comes: a child is named before the adult who is written to."""
    adult = f"{appointments[0].first_name} {appointments[0].last_name}".strip()
    children = ", ".join(dict.fromkeys(each.for_name for each in appointments if each.for_name))
    return f"{children} ({adult})" if children else adult


def _told(appointment: AppointmentFacts, formats: Formats, words: Words) -> dict[str, str]:
    return {
        "day": formats.day(appointment.starts_at),
        "span": formats.span(appointment.starts_at, appointment.ends_at),
        "service": appointment.service_name,
        "practitioner": words.gettext("with %(name)s", name=appointment.practitioner_name),
        "place": appointment.place_name,
    }


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


def _said_of_several(kind: str, client: str, moment: str, words: Words, *, n: int) -> tuple[str, str]:
    match kind:
        case "booked":
            subject = words.ngettext(
                "%(client)s has %(n)s appointment, the first: %(moment)s",
                "%(client)s has %(n)s appointments, the first: %(moment)s",
                n,
                client=client,
                n=n,
                moment=moment,
            )
            heading = words.ngettext(
                "%(client)s has %(n)s appointment", "%(client)s has %(n)s appointments", n, client=client, n=n
            )
        case "moved":
            subject = words.ngettext(
                "%(n)s appointment of %(client)s is moved, the first to: %(moment)s",
                "%(n)s appointments of %(client)s are moved, the first to: %(moment)s",
                n,
                client=client,
                n=n,
                moment=moment,
            )
            heading = words.ngettext(
                "%(n)s appointment of %(client)s is moved",
                "%(n)s appointments of %(client)s are moved",
                n,
                client=client,
                n=n,
            )
        case _:
            subject = words.ngettext(
                "%(client)s is not coming to %(n)s appointment, the first: %(moment)s",
                "%(client)s is not coming to %(n)s appointments, the first: %(moment)s",
                n,
                client=client,
                n=n,
                moment=moment,
            )
            heading = words.ngettext(
                "%(client)s is not coming to %(n)s appointment",
                "%(client)s is not coming to %(n)s appointments",
                n,
                client=client,
                n=n,
            )
    return subject, heading
