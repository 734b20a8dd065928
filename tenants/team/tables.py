from piccolo.columns import BigInt, BigSerial, Text, Timestamptz

from tenants.scope import OwnedByTenant


class Membership(OwnedByTenant, tablename="membership"):
    """`email` is in the one form that `clients.email.normal` gives; `role` is "admin" or "professional".

    `tell` is which changes of their own appointments they are told of: all, others (which they did not make
    themselves), soon (of these, what begins within a day) or none.
    """

    id = BigSerial(primary_key=True)
    email = Text()
    role = Text()
    practitioner_id = BigInt(null=True, default=None)
    tell = Text(default="others")
    ended_at = Timestamptz(null=True, default=None)
