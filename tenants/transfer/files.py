"""What was uploaded, refused or made, kept in pieces."""

from tenants.practices.tenant import Tenant
from tenants.scope import fetch, fetch_first

PIECE = 1 << 20


async def keep_file(tenant: Tenant, transfer_id: int, part: str, data: bytes, start: int = 0) -> int:
    """Adds pieces from number `start` on; gives the next number."""
    pieces = [data[at : at + PIECE] for at in range(0, len(data), PIECE)]
    for number, piece in enumerate(pieces, start=start):
        await fetch(
            "INSERT INTO transfer_chunk (tenant_id, transfer_id, part, number, bytes) VALUES ($1, $2, $3, $4, $5)",
            tenant.id,
            transfer_id,
            part,
            number,
            piece,
        )
    return start + len(pieces)


async def forget_file(tenant: Tenant, transfer_id: int, part: str) -> None:
    await fetch(
        "DELETE FROM transfer_chunk WHERE tenant_id = $1 AND transfer_id = $2 AND part = $3",
        tenant.id,
        transfer_id,
        part,
    )


async def file_piece(tenant: Tenant, transfer_id: int, part: str, number: int) -> bytes | None:
    row = await fetch_first(
        "SELECT bytes FROM transfer_chunk WHERE tenant_id = $1 AND transfer_id = $2 AND part = $3 AND number = $4",
        tenant.id,
        transfer_id,
        part,
        number,
    )
    return None if row is None else bytes(row["bytes"])


async def file_size(tenant: Tenant, transfer_id: int, part: str) -> int:
    row = await fetch_first(
        """SELECT coalesce(sum(length(bytes)), 0) AS size FROM transfer_chunk
           WHERE tenant_id = $1 AND transfer_id = $2 AND part = $3""",
        tenant.id,
        transfer_id,
        part,
    )
    assert row is not None
    return int(row["size"])


async def whole_file(tenant: Tenant, transfer_id: int, part: str) -> bytes:
    rows = await fetch(
        """SELECT bytes FROM transfer_chunk WHERE tenant_id = $1 AND transfer_id = $2 AND part = $3
           ORDER BY number""",
        tenant.id,
        transfer_id,
        part,
    )
    return b"".join(row["bytes"] for row in rows)
