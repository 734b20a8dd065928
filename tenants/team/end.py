"""Leaving a team, by oneself or not, and coming straight back."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from tenants.practices.tenant import Tenant
from tenants.refusals import NotFound, RestoredTooLate
from tenants.scope import fetch
from tenants.team.find import check_other_admin, find_member, lock_team
from tenants.team.permissions import ADMIN
from tenants.team.post import Post, practitioner_of

RESTORABLE = timedelta(hours=1)
"""Time enough to see one's mistake; later, whoever is to come back is asked first."""

_END = "UPDATE membership SET ended_at = $3 WHERE tenant_id = $1 AND id = ANY ($2::bigint[])"
_RESTORE = "UPDATE membership SET ended_at = NULL WHERE tenant_id = $1 AND id = $2"
_OWN = "SELECT id, role FROM membership WHERE tenant_id = $1 AND email = ANY ($2::text[]) AND ended_at IS NULL"
# Whoever has been given their place back needs none of these any more.
_NOT_INVITED = """
UPDATE invitation SET withdrawn_at = $3
WHERE tenant_id = $1 AND email = $2 AND accepted_at IS NULL AND withdrawn_at IS NULL AND declined_at IS NULL
"""


async def end_member(tenant: Tenant, ref: str, now: datetime) -> None:
    """Their desk is closed at once; what they did here stays. Raises NotFound, LastAdmin."""
    await lock_team(tenant)
    row = await find_member(tenant, ref)
    if row["role"] == ADMIN:
        await check_other_admin(tenant, [row["id"]])
    await fetch(_END, tenant.id, [row["id"]], now)


async def leave_team(tenant: Tenant, emails: Sequence[str], now: datetime) -> None:
    """By all of one person's addresses at once. Raises NotFound, LastAdmin."""
    await lock_team(tenant)
    rows = await fetch(_OWN, tenant.id, list(emails))
    if not rows:
        raise NotFound("membership")
    ids = [row["id"] for row in rows]
    if any(row["role"] == ADMIN for row in rows):
        await check_other_admin(tenant, ids)
    await fetch(_END, tenant.id, ids, now)


async def restore_member(tenant: Tenant, ref: str, now: datetime) -> None:
    """As they were. Raises NotFound, RestoredTooLate, PractitionerTaken."""
    await lock_team(tenant)
    row = await find_member(tenant, ref, ended=True)
    until = row["ended_at"] + RESTORABLE
    if until <= now:
        raise RestoredTooLate(until)
    if row["practitioner_id"] is not None:
        await practitioner_of(tenant, Post.from_row(row), now, member=row["id"])
    await fetch(_NOT_INVITED, tenant.id, row["email"], now)
    await fetch(_RESTORE, tenant.id, row["id"])
