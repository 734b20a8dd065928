"""What the platform's keeper decides of practices, where no browser is at hand."""

import asyncio
import json
from argparse import Namespace
from collections.abc import Callable
from datetime import datetime
from typing import Any

from portal.cannot_start import CannotStart
from portal.clock import wall_clock
from portal.database import close_database, open_database, operator_lens
from portal.operations.address import DatabaseAddress
from portal.operations.database import running_database
from portal.operations.migrate import check_tables
from portal.settings import Settings
from tenants.founding.suspend import KEPT, delete, list_practices, resume, suspend
from tenants.refusals import NotFound

BY = "python -m portal practices"
"""Who did it, as the practice's audit log tells it."""
_MOST = 100_000


def run(settings: Settings, arguments: Namespace) -> int:
    if arguments.decision == "delete" and arguments.sure != arguments.slug:
        raise CannotStart(f"Nothing was changed: --sure must name {arguments.slug} once more.")
    with running_database(settings) as address:
        for line in asyncio.run(_decide(address, arguments)):
            print(line)
    return 0


async def _decide(address: DatabaseAddress, arguments: Namespace) -> list[str]:
    await check_tables(address)
    now = wall_clock()
    await open_database(address.app_dsn, largest=2)
    try:
        async with operator_lens(BY, now):
            return await _decided(arguments, now)
    except NotFound:
        raise CannotStart(f"There is no practice {arguments.slug}.") from None
    finally:
        await close_database()


async def _decided(arguments: Namespace, now: datetime) -> list[str]:
    match arguments.decision:
        case "suspend":
            if not 0 < len(arguments.reason.strip()) <= 500:  # noqa: PLR2004 - as the table has it
                raise CannotStart("The reason must have 1 to 500 characters.")
            await suspend(arguments.slug, arguments.reason.strip(), now)
            return [f"{arguments.slug} is suspended."]
        case "resume":
            await resume(arguments.slug)
            return [f"{arguments.slug} goes on."]
        case "delete":
            await delete(arguments.slug, now)
            return [f"{arguments.slug} is suspended, and is deleted on {now + KEPT:%Y-%m-%d} unless it is resumed."]
        case _:
            practices = await list_practices(now, most=_MOST)
            return [json.dumps([_plain(row) for row in practices])] if arguments.json else _lines(practices)


def _lines(practices: list[dict[str, Any]]) -> list[str]:
    shown: dict[str, Callable[[dict[str, Any]], str]] = {
        "SLUG": lambda row: row["slug"],
        "STATE": _state,
        "MEMBERS": lambda row: str(row["members"]),
        "CLIENTS": lambda row: str(row["clients"]),
        "BOOKED": lambda row: str(row["booked"]),
        "FOUNDED": lambda row: f"{row['created_at']:%Y-%m-%d}",
        "NAME": lambda row: row["name"],
    }
    table = [list(shown), *([tell(row) for tell in shown.values()] for row in practices)]
    widths = [max(len(line[column]) for line in table) for column in range(len(shown))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in table]


def _state(row: dict[str, Any]) -> str:
    if row["delete_at"]:
        return f"deleted on {row['delete_at']:%Y-%m-%d}"
    if row["suspended_at"]:
        return "suspended"
    return "open" if row["published_at"] else "not open yet"


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}
