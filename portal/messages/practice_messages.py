"""What practices owe to say: claimed, re-read, decided once more and put into words, a batch at a time."""

import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from portal.database import worker_lens
from portal.messages.known import Known, read_known
from portal.messages.letters.appointment_letter import write_appointment_letter
from portal.messages.letters.appointment_text import write_appointment_text
from portal.messages.letters.brief import Brief, formats_for
from portal.messages.letters.offer_letter import write_offer_letter
from portal.messages.letters.staff_letter import write_budget_letter, write_staff_letter
from portal.messages.news import News, sort_out, to_client, to_member
from portal.messages.queue import NotOwed, Queue, Row, Unwritable, Written
from portal.messages.reserve import Ready, reserve
from portal.messages.results import record_results
from portal.settings import Settings
from tenants.notifications.facts import AppointmentFacts
from tenants.reminders.reminder import Decision, decide_reminder
from tenants.scope import fetch
from tenants.writing.policy import ALWAYS_SAID

log = logging.getLogger(__name__)

# Notices first: nobody who has just booked waits for an evening's reminders. The link is made of signs that are easily
# told apart when they are read aloud or copied by hand: 57 of them, so that eight make 46 bits.
# What is due is looked for once: a plain subquery may be asked again for each row, and then claim more than the limit.
_TAKE = """
    WITH due AS MATERIALIZED (
        SELECT id FROM message
        WHERE sent_at IS NULL AND failed_at IS NULL AND skipped_at IS NULL AND told_with IS NULL
          AND next_attempt_at <= $1 AND (claimed_until IS NULL OR claimed_until <= $1)
        ORDER BY kind = 'reminder', next_attempt_at LIMIT $3 FOR UPDATE SKIP LOCKED
    )
    UPDATE message SET claimed_until = $2, attempts = attempts + 1,
           link = CASE WHEN audience = 'client' THEN coalesce(
               link, random_signs('ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789', 8)) END
    WHERE id = ANY (ARRAY(SELECT id FROM due))
    RETURNING *
"""


async def take_messages(now: datetime, until: datetime, most: int) -> list[Row]:
    """A row that another worker is taking at this moment is passed over, not waited for."""
    return [dict(row) for row in await fetch(_TAKE, now, until, most)]


async def write_messages(rows: Sequence[Row], settings: Settings, now: datetime) -> list[Written]:
    """Tells what is true now, not what was true when the message was caused."""
    known = await read_known(rows, settings, now)
    return await reserve([_write(row, known) for row in rows], known)


def _write(row: Row, known: Known) -> Ready:
    try:
        return _to_its_audience(row, known)
    except NotOwed as reason:
        return Ready(row, reason)
    except Exception:
        log.exception("a message could not be written")
        return Ready(row, Unwritable())


# What takes an appointment away is told whatever becomes of the practice: somebody would stand before its door.
_TOLD_OF_SUSPENDED = {"cancelled", "declined", "lapsed"}


def _to_its_audience(row: Row, known: Known) -> Ready:
    if known.tenants[row["tenant_id"]].suspended_at and row["kind"] not in _TOLD_OF_SUSPENDED:
        raise NotOwed("suspended")
    if row["audience"] != "client":
        return _to_staff(row, known)
    if row["kind"] == "offered":
        return _offer(row, known)
    if row["kind"] == "reminder":
        return _reminder(row, known)
    return _notice(row, known)


def _to_staff(row: Row, known: Known) -> Ready:
    reader, practice = known.readers[row["membership_id"]], known.tenants[row["tenant_id"]]
    if reader.email is None:
        raise NotOwed("left_practice")
    if reader.email in known.bounced:
        raise NotOwed("bounced")
    formats = formats_for(practice, known.recipients.get(reader.email))
    if row["audience"] == "admin":
        budget = known.policy(practice.id).sms_budget
        return Ready(row, write_budget_letter(row, practice, budget, reader.email, formats, known.settings, known.now))
    news = sort_out(row, known, to_member(known, row["membership_id"], reader))
    if news.silent:
        return _heirs_speak(row, news)
    letter = write_staff_letter(row, news.kind, news.appointments, reader.email, formats, known.settings, known.now)
    return Ready(row, letter, fallen=news.fallen, heirs=news.heirs)


def _offer(row: Row, known: Known) -> Ready:
    """By e-mail alone. At no hour is it too late: it was made when it may be told."""
    offer = known.offers[row["offer_id"]]
    if offer.state(known.now) != "open":
        raise NotOwed("offer_over")
    if offer.email is None:
        raise NotOwed("no_address")
    if offer.email in known.bounced:
        raise NotOwed("bounced")
    formats = formats_for(offer.practice, known.recipients.get(offer.email), offer.language).at(offer.zone)
    return Ready(row, write_offer_letter(row, offer, formats, known.settings, known.now))


def _notice(row: Row, known: Known) -> Ready:
    news = sort_out(row, known, to_client(known))
    if news.silent:
        return _heirs_speak(row, news)
    if row["kind"] in known.policy(row["tenant_id"]).notices_off and news.kind not in ALWAYS_SAID:
        raise NotOwed("notice_off")
    reach = known.reach(news.appointments[0])
    channel = "email" if reach.email is None else "sms"
    if channel == "sms" and reach.sms is not None:
        raise NotOwed(reach.email or reach.sms)
    ready = _to_client(row, news.kind, news.appointments, known, Decision(channel))
    return replace(ready, fallen=news.fallen, heirs=news.heirs)


def _heirs_speak(row: Row, news: News) -> Ready:
    return Ready(row, NotOwed(news.silent), fallen=news.fallen, heirs=news.heirs)


def _reminder(row: Row, known: Known) -> Ready:
    """For all appointments that it tells of and that still stand as they did when it came due.

    Where its own has fallen and others stand, the first of these speaks from now on.
    """
    rule = known.rules[row["rule_id"]]
    standing, fallen, heirs = [], {}, []
    for told in (row, *known.together[row["id"]]):
        appointment = known.appointments[told["appointment_id"]]
        moved = appointment.starts_at != told["starts_at"]
        decision = decide_reminder(rule, appointment, known.reach(appointment), known.now)
        reason = "moved_since" if moved else decision.reason
        if reason is None:
            standing.append((appointment, decision))
            heirs.append(told["id"])
        else:
            fallen[told["id"]] = reason
    if own := fallen.pop(row["id"], None):
        return Ready(row, NotOwed(own), fallen=fallen, heirs=tuple(heirs))
    standing.sort(key=lambda each: each[0].starts_at)
    appointments = tuple(appointment for appointment, _ in standing)
    return replace(_to_client(row, "reminder", appointments, known, standing[0][1]), fallen=fallen)


def _to_client(
    row: Row, kind: str, appointments: tuple[AppointmentFacts, ...], known: Known, decision: Decision
) -> Ready:
    first = appointments[0]
    practice = first.practice
    formats = formats_for(practice, known.recipients.get(first.email or ""), first.language).at(first.zone)
    texts = known.texts.get(practice.id, {})
    brief = Brief(row, kind, appointments, formats, texts, known.policy(practice.id), known.settings)
    if decision.channel == "email":
        return Ready(row, write_appointment_letter(brief, known.now), brief, instead_of=decision.instead_of)
    return Ready(row, write_appointment_text(brief, known.now), brief)


PRACTICE_MESSAGES = Queue(
    name="practices", lens=worker_lens, take=take_messages, write=write_messages, record=record_results
)
