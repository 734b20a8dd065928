from piccolo.columns import BigSerial, Text, Timestamptz

from tenants.refs import new_ref
from tenants.scope import OwnedByTenant


class ClientRecord(OwnedByTenant, tablename="client_record"):
    """`email` is in the one form that `clients.email.normal` gives; None for someone who has no address."""

    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    email = Text(null=True, default=None)
    first_name = Text()
    last_name = Text()
    phone = Text()
    created_at = Timestamptz()
