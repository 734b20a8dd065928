"""What staff know of a client and no client says themselves: address, birthday, language, tags."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from asyncpg import UniqueViolationError

from tenants.clients.history import CHANGED, MADE, note_change
from tenants.clients.search import tags_in_use
from tenants.clients.tables import ClientRecord
from tenants.practices.tenant import Tenant
from tenants.refs import new_ref
from tenants.refusals import EmailInUse, NotFound, RecordNotYours, TooManyTags
from tenants.scope import fetch, fetch_first

MOST_TAGS = 20

_NAMED = """
SELECT * FROM client_record
WHERE tenant_id = $1 AND ref = $2 AND merged_at IS NULL AND erased_at IS NULL FOR NO KEY UPDATE
"""
_HOLDER = "SELECT ref, first_name, last_name FROM client_record WHERE tenant_id = $1 AND email = $2"
_MADE = """
INSERT INTO client_record (tenant_id, ref, created_at, email, first_name, last_name, phone, home_phone, birthday,
                           language, guardian_id)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING RETURNING id
"""
_STANDS = "UPDATE client_record SET email = $3, guardian_id = NULL WHERE tenant_id = $1 AND id = $2"


@dataclass(frozen=True, slots=True)
class Newcomer:
    """As staff typed them: phones are E.164 or empty, `email` as `email.normal` gives it or None."""

    first_name: str
    last_name: str = ""
    email: str | None = None
    phone: str = ""
    home_phone: str = ""
    birthday: date | None = None
    language: str = ""


async def make_record(
    tenant: Tenant, newcomer: Newcomer, by_email: str, now: datetime, *, guardian_id: int | None = None
) -> str:
    """Gives its ref. Raises EmailInUse, and RecordNotYours where this lens does not show whose address that is."""
    ref, who = new_ref(), newcomer
    made = await fetch_first(
        _MADE, tenant.id, ref, now, who.email, who.first_name, who.last_name, who.phone, who.home_phone, who.birthday,
        who.language, guardian_id,
    )  # fmt: skip
    if made is None:
        assert who.email is not None
        raise await _in_use(tenant, who.email)
    await note_change(
        tenant, made["id"], MADE, "record", ("", f"{who.first_name} {who.last_name}".strip()), by_email, now
    )
    return ref


async def change_about(
    tenant: Tenant, ref: str, birthday: date | None, language: str, by_email: str, now: datetime
) -> None:
    """Raises NotFound."""
    row = await locked_record(tenant, ref)
    values: dict[str, Any] = {"birthday": birthday, "language": language}
    await _keep(tenant, row, {name: value for name, value in values.items() if value != row[name]}, by_email, now)


async def change_email(tenant: Tenant, ref: str, email: str | None, by_email: str, now: datetime) -> None:
    """From now on whoever has proved the new address sees the record, and nobody by the old one.

    With it go the records of its children. Raises NotFound, also for a child's, and EmailInUse.
    """
    row = await locked_record(tenant, ref)
    if row["guardian_id"] is not None:
        raise NotFound("client_record")
    if email != row["email"]:
        await stand_alone(tenant, row, email)
        await note_change(tenant, row["id"], CHANGED, "email", (row["email"] or "", email or ""), by_email, now)


async def add_tags(tenant: Tenant, ref: str, tags: Sequence[str], by_email: str, now: datetime) -> None:
    """In the spelling that the practice has used before, if it has. Raises NotFound, TooManyTags."""
    row = await locked_record(tenant, ref)
    known = {tag.casefold(): tag for tag in [*await tags_in_use(tenant, 1000), *row["tags"]]}
    wanted = list(dict.fromkeys([*row["tags"], *(known.setdefault(tag.casefold(), tag) for tag in tags)]))
    if len(wanted) > MOST_TAGS:
        raise TooManyTags(MOST_TAGS)
    if wanted != row["tags"]:
        await _keep(tenant, row, {"tags": wanted}, by_email, now)


async def remove_tag(tenant: Tenant, ref: str, tag: str, by_email: str, now: datetime) -> None:
    """Raises NotFound for a record; a tag that it has not is gone already."""
    row = await locked_record(tenant, ref)
    if tag in row["tags"]:
        await _keep(tenant, row, {"tags": [each for each in row["tags"] if each != tag]}, by_email, now)


async def locked_record(tenant: Tenant, ref: str) -> Any:
    """As it is now, kept from others until the transaction ends. Raises NotFound, also for one merged or erased."""
    row = await fetch_first(_NAMED, tenant.id, ref)
    if row is None:
        raise NotFound("client_record")
    return row


async def stand_alone(tenant: Tenant, row: Any, email: str | None) -> None:
    """Under that address and nobody's child. Raises EmailInUse."""
    if email and (holder := await fetch_first(_HOLDER, tenant.id, email)) and holder["ref"] != row["ref"]:
        raise EmailInUse(holder["ref"], name_of(holder))
    try:
        await fetch(_STANDS, tenant.id, row["id"], email)
    except UniqueViolationError as taken_since:
        raise EmailInUse("", "") from taken_since


def name_of(row: Any) -> str:
    return f"{row['first_name']} {row['last_name']}".strip()


async def _in_use(tenant: Tenant, email: str) -> EmailInUse | RecordNotYours:
    holder = await fetch_first(_HOLDER, tenant.id, email)
    return EmailInUse(holder["ref"], name_of(holder)) if holder else RecordNotYours()


async def _keep(tenant: Tenant, row: Any, changed: dict[str, Any], by_email: str, now: datetime) -> None:
    for name, value in changed.items():
        await note_change(tenant, row["id"], CHANGED, name, (_written(row[name]), _written(value)), by_email, now)
    if changed:
        of_this = (ClientRecord.tenant_id == tenant.id) & (ClientRecord.id == row["id"])
        values = {getattr(ClientRecord, name): value for name, value in changed.items()}
        await ClientRecord.update(values).where(of_this)


def _written(value: Any) -> str:
    """As the history keeps it: days in ISO 8601."""
    if value is None:
        return ""
    return ", ".join(value) if isinstance(value, list) else str(value)
