"""What a record says of its client, and whose word each field is: the client's own, or the practice's on purpose."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from tenants.clients.history import note_change
from tenants.clients.tables import ClientRecord
from tenants.practices.tenant import Tenant
from tenants.refusals import NotFound
from tenants.scope import fetch_first

OFFERED, KEPT_ASIDE, HELD, RESTORED = "offered", "kept_aside", "held", "restored"


@dataclass(frozen=True, slots=True)
class Details:
    """What clients say of themselves; None where they say nothing. Phones are E.164, or empty."""

    first_name: str | None = None
    last_name: str | None = None
    phone: str | None = None
    home_phone: str | None = None


FIELDS = tuple(each.name for each in fields(Details))
_KNOWN_AS = "SELECT * FROM client_record WHERE tenant_id = $1 AND email = $2 FOR NO KEY UPDATE"
_NAMED = """
SELECT * FROM client_record WHERE tenant_id = $1 AND ref = $2 AND merged_at IS NULL AND erased_at IS NULL
FOR NO KEY UPDATE
"""
_NEEDED = {"first_name", "last_name"}  # no practice can do without


async def take_details(tenant: Tenant, email: str, details: Details, now: datetime, said_at: datetime | None) -> None:
    """The record under that address says what its client says, but where the practice holds another word on purpose.

    What was said before what the record knows already changes nothing. Empty clears what the client had said in the
    same way before, never what was typed at a booking. None for `said_at`: one more detail, of no later word.
    """
    row = await fetch_first(_KNOWN_AS, tenant.id, email)
    if row is None or (said_at and row["own_said_at"] and said_at < row["own_said_at"]):
        return
    changed: dict[str, Any] = {}
    for name, said in asdict(details).items():
        own, shown = row[f"own_{name}"], row[name]
        if said is None or (not said and name in _NEEDED):
            continue
        changed[f"own_{name}"] = said
        if name in row["held"]:
            if said != (own or ""):
                await note_change(tenant, row["id"], KEPT_ASIDE, name, (own or "", said), "", now)
        elif said != shown and (said or (row["own_said_at"] and own)):
            changed[name] = said
            await note_change(tenant, row["id"], OFFERED, name, (shown, said), "", now)
    await _keep(tenant, row, changed | ({"own_said_at": said_at} if said_at else {}))


async def hold_details(tenant: Tenant, ref: str, typed: Mapping[str, str], by_email: str, now: datetime) -> None:
    """The practice's own word for the fields in `typed`, from now on. Raises NotFound."""
    row = await fetch_first(_NAMED, tenant.id, ref)
    if row is None:
        raise NotFound("client_record")
    changed: dict[str, Any] = {name: value for name, value in typed.items() if value != row[name]}
    for name, value in changed.items():
        await note_change(tenant, row["id"], HELD, name, (row[name], value), by_email, now)
    own = {name for name, value in changed.items() if value == row[f"own_{name}"]}
    held = (set(row["held"]) | set(changed)) - own
    await _keep(tenant, row, changed | {"held": sorted(held)})


async def restore_own(tenant: Tenant, ref: str, name: str, by_email: str, now: datetime) -> None:
    """The client's own word stands again. Raises NotFound for a field in which nothing else is held."""
    row = await fetch_first(_NAMED, tenant.id, ref)
    if row is None or name not in row["held"] or row[f"own_{name}"] is None:
        raise NotFound("own_detail")
    await note_change(tenant, row["id"], RESTORED, name, (row[name], row[f"own_{name}"]), by_email, now)
    await _keep(tenant, row, {name: row[f"own_{name}"], "held": [each for each in row["held"] if each != name]})


async def _keep(tenant: Tenant, row: Any, changed: dict[str, Any]) -> None:
    if changed:
        of_this = (ClientRecord.tenant_id == tenant.id) & (ClientRecord.id == row["id"])
        await ClientRecord.update({getattr(ClientRecord, name): value for name, value in changed.items()}).where(
            of_this
        )
