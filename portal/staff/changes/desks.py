"""The desks that are open in this process, by practice: one LISTEN for all of them, while there are any."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from portal.listening import listen
from portal.messages.nudges import DESKS

_AGAIN_AFTER = 1.0  # seconds until a lost connection is opened again: people are looking


class OpenDesks:
    """Each watcher has an event that is set whenever its practice, or perhaps its practice, has changed."""

    def __init__(self) -> None:
        self._watching: dict[int, set[asyncio.Event]] = {}
        self._listening: asyncio.Task[None] | None = None
        self._stop = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.closing = asyncio.Event()

    @contextmanager
    def watching(self, tenant_id: int) -> Iterator[asyncio.Event]:
        self._loop = asyncio.get_running_loop()
        bell = asyncio.Event()
        self._watching.setdefault(tenant_id, set()).add(bell)
        if self._listening is None or self._listening.done():
            self._stop = asyncio.Event()
            self._listening = asyncio.create_task(listen(DESKS, self._heard, self._stop, _AGAIN_AFTER))
        try:
            yield bell
        finally:
            self._watching[tenant_id].discard(bell)
            if not self._watching[tenant_id]:
                del self._watching[tenant_id]

    def end_streams(self) -> None:
        """Those that are open and those still to come. May be called by a signal."""
        if self._loop:
            self._loop.call_soon_threadsafe(self._end_streams)

    async def close(self) -> None:
        """Ends every stream, and the listening."""
        self._end_streams()
        self._stop.set()
        if self._listening:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._listening, timeout=3)

    def _end_streams(self) -> None:
        self.closing.set()
        self._heard(None)

    def _heard(self, practice: str | None) -> None:
        """None: the connection has just been opened, and nobody knows what was missed."""
        if practice is None:
            bells = {bell for each in self._watching.values() for bell in each}
        else:
            bells = self._watching.get(int(practice), set())
        for bell in bells:
            bell.set()
