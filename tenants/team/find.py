"""Who works for a practice, who did, and who is asked to."""

from datetime import datetime, timedelta
from typing import Any

from tenants.practices.tenant import Tenant
from tenants.refusals import (
    InvitationDeclined,
    InvitationExpired,
    InvitationUsed,
    InvitationWithdrawn,
    LastAdmin,
    NotFound,
)
from tenants.scope import fetch, fetch_first

NO_SHOWN = timedelta(days=30)

_MEMBER = """
SELECT membership.*, practitioner.ref AS practitioner_ref, practitioner.name AS practitioner_name
FROM membership LEFT JOIN practitioner ON practitioner.id = membership.practitioner_id
"""
_MEMBERS = (
    _MEMBER
    + """
WHERE membership.tenant_id = $1 AND ended_at IS NULL
ORDER BY array_position('{admin,receptionist,professional}'::text[], role), membership.id
"""
)
_ENDED = _MEMBER + "WHERE membership.tenant_id = $1 AND ended_at IS NOT NULL ORDER BY ended_at DESC LIMIT $2"
_ONE = _MEMBER + "WHERE membership.tenant_id = $1 AND membership.ref = $2"

_INVITATION = """
SELECT invitation.*, practitioner.ref AS practitioner_ref, practitioner.name AS practitioner_name
FROM invitation LEFT JOIN practitioner ON practitioner.id = invitation.practitioner_id
"""
_INVITATIONS = (
    _INVITATION
    + """
WHERE invitation.tenant_id = $1 AND accepted_at IS NULL AND withdrawn_at IS NULL
      AND (declined_at IS NULL OR declined_at > $2)
      AND NOT EXISTS (
          SELECT FROM invitation AS later
          WHERE later.tenant_id = $1 AND later.email = invitation.email AND later.id > invitation.id
      )
ORDER BY invitation.id
"""
)
_INVITATION_BY_REF = _INVITATION + "WHERE invitation.tenant_id = $1 AND invitation.ref = $2"
_INVITATION_BY_ID = _INVITATION + "WHERE invitation.tenant_id = $1 AND invitation.id = $2"

# Held to the end of the transaction; bookings do not wait for it. Whoever comes second sees what the first has done.
_LOCK = "SELECT id FROM practice WHERE id = $1 FOR NO KEY UPDATE"
_OTHER_ADMIN = """
SELECT FROM membership
WHERE tenant_id = $1 AND role = 'admin' AND ended_at IS NULL AND NOT id = ANY ($2::bigint[]) LIMIT 1
"""


async def find_members(tenant: Tenant) -> list[dict[str, Any]]:
    """Admins first."""
    return [dict(row) for row in await fetch(_MEMBERS, tenant.id)]


async def ended_members(tenant: Tenant, most: int) -> list[dict[str, Any]]:
    """The last ones first."""
    return [dict(row) for row in await fetch(_ENDED, tenant.id, most)]


async def find_member(tenant: Tenant, ref: str, *, ended: bool = False) -> dict[str, Any]:
    """Raises NotFound, also for one whose membership has ended, or just has not."""
    row = await fetch_first(_ONE, tenant.id, ref)
    if row is None or (row["ended_at"] is not None) != ended:
        raise NotFound("membership")
    return dict(row)


async def find_invitations(tenant: Tenant, now: datetime) -> list[dict[str, Any]]:
    """Those that nobody has answered, also when their time is over; and the last no of each, for a month."""
    return [dict(row) for row in await fetch(_INVITATIONS, tenant.id, now - NO_SHOWN)]


async def find_invitation(tenant: Tenant, ref: str) -> dict[str, Any]:
    """Raises NotFound."""
    return _found(await fetch_first(_INVITATION_BY_REF, tenant.id, ref))


async def invitation_behind(tenant: Tenant, invitation_id: int) -> dict[str, Any]:
    """By what its link led to. Raises NotFound."""
    return _found(await fetch_first(_INVITATION_BY_ID, tenant.id, invitation_id))


def check_unanswered(invitation: dict[str, Any]) -> None:
    """Raises InvitationUsed, InvitationDeclined, InvitationWithdrawn."""
    for moment, refusal in (
        ("accepted_at", InvitationUsed),
        ("declined_at", InvitationDeclined),
        ("withdrawn_at", InvitationWithdrawn),
    ):
        if invitation[moment] is not None:
            raise refusal(invitation[moment])


def check_open(invitation: dict[str, Any], now: datetime) -> None:
    """Raises what `check_unanswered` raises, and InvitationExpired: the very moment of its end is too late."""
    check_unanswered(invitation)
    if invitation["expires_at"] <= now:
        raise InvitationExpired(invitation["expires_at"])


async def lock_team(tenant: Tenant) -> None:
    """Whoever changes who works here does so one after the other, so that two admins do not leave at once."""
    await fetch(_LOCK, tenant.id)


async def check_other_admin(tenant: Tenant, members: list[int]) -> None:
    """That somebody runs the practice besides these. Raises LastAdmin."""
    if await fetch_first(_OTHER_ADMIN, tenant.id, members) is None:
        raise LastAdmin


def _found(row: Any) -> dict[str, Any]:
    if row is None:
        raise NotFound("invitation")
    return dict(row)
