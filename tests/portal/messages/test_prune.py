"""What nobody needs any more goes, and nothing else."""

from datetime import timedelta

import asyncpg

from portal.messages.prune import OUTBOX_KEPT, prune
from tests.cast import MONDAY, Cast
from tests.factories import insert
from tests.portal.messages.letters import NOW

MAIL = {"message_id": "", "to_email": "", "subject": "", "text": "", "html": "", "attachments": "[]"}


async def test_what_a_demo_kept_goes_when_it_is_old(database: None, owner: asyncpg.Connection) -> None:
    for age in (OUTBOX_KEPT - timedelta(minutes=1), OUTBOX_KEPT + timedelta(minutes=1)):
        await insert(owner, "outbox_mail", **MAIL | {"created_at": NOW - age, "ref": f"{age}"})
        await insert(owner, "outbox_text", created_at=NOW - age, to_number="+14165550101", body=f"{age}")

    await prune(NOW)

    assert await owner.fetchval("SELECT array_agg(ref) FROM outbox_mail") == ["6 days, 23:59:00"]
    assert await owner.fetchval("SELECT array_agg(body) FROM outbox_text") == ["6 days, 23:59:00"]


async def test_holds_that_ended_a_day_ago_go_over_all_practices(cast: Cast, owner: asyncpg.Connection) -> None:
    for hours in (0, 25):
        for practice in (cast.harbour, cast.meadow):
            starts_at, ended_at = MONDAY + timedelta(days=1 + hours), MONDAY - timedelta(hours=hours)
            await insert(
                owner,
                "hold",
                tenant_id=practice.tenant.id,
                key=f"{practice.tenant.slug}-{hours}",
                practitioner_id=next(iter(practice.practitioners.values()))["id"],
                service_id=next(iter(practice.services.values()))["id"],
                place_id=next(iter(practice.places.values()))["id"],
                starts_at=starts_at,
                ends_at=starts_at + timedelta(hours=1),
                blocked_from=starts_at,
                blocked_until=starts_at + timedelta(hours=1),
                created_at=ended_at - timedelta(minutes=5),
                expires_at=ended_at,
            )

    await prune(MONDAY)

    assert await owner.fetchval("SELECT array_agg(key ORDER BY key) FROM hold") == ["harbour-0", "meadow-0"]
