"""A month of messages as bars, drawn on the server."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tenants.notifications.log import Count

MOST_DAYS = 30
STEP, BAR, HEIGHT = 10, 7, 100
"""Of the drawing, in its own units: a day's width, a bar's, and the tallest bar's height."""

SERIES = {"told": ("sent", "delivered"), "failed": ("failed",), "skipped": ("skipped",), "waiting": ("waiting",)}


@dataclass(frozen=True, slots=True)
class Piece:
    series: str
    x: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Chart:
    """`days` has one row a day with the number of each series; `most` is the tallest day's."""

    days: list[tuple[date, dict[str, int]]]
    pieces: list[Piece]
    most: int

    @property
    def width(self) -> int:
        return len(self.days) * STEP


def draw_chart(counts: Iterable[Count], first: date, last: date) -> Chart:
    """From `first` to `last`, both included, or the latest of them that have room."""
    first = max(first, last - timedelta(days=MOST_DAYS - 1))
    told: Counter[tuple[date, str]] = Counter()
    series_of = {state: series for series, states in SERIES.items() for state in states}
    for count in counts:
        told[count.day, series_of[count.state]] += count.count
    span = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    days = [(day, {series: told[day, series] for series in SERIES}) for day in span]
    most = max((sum(numbers.values()) for _, numbers in days), default=0)
    return Chart(days, [piece for place, (_, each) in enumerate(days) for piece in _bar(place, each, most)], most)


def _bar(place: int, numbers: dict[str, int], most: int) -> Iterable[Piece]:
    """One upon the other, from the ground."""
    top = float(HEIGHT)
    for series, number in numbers.items():
        if number:
            height = round(number / most * HEIGHT, 2)
            top = round(top - height, 2)
            yield Piece(series, place * STEP + (STEP - BAR) / 2, top, height)
