"""From the slug in an address to the practice whose page it is."""

import time
from datetime import datetime
from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import NotFoundException

from portal.database import read_row
from tenants.practices.tenant import TENANT_OF, Tenant, tenant_from

REMEMBERED_FOR = 2.0
"""Seconds for which a process trusts the sign it has read. What is open is never answered from it: see `plan.py`."""
_LONGEST_SLUG = 63
_MOST_REMEMBERED = 2000


class PracticeClosed(Exception):
    """The platform has suspended it: nobody books there, and its page says so."""

    def __init__(self, practice: Tenant) -> None:
        super().__init__(practice.slug)
        self.practice = practice


class DeskClosed(Exception):
    """The same for its members; `why` may be "", and from `delete_at` on nothing of it is kept."""

    def __init__(self, practice: Tenant, why: str, delete_at: datetime | None) -> None:
        super().__init__(practice.slug)
        self.practice, self.why, self.delete_at = practice, why, delete_at


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

    def forget(self, slug: str) -> None:
        """Whoever has just changed a sign sees the new one at once."""
        self._read.pop(slug, None)


async def practice_of(request: ASGIConnection[Any, Any, Any, Any]) -> Tenant | None:
    """None on pages of no practice. Raises NotFoundException for a slug that nobody has."""
    slug = request.path_params.get("slug")
    return await find_practice(request, slug) if slug is not None else None


def check_open_to_all(practice: Tenant) -> None:
    """For its public pages; what is booked asks once more. Raises PracticeClosed."""
    if practice.suspended_at:
        raise PracticeClosed(practice)


_WHY_CLOSED = "SELECT suspended_why, delete_at FROM practice WHERE id = $1 AND suspended_at IS NOT NULL"


async def check_desk_open(practice: Tenant) -> None:
    """For its members. Raises DeskClosed."""
    if practice.suspended_at and (row := await read_row(_WHY_CLOSED, practice.id)):
        raise DeskClosed(practice, row["suspended_why"], row["delete_at"])


async def find_practice(request: ASGIConnection[Any, Any, Any, Any], slug: str) -> Tenant:
    """Raises NotFoundException."""
    signs: Signs = request.app.state.signs
    return await signs.find(slug)
