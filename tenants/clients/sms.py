from datetime import datetime
from typing import Any

from tenants.clients.tables import ClientRecord
from tenants.practices.tenant import Tenant
from tenants.refusals import NotFound


async def turn_sms(tenant: Tenant, ref: str, now: datetime, *, on: bool) -> None:
    """The practice's own choice for one client. What the client has refused stays refused. Raises NotFound."""
    found = ClientRecord.of(tenant).where((ClientRecord.ref == ref) & ClientRecord.merged_at.is_null())
    record = await found.lock_rows("NO KEY UPDATE").first()
    if record is None:
        raise NotFound("client_record")
    if record["sms_off_by"] == "client" or on == (record["sms_off_at"] is None):
        return
    values: dict[Any, Any] = {
        ClientRecord.sms_off_at: None if on else now,
        ClientRecord.sms_off_by: None if on else "staff",
    }
    await ClientRecord.update(values).where((ClientRecord.tenant_id == tenant.id) & (ClientRecord.id == record["id"]))
