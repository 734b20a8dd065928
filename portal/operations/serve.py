"""The pages, by as many processes as wanted. A stop lets running requests finish."""

import asyncio
import gc
import logging
import multiprocessing
import os
import signal
from argparse import Namespace
from contextlib import suppress
from threading import Thread
from typing import Any

from granian.constants import Interfaces
from granian.server.mp import MPServer as Server
from litestar.types import ASGIApp

from portal.logs import logged, start_logs
from portal.operations.database import running_database
from portal.operations.listen import sole_listener
from portal.operations.migrate import check_tables
from portal.settings import Settings, read_settings

log = logging.getLogger(__name__)

END_STREAMS = signal.SIGUSR1
_STOP_PATIENCE = 30  # seconds for running requests


def run(settings: Settings, _: Namespace) -> int:
    start_logs(settings)
    with running_database(settings) as address, sole_listener(settings) as host:
        asyncio.run(check_tables(address))
        # A fresh process for each, because a fork would take this one's threads' locks along, but not the threads.
        multiprocessing.set_start_method("spawn")
        log.info("serving %s with %d processes", settings.public_url, settings.processes)
        _Server(
            f"{__name__}:pages",
            factory=True,
            interface=Interfaces.ASGI,
            address=host,
            port=settings.port,
            workers=settings.processes,
            respawn_failed_workers=True,
            workers_kill_timeout=_STOP_PATIENCE,
            websockets=False,
            log_enabled=False,
        ).serve()
    return 0


class _Server(Server):
    """Says first that it is about to stop, so that streams end: it would wait for them as for any request."""

    def signal_handler_interrupt(self, *args: Any, **more: Any) -> None:
        self._end_streams()
        super().signal_handler_interrupt(*args, **more)  # type: ignore[no-untyped-call]

    def signal_handler_reload(self, *args: Any, **more: Any) -> None:
        self._end_streams()
        super().signal_handler_reload(*args, **more)  # type: ignore[no-untyped-call]

    def _end_streams(self) -> None:
        for worker in self.wrks:
            with suppress(ProcessLookupError):
                os.kill(worker.inner.pid, END_STREAMS)


def pages() -> ASGIApp:
    """The application of one web process, which ends with the server even when that one is killed."""
    from portal.app import create_app  # noqa: PLC0415 - not needed by the process that only watches

    settings = read_settings()
    start_logs(settings)
    Thread(target=_end_with_parent, name="parent watch", daemon=True).start()
    app = create_app(settings)
    signal.signal(END_STREAMS, lambda *_: app.state.desks.end_streams())
    gc.freeze()  # what lives as long as the process need not be looked through again, while requests wait
    return logged(app)


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
