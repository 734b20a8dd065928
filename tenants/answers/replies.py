"""What clients answered by SMS in words that no rule knows: the practice reads it."""

from datetime import datetime
from typing import Any

from tenants.answers.tables import ClientReply
from tenants.practices.tenant import Tenant
from tenants.refusals import NotFound
from tenants.scope import fetch

_OPEN = """
SELECT client_reply.ref, client_reply.at, client_reply.body, client_record.ref AS client_ref, first_name, last_name,
       appointment.ref AS appointment_ref, appointment.starts_at, appointment.practitioner_id
FROM client_reply
JOIN client_record ON client_record.id = client_record_id
LEFT JOIN appointment ON appointment.id = appointment_id
WHERE client_reply.tenant_id = $1 AND seen_at IS NULL
ORDER BY client_reply.at DESC LIMIT $2
"""


async def unseen_replies(tenant: Tenant, most: int = 20) -> list[dict[str, Any]]:
    """The latest first."""
    return [dict(row) for row in await fetch(_OPEN, tenant.id, most)]


async def note_seen(tenant: Tenant, ref: str, now: datetime) -> None:
    """Seeing it again changes nothing. Raises NotFound."""
    reply = await ClientReply.of(tenant).where(ClientReply.ref == ref).first()
    if reply is None:
        raise NotFound("client_reply")
    if reply["seen_at"] is None:
        await ClientReply.update({ClientReply.seen_at: now}).where(
            (ClientReply.tenant_id == tenant.id) & (ClientReply.id == reply["id"])
        )
