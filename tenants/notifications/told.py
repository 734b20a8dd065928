"""What a message to a client is about: the appointments that it told of, as they stand now."""

from typing import Any

from tenants.appointments.find import appointments_with_names
from tenants.notifications.facts import read_appointments
from tenants.practices.tenant import Tenant
from tenants.refusals import NotFound
from tenants.scope import fetch

_TOLD = """
SELECT appointment_id, starts_at FROM message
WHERE tenant_id = $1 AND (id = $2 OR told_with = $2) AND audience = 'client'
"""


async def appointments_told(tenant: Tenant, message_id: int) -> list[dict[str, Any]]:
    """By their present start; `told_start` is the one that the message spoke of, None where it is not known.

    Each with who was told, as `reader`, and the name of the child for whom it is, as `for_name`.

    Raises NotFound for a message to anybody else than a client.
    """
    told = {row["appointment_id"]: row["starts_at"] for row in await fetch(_TOLD, tenant.id, message_id)}
    rows = await appointments_with_names(tenant, list(told))
    if not rows:
        raise NotFound("message")
    facts = await read_appointments(list(told))
    return [
        row | {"told_start": told[row["id"]], "reader": facts[row["id"]], "for_name": facts[row["id"]].for_name}
        for row in rows
    ]
