"""Looks at the whole installation; a line for each thing, and what to do where something is wrong."""

import asyncio
from argparse import Namespace
from collections.abc import AsyncIterator

from portal.cannot_start import CannotStart
from portal.clock import wall_clock
from portal.operations.checks.database import check_database
from portal.operations.checks.finding import Finding, Grade, trouble
from portal.operations.checks.surroundings import (
    check_bounces,
    check_front_end,
    check_mail,
    check_places,
    check_settings,
    check_sms,
)
from portal.operations.database import running_database
from portal.settings import Settings


def run(settings: Settings, _: Namespace) -> int:
    return asyncio.run(_report(settings))


async def _report(settings: Settings) -> int:
    worst = 0
    async for finding in _findings(settings):
        print(f"{finding.grade:<8} {finding.subject}: {finding.words}", flush=True)
        worst |= finding.grade is Grade.TROUBLE
    return worst


async def _findings(settings: Settings) -> AsyncIterator[Finding]:
    try:
        with running_database(settings) as address:
            async for finding in check_database(address):
                yield finding
    except CannotStart as reason:
        yield trouble("database", str(reason))
    for finding in check_settings(settings):
        yield finding
    for check in (check_sms, check_mail):
        async for finding in check(settings):
            yield finding
    for finding in (*check_bounces(settings), *check_places(settings, wall_clock()), *check_front_end()):
        yield finding
