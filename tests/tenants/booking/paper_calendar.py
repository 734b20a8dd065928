"""What a receptionist with a pencil would know: who is taken when, by appointments and by holds."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tenants.booking.hold import HELD_FOR
from tests.cast import TORONTO

NORA, THEO = "Nora Blake", "Theo Roy"
DAYS = (date(2026, 11, 25), date(2026, 11, 26))
LENGTHS = {"First visit": (timedelta(minutes=60), timedelta(minutes=15)), "Follow-up": (timedelta(minutes=30), None)}
QUARTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Entry:
    who: str
    service: str
    starts_at: datetime

    @property
    def blocked(self) -> tuple[datetime, datetime]:
        length, buffer = LENGTHS[self.service]
        return self.starts_at, self.starts_at + length + (buffer or timedelta())

    def meets(self, other: "Entry") -> bool:
        return self.who == other.who and self.blocked[0] < other.blocked[1] and other.blocked[0] < self.blocked[1]


@dataclass
class Held:
    entry: Entry
    browser: str
    expires_at: datetime
    released: bool = False
    booked: str | None = None


@dataclass
class Kept:
    entry: Entry
    cancelled: bool = False


@dataclass
class PaperCalendar:
    now: datetime
    holds: dict[str, Held] = field(default_factory=dict)
    appointments: dict[str, Kept] = field(default_factory=dict)
    forms: dict[str, str] = field(default_factory=dict)
    notices: int = 0

    def is_free(self, entry: Entry, *, key: str = "", browser: str = "", ref: str = "") -> bool:
        """Besides the hold, the browser's holds or the appointment named."""
        taken = [each.entry for at, each in self.appointments.items() if at != ref and not each.cancelled]
        taken += [
            each.entry
            for at, each in self.holds.items()
            if not each.released and each.expires_at > self.now and at != key and each.browser != browser
        ]
        return not any(entry.meets(each) for each in taken)

    def free_starts(self, who: str, service: str, day: date) -> list[datetime]:
        opens = datetime(day.year, day.month, day.day, 9, tzinfo=TORONTO)
        starts = [opens + QUARTER * number for number in range(32)]
        closes = opens + timedelta(hours=8)
        return [
            start
            for start in starts
            if start + LENGTHS[service][0] <= closes and self.is_free(Entry(who, service, start))
        ]

    def no_preference(self, service: str, starts_at: datetime, browser: str = "") -> str | None:
        """Who has the fewest appointments that day; ties by name."""
        load = {
            who: sum(
                each.entry.who == who and each.entry.starts_at.date() == starts_at.date() and not each.cancelled
                for each in self.appointments.values()
            )
            for who in (NORA, THEO)
        }
        free = [who for who in (NORA, THEO) if self.is_free(Entry(who, service, starts_at), browser=browser)]
        return min(free, key=lambda who: (load[who], who), default=None)

    def hold(self, key: str, entry: Entry, browser: str) -> None:
        for each in self.holds.values():
            each.released = each.released or each.browser == browser
        self.holds[key] = Held(entry, browser, self.now + HELD_FOR)

    def book(self, ref: str, entry: Entry) -> None:
        self.appointments[ref] = Kept(entry)
        self.notices += 1
