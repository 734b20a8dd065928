from piccolo.columns import BigSerial, SmallInt, Text, Timestamptz

from tenants.refs import new_ref
from tenants.scope import OwnedByTenant


class Practitioner(OwnedByTenant, tablename="practitioner"):
    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    name = Text()
    title = Text()
    about = Text()
    position = SmallInt(default=0)
    retired_at = Timestamptz(null=True, default=None)
