from piccolo.columns import BigInt, BigSerial, SmallInt, Text, Timestamptz

from tenants.refs import new_ref
from tenants.scope import OwnedByTenant


class ResourceKind(OwnedByTenant, tablename="resource_kind"):
    """What a service can need one of, "treatment room" for example; `what` is "room" or "equipment"."""

    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    name = Text()
    what = Text()
    retired_at = Timestamptz(null=True, default=None)


class Resource(OwnedByTenant, tablename="resource"):
    """One room or thing, of one kind and at one place."""

    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    kind_id = BigInt()
    place_id = BigInt()
    name = Text()
    position = SmallInt(default=0)
    retired_at = Timestamptz(null=True, default=None)


class ResourceUse(OwnedByTenant, tablename="resource_use"):
    """Who has it when: an appointment or a hold, buffers included. The exclusion constraint keeps that time single.

    A group has its room once, by one of its members; the database hands it on when that one leaves.
    """

    id = BigSerial(primary_key=True)
    resource_id = BigInt()
    appointment_id = BigInt(null=True, default=None)
    hold_id = BigInt(null=True, default=None)
    blocked_from = Timestamptz()
    blocked_until = Timestamptz()
