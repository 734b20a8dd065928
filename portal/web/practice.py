"""From the slug in an address to the practice whose page it is."""

import time
from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import NotFoundException

from portal.database import read_row
from tenants.practices.tenant import TENANT_OF, Tenant, tenant_from

REMEMBERED_FOR = 2.0
"""Seconds for which a process trusts the sign it has read. What is open is never answered from it: see `plan.py`."""
_LONGEST_SLUG = 63
_MOST_REMEMBERED = 2000


class Signs:
    """The shop signs that one application has read lately, so that not every request asks for the same row."""

    def __init__(self) -> None:
        self._read: dict[str, tuple[float, Tenant]] = {}

    async def find(self, slug: str) -> Tenant:
        """Raises NotFoundException. Refuses what could not be a slug before the database is asked."""
        until, tenant = self._read.get(slug, (0.0, None))
        if tenant is not None and time.monotonic() < until:
            return tenant
        row = await read_row(TENANT_OF, slug) if slug.isascii() and len(slug) <= _LONGEST_SLUG else None
        if row is None:
            self._read.pop(slug, None)
            raise NotFoundException
        found = tenant_from(row)
        if len(self._read) >= _MOST_REMEMBERED:
            self._read.clear()
        self._read[slug] = (time.monotonic() + REMEMBERED_FOR, found)
        return found


async def practice_of(request: ASGIConnection[Any, Any, Any, Any]) -> Tenant | None:
    """None on pages of no practice. Raises NotFoundException for a slug that nobody has."""
    slug = request.path_params.get("slug")
    return await find_practice(request, slug) if slug is not None else None


async def find_practice(request: ASGIConnection[Any, Any, Any, Any], slug: str) -> Tenant:
    """Raises NotFoundException."""
    signs: Signs = request.app.state.signs
    return await signs.find(slug)
