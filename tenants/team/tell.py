"""Which changes of their own appointments a member is told of: theirs to say, and nobody else's."""

from collections.abc import Sequence
from typing import Any

from tenants.practices.tenant import Tenant
from tenants.scope import fetch

TELLS = ("all", "others", "soon", "none")

_OWN = """
SELECT email, tell FROM membership
WHERE tenant_id = $1 AND email = ANY ($2::text[]) AND practitioner_id IS NOT NULL AND ended_at IS NULL
ORDER BY id
"""

_TELL = "UPDATE membership SET tell = $3 WHERE tenant_id = $1 AND email = ANY ($2::text[])"


async def find_tell(tenant: Tenant, emails: Sequence[str]) -> list[dict[str, Any]]:
    """By which of these addresses they hear, and of what. Empty for whoever gives no services here."""
    return [dict(row) for row in await fetch(_OWN, tenant.id, list(emails))]


async def change_tell(tenant: Tenant, emails: Sequence[str], tell: str) -> None:
    """For all of a member's addresses at the practice at once."""
    await fetch(_TELL, tenant.id, list(emails), tell)
