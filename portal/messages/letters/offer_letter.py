"""A time offered to somebody who waits, as a letter. Its links only show a page: what is answered is answered there."""

from datetime import datetime
from typing import Any

from portal.languages.formats import Formats
from portal.languages.words import Words, words_in
from portal.maps import map_link
from portal.messages.letters.brief import message_id
from portal.messages.letters.letter import Letter
from portal.messages.letters.paper import written_out
from portal.messages.queue import Row
from portal.settings import Settings
from tenants.notifications.offered import OfferFacts


def write_offer_letter(row: Row, offer: OfferFacts, formats: Formats, settings: Settings, now: datetime) -> Letter:
    """`formats` in the zone of the place."""
    words, practice = words_in(formats.locale.language), offer.practice
    assert offer.email is not None
    facts = _facts(offer, formats, words, settings)
    html, text = written_out("offered", words, facts)
    return Letter(
        message_id=message_id(row["ref"], settings),
        to=offer.email,
        sender_name=practice.name,
        reply_to=practice.email or None,
        subject=facts["subject"],
        text=text,
        html=html,
        language=words.language,
        written_at=now,
        useful_until=offer.expires_at,
    )


def _facts(offer: OfferFacts, formats: Formats, words: Words, settings: Settings) -> dict[str, Any]:
    _, practice = words.gettext, offer.practice
    moment, until = formats.moment(offer.starts_at), formats.moment(offer.expires_at)
    service = offer.service_name
    if offer.for_name:
        service = _("%(service)s for %(name)s", service=offer.service_name, name=offer.for_name)
    link = f"{settings.public_url}/offers/{offer.key}"
    return {
        "language": str(formats.locale).replace("_", "-"),
        "accent": practice.accent,
        "sender_name": practice.name,
        "subject": _("A time has come free: %(moment)s – %(practice)s", moment=moment, practice=practice.name),
        "moment": moment,
        "greeting": _("Hello %(name)s,", name=offer.first_name) if offer.first_name else _("Hello,"),
        "held": offer.held,
        "until": until,
        "appointment": {
            "day": formats.day(offer.starts_at),
            "span": formats.span(offer.starts_at, offer.ends_at),
            "service_name": service,
            "with_whom": _("with %(name)s", name=offer.practitioner_name),
            "place_lines": offer.place_lines,
            "map_link": map_link(offer.street, offer.postcode, offer.city),
        },
        "zone_name": formats.zone_name(),
        "take": link,
        "decline": f"{link}?answer=no",
        "practice_contact": [fact for fact in (practice.name, practice.phone, practice.email) if fact],
    }
