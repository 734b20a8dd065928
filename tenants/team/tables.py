from piccolo.columns import BigInt, BigSerial, Text, Timestamptz

from tenants.scope import OwnedByTenant


class Membership(OwnedByTenant, tablename="membership"):
    """`email` is in the one form that `clients.email.normal` gives; `role` is "admin" or "professional"."""

    id = BigSerial(primary_key=True)
    email = Text()
    role = Text()
    practitioner_id = BigInt(null=True, default=None)
    ended_at = Timestamptz(null=True, default=None)
