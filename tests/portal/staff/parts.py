"""What somebody may be at a practice, played by Theo; and that the things of a test become his."""

import asyncpg

from tenants.team.permissions import Permission, permissions
from tests.cast import THEO, Cast
from tests.portal.things import Things

PARTS: dict[str, tuple[str, bool, bool]] = {
    "admin": ("admin", True, True),
    "receptionist": ("receptionist", True, True),
    "professional": ("professional", True, True),
    "own clients": ("professional", False, True),
    "no contacts": ("professional", True, False),
    "neither": ("professional", False, False),
}
"""Role, sees all clients, sees contacts."""

_PLAYS = """
UPDATE membership SET role = $2, sees_all_clients = $3, sees_contacts = $4, practitioner_id = $5 WHERE email = $1
"""


async def play(owner: asyncpg.Connection, cast: Cast, part: str) -> None:
    practitioner = None if part == "receptionist" else cast.harbour.practitioners["Theo Roy"]["id"]
    await owner.execute(_PLAYS, THEO, *PARTS[part], practitioner)


def may(part: str) -> frozenset[Permission]:
    role, all_clients, contacts = PARTS[part]
    return permissions(role, sees_all_clients=all_clients, sees_contacts=contacts)


async def hand_to_theo(owner: asyncpg.Connection, cast: Cast, things: Things) -> Things:
    """Ana and what stands in the addresses are his from now on, as is what only its practitioner may plan."""
    theo = cast.harbour.practitioners["Theo Roy"]["id"]
    refs = [things.appointment, things.request]
    await owner.execute("UPDATE appointment SET practitioner_id = $1 WHERE ref = ANY ($2)", theo, refs)
    for table in ("hold", "closure", "removed_closure"):
        await owner.execute(
            f"UPDATE {table} SET practitioner_id = $1 WHERE tenant_id = $2", theo, cast.harbour.tenant.id
        )
    things.hours = await owner.fetchval("SELECT ref FROM opening_hours WHERE practitioner_id = $1 LIMIT 1", theo)
    return things
