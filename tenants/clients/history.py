from datetime import datetime
from typing import Any

from tenants.clients.tables import ClientChange
from tenants.practices.tenant import Tenant

MADE, CHANGED = "made", "changed"
"""What staff do to a field that no client has a say of."""


async def changes_of(tenant: Tenant, record_id: int, most: int = 50) -> list[dict[str, Any]]:
    """Who changed what and when, the latest first."""
    return (
        await ClientChange.of(tenant)
        .where(ClientChange.client_record_id == record_id)
        .order_by(ClientChange.id, ascending=False)
        .limit(most)
    )


async def note_change(
    tenant: Tenant, record_id: int, how: str, field: str, values: tuple[str, str], by_email: str, now: datetime
) -> None:
    """`values` are before and after."""
    before, after = values
    change = ClientChange(
        client_record_id=record_id, at=now, how=how, by_email=by_email, field=field, before=before, after=after
    )
    change.tenant_id = tenant.id
    await ClientChange.insert(change)
