"""Asking somebody to join, asking again, and thinking better of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tenants.practices.tenant import Tenant
from tenants.refs import new_key, new_ref
from tenants.refusals import AlreadyInvited, AlreadyMember
from tenants.scope import fetch, fetch_first
from tenants.team.find import check_unanswered, find_invitation, lock_team
from tenants.team.post import Post, practitioner_of

INVITATION_LIFE = timedelta(days=7)

_IS_MEMBER = "SELECT FROM membership WHERE tenant_id = $1 AND email = $2 AND ended_at IS NULL"
_UNANSWERED = """
SELECT id, expires_at FROM invitation
WHERE tenant_id = $1 AND email = $2 AND accepted_at IS NULL AND withdrawn_at IS NULL AND declined_at IS NULL
"""
_WITHDRAW = "UPDATE invitation SET withdrawn_at = $3 WHERE tenant_id = $1 AND id = $2"
_INVITE = """
INSERT INTO invitation (tenant_id, ref, key, email, role, practitioner_id, new_practitioner, sees_all_clients,
                        sees_contacts, by_email, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""
_AGAIN = "UPDATE invitation SET key = $3, expires_at = $4 WHERE tenant_id = $1 AND id = $2"


@dataclass(frozen=True, slots=True)
class Invited:
    """What the letter has to say; whoever has `key` and the address may accept until `until`."""

    ref: str
    key: str
    email: str
    role: str
    until: datetime


async def invite(tenant: Tenant, email: str, post: Post, by: str, now: datetime) -> Invited:
    """`email` in the one form in which addresses are kept.

    Raises AlreadyMember, AlreadyInvited, NotFound, PractitionerTaken, PractitionerMissing.
    """
    await lock_team(tenant)
    if await fetch_first(_IS_MEMBER, tenant.id, email) is not None:
        raise AlreadyMember(email)
    for row in await fetch(_UNANSWERED, tenant.id, email):
        if row["expires_at"] > now:
            raise AlreadyInvited(email, row["expires_at"])
        await fetch(_WITHDRAW, tenant.id, row["id"], now)
    practitioner = await practitioner_of(tenant, post, now)
    invited = Invited(new_ref(), new_key(), email, post.role, now + INVITATION_LIFE)
    await fetch(
        _INVITE,
        tenant.id,
        invited.ref,
        invited.key,
        email,
        post.role,
        practitioner,
        post.new_practitioner,
        post.sees_all_clients,
        post.sees_contacts,
        by,
        now,
        invited.until,
    )
    return invited


async def invite_again(tenant: Tenant, ref: str, now: datetime) -> Invited:
    """A new link with a term of its own; the one sent before leads nowhere from now on.

    Raises NotFound, InvitationUsed, InvitationDeclined, InvitationWithdrawn, AlreadyMember, PractitionerTaken.
    """
    await lock_team(tenant)
    row = await find_invitation(tenant, ref)
    check_unanswered(row)
    if await fetch_first(_IS_MEMBER, tenant.id, row["email"]) is not None:
        raise AlreadyMember(row["email"])
    await practitioner_of(tenant, Post.from_row(row), now, invitation=row["id"])
    invited = Invited(ref, new_key(), row["email"], row["role"], now + INVITATION_LIFE)
    await fetch(_AGAIN, tenant.id, row["id"], invited.key, invited.until)
    return invited


async def withdraw(tenant: Tenant, ref: str, now: datetime) -> dict[str, Any]:
    """What has been withdrawn already stays so. Raises NotFound, InvitationUsed, InvitationDeclined."""
    await lock_team(tenant)
    row = await find_invitation(tenant, ref)
    if row["withdrawn_at"] is None:
        check_unanswered(row)
        await fetch(_WITHDRAW, tenant.id, row["id"], now)
    return row
