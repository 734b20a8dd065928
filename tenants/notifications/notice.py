from datetime import datetime

from tenants.notifications.tables import Notice
from tenants.practices.tenant import Tenant


async def note_change(tenant: Tenant, appointment_id: int, sequence: int, kind: str, now: datetime) -> None:
    """Owes the client a message; in the transaction of its cause, so that neither is there without the other."""
    notice = Notice(
        tenant_id=tenant.id,
        appointment_id=appointment_id,
        sequence=sequence,
        kind=kind,
        channel="email",
        created_at=now,
        next_attempt_at=now,
    )
    await Notice.insert(notice)
