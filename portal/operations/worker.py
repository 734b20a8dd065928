"""Sends what is due, until it is told to stop."""

import asyncio
import signal
from argparse import Namespace

import uvloop

from portal.database import close_database, open_database
from portal.logs import start_logs
from portal.messages.worker import work
from portal.operations.address import DatabaseAddress
from portal.operations.database import running_database
from portal.operations.migrate import check_tables
from portal.settings import Settings


def run(settings: Settings, _: Namespace) -> int:
    start_logs(settings)
    with running_database(settings) as address:
        uvloop.run(_work(settings, address))
    return 0


async def _work(settings: Settings, address: DatabaseAddress) -> None:
    await check_tables(address)
    stop = stop_signal()
    await open_database(address.app_dsn, largest=settings.database_connections)
    try:
        await work(settings, stop)
    finally:
        await close_database()


def stop_signal() -> asyncio.Event:
    """Set by Ctrl-C, and by SIGTERM as service managers send it."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop
