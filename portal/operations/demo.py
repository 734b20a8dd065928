"""Everything in one process, with a database of its own and two practices to try: for looking, not for clients."""

import asyncio
from argparse import Namespace
from dataclasses import replace

import uvloop
from granian.constants import Interfaces
from granian.server.embed import Server

from portal.app import create_app
from portal.cannot_start import CannotStart
from portal.logs import logged, start_logs
from portal.messages.worker import work
from portal.operations.address import DatabaseAddress
from portal.operations.database import running_database
from portal.operations.listen import sole_listener
from portal.operations.migrate import migrate
from portal.operations.seed import seed_if_empty
from portal.operations.worker import stop_signal
from portal.settings import Settings

_PAUSE = 0.02  # seconds between two looks whether it answers

OPERATOR = "operator@carnet.example"

WELCOME = """
Carnet is running. Open one of these, and stop with Ctrl-C:

  {url}                       the front door
  {url}/p/harbour             book at Harbour Physiotherapy
  {url}/p/meadow              book at Meadow Massage
  {url}/sign-in               sign in as ana@example.org (client of both practices)
  {url}/desk                  sign in as nora@harbour.example or lea@meadow.example (staff)
  {url}/operator              sign in as operator@carnet.example (keeps the platform)
  {url}/outbox                every message, with the sign-in codes
"""


def run(settings: Settings, _: Namespace) -> int:
    settings = replace(settings, demo=True, operators=settings.operators or (OPERATOR,))
    start_logs(settings)
    with running_database(settings) as address, sole_listener(settings) as host:
        uvloop.run(_demonstrate(settings, address, host))
    return 0


async def _demonstrate(settings: Settings, address: DatabaseAddress, host: str) -> None:
    stop = stop_signal()
    await migrate(address, settings)
    await seed_if_empty(address)
    app = create_app(settings)
    server = Server(
        logged(app),
        address=host,
        port=settings.port,
        interface=Interfaces.ASGI,
        websockets=False,
        log_enabled=False,
    )
    serving = asyncio.create_task(server.serve())
    await _answering(host, settings.port, serving)
    print(WELCOME.format(url=settings.public_url), flush=True)
    working = asyncio.create_task(work(settings, stop))
    await asyncio.wait([serving, working, asyncio.create_task(stop.wait())], return_when=asyncio.FIRST_COMPLETED)
    stop.set()
    await working
    await app.state.desks.close()
    server.stop()  # type: ignore[no-untyped-call]
    await serving


async def _answering(host: str, port: int, serving: asyncio.Task[None]) -> None:
    """The worker starts once the pages have opened the database for both."""
    while not serving.done():
        try:
            _, writer = await asyncio.open_connection(host, port)
        except OSError:
            await asyncio.sleep(_PAUSE)
        else:
            writer.close()
            return
    await serving
    raise CannotStart("The pages could not be served; the lines above say why.")
