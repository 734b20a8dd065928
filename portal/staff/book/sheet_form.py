"""From what was typed on the booking sheet to what shall be booked."""

from dataclasses import dataclass
from datetime import timedelta

from portal.choosing.offer import wanted_from
from portal.staff.book.contact_form import chosen_client, read_contact
from portal.staff.book.insisting import read_insistence
from portal.staff.book.when import is_told, read_length, read_start, show_when
from portal.staff.desk import Desk
from portal.web.forms import Form, read_moment
from tenants.arranging.appoint import How
from tenants.arranging.series import MOST
from tenants.booking.plan import current_plan
from tenants.booking.slot import Choice
from tenants.clients.record import Contact
from tenants.refs import new_key

MOST_IN_A_ROW = 3
ANYBODY = "any"
WEEKS_A_YEAR = 52


@dataclass(frozen=True, slots=True)
class Sheet:
    """`choices` follow each other; each begins where the one before it ends."""

    choices: list[Choice]
    contact: Contact
    how: How
    key: str


async def read_sheet(desk: Desk, form: Form) -> Sheet | None:
    """None when the form has errors. Raises NotFound for a record of another practice."""
    words = desk.viewer.words
    contact = await _read_client(desk, form)
    services = _read_services(desk, form)
    practitioner, place = (form.text(name, 20, required=False) for name in ("practitioner", "place"))
    async with desk.lens():
        practitioner = desk.whose(practitioner, await current_plan(desk.practice))
    starts_at = read_start(form, desk.practice.zone, words)
    length = read_length(form, starts_at, words)
    show_when(form, starts_at, length, desk.practice.zone)
    if len(services) > 1 and length is not None:
        form.refuse("minutes", words.gettext("Several services last as long as they always do: leave this empty."))
    how = How(
        desk.by,
        form.text("note", 1000, required=False, lines=True),
        length,
        read_insistence(form),
        is_told(form),
    )
    key = form.text("key", 64, required=False) or new_key()
    _check_repeat(desk, form, services, practitioner)
    if not form.ok or starts_at is None or contact is None:
        return None
    choices = [Choice(wanted_from(each, practitioner, place), starts_at) for each in services]
    return Sheet(choices, contact, how, key)


def prefill(desk: Desk, form: Form, practitioners: list[str], services: list[str]) -> None:
    """From an address as the calendar makes it: `start` and `end` are instants. What cannot be read is left empty."""
    start, end = (read_moment(form.get(name, "")) for name in ("start", "end"))
    within_a_day = start is not None and end is not None and timedelta() < end - start <= timedelta(days=1)
    length = end - start if start is not None and end is not None and within_a_day else None
    show_when(form, start, length, desk.practice.zone)
    form.setdefault("day", str(desk.viewer.today))
    form.setdefault("practitioner", practitioners[0] if len(practitioners) == 1 else ANYBODY)
    if len(services) == 1:
        form.setdefault("service", services[0])
    form.setdefault("key", new_key())


def chosen_services(form: Form) -> list[str]:
    chosen = [each for each in form.many("service") if each]
    return chosen or [each for each in [form.get("service")] if each]


async def _read_client(desk: Desk, form: Form) -> Contact | None:
    """Whoever looked for somebody and has not chosen yet is not asked to type them anew."""
    if chosen_client(form) or form.get("first_name") or not form.get("q"):
        return await read_contact(desk, form)
    form.refuse("client", desk.viewer.words.gettext("Please choose a client, or type the name of somebody new."))
    return None


def _read_services(desk: Desk, form: Form) -> list[str]:
    words, chosen = desk.viewer.words, chosen_services(form)
    if not chosen:
        form.refuse("service", words.gettext("Please choose a service."))
    if len(chosen) > MOST_IN_A_ROW:
        form.refuse("service", words.gettext("Too many services at once: %(n)s at most.", n=MOST_IN_A_ROW))
    return chosen


def _check_repeat(desk: Desk, form: Form, services: list[str], practitioner: str) -> None:
    words = desk.viewer.words
    every = form.whole("every_weeks", 1, WEEKS_A_YEAR, required=False)
    times, until = form.whole("times", 2, MOST, required=False), form.day("until", required=False)
    if every is None:
        return
    if times is None and until is None:
        form.refuse("times", words.gettext("Please say how often, or until which day."))
    if len(services) > 1:
        form.refuse("every_weeks", words.gettext("Only one service at a time can be repeated."))
    if practitioner in {"", ANYBODY}:
        form.refuse("practitioner", words.gettext("Please choose who gives what is repeated."))
