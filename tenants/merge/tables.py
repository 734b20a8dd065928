from piccolo.columns import JSONB, BigInt, BigSerial, Text, Timestamptz

from tenants.refs import new_ref
from tenants.scope import OwnedByTenant


class ClientMerge(OwnedByTenant, tablename="client_merge"):
    """One record taken into another, and what it takes to undo it.

    `before` holds both rows as they were, under "kept" and "gone", `became` the kept one's as it was right after;
    `moved` the ids of what hung from the other, by "table.column". All three are empty once a record is erased.
    """

    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    kept_id = BigInt()
    gone_id = BigInt()
    at = Timestamptz()
    by_email = Text()
    before = JSONB()
    became = JSONB()
    moved = JSONB()
    undone_at = Timestamptz(null=True, default=None)
    undone_by = Text()


class ClientDistinct(OwnedByTenant, tablename="client_distinct"):
    """Two records of which somebody has said that they are two people; `one_id` is the smaller."""

    id = BigSerial(primary_key=True)
    one_id = BigInt()
    other_id = BigInt()
    at = Timestamptz()
    by_email = Text()
