"""Saying yes or no to an invitation, once."""

from collections.abc import Sequence
from datetime import datetime

from tenants.practices.tenant import Tenant
from tenants.refs import new_ref
from tenants.refusals import AlreadyMember, InvitedElsewhere
from tenants.scope import fetch, fetch_first
from tenants.team.find import check_open, invitation_behind, lock_team
from tenants.team.post import make_practitioner

_ACCEPT = "UPDATE invitation SET accepted_at = $3 WHERE tenant_id = $1 AND id = $2"
_DECLINE = "UPDATE invitation SET declined_at = $3 WHERE tenant_id = $1 AND id = $2"
# Who has been a member before is one again, as they are wanted now.
_JOIN = """
INSERT INTO membership (tenant_id, ref, email, role, practitioner_id, sees_all_clients, sees_contacts, joined_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT ON CONSTRAINT membership_email_key DO UPDATE
SET role = excluded.role, practitioner_id = excluded.practitioner_id, sees_all_clients = excluded.sees_all_clients,
    sees_contacts = excluded.sees_contacts, joined_at = excluded.joined_at, ended_at = NULL
WHERE membership.ended_at IS NOT NULL
RETURNING id
"""


async def accept_invitation(tenant: Tenant, invitation_id: int, emails: Sequence[str], now: datetime) -> None:
    """`emails` are the addresses that whoever accepts has proved.

    Of two at the same moment one wins; the other is told that it is done. Raises NotFound, InvitationUsed,
    InvitationDeclined, InvitationWithdrawn, InvitationExpired, InvitedElsewhere, AlreadyMember.
    """
    await lock_team(tenant)
    row = await invitation_behind(tenant, invitation_id)
    check_open(row, now)
    if row["email"] not in emails:
        raise InvitedElsewhere(row["email"])
    practitioner = row["practitioner_id"]
    if row["new_practitioner"]:
        practitioner = await make_practitioner(tenant, row["new_practitioner"])
    joined = await fetch_first(
        _JOIN,
        tenant.id,
        new_ref(),
        row["email"],
        row["role"],
        practitioner,
        row["sees_all_clients"],
        row["sees_contacts"],
        now,
    )
    if joined is None:
        raise AlreadyMember(row["email"])
    await fetch(_ACCEPT, tenant.id, invitation_id, now)


async def decline_invitation(tenant: Tenant, invitation_id: int, now: datetime) -> None:
    """By whoever has its link: nothing is given away by a no.

    Raises NotFound, InvitationUsed, InvitationDeclined, InvitationWithdrawn, InvitationExpired.
    """
    await lock_team(tenant)
    check_open(await invitation_behind(tenant, invitation_id), now)
    await fetch(_DECLINE, tenant.id, invitation_id, now)
