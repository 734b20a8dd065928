"""Where things stand on a drawn day: rows of five minutes, lanes beside each other.

Everything is said in classes of one stylesheet made here, because no style may stand in a page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

ROW = 5
ROWS_A_DAY = 24 * 60 // ROW
MOST_LANES = 6
_SHARES = 60  # of a column's width: divisible by every number of lanes

Minutes = tuple[int, int]
"""A span of the wall clock, in minutes after midnight, the end excluded."""


@dataclass(frozen=True, slots=True)
class Window:
    """The part of the day that is drawn, in minutes after midnight; both ends are whole hours."""

    first: int
    last: int

    @property
    def hours(self) -> range:
        return range(self.first, self.last, 60)

    def cell(self, begins: int, ends: int) -> str:
        """What lies outside the window is cut off; nothing is thinner than a row."""
        begins, ends = max(begins, self.first), min(ends, self.last)
        row = (begins - self.first) // ROW + 1
        rows = -(-(ends - self.first) // ROW) - row + 1
        return f"row-{row} span-{max(rows, 1)}"


def window_around(spans: Iterable[Minutes], otherwise: Minutes = (9 * 60, 17 * 60)) -> Window:
    """The whole hours that hold every span."""
    begins, ends = zip(*(list(spans) or [otherwise]), strict=True)
    return Window(min(begins) // 60 * 60, -(-max(ends) // 60) * 60)


def lanes(spans: Sequence[Minutes]) -> list[str]:
    """A class for each span, given in order of beginning: those that meet share the width, others have all of it."""
    found: list[str] = []
    for meeting in _meetings(spans):
        ends: list[int] = []
        taken = [_lane(span, ends) for span in meeting]
        count = min(len(ends), MOST_LANES)
        found += [f"lane-{min(lane, count - 1) + 1}-of-{count}" for lane in taken]
    return found


def _meetings(spans: Sequence[Minutes]) -> Iterable[list[Minutes]]:
    meeting: list[Minutes] = []
    until = 0
    for span in spans:
        if meeting and span[0] >= until:
            yield meeting
            meeting = []
        meeting.append(span)
        until = max(until, span[1]) if len(meeting) > 1 else span[1]
    if meeting:
        yield meeting


def _lane(span: Minutes, ends: list[int]) -> int:
    """The first lane that is free again; `ends` says until when each is taken."""
    lane = next((number for number, end in enumerate(ends) if end <= span[0]), len(ends))
    ends[lane : lane + 1] = [span[1]]
    return lane


@cache
def stylesheet() -> str:
    rows = [f".row-{row}{{grid-row-start:{row}}}" for row in range(1, ROWS_A_DAY + 1)]
    spans = [f".span-{rows}{{grid-row-end:span {rows}}}" for rows in range(1, ROWS_A_DAY + 1)]
    sides = [
        f".lane-{lane + 1}-of-{count}{{grid-column:{lane * _SHARES // count + 1}/span {_SHARES // count}}}"
        for count in range(1, MOST_LANES + 1)
        for lane in range(count)
    ]
    return "\n".join(rows + spans + sides) + "\n"
