"""From the slug in an address to the practice whose page it is."""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import NotFoundException

from tenants.practices.tenant import Tenant, find_tenant


async def practice_of(request: ASGIConnection[Any, Any, Any, Any]) -> Tenant | None:
    """None on pages of no practice. Raises NotFoundException for a slug that nobody has."""
    slug = request.path_params.get("slug")
    return await find_practice(slug) if slug is not None else None


async def find_practice(slug: str) -> Tenant:
    """Raises NotFoundException. Also refuses what could not be a slug, before the database is asked."""
    tenant = await find_tenant(slug) if slug.isascii() and slug.isprintable() and len(slug) <= 63 else None  # noqa: PLR2004 - the table's CHECK
    if tenant is None:
        raise NotFoundException
    return tenant
