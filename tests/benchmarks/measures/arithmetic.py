"""A month of one practitioner with 200 busy times: pure `tenants.availability`, no database."""

from datetime import date, timedelta
from timeit import Timer
from zoneinfo import ZoneInfo

from tenants.availability.hours import WeeklyHours
from tenants.availability.spans import Span, union
from tenants.availability.starts import Candidate, Length, candidates, free
from tenants.availability.wall_clock import starts
from tests.benchmarks import practices
from tests.benchmarks.figures import Figure, Run

MOST = 500  # microseconds
_REPEAT, _TIMES = 20, 20
_ALWAYS = (0, 2**40)
_ZONE = ZoneInfo(practices.ZONE)
_WEEKLY = [WeeklyHours(1, weekday, 60 * practices.OPENS, 60 * practices.CLOSES) for weekday in range(7)]


async def measure(run: Run) -> list[Figure]:
    """With what a plan remembers, as every request but the first; and from the opening hours on."""
    days, busy = _month(run.today)
    length = Length(30 * 60)
    known = [_candidates(day, length) for day in days]

    def as_remembered() -> None:
        taken = union(busy)
        for possible in known:
            list(free(possible, taken, length, *_ALWAYS))

    def from_hours() -> None:
        taken = union(busy)
        for day in days:
            list(free(_candidates(day, length), taken, length, *_ALWAYS))

    return [
        Figure("Arithmetic of a month", _microseconds(as_remembered), "µs", most=MOST),
        Figure("Arithmetic of a month, hours worked out anew", _microseconds(from_hours), "µs", most=MOST),
    ]


def _month(today: date) -> tuple[list[date], list[Span]]:
    first, count = practices.coming_month(today)
    days = [first + timedelta(days=number) for number in range(count)]
    minutes = [60 * (practices.OPENS + nth // count) for nth in range(practices.BUSY_A_MONTH)]
    taken = [
        instant
        for nth, minute in enumerate(minutes)
        for instant in starts(days[nth % count], minute, minute + 1, 1, _ZONE)
    ]
    return days, [(instant, instant + 30 * 60) for instant in taken]


def _candidates(day: date, length: Length) -> list[Candidate]:
    return candidates(
        day,
        weekly=_WEEKLY,
        dated=[],
        closures=[],
        length=length,
        step=30,
        zone=_ZONE,
    )


def _microseconds(work: object) -> float:
    assert callable(work)
    return 1e6 * min(Timer(work).repeat(_REPEAT, _TIMES)) / _TIMES
