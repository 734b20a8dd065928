from piccolo.columns import JSONB, Array, BigInt, BigSerial, Bytea, Integer, Text, Timestamptz
from piccolo.table import Table

from tenants.refs import new_ref


class Person(Table, tablename="person"):
    """Who signs in, over all practices. Empty language or display means: as the reader's browser has it.

    Phones are E.164. `shown` holds what@where, like "photo@*" or "home_phone@12"; what is not there, they alone see.
    """

    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    first_name = Text()
    last_name = Text()
    language = Text(null=True, default=None)
    date_display = Text(default="language")
    time_display = Text(default="language")
    zone = Text(null=True, default=None)
    mobile_phone = Text()
    mobile_verified_at = Timestamptz(null=True, default=None)
    home_phone = Text()
    shown = Array(base_column=Text())
    offer_waits_since = Timestamptz(null=True, default=None)
    created_at = Timestamptz()
    merged_into_id = BigInt(null=True, default=None)


class Address(Table, tablename="address"):
    """An e-mail address that its person has proved to own; one address belongs to one person.

    The primary one is that with the latest `primary_since`, or the oldest where none has been chosen.
    """

    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    person_id = BigInt()
    email = Text()
    verified_at = Timestamptz()
    primary_since = Timestamptz(null=True, default=None)


class Photo(Table, tablename="photo"):
    """A square of a person as WebP. Without `kept_at` it is a draft, larger in bytes and without the small size.

    `came_from_id` is the person who had it before two accounts became one.
    """

    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    person_id = BigInt()
    large = Bytea()
    small = Bytea(null=True, default=None)
    created_at = Timestamptz()
    kept_at = Timestamptz(null=True, default=None)
    came_from_id = BigInt(null=True, default=None)


class Code(Table, tablename="code"):
    """Six digits sent to an e-mail address or a number. Only their keyed hash is kept; `ref` stands in the page's URL.

    With a `person_id` it proves the address or number for that person and works for nobody else.
    """

    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    sent_to = Text()
    purpose = Text()
    person_id = BigInt(null=True, default=None)
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
    name = Text()
    user_agent = Text()
    hints = JSONB()
    ip = Text()
    created_at = Timestamptz()
    last_seen_at = Timestamptz()
    ended_at = Timestamptz(null=True, default=None)


class AccountMessage(Table, tablename="account_message"):
    """A message about an account instead of an appointment. `facts` holds a code only until it has left."""

    id = BigSerial(primary_key=True)
    channel = Text(default="email")
    sent_to = Text()
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


class PersonEvent(Table, tablename="person_event"):
    """What became of addresses: they went from one person, or from nobody, to another, or to nobody.

    Each of the people that it concerns has it in their history. A sign-in that its person, in `from_id`, has disowned
    stands there too, with the address that signed in.
    """

    id = BigSerial(primary_key=True)
    person_id = BigInt()
    at = Timestamptz()
    kind = Text()
    emails = Array(base_column=Text())
    from_id = BigInt(null=True, default=None)
    to_id = BigInt(null=True, default=None)
    undone_at = Timestamptz(null=True, default=None)


class AddressUndo(Table, tablename="address_undo"):
    """A link, sent to one address, that undoes an event. Only the SHA-256 of its token is kept."""

    id = BigSerial(primary_key=True)
    token_digest = Bytea()
    event_id = BigInt()
    sent_to = Text()
    expires_at = Timestamptz()
    voided_at = Timestamptz(null=True, default=None)


class KnownDevice(Table, tablename="known_device"):
    """What a person has signed in from.

    `device` as `portal.people.devices.device_family` says it, `country` in the two letters of ISO 3166 or empty.
    """

    id = BigSerial(primary_key=True)
    person_id = BigInt()
    device = Text()
    country = Text()
    first_seen_at = Timestamptz()
    last_seen_at = Timestamptz()


class NotMeLink(Table, tablename="not_me_link"):
    """A link, sent to one address, that disowns a sign-in. Only the SHA-256 of its token is kept."""

    id = BigSerial(primary_key=True)
    token_digest = Bytea()
    sent_to = Text()
    signed_in_with = Text()
    signed_in_at = Timestamptz()
    expires_at = Timestamptz()


class RateCount(Table, tablename="rate_count"):
    """How often something happened in one window, over all processes. The table is unlogged: a crash forgives."""

    id = BigSerial(primary_key=True)
    key = Text()
    window_starts_at = Timestamptz()
    hits = Integer()
