from piccolo.columns import BigSerial, Text, Timestamptz

from tenants.refs import new_ref
from tenants.scope import OwnedByTenant


class Place(OwnedByTenant, tablename="place"):
    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    name = Text()
    street = Text()
    postcode = Text()
    city = Text()
    directions = Text()
    retired_at = Timestamptz(null=True, default=None)
