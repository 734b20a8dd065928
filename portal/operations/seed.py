"""Loads the demo: two practices, their people and a believable week."""

import asyncio
from argparse import Namespace

from portal.cannot_start import CannotStart
from portal.clock import wall_clock
from portal.database import close_database, open_database
from portal.operations.address import DatabaseAddress
from portal.operations.database import connected, owner_dsn, running_database
from portal.operations.demo_data import load_demo
from portal.operations.migrate import check_tables
from portal.settings import Settings


def run(settings: Settings, _: Namespace) -> int:
    with running_database(settings) as address:
        if not asyncio.run(seed_if_empty(address)):
            raise CannotStart("The database already holds a practice; the demo is loaded into an empty one only.")
    print("The demo is loaded.")
    return 0


async def seed_if_empty(address: DatabaseAddress) -> bool:
    """Whether the demo was loaded. The owner does it: no lens may found a practice."""
    dsn = owner_dsn(address)
    await check_tables(address)
    async with connected(dsn) as connection:
        if await connection.fetchval("SELECT EXISTS (SELECT FROM practice)"):
            return False
    await open_database(dsn, largest=2)
    try:
        await load_demo(wall_clock())
    finally:
        await close_database()
    return True
