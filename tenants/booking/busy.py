"""When practitioners are taken already: by appointments, and by holds that have not expired."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tenants.availability.spans import Span, union
from tenants.availability.wall_clock import moment
from tenants.practices.tenant import Tenant
from tenants.scope import ask

LONGEST_BLOCKED = 32 * 3600  # the table's CHECK: nothing that began longer ago can still be going on
LONGEST_BUFFER = 4 * 3600

_TAKEN = "SELECT * FROM taken_times($1, $2, $3, $4, $5, $6, $7)"


@dataclass(frozen=True, slots=True)
class Besides:
    """What does not count as busy: one's own appointment when moving it, one's own hold when booking it."""

    appointment_id: int = 0
    hold_id: int = 0


NOTHING = Besides()


@dataclass(frozen=True, slots=True)
class Busy:
    """`spans` are unions by practitioner; `starts` are the beginnings of their appointments, holds left out."""

    plan_version: int
    spans: dict[int, list[Span]]
    starts: dict[int, list[int]]


async def load_busy(
    tenant: Tenant, practitioners: list[int], span: Span, now: datetime, besides: Besides = NOTHING
) -> Busy:
    """All that could meet what begins and ends in `span`, however long and buffered either is."""
    rows = await ask(
        _TAKEN,
        tenant.id,
        practitioners,
        moment(span[0] - LONGEST_BLOCKED),
        moment(span[1] + 2 * LONGEST_BUFFER),
        besides.appointment_id,
        now,
        besides.hold_id,
    )
    return busy_from(rows)


def busy_from(rows: Sequence[Any]) -> Busy:
    """Of the rows of `taken_times`."""
    taken = [row for row in rows if row["practitioner"] is not None]
    return Busy(
        rows[0]["plan_version"],
        {row["practitioner"]: union(zip(row["taken_from"], row["taken_until"], strict=True)) for row in taken},
        {row["practitioner"]: row["starts"] for row in taken if row["starts"]},
    )
