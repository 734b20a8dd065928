"""Real workers on the test's own database, to be killed without warning, and reminders that are due for them."""

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg

from portal.clock import wall_clock
from portal.messages.practice_messages import PRACTICE_MESSAGES
from portal.messages.worker import send_batch
from portal.settings import Settings
from tests.factories import PracticeMade

PATIENCE = 30  # seconds; what is waited for takes one or two

_SETTINGS = (
    *("smtp_host", "smtp_port", "smtp_tls", "mail_from", "public_url", "secret_key"),
    *("twilio_account_sid", "twilio_auth_token", "twilio_sender", "twilio_base_url"),
)
_LISTENING = "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"
_OWE = """
WITH rule AS (
    INSERT INTO reminder_rule (tenant_id, channel, minutes_ahead, condition, since)
    VALUES ($1, $2, 43200, 'always', now() - interval '1 year') RETURNING id
), record AS (
    INSERT INTO client_record (ref, tenant_id, email, first_name, last_name, phone, created_at)
    SELECT $2 || n, $1, $2 || n || '@example.org', 'Client', n::text, '+1416' || 2000000 + n, now()
    FROM generate_series(1, $5::int) AS n RETURNING id, last_name::int AS n
), visit AS (
    INSERT INTO appointment (ref, tenant_id, client_record_id, practitioner_id, service_id, place_id, starts_at,
                             ends_at, blocked_from, blocked_until, booking_key, booked_at, booked_by)
    SELECT $2 || n, $1, record.id, $3, $4, (SELECT min(id) FROM place WHERE tenant_id = $1), starts, starts + length,
           starts, starts + length, $2 || n, now() - interval '60 days', 'client'
    FROM record, LATERAL (
        SELECT now() + (24 + n) * interval '1 hour' AS starts, interval '30 minutes' AS length
    ) AS times
    RETURNING *
)
INSERT INTO message (tenant_id, appointment_id, sequence, kind, rule_id, channel, starts_at, practitioner_id, place_id,
                     created_at, next_attempt_at)
SELECT visit.tenant_id, visit.id, 0, 'reminder', rule.id, $2, starts_at, practitioner_id, visit.place_id, now(), now()
FROM visit, rule
"""


@dataclass
class Workers:
    """What a test does with them. The clock is the machine's, and nobody waits for the minute that a claim lasts."""

    practice: PracticeMade
    owner: asyncpg.Connection
    settings: Settings
    app_dsn: str
    root: Path
    folder: Path
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    async def owes(self, channel: str, count: int) -> None:
        """Reminders due at this moment, each to another client. Every channel has a practitioner of its own."""
        who = self.practice.practitioners["Nora Blake" if channel == "sms" else "Theo Roy"]["id"]
        service = self.practice.services["Follow-up"]["id"]
        await self.owner.execute(_OWE, self.practice.tenant.id, channel, who, service, count)

    def start(self) -> subprocess.Popen[bytes]:
        with (self.folder / "worker.log").open("ab") as log:
            command = [sys.executable, "-m", "portal", "worker"]
            self.processes.append(subprocess.Popen(command, env=self._environ, cwd=self.folder, stderr=log))
        return self.processes[-1]

    async def listen(self, count: int) -> None:
        async def listening() -> bool:
            return int(await self.owner.fetchval(_LISTENING)) >= count

        await self.until(listening)

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        process.kill()
        process.wait()

    async def until(self, done: Callable[[], Awaitable[bool]]) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                while not await done():  # noqa: ASYNC110 - what is waited for happens in another process
                    await asyncio.sleep(0.01)
        except TimeoutError:
            raise AssertionError((self.folder / "worker.log").read_text()) from None

    async def stop(self, process: subprocess.Popen[bytes]) -> None:
        """Once it has taken all that is not claimed; as it is told to, it finishes what it has in hand."""

        async def all_is_taken() -> bool:
            return await self.count("sent_at IS NULL AND claimed_until IS NULL") == 0

        await self.until(all_is_taken)
        process.terminate()
        await asyncio.to_thread(process.wait, PATIENCE)

    async def finish(self) -> None:
        """With the claims of the dead run out, another worker does the rest: this process, started long ago."""
        await self.owner.execute("UPDATE message SET claimed_until = now() WHERE claimed_until IS NOT NULL")
        while await send_batch(PRACTICE_MESSAGES, self.settings, asyncio.Event(), wall_clock):
            pass

    async def count(self, which: str) -> int:
        return int(await self.owner.fetchval(f"SELECT count(*) FROM message WHERE {which}"))

    async def kept(self) -> list[tuple[Any, ...]]:
        """Of each SMS, its number and what the provider calls it."""
        rows = await self.owner.fetch("SELECT sent_to, provider_id FROM message WHERE channel = 'sms'")
        return sorted(tuple(row) for row in rows)

    @property
    def _environ(self) -> dict[str, str]:
        """The test's settings as a process reads them."""
        given = {f"PORTAL_{name.upper()}": str(getattr(self.settings, name)) for name in _SETTINGS}
        return given | {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(self.root), "PORTAL_DATABASE_URL": self.app_dsn}

    def end(self) -> None:
        for process in self.processes:
            self.kill(process)
