from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tenants.clients.tables import ClientRecord
from tenants.practices.tenant import Tenant
from tenants.refs import new_ref
from tenants.refusals import NotFound, RecordMerged, RecordNotYours
from tenants.scope import fetch_first


@dataclass(frozen=True, slots=True)
class Contact:
    """`email` in the form that `email.normal` gives, or None for someone who has none.

    `ref` names a record that the practice has chosen itself; then nothing else counts.
    """

    email: str | None
    first_name: str
    last_name: str
    phone: str = ""
    ref: str | None = None


_LOCKED = "SELECT id FROM client_record WHERE tenant_id = $1 AND email = $2 FOR NO KEY UPDATE"

_KEPT = """
WITH RECURSIVE way AS (
    SELECT id, ref, merged_into FROM client_record WHERE tenant_id = $1 AND id = $2
    UNION
    SELECT further.id, further.ref, further.merged_into FROM client_record AS further
    JOIN way ON further.id = way.merged_into WHERE further.tenant_id = $1
)
SELECT ref FROM way WHERE merged_into IS NULL
"""

_CHOSEN = """
SELECT id FROM client_record WHERE tenant_id = $1 AND ref = $2 AND erased_at IS NULL FOR NO KEY UPDATE
"""

_KNOWN = "SELECT id FROM client_record WHERE tenant_id = $1 AND email = $2 AND created_by <> current_by()"

# What clients type themselves is their own word from the start.
_MADE = """
INSERT INTO client_record (tenant_id, ref, email, first_name, last_name, phone, created_at,
                           own_first_name, own_last_name, own_phone)
VALUES ($1, $2, $3, $4, $5, $6, $7, CASE WHEN $8 THEN $4 END, CASE WHEN $8 THEN $5 END, CASE WHEN $8 THEN $6 END)
ON CONFLICT DO NOTHING RETURNING id
"""


async def is_known(tenant: Tenant, contact: Contact) -> bool:
    """Whether the practice has a record of them, by its choice or by their address."""
    return bool(contact.ref or (contact.email and await fetch_first(_LOCKED, tenant.id, contact.email)))


async def find_or_make_record(tenant: Tenant, contact: Contact, now: datetime, *, by_client: bool = False) -> int:
    """The id of the record with that address, locked until the transaction ends, so that limits count true.

    A record that exists is left as the practice has it. Raises NotFound for a `ref` of no record here,
    RecordNotYours for an address whose record this lens does not show.
    """
    if contact.ref:
        return await _chosen_record(tenant, contact.ref)
    if contact.email and (found := await fetch_first(_LOCKED, tenant.id, contact.email)):
        return int(found["id"])
    values = (tenant.id, new_ref(), contact.email, contact.first_name, contact.last_name, contact.phone, now, by_client)
    made = await fetch_first(_MADE, *values)
    made = made or await fetch_first(_LOCKED, tenant.id, contact.email)
    if made is None:
        raise RecordNotYours
    return int(made["id"])


async def check_unknown(tenant: Tenant, email: str) -> None:
    """For whoever may not learn whose an address is. Raises RecordNotYours, but for a record that they made themselves.

    What the lens does not show is refused by `find_or_make_record` itself.
    """
    if await fetch_first(_KNOWN, tenant.id, email):
        raise RecordNotYours


async def _chosen_record(tenant: Tenant, ref: str) -> int:
    chosen = await fetch_first(_CHOSEN, tenant.id, ref)
    if chosen is None:
        raise NotFound("client_record")
    return int(chosen["id"])


async def find_record(tenant: Tenant, ref: str) -> dict[str, Any]:
    """Raises NotFound, RecordMerged."""
    row = await ClientRecord.of(tenant).where(ClientRecord.ref == ref).first()
    if row is None:
        raise NotFound("client_record")
    if row["merged_into"] is not None:
        raise RecordMerged(await _kept_ref(tenant, row["merged_into"]))
    return row


async def _kept_ref(tenant: Tenant, record_id: int) -> str:
    """Of the record at the end of the way of one that was merged, perhaps more than once."""
    row = await fetch_first(_KEPT, tenant.id, record_id)
    if row is None:
        raise NotFound("client_record")
    return str(row["ref"])
