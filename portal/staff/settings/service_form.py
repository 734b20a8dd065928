"""One service's form: from the offer to what is typed, and back."""

from datetime import timedelta
from typing import Any

from portal.languages.prices import read_price, typed_price
from portal.languages.words import named_language
from portal.staff.calendar.colours import PALETTE
from portal.staff.desk import Desk
from portal.web.forms import Form
from tenants.practices.tenant import Tenant
from tenants.refs import fingerprint
from tenants.services.edit import Offer
from tenants.services.texts import Text, further_languages

STEPS = (5, 10, 15, 20, 30, 45, 60)
MOST_SEATS = 200
MOST_FIELDS = 1000  # one for each person of a large practice
ONLINE, STAFF = "online", "staff"
USUAL = [
    ("step", "15"),
    ("minutes", "30"),
    ("before", "0"),
    ("after", "0"),
    ("capacity", "1"),
    ("booked_by", ONLINE),
    ("colour", ""),
]


def typed(offer: Offer, practice: Tenant) -> list[tuple[str, Any]]:
    """As the form shows it, so that what is saved unchanged stays the same."""
    lengths = {
        "minutes": offer.duration,
        "before": offer.buffer_before,
        "after": offer.buffer_after,
        "step": offer.step,
    }
    return [
        ("name", offer.name),
        ("about", offer.about),
        *((name, str(int(length.total_seconds() // 60))) for name, length in lengths.items()),
        ("price", typed_price(offer.price, practice.currency)),
        ("capacity", str(offer.capacity)),
        ("booked_by", ONLINE if offer.online else STAFF),
        *([("needs_approval", "yes")] if offer.needs_approval else []),
        ("colour", offer.colour),
        *(("practitioners", ref) for ref in offer.practitioners),
        *(("places", ref) for ref in offer.places),
        *(("needs", ref) for ref in offer.needs),
        *((f"{name}_{text.language}", getattr(text, name)) for text in offer.texts for name in ("name", "about")),
        ("seen", fingerprint(offer)),
    ]


def read_offer(form: Form, desk: Desk) -> Offer | None:
    """The bounds are those of the table."""
    minutes = {
        name: timedelta(minutes=form.whole(name, least, most) or 0)
        for name, least, most in (("minutes", 5, 1440), ("before", 0, 240), ("after", 0, 240))
    }
    offer = Offer(
        name=form.text("name", 120),
        about=form.text("about", 1000, required=False, lines=True),
        duration=minutes["minutes"],
        buffer_before=minutes["before"],
        buffer_after=minutes["after"],
        step=timedelta(minutes=int(form.one_of("step", {str(step) for step in STEPS}) or STEPS[0])),
        price=read_price(form, "price", desk.practice.currency, desk.viewer.words),
        practitioners=tuple(sorted(set(form.many("practitioners")))),
        places=tuple(sorted(set(form.many("places")))),
        capacity=form.whole("capacity", 1, MOST_SEATS) or 1,
        online=form.one_of("booked_by", {ONLINE, STAFF}) == ONLINE,
        needs_approval=bool(form.get("needs_approval")),
        colour=form.one_of("colour", set(PALETTE), required=False),
        needs=tuple(sorted(set(form.many("needs")))),
        texts=_read_texts(form, desk.practice),
    )
    return offer if form.ok else None


def further(desk: Desk) -> list[tuple[str, str]]:
    """The practice's further languages, each with its name."""
    return [(code, named_language(code)) for code in further_languages(desk.practice)]


def _read_texts(form: Form, practice: Tenant) -> tuple[Text, ...]:
    texts = [
        Text(
            language,
            form.text(f"name_{language}", 120, required=False),
            form.text(f"about_{language}", 1000, required=False, lines=True),
        )
        for language in further_languages(practice)
    ]
    return tuple(text for text in texts if text.name or text.about)
