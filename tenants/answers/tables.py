from piccolo.columns import BigInt, BigSerial, Text, Timestamptz

from tenants.refs import new_ref
from tenants.scope import OwnedByTenant


class ClientReply(OwnedByTenant, tablename="client_reply"):
    """What a client answered by SMS in words that no rule knows."""

    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    client_record_id = BigInt()
    appointment_id = BigInt(null=True, default=None)
    at = Timestamptz()
    body = Text()
    seen_at = Timestamptz(null=True, default=None)
