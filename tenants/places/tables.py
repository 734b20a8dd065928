from piccolo.columns import BigSerial, SmallInt, Text, Timestamptz

from tenants.refs import new_ref
from tenants.scope import OwnedByTenant


class Place(OwnedByTenant, tablename="place"):
    """`zone` is None where the place shares that of its practice."""

    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    name = Text()
    street = Text()
    postcode = Text()
    city = Text()
    directions = Text()
    zone = Text(null=True, default=None)
    position = SmallInt(default=0)
    retired_at = Timestamptz(null=True, default=None)
