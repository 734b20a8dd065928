"""The practice's logo, as two pictures that the door has made safe. `practice.logo` names what they hold."""

from datetime import datetime
from hashlib import sha256

from tenants.page.sign import locked_sign, write_sign
from tenants.page.tables import PracticeLogo
from tenants.practices.tenant import Tenant
from tenants.scope import fetch, fetch_first

_KEEP = """
INSERT INTO practice_logo (tenant_id, large, small, kept_at) VALUES ($1, $2, $3, $4)
ON CONFLICT ON CONSTRAINT practice_logo_tenant_key
DO UPDATE SET large = excluded.large, small = excluded.small, kept_at = excluded.kept_at
"""
_FIND = """
SELECT CASE $3 WHEN 'large' THEN large WHEN 'small' THEN small END AS picture
FROM practice_logo JOIN practice ON practice.id = tenant_id WHERE tenant_id = $1 AND practice.logo = $2
"""


async def keep_logo(tenant: Tenant, large: bytes, small: bytes, now: datetime) -> str:
    """Its name, which another picture never has."""
    name = sha256(large + small).hexdigest()[:32]
    await locked_sign(tenant)
    await fetch(_KEEP, tenant.id, large, small, now)
    await write_sign(tenant, {"logo": name})
    return name


async def remove_logo(tenant: Tenant) -> None:
    await locked_sign(tenant)
    await PracticeLogo.delete().where(PracticeLogo.tenant_id == tenant.id)
    await write_sign(tenant, {"logo": ""})


async def find_logo(tenant: Tenant, name: str, size: str) -> bytes | None:
    """PNG; `size` is "large" or "small". None for another logo than the present one."""
    row = await fetch_first(_FIND, tenant.id, name, size)
    return row["picture"] if row and name else None
