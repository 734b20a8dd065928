"""What a message would say: the words at hand, filled with a real appointment by the functions that the worker uses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from portal.languages.formats import Formats
from portal.messages.letters.brief import formats_for
from portal.messages.letters.wording import Wording, word_email, word_sms
from portal.messages.sms.parts import Size, folded, outside_gsm, size_of
from portal.people.recipients import Recipient
from portal.settings import Settings
from portal.staff.desk import Desk
from tenants.booking.plan import Plan, current_plan
from tenants.notifications.facts import AppointmentFacts, next_appointment
from tenants.practices.tenant import Tenant
from tenants.writing.policy import MessageRules, find_message_policy
from tenants.writing.texts import OwnText

_EXAMPLE_LINK = "/m/Ab3dEf9h"
_MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class Preview:
    """In one language, whose tag is `language`.

    `foreign` are the signs of an SMS that its alphabet lacks, `mended` whether plain letters would do for them.
    """

    language: str
    wording: Wording
    size: Size | None = None
    foreign: tuple[str, ...] = ()
    mended: bool = False


@dataclass(frozen=True, slots=True)
class Example:
    """The appointment that previews are made with; `real` when somebody has booked it."""

    appointment: AppointmentFacts
    real: bool
    rules: MessageRules


async def find_example(desk: Desk) -> Example:
    async with desk.lens():
        found = await next_appointment(desk.practice, desk.viewer.now)
        rules, plan = await find_message_policy(desk.practice), await current_plan(desk.practice)
    sample = found or _sample(desk.practice, plan, desk.viewer.now, desk.viewer.words.gettext("your appointment"))
    return Example(sample, found is not None, rules)


def make_previews(
    kind: str, channel: str, texts: Mapping[str, OwnText], example: Example, settings: Settings
) -> dict[str, Preview]:
    """By language. The texts have been checked."""
    practice = example.appointment.practice
    return {
        language: _preview(kind, channel, text, _formats(practice, language), example, settings)
        for language, text in texts.items()
    }


def _preview(kind: str, channel: str, text: OwnText, formats: Formats, example: Example, settings: Settings) -> Preview:
    tag = str(formats.locale).replace("_", "-")
    texts = {(kind, channel, formats.locale.language): text}
    link = settings.public_url + _EXAMPLE_LINK
    if channel == "email":
        return Preview(tag, word_email(kind, [example.appointment], formats, texts, link))
    wording = word_sms(kind, [example.appointment], formats, texts, link, example.rules)
    foreign = tuple(outside_gsm(wording.body))
    mended = bool(foreign) and not outside_gsm(folded(wording.body))
    return Preview(tag, wording, size=size_of(wording.body), foreign=foreign[:_MOST_NAMED], mended=mended)


def _formats(practice: Tenant, language: str) -> Formats:
    return formats_for(practice, Recipient(language, "language", "language"))


def _sample(practice: Tenant, plan: Plan, now: datetime, unnamed: str) -> AppointmentFacts:
    """As if the first service were booked in a week, for a practice in which nothing is."""
    day = now.astimezone(practice.zone).date() + timedelta(days=7)
    starts_at = datetime.combine(day, time(14, 30), practice.zone)
    service = next((each.row for each in plan.services.values()), {})
    practitioner: dict[str, Any] = next(iter(plan.practitioners.values()), {})
    place: dict[str, Any] = next(iter(plan.places.values()), {})
    return AppointmentFacts(
        id=0,
        ref="",
        sequence=0,
        starts_at=starts_at,
        ends_at=starts_at + service.get("duration", timedelta(hours=1)),
        changed_at=now,
        agreed_at=now,
        cancelled_at=None,
        cancelled_by=None,
        confirmed_at=None,
        booked_from="",
        client_record_id=0,
        client_ref="",
        email="ana@example.org",
        first_name="Ana",
        last_name="Silva",
        phone="",
        sms_off_at=None,
        sms_off_by=None,
        reminders_off_at=None,
        service_id=0,
        service_name=service.get("name", unnamed),
        practitioner_id=0,
        practitioner_name=practitioner.get("name", practice.name),
        place_id=0,
        place_name=place.get("name", practice.name),
        street=place.get("street", ""),
        postcode=place.get("postcode", ""),
        city=place.get("city", practice.city),
        practice=practice,
    )
