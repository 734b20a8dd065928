from datetime import datetime
from typing import Any

from tenants.hours.tables import Closure
from tenants.practices.tenant import Tenant


async def closures_between(tenant: Tenant, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """All that last any time from `since` on and before `until`, in the order of their beginning."""
    query = Closure.of(tenant).where((Closure.ends_at > since) & (Closure.starts_at < until))
    return await query.order_by(Closure.starts_at)
