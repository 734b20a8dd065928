"""The way to one practice's rows."""

from typing import Any, Self

from piccolo.columns import BigInt
from piccolo.query import Select
from piccolo.table import Table

from tenants.practices.tenant import Tenant


class OwnedByTenant(Table):
    """A row of one practice. `of` filters by the tenant; the lens that the door opened is the net under the filter."""

    tenant_id = BigInt()

    @classmethod
    def of(cls, tenant: Tenant, *columns: Any) -> Select[Self]:
        return cls.select(*columns).where(cls.tenant_id == tenant.id)
