"""A team as tests arrange it, and its rules as they are called."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import asyncpg

from portal.database import practice_lens
from tenants.refusals import Refusal
from tenants.team.invite import Invited, invite
from tenants.team.post import Post
from tests.cast import CLEO, MONDAY, NORA, Cast
from tests.factories import PracticeMade, insert

WEEK = timedelta(days=7)
RECEPTION = Post("receptionist")


async def in_practice(practice: PracticeMade, rule: Callable[..., Awaitable[Any]], *facts: Any) -> Any:
    async with practice_lens(practice.tenant):
        return await rule(practice.tenant, *facts)


async def refused(practice: PracticeMade, rule: Callable[..., Awaitable[Any]], *facts: Any) -> Refusal:
    """What the rule says no with."""
    try:
        await in_practice(practice, rule, *facts)
    except Refusal as refusal:
        return refusal
    raise AssertionError("nothing was refused")


async def invited(cast: Cast, email: str = CLEO, post: Post = RECEPTION, now: datetime = MONDAY) -> Invited:
    made: Invited = await in_practice(cast.harbour, invite, email, post, NORA, now)
    return made


async def id_of(owner: asyncpg.Connection, made: Invited) -> int:
    found: int = await owner.fetchval("SELECT id FROM invitation WHERE ref = $1", made.ref)
    return found


async def member(owner: asyncpg.Connection, practice: PracticeMade, email: str, role: str, **more: Any) -> str:
    row = await insert(owner, "membership", tenant_id=practice.tenant.id, email=email, role=role, **more)
    return str(row["ref"])


async def ref_of(owner: asyncpg.Connection, email: str) -> str:
    found: str = await owner.fetchval("SELECT ref FROM membership WHERE email = $1", email)
    return found


async def roles(owner: asyncpg.Connection, practice: PracticeMade) -> dict[str, str]:
    """Of everybody who works there now."""
    rows = await owner.fetch(
        "SELECT email, role FROM membership WHERE tenant_id = $1 AND ended_at IS NULL", practice.tenant.id
    )
    return {row["email"]: row["role"] for row in rows}
