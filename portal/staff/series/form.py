"""From what was typed on the booking sheet to a series that shall be booked."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.choosing.offer import wanted_from
from portal.staff.book.contact_form import read_contact
from portal.staff.book.when import is_told, read_length, read_start
from portal.staff.desk import Desk
from portal.web.forms import Form
from tenants.arranging.appoint import How
from tenants.arranging.series import MOST, Repeat
from tenants.booking.plan import current_plan
from tenants.booking.slot import Choice
from tenants.clients.record import Contact
from tenants.refs import fingerprint

CARRIED = (
    "key",
    "client",
    "first_name",
    "last_name",
    "email",
    "phone",
    "service",
    "practitioner",
    "place",
    "start",
    "minutes",
    "note",
    "tell",
)
"""What the preview keeps of the sheet; how often stands on it in fields of its own."""
FURTHEST = timedelta(days=730)
_A_YEAR_OF_WEEKS = 52
_ASKED = {"every_weeks", "times", "until", "on", "insist", "why"}


@dataclass(frozen=True, slots=True)
class Wish:
    """`who` is the client's name."""

    choice: Choice
    repeat: Repeat
    contact: Contact
    how: How
    key: str

    @property
    def question(self) -> str:
        """The days of another one are not these."""
        wanted = self.choice.wanted
        return fingerprint(
            (
                self.choice.starts_at.timestamp(),
                wanted.service,
                wanted.practitioner,
                wanted.place,
                self.repeat,
                self.how.length,
            )
        )

    @property
    def who(self) -> str:
        return f"{self.contact.first_name} {self.contact.last_name}".strip()


async def read_wish(desk: Desk, form: Form) -> Wish | None:
    """None when the form has errors. Raises NotFound for a record of another practice."""
    words = desk.viewer.words
    starts_at = read_start(form, desk.practice.zone, words)
    length = read_length(form, starts_at, words)
    service = form.text("service", 20)
    practitioner, place = form.text("practitioner", 20), form.text("place", 20, required=False)
    async with desk.lens():
        practitioner = desk.whose(practitioner, await current_plan(desk.practice))
    if practitioner == "any":
        form.refuse("practitioner", words.gettext("Please choose who gives what is repeated."))
    contact = await read_contact(desk, form)
    how = How(desk.by, form.text("note", 1000, required=False, lines=True), length, tell=is_told(form))
    key = form.text("key", 64)
    repeat = _read_repeat(desk, form, starts_at)
    if starts_at is not None:
        form["start"] = starts_at.astimezone(desk.practice.zone).isoformat()
    if length is not None:
        form["minutes"] = str(int(length.total_seconds()) // 60)
    _gather(form)
    if not form.ok or starts_at is None or repeat is None:
        return None
    return Wish(Choice(wanted_from(service, practitioner, place), starts_at), repeat, contact, how, key)


def too_far(last: date, desk: Desk) -> str:
    """A sentence about a last day beyond FURTHEST, or nothing."""
    furthest = desk.viewer.today + FURTHEST
    if last <= furthest:
        return ""
    fmt = desk.viewer.formats
    return desk.viewer.words.gettext(
        "The last one would be on %(day)s. A series ends by %(furthest)s at the latest.",
        day=fmt.date(last),
        furthest=fmt.date(furthest),
    )


def _read_repeat(desk: Desk, form: Form, starts_at: datetime | None) -> Repeat | None:
    """What ends it first counts where both are given."""
    words = desk.viewer.words
    every = form.whole("every_weeks", 1, _A_YEAR_OF_WEEKS)
    times, until = form.whole("times", 2, MOST, required=False), form.day("until", required=False)
    if times is None and until is None and not {"times", "until"} & form.errors.keys():
        form.refuse("times", words.gettext("Please say how often, or until which day."))
    if every is None or starts_at is None or {"times", "until"} & form.errors.keys():
        return None
    first = starts_at.astimezone(desk.practice.zone).date()
    fitting = (until - first).days // (7 * every) + 1 if until else MOST
    if until and fitting < 2:  # noqa: PLR2004 - one alone is no series
        form.refuse("until", words.gettext("Until then there is only one. Please choose a later day."))
        return None
    if times is None and fitting > MOST:
        form.refuse("until", words.gettext("A series has %(n)s appointments at most.", n=MOST))
        return None
    repeat = Repeat(every, min(times or MOST, fitting))
    if far := too_far(first + timedelta(weeks=every * (repeat.times - 1)), desk):
        form.refuse("times" if times else "until", far)
    return repeat


def _gather(form: Form) -> None:
    """Of what is only carried along the page has no field: its first error stands in the summary alone."""
    for name in [name for name in form.errors if name not in _ASKED]:
        form.refuse("", form.errors.pop(name))
