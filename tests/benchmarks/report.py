"""The figures as a table, on the terminal and in `docs/benchmarks.md`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from tests.benchmarks import machine
from tests.benchmarks.figures import ROUNDS, Figure

FILE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
_HEAD = ("What", "Figure", "Target", "Met", "Limit measured beside it")


@dataclass(frozen=True)
class Section:
    """One size; `load` is the machine's before it began."""

    title: str
    load: float
    figures: Sequence[Figure]


def write(sections: Sequence[Section], when: datetime) -> None:
    """Sizes that were not measured this time keep what an earlier run has written of them."""
    FILE.parent.mkdir(exist_ok=True)
    told = _told_before() | {section.title: _section(section, when) for section in sections}
    lines = [*_head(), *(line for of_size in told.values() for line in of_size)]
    FILE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _told_before() -> dict[str, list[str]]:
    if not FILE.exists():
        return {}
    _, *parts = FILE.read_text(encoding="utf-8").split("\n## ")
    return {part.partition("\n")[0]: ["", *f"## {part}".rstrip().splitlines()] for part in parts}


def _section(section: Section, when: datetime) -> list[str]:
    measured = f"Measured on {when:%Y-%m-%d}; load of the machine before it began: {section.load:.1f}"
    return ["", f"## {section.title}", "", measured, "", *table(section.figures)]


def _head() -> list[str]:
    return [
        "# Benchmarks",
        "",
        "Written by `make bench` (`tests/benchmarks/`); not edited by hand.",
        "",
        *(f"- {line}" for line in machine.machine()),
        "",
        f"A rate is the best of {ROUNDS} rounds, a time within which 99 % were answered the least of them; the limits'",
        "as well. *Bare route* is an empty Litestar route on the same web server with the same settings, *bare page*",
        "the very template of the page beside it, rendered by the portal's own server from facts at hand, with its",
        "headers and its log, but without a person or a database;",
        "*same SQL* are the code's own statements, from pgbench over as many connections as the pages have, or by",
        "asyncpg alone. 1,000 practices; 32 connections unless said otherwise. Messages are handed to providers in a",
        "process of their own, which answer each in 100 ms (SMTP: each letter); *client alone* is the provider's",
        "client in two processes, as wide as two workers are, with nothing to look up, to write or to record.",
    ]


def table(figures: Sequence[Figure]) -> list[str]:
    rows = [_HEAD, tuple("---" for _ in _HEAD), *map(_row, figures)]
    return ["| " + " | ".join(row) + " |" for row in rows]


def _row(figure: Figure) -> tuple[str, ...]:
    limits = "; ".join(
        f"{limit.name}: {_said(limit.value, figure.unit)}{_share(figure, limit.value)}" for limit in figure.limits
    )
    met = {True: "yes", False: "**no**", None: ""}[figure.met]
    return figure.name, _said(figure.value, figure.unit), _target(figure), met, limits


def _share(figure: Figure, limit: float) -> str:
    return f" ({figure.value / limit:.0%})" if figure.unit == "/s" else f" ({figure.value / limit:.1f} times)"


def _target(figure: Figure) -> str:
    if figure.least is not None:
        return f"≥ {_said(figure.least, figure.unit)}"
    return f"≤ {_said(figure.most, figure.unit)}" if figure.most is not None else ""


def _said(value: float, unit: str) -> str:
    number = f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.2g}" if value < 1 else f"{value:.1f}"
    return f"{number}{unit}" if unit in {"/s", ""} else f"{number} {unit}"
