from piccolo.columns import BigInt, BigSerial, Boolean, Text, Timestamptz

from tenants.refs import new_key, new_ref
from tenants.scope import OwnedByTenant


class Membership(OwnedByTenant, tablename="membership"):
    """`email` is in the one form that `clients.email.normal` gives; `role` is one of `permissions.ROLES`.

    A professional may be kept from what is not theirs to see: without `sees_all_clients` the database shows them whom
    they made, had or will have; without `sees_contacts` no address and no number of anybody.

    `tell` is which changes of their own appointments they are told of: all, others (which they did not make
    themselves), soon (of these, what begins within a day) or none.
    """

    id = BigSerial(primary_key=True)
    email = Text()
    role = Text()
    practitioner_id = BigInt(null=True, default=None)
    tell = Text(default="others")
    ended_at = Timestamptz(null=True, default=None)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    sees_all_clients = Boolean(default=True)
    sees_contacts = Boolean(default=True)
    joined_at = Timestamptz(null=True, default=None)


class Invitation(OwnedByTenant, tablename="invitation"):
    """A membership offered to an address; `key` stands in its link and serves once.

    `new_practitioner` names one who is made when it is accepted.
    """

    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    key = Text(default=new_key)
    email = Text()
    role = Text()
    practitioner_id = BigInt(null=True, default=None)
    sees_all_clients = Boolean(default=True)
    sees_contacts = Boolean(default=True)
    by_email = Text()
    created_at = Timestamptz()
    expires_at = Timestamptz()
    accepted_at = Timestamptz(null=True, default=None)
    withdrawn_at = Timestamptz(null=True, default=None)
    declined_at = Timestamptz(null=True, default=None)
    new_practitioner = Text()
