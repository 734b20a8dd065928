"""What a member is given to do, as a form has it: a role, the practitioner that they are, and what they see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from tenants.practices.tenant import Tenant
from tenants.refs import new_ref
from tenants.refusals import NotFound, PractitionerMissing, PractitionerTaken
from tenants.scope import fetch, fetch_first
from tenants.team.permissions import PROFESSIONAL


@dataclass(frozen=True, slots=True)
class Post:
    """`practitioner` is a ref, `new_practitioner` the name of one who is yet to be made; a professional has either.

    Nobody but a professional is kept from anything.
    """

    role: str
    practitioner: str | None = None
    new_practitioner: str = ""
    sees_all_clients: bool = True
    sees_contacts: bool = True

    def __post_init__(self) -> None:
        if self.role != PROFESSIONAL:
            object.__setattr__(self, "sees_all_clients", True)
            object.__setattr__(self, "sees_contacts", True)

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Self:
        """Of a member or of an invitation, with `practitioner_ref`."""
        return cls(
            role=row["role"],
            practitioner=row["practitioner_ref"],
            new_practitioner=row.get("new_practitioner") or "",
            sees_all_clients=row["sees_all_clients"],
            sees_contacts=row["sees_contacts"],
        )


# `taken`: somebody signs in as them, or may by an invitation that is open, but for the member $3 and the invitation $4.
_PRACTITIONERS = """
SELECT practitioner.id, ref, name, retired_at,
       EXISTS (
           SELECT FROM membership
           WHERE membership.tenant_id = $1 AND practitioner_id = practitioner.id AND ended_at IS NULL
                 AND membership.id <> $3
       ) OR EXISTS (
           SELECT FROM invitation
           WHERE invitation.tenant_id = $1 AND practitioner_id = practitioner.id AND expires_at > $2
                 AND accepted_at IS NULL AND withdrawn_at IS NULL AND declined_at IS NULL AND invitation.id <> $4
       ) AS taken
FROM practitioner WHERE tenant_id = $1 AND ($5 = '' OR ref = $5)
ORDER BY position, id
"""
_MAKE = """
INSERT INTO practitioner (tenant_id, ref, name, position)
SELECT $1, $2, $3, coalesce(max(position), -1) + 1 FROM practitioner WHERE tenant_id = $1
RETURNING id
"""


async def free_practitioners(tenant: Tenant, now: datetime, *, member: int = 0) -> list[tuple[str, str]]:
    """Refs and names of those as whom nobody signs in, but for this member."""
    rows = await fetch(_PRACTITIONERS, tenant.id, now, member, 0, "")
    return [(row["ref"], row["name"]) for row in rows if not row["taken"] and row["retired_at"] is None]


async def practitioner_of(
    tenant: Tenant, post: Post, now: datetime, *, member: int = 0, invitation: int = 0
) -> int | None:
    """The id of the one who is there already. Raises NotFound, PractitionerTaken, PractitionerMissing."""
    if post.practitioner is None:
        if post.role == PROFESSIONAL and not post.new_practitioner:
            raise PractitionerMissing
        return None
    row = await fetch_first(_PRACTITIONERS, tenant.id, now, member, invitation, post.practitioner)
    if row is None:
        raise NotFound("practitioner")
    if row["taken"]:
        raise PractitionerTaken(row["name"])
    return int(row["id"])


async def make_practitioner(tenant: Tenant, name: str) -> int:
    """Last in the list; what they give and when is still to be said."""
    row = await fetch_first(_MAKE, tenant.id, new_ref(), name)
    assert row is not None
    return int(row["id"])
