"""What the letter about a new connection says."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale

from portal.device_words import described
from portal.languages.formats import Formats, chosen_formats
from portal.languages.words import Words
from portal.messages.queue import Row
from portal.people.devices import read_device
from portal.people.known_devices import NOT_ME_LIFE
from portal.people.recipients import find_recipient
from portal.settings import Settings


async def of_connection(
    row: Row, facts: dict[str, Any], locale: Locale, words: Words, settings: Settings
) -> tuple[str, dict[str, Any]]:
    """Template and facts; the time as its reader writes it, in a zone that is named."""
    formats = await _formats(row["sent_to"], locale)
    at = datetime.fromisoformat(facts["at"])
    told = [
        (words.gettext("Device"), described(read_device(facts["user_agent"], facts["hints"]), words)),
        (words.gettext("Place"), facts["place"] or words.gettext("Unknown place")),
        (words.gettext("Time"), f"{formats.moment(at)} ({formats.zone_name()})"),
        (words.gettext("IP address"), facts["ip"]),
        (words.gettext("Signed in with"), facts["email"]),
    ]
    return row["kind"], {
        "subject": words.gettext("New sign-in to your account"),
        "told": told,
        "not_me_link": f"{settings.public_url}/connections/not-me/{facts['not_me']}",
        "hours": NOT_ME_LIFE // timedelta(hours=1),
    }


async def _formats(email: str, locale: Locale) -> Formats:
    recipient = await find_recipient(email)
    if recipient is None:
        return Formats(locale, ZoneInfo("UTC"))
    return chosen_formats(locale, ZoneInfo(recipient.zone or "UTC"), recipient.date_display, recipient.time_display)
