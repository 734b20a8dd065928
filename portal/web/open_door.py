"""Whether a practice's own pages open to whoever stands before them: the one place that says no."""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.exceptions import NotFoundException

from portal.database import person_lens
from portal.people.connections import SignedIn
from portal.web.practice import PracticeClosed, find_practice
from tenants.across import own_memberships
from tenants.practices.tenant import Tenant

PAGES = "/p/"


async def check_open(practice: Tenant, person: SignedIn | None, path: str) -> None:
    """Before a practice is published its pages are there for its members alone; while it is suspended, for nobody.

    What is booked asks once more. Raises NotFoundException, PracticeClosed.
    """
    if not path.startswith(PAGES):
        return
    if practice.suspended_at:
        raise PracticeClosed(practice)
    if practice.published_at is not None:
        return
    if person is None or not await _works_there(person, practice):
        raise NotFoundException


async def open_practice(request: ASGIConnection[Any, Any, Any, Any], slug: str) -> Tenant:
    """For doors that do not ask who is looking. Raises NotFoundException, PracticeClosed."""
    practice = await find_practice(request, slug)
    await check_open(practice, None, PAGES)
    return practice


async def _works_there(person: SignedIn, practice: Tenant) -> bool:
    async with person_lens(person.person_id):
        return any(row["slug"] == practice.slug for row in await own_memberships())
