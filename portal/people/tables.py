from piccolo.columns import JSONB, BigInt, BigSerial, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table

from tenants.refs import new_ref


class Person(Table, tablename="person"):
    """Who signs in, over all practices. Empty language or display means: as the reader's browser has it."""

    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    first_name = Text()
    last_name = Text()
    language = Text(null=True, default=None)
    date_display = Text(default="language")
    time_display = Text(default="language")
    zone = Text(null=True, default=None)
    created_at = Timestamptz()


class Address(Table, tablename="address"):
    """An e-mail address that its person has proved to own; one address belongs to one person."""

    id = BigSerial(primary_key=True)
    person_id = BigInt()
    email = Text()
    verified_at = Timestamptz()


class Code(Table, tablename="code"):
    """Six digits sent to an address. Only their keyed hash is kept; `ref` is what stands in the page's URL."""

    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    email = Text()
    purpose = Text()
    digest = Bytea()
    created_at = Timestamptz()
    expires_at = Timestamptz()
    tries_left = Integer(default=5)
    used_at = Timestamptz(null=True, default=None)
    voided_at = Timestamptz(null=True, default=None)


class Connection(Table, tablename="connection"):
    """One signed-in browser. Only the SHA-256 of its token is kept."""

    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    token_digest = Bytea()
    person_id = BigInt()
    address_id = BigInt()
    user_agent = Text()
    ip = Text()
    created_at = Timestamptz()
    last_seen_at = Timestamptz()
    ended_at = Timestamptz(null=True, default=None)


class AccountMessage(Table, tablename="account_message"):
    """A message about an account instead of an appointment. `facts` holds a code only until it has left."""

    id = BigSerial(primary_key=True)
    to_email = Text()
    kind = Text()
    language = Text()
    facts = JSONB()
    created_at = Timestamptz()
    claimed_until = Timestamptz(null=True, default=None)
    attempts = Integer(default=0)
    next_attempt_at = Timestamptz()
    sent_at = Timestamptz(null=True, default=None)
    failed_at = Timestamptz(null=True, default=None)
    failure = Text()


class RateCount(Table, tablename="rate_count"):
    """How often something happened in one window, over all processes. The table is unlogged: a crash forgives."""

    id = BigSerial(primary_key=True)
    key = Text()
    window_starts_at = Timestamptz()
    hits = Integer()
