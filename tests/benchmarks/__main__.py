"""Measure, say it, write it: `python -m tests.benchmarks [--size 10k --size 1m] [--only booking]`."""

import argparse
import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

import uvloop

import portal.settings  # noqa: F401 - tells Piccolo where its configuration is
from portal.clock import wall_clock
from tests.benchmarks import coming, machine, posts, practices, report, wrk
from tests.benchmarks.figures import Figure, Run
from tests.benchmarks.installation import bare, new_installation, served
from tests.benchmarks.measures import (
    arithmetic,
    booking,
    desk,
    due,
    memory,
    merged_list,
    open_times,
    rivals,
    sending,
    signed_in,
)

Measure = Callable[[Run], Awaitable[list[Figure]]]


@dataclass(frozen=True)
class Size:
    """`records` are each practice's; where some measures are named, only these are taken, and nothing is booked.

    With `messages` there are the practices and appointments of `coming.py`, too.
    """

    appointments: int
    records: int = practices.RECORDS
    measures: tuple[str, ...] = ()
    messages: bool = False
    desk: bool = False

    @property
    def title(self) -> str:
        if self.desk:
            return "A desk: ten practitioners, 20,000 appointments and 20,000 records of one practice"
        if self.messages:
            rules = f"{coming.RULES:,} rules of {coming.PRACTICES:,} practices"
            return f"Messages: {coming.APPOINTMENTS:,} appointments to come, {rules}"
        records = f" of {practices.PRACTICES * self.records:,} client records" if self.measures else ""
        return f"{self.appointments:,} appointments{records}"


SIZES = {
    "10k": Size(10_000),
    "1m": Size(1_000_000),
    "10m": Size(10_000_000),
    "people": Size(3_000_000, 1_000, ("list", "signed-in")),
    "messages": Size(0, measures=("due", "sending"), messages=True),
    "desk": Size(10_000, measures=("desk",), desk=True),
}
MEASURES: dict[str, Measure] = {
    "arithmetic": arithmetic.measure,
    "open-times": open_times.measure_over_http,
    "ten": open_times.measure_ten_practitioners,
    "list": merged_list.measure,
    "signed-in": signed_in.measure,
    "booking": booking.measure,
    "rivals": rivals.measure,
    "memory": memory.measure,
}
MESSAGES: dict[str, Measure] = {"due": due.measure, "sending": sending.measure}
DESK: dict[str, Measure] = {"desk": desk.measure}
ONCE = {"arithmetic", "rivals", "memory"}  # what hardly depends on the size is measured at the first alone
_LARGER_AT_MOST = 1.2  # times as slow as at the first size


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description="Measures Carnet and writes docs/benchmarks.md.")
    parser.add_argument("--size", choices=SIZES, action="append", help="of the database; may be given again")
    measures = [*MEASURES, *MESSAGES, *DESK]
    parser.add_argument("--only", choices=measures, action="append", help="measure this alone, and write no file")
    parser.add_argument("--seconds", type=int, default=5, help="of each round")
    asked = parser.parse_args()
    signal.signal(
        signal.SIGTERM, lambda number, _: sys.exit(128 + number)
    )  # by an exception, so that servers are ended
    if not wrk.is_there():
        _say("The load comes from wrk, which is not installed; on Debian: apt install wrk")
        return 2
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as loop:  # the one that the web processes have
        loop.run(_measure_all(asked.size or ["10k", "1m", "people", "messages", "desk"], asked.only, asked.seconds))
    return 0


async def _measure_all(sizes: Sequence[str], only: Sequence[str] | None, seconds: int) -> None:
    """Written after each size, since the last can take an hour."""
    sections: list[report.Section] = []
    for size in map(SIZES.__getitem__, sizes):
        names = [name for name in only or size.measures or MEASURES if only or not sections or name not in ONCE]
        load = machine.load()
        _say(f"{size.title}; load of the machine: {load:.1f}")
        figures = await _measure(size, names, seconds)
        if sections:
            figures += _compared(sections[0].figures, figures)
        sections.append(report.Section(size.title, load, figures))
        _say("\n".join(report.table(figures)))
        if not only:
            report.write(sections, wall_clock())


async def _measure(size: Size, names: Sequence[str], seconds: int) -> list[Figure]:
    now = wall_clock()
    today = posts.midnight_of(now).date()
    async with new_installation() as installation:
        booked = size.messages or not size.measures
        await practices.fill(installation.owner, size.appointments, today, records=size.records, booked=booked)
        if size.messages:
            await coming.fill(installation.owner, today)
        await posts.make_people(installation.owner, now)
        _say(f"… filled in {wall_clock() - now}")
        with served(installation.settings) as server, bare(installation.settings.data_dir.parent) as beside:
            run = Run(installation, size.appointments, server, beside, seconds, now, today)
            figures: list[Figure] = []
            for name in names:
                _say(f"… {name}")
                figures += await (MEASURES | MESSAGES | DESK)[name](run)
    return figures


def _compared(small: Sequence[Figure], large: Sequence[Figure]) -> Iterator[Figure]:
    """How much slower free times get with more rows; each rate is taken as a share of its own run's bare route."""
    shares = {figure.name: figure.value / figure.limits[0].value for figure in small if figure.limits}
    for figure in large:
        if figure.name in open_times.FRAGMENTS and figure.name in shares:
            slower = shares[figure.name] * figure.limits[0].value / figure.value
            yield Figure(f"{figure.name}, against the smallest size", slower, "times", most=_LARGER_AT_MOST)


def _say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 - a command speaks on the terminal


if __name__ == "__main__":
    sys.exit(main())
