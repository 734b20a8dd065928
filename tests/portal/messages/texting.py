"""Reminders by SMS that have really left, and the way back from Twilio into the portal."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import httpx

from portal.messages.account_messages import ACCOUNT_MESSAGES
from portal.messages.practice_messages import PRACTICE_MESSAGES
from portal.messages.queue import Queue
from portal.messages.sms.incoming import handle_texts
from portal.messages.worker import send_batch
from portal.settings import Settings
from tests.browser import TestClock, make_app
from tests.cast import ANA, MONDAY, Cast
from tests.factories import PracticeMade, insert
from tests.fake_twilio import ACCOUNT, NUMBER, TOKEN, FakeTwilio

NOW = MONDAY
TUESDAY = MONDAY + timedelta(days=1, hours=2)
ANAS, BENS = "+14165550101", "+14165550102"
TWILIO = {"twilio_account_sid": ACCOUNT, "twilio_auth_token": TOKEN, "twilio_sender": NUMBER}
PUBLIC_URL = "https://portal.example"


@dataclass
class Texting:
    """What a test does with phones, told in the words of the business."""

    cast: Cast
    owner: asyncpg.Connection
    settings: Settings
    twilio: FakeTwilio

    def __post_init__(self) -> None:
        self.settings = replace(self.settings, sms_countries=("CA",))
        app: Any = make_app(TestClock(NOW), public_url=PUBLIC_URL, **TWILIO)
        self.twilio.portal = httpx.AsyncClient(transport=httpx.ASGITransport(app=app))
        self.twilio.incoming_url = f"{PUBLIC_URL}/twilio/incoming"

    async def owes(
        self,
        email: str = ANA,
        starts_at: datetime = TUESDAY,
        *,
        number: str = ANAS,
        practice: PracticeMade | None = None,
        **more: Any,
    ) -> dict[str, Any]:
        """A reminder by SMS of a new appointment."""
        practice = practice or self.cast.harbour
        await self._may_text(practice, email, number)
        who = "Nora Blake" if practice is self.cast.harbour else "Lea Martin"
        service = "Follow-up" if practice is self.cast.harbour else "Massage"
        appointment = await practice.appointment(email, service, who, starts_at, **more)
        rule = await self.owner.fetchval(
            "SELECT id FROM reminder_rule WHERE tenant_id = $1 AND channel = 'sms'", practice.tenant.id
        )
        return await insert(
            self.owner,
            "message",
            tenant_id=practice.tenant.id,
            appointment_id=appointment["id"],
            sequence=0,
            kind="reminder",
            rule_id=rule,
            channel="sms",
            starts_at=starts_at,
            created_at=NOW,
            next_attempt_at=NOW,
        )

    async def reminds(self, *who: Any, **more: Any) -> dict[str, Any]:
        """As `owes`, and it leaves."""
        message = await self.owes(*who, **more)
        await self.sends()
        return await self.message(message["id"])

    async def sends(self, now: datetime = NOW, queue: Queue = PRACTICE_MESSAGES) -> int:
        return await send_batch(queue, self.settings, asyncio.Event(), lambda: now)

    async def answered(self, now: datetime = NOW) -> list[str]:
        """The worker handles what phones wrote and sends its answers: those that the next call has not given yet."""
        before = len(self.twilio.messages)
        await handle_texts(now)
        await self.sends(now, ACCOUNT_MESSAGES)
        return [message["body"] for message in self.twilio.messages[before:]]

    async def hears(self, body: str, number: str = ANAS, **more: str) -> list[str]:
        """A phone writes; what is answered."""
        assert (await self.twilio.receives(body, number, **more)).status_code == 200
        return await self.answered()

    async def message(self, id_: int) -> dict[str, Any]:
        return dict(await self.owner.fetchrow("SELECT * FROM message WHERE id = $1", id_))

    async def outcomes(self) -> list[str]:
        rows = await self.owner.fetch("SELECT outcome FROM incoming_text ORDER BY id")
        return [row["outcome"] for row in rows]

    async def stopped(self) -> list[str]:
        return [row["number"] for row in await self.owner.fetch("SELECT number FROM sms_stop ORDER BY number")]

    async def confirmed(self) -> list[tuple[datetime | None, str | None]]:
        rows = await self.owner.fetch("SELECT confirmed_at, confirmed_by FROM appointment ORDER BY id")
        return [tuple(row) for row in rows]

    async def _may_text(self, practice: PracticeMade, email: str, number: str) -> None:
        await self.owner.execute(
            "INSERT INTO message_policy (tenant_id, sms_on) VALUES ($1, true) ON CONFLICT (tenant_id) DO NOTHING",
            practice.tenant.id,
        )
        await self.owner.execute(
            "UPDATE client_record SET phone = $3 WHERE tenant_id = $1 AND email = $2", practice.tenant.id, email, number
        )
