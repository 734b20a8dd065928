"""The demo as a person starts it, put back to its first minute before each journey."""

import asyncio
import re
import time
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import asyncpg

from tenants.refs import new_key, new_ref
from tests.portal.operations.installation import PATIENCE, Installation, free_port, stop

# With the columns that are written, not reckoned.
_TABLES = """
SELECT relname AS name, string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS columns
FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'migration'
      AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
GROUP BY relname
"""
CONNECT = """
INSERT INTO connection (ref, token_digest, person_id, address_id, created_at, last_seen_at)
SELECT $2, $3, person_id, id, now(), now() FROM address WHERE email = $1
"""
_TELL_NOW = "UPDATE message SET next_attempt_at = now() WHERE next_attempt_at > now()"


@dataclass
class Demo:
    """`python -m portal demo` with a data folder and a port of its own."""

    installation: Installation
    owner: asyncpg.Pool
    signed_in: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    """By address: the cookies of a browser in which they have signed in."""
    _back: str = ""

    @classmethod
    async def start(cls, data_dir: Path, project_root: Path) -> "Demo":
        installation = Installation(data_dir, free_port(), project_root)
        installation.start("demo", PORTAL_LOG_LEVEL="warning")  # nobody reads its lines while it runs
        try:
            await asyncio.to_thread(installation.answers)
            return cls(installation, await asyncpg.create_pool(installation.address.owner_dsn, min_size=1))
        except BaseException:
            installation.end()
            raise

    async def end(self) -> None:
        await self.owner.close()
        await asyncio.to_thread(stop, self.installation.started[-1])
        self.installation.end()

    @property
    def url(self) -> str:
        return f"http://localhost:{self.installation.port}"

    async def let_in(self, email: str) -> None:
        """Signs them in without the pages, which journeys of their own walk."""
        token = new_key()
        digest = sha256(token.encode()).digest()
        await self.owner.execute(CONNECT, email, new_ref(), digest)
        self.signed_in[email] = [{"name": "connection", "value": token, "url": self.url}]

    async def keep(self) -> None:
        """Remembers every row as it is now."""
        tables = [(row["name"], row["columns"]) for row in await self.owner.fetch(_TABLES)]
        kept = [f"CREATE TABLE kept.{table} AS SELECT {columns} FROM public.{table}" for table, columns in tables]
        await self.owner.execute(";".join(["CREATE SCHEMA kept", *kept]))
        self._back = ";".join(
            f"DELETE FROM public.{table}; "
            f"INSERT INTO public.{table} ({columns}) OVERRIDING SYSTEM VALUE TABLE kept.{table}"
            for table, columns in tables
        )

    async def put_back(self) -> None:
        """To what was kept. Sequences go on, so that no number means two things to the running server."""
        in_any_order = "SET LOCAL session_replication_role = replica"
        await self.owner.execute(f"BEGIN; {in_any_order}; {self._back}; COMMIT")

    async def settle(self) -> None:
        """The minutes are over in which the practice could have changed once more what it has changed."""
        deadline = time.monotonic() + PATIENCE
        while await self.owner.execute(_TELL_NOW) == "UPDATE 0":
            assert time.monotonic() < deadline, "the practice has changed nothing"
            await asyncio.sleep(0.05)

    async def mail_to(self, email: str, subject: str = "") -> asyncpg.Record:
        """The newest one of such a subject (a regular expression), once the worker has sent it."""
        deadline = time.monotonic() + PATIENCE
        while True:
            mail = await self.owner.fetchrow(
                """SELECT * FROM outbox_mail WHERE to_email = $1 AND subject ~* $2
                   ORDER BY id DESC LIMIT 1""",
                email,
                subject,
            )
            if mail is not None:
                return mail
            assert time.monotonic() < deadline, f"no mail to {email}"
            await asyncio.sleep(0.05)

    async def text_to(self, number: str) -> str:
        """The newest one, once the worker has sent it."""
        deadline = time.monotonic() + PATIENCE
        while True:
            body = await self.owner.fetchval(
                "SELECT body FROM outbox_text WHERE to_number = $1 ORDER BY id DESC LIMIT 1", number
            )
            if body is not None:
                return str(body)
            assert time.monotonic() < deadline, f"no text to {number}"
            await asyncio.sleep(0.05)

    async def code_sent_to(self, email: str) -> str:
        """As its reader finds it: alone on a line of the mail."""
        found = re.search(r"\b\d{6}\b", (await self.mail_to(email, r"\d{6}"))["text"])
        assert found is not None
        return found[0]
