"""One message, or one reminder foreseen, as the practice's pages show it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from portal.languages.phones import say_phone
from portal.languages.words import Words
from portal.phrases import length_words
from portal.reasons import reason_words
from portal.staff.desk import Desk
from portal.staff.log.failure import failure_words
from tenants.foreseen import MISSED, Foreseen
from tenants.notifications.again import may_be_said_again

PLANNED, NOT_PLANNED = "planned", "not_planned"


@dataclass(frozen=True, slots=True)
class Line:
    """`at` is when the message came to its `state`, or will; `why` is a sentence, empty where there is no question.

    `again` is the copy that a form of "send again" has seen, None where it makes no sense any more.
    """

    title: str
    state: str
    at: datetime
    channel: str
    why: str = ""
    notes: tuple[str, ...] = ()
    ref: str = ""
    to: str = ""
    who: str = ""
    client_ref: str = ""
    appointment_ref: str = ""
    appointment_at: datetime | None = None
    sent_at: datetime | None = None
    again: int | None = None


def line_of(row: Mapping[str, Any], desk: Desk) -> Line:
    """`row` is one of `tenants.notifications.log`. It leads to appointments of this member's alone."""
    words, practice = desk.viewer.words, desk.practice
    name = f"{row['first_name'] or ''} {row['last_name'] or ''}".strip()
    theirs = row["appointment_with"] is None or desk.member.may_arrange(row["appointment_with"])
    return Line(
        title=_title(row, desk),
        state=row["state"],
        at=_moment(row),
        channel=row["channel"],
        why=_why(row, words),
        notes=tuple(_notes(row, desk)),
        ref=row["ref"],
        to=desk.contact(say_phone(row["sent_to"], practice.country) if row["channel"] == "sms" else row["sent_to"]),
        who=name if row["audience"] == "client" else row["member"],
        client_ref=row["client_ref"] if row["audience"] == "client" else "",
        appointment_ref=(row["appointment_ref"] or "") if theirs else "",
        appointment_at=row["starts_at"],
        sent_at=row["sent_at"] if row["state"] in {"delivered", "failed"} else None,
        again=row["last_copy"] if theirs and row["starts_at"] and may_be_said_again(row, desk.viewer.now) else None,
    )


def line_foreseen(foreseen: Foreseen, desk: Desk) -> Line:
    words, appointment = desk.viewer.words, foreseen.appointment
    reason = foreseen.reason
    notes = []
    if not reason and foreseen.told_with:
        notes.append(_told_with(foreseen.told_with.starts_at, desk))
    if not reason and foreseen.instead_of == "sms":
        notes.append(words.gettext("By e-mail, because the SMS budget of the month is spent."))
    return Line(
        title=_reminder(foreseen.rule.ahead, desk),
        state="skipped" if reason == MISSED or (reason and foreseen.at <= desk.viewer.now) else _to_come(reason),
        at=foreseen.at,
        channel=foreseen.channel,
        why=reason_words(reason, words.language) if reason else "",
        notes=tuple(notes),
        appointment_ref=appointment.ref if desk.member.may_arrange(appointment.practitioner_id) else "",
        appointment_at=appointment.starts_at,
    )


def kind_words(kind: str, words: Words) -> str:
    _ = words.gettext
    return {
        "booked": _("Booking confirmed"),
        "moved": _("Appointment moved"),
        "cancelled": _("Appointment cancelled"),
        "requested": _("Request received"),
        "declined": _("Request declined"),
        "lapsed": _("Request not answered in time"),
        "asked": _("Asked to confirm"),
        "reminder": _("Reminder"),
        "offered": _("Time offered from the waiting list"),
        "budget_low": _("SMS budget nearly spent"),
        "budget_spent": _("SMS budget spent"),
    }[kind]


def _to_come(reason: str | None) -> str:
    return NOT_PLANNED if reason else PLANNED


def _title(row: Mapping[str, Any], desk: Desk) -> str:
    if row["kind"] == "reminder":
        return _reminder(timedelta(minutes=row["minutes_ahead"]), desk)
    return kind_words(row["kind"], desk.viewer.words)


def _reminder(ahead: timedelta, desk: Desk) -> str:
    words = desk.viewer.words
    return words.gettext("Reminder %(length)s before", length=length_words(ahead, words, desk.viewer.formats))


def _moment(row: Mapping[str, Any]) -> datetime:
    ends = {"waiting": "next_attempt_at"}
    moment: datetime = row[ends.get(row["state"], f"{row['state']}_at")]
    return moment


def _why(row: Mapping[str, Any], words: Words) -> str:
    match row["state"]:
        case "failed":
            return failure_words(row["channel"], row["failure"], words)
        case "skipped":
            return reason_words(row["skip_reason"], words.language)
        case "waiting" if row["attempts"]:
            return words.gettext("It could not leave yet and is tried again.")
        case _:
            return ""


def _notes(row: Mapping[str, Any], desk: Desk) -> list[str]:
    words = desk.viewer.words
    told = []
    if row["kind"] == "reminder" and row["told_with"]:
        told.append(words.gettext("One message tells of all of that day."))
    if row["kind"] != "reminder" and row["tells"] > 1:
        told.append(
            words.ngettext(
                "One message tells of %(n)s appointment.",
                "One message tells of %(n)s appointments.",
                row["tells"],
                n=row["tells"],
            )
        )
    if row["kind"] == "offered" and row["told_start"]:
        moment = desk.viewer.formats.moment(row["told_start"], desk.practice.zone)
        told.append(words.gettext("What was offered: %(moment)s", moment=moment))
    if row["instead_of"] == "sms" and row["state"] != "skipped":
        told.append(words.gettext("By e-mail, because the SMS budget of the month is spent."))
    if row["copy"] and row["kind"] != "asked":
        told.append(words.gettext("Sent again by %(email)s", email=row["by_email"]))
    return told


def _told_with(starts_at: datetime, desk: Desk) -> str:
    time = desk.viewer.formats.time(starts_at, desk.practice.zone)
    return desk.viewer.words.gettext("Together with the appointment at %(time)s", time=time)
