"""What is answered to a phone that has written: short, in its reader's language, and never without end."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from portal.database import read_row
from portal.languages.formats import Formats, chosen_formats
from portal.languages.negotiation import negotiate
from portal.languages.phones import say_phone, takes_sms
from portal.languages.words import Words, words_in
from portal.messages.known import stopped_among
from portal.messages.letters.text import Text
from portal.messages.queue import NotOwed, Row
from portal.messages.sms.parts import in_few_parts, size_of
from portal.people.pace import count_each
from portal.people.recipients import Recipient, find_recipient
from portal.settings import Settings
from tenants.practices.tenant import TENANT_OF, Tenant, tenant_from

SMS_ANSWER = "sms_answer"
ANSWER_LIFE = timedelta(hours=1)
MOST_A_DAY = 5
"""Answers to one number: two machines that answer each other end here."""
_MOST_LISTED = 5
_A_DAY = timedelta(days=1)


async def write_answer(row: Row, facts: Mapping[str, Any], settings: Settings, now: datetime) -> Text:
    """Raises NotOwed."""
    number = row["sent_to"]
    practices = await _practices(facts)
    practice = practices.get(facts["practice"])
    await _check(row, facts, practice, settings, now)
    recipient = await find_recipient(facts["email"]) if facts["email"] else None
    formats = _formats(row["language"], practice, recipient, settings)
    body = in_few_parts(_body(facts, practices, formats, settings))
    return Text(
        to=number,
        body=body,
        language=formats.locale.language,
        written_at=now,
        useful_until=row["created_at"] + ANSWER_LIFE,
        mark=body,
        parts=size_of(body).parts,
    )


async def _check(
    row: Row, facts: Mapping[str, Any], practice: Tenant | None, settings: Settings, now: datetime
) -> None:
    """A number that no practice has written to is answered only where SMS go anyway: strangers could make it dear."""
    number = row["sent_to"]
    if facts["answer"] != "stopped" and number in await stopped_among({number}):
        raise NotOwed("number_opted_out")
    if practice is None and takes_sms(number) not in settings.sms_countries:
        raise NotOwed("country_not_served")
    if row["attempts"] == 1:
        key = f"sms answer to {number}"
        if (await count_each({key: 1}, _A_DAY, now))[key] > MOST_A_DAY:
            raise NotOwed("too_many_texts")


async def _practices(facts: Mapping[str, Any]) -> dict[str, Tenant]:
    slugs = {facts["practice"], *(each["practice"] for each in facts["appointments"])} - {None}
    rows = [await read_row(TENANT_OF, slug) for slug in sorted(slugs)]
    return {row["slug"]: tenant_from(row) for row in rows if row is not None}


def _formats(asked_in: str, practice: Tenant | None, recipient: Recipient | None, settings: Settings) -> Formats:
    """The language of the word that was sent, else of its sender, else of the practice."""
    locale = negotiate(
        person=asked_in or (recipient.language if recipient else None),
        practice_languages=practice.languages if practice else (settings.default_language,),
        zone=practice.zone.key if practice else None,
    )
    zone = practice.zone if practice else ZoneInfo("UTC")
    if recipient is None:
        return Formats(locale, zone)
    return chosen_formats(locale, zone, recipient.date_display, recipient.time_display)


def _body(facts: Mapping[str, Any], practices: Mapping[str, Tenant], formats: Formats, settings: Settings) -> str:
    words = words_in(formats.locale.language)
    match facts["answer"]:
        case "stopped":
            return _stopped(facts, words, settings)
        case "resumed":
            return words.gettext("You will get SMS about your appointments again. To end them, answer STOP.")
        case "help":
            return _help(practices.get(facts["practice"]), words, settings)
        case "confirmed":
            (appointment,) = facts["appointments"]
            said = _said(appointment, practices, formats, settings)
            return words.gettext(
                "%(practice)s: %(day)s at %(time)s is confirmed. Thank you! To move or cancel: %(link)s", **said
            )
    lines = [words.gettext("Several appointments are waiting for your answer. Please confirm each by its link.")]
    for appointment in facts["appointments"][:_MOST_LISTED]:
        said = _said(appointment, practices, formats, settings)
        lines.append(words.gettext("%(practice)s, %(day)s at %(time)s: %(link)s", **said))
    return "\n".join(lines)


def _stopped(facts: Mapping[str, Any], words: Words, settings: Settings) -> str:
    said = words.gettext("You will get no more SMS from Carnet. E-mails go on. To get SMS again, answer START.")
    if not facts["cancel"]:
        return said
    if not facts["link"]:
        more = words.gettext("No appointment was cancelled. To cancel one, open the link that was sent with it.")
    else:
        link = f"{settings.public_url}/m/{facts['link']}"
        more = words.gettext("No appointment was cancelled. To cancel yours, open %(link)s", link=link)
    return f"{said} {more}"


def _help(practice: Tenant | None, words: Words, settings: Settings) -> str:
    if practice is None:
        return words.gettext(
            "Carnet sends SMS about appointments: %(link)s. To end them, answer STOP.", link=settings.public_url
        )
    if not practice.phone:
        return words.gettext(
            "%(practice)s sends you SMS about your appointments. To end them, answer STOP.", practice=practice.name
        )
    return words.gettext(
        "%(practice)s sends you SMS about your appointments. Questions: %(phone)s. To end them, answer STOP.",
        practice=practice.name,
        phone=say_phone(practice.phone, practice.country),
    )


def _said(
    appointment: Mapping[str, str], practices: Mapping[str, Tenant], formats: Formats, settings: Settings
) -> dict[str, str]:
    practice = practices[appointment["practice"]]
    starts_at = datetime.fromisoformat(appointment["starts_at"]).astimezone(practice.zone)
    return {
        "practice": practice.name,
        "day": formats.short_day(starts_at.date()),
        "time": formats.time(starts_at, practice.zone),
        "link": f"{settings.public_url}/m/{appointment['link']}",
    }
