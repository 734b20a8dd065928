from piccolo.columns import Array, BigInt, BigSerial, Date, Text, Timestamptz

from tenants.refs import new_ref
from tenants.scope import OwnedByTenant


class ClientRecord(OwnedByTenant, tablename="client_record"):
    """`email` is in the one form that `clients.email.normal` gives; None for someone who has no address.

    `own_…` is what the client says of themselves, None where they never said; `held` names the fields in which the
    practice keeps another word on purpose.

    From `sms_off_at` on no SMS, from `reminders_off_at` on no reminder by e-mail leaves to them from here.

    `guardian_id` is the adult under whose address a child's record stands. The database itself fills three:
    `reach_email` is the address whose owner sees the record, `filed_as` its names without case and accents, the last
    name first, and `search` all its words in the same way.

    A merged record is empty but for where it went; from `erase_at` on it is erased, once `erased_at` only its visits
    still count.

    `created_by` is who made it at the desk, by the lens's own word; "" for the client.

    `language` is what the practice knows of somebody who has no say of their own, or "".
    """

    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    email = Text(null=True, default=None)
    first_name = Text()
    last_name = Text()
    phone = Text()
    home_phone = Text()
    held = Array(base_column=Text())
    own_first_name = Text(null=True, default=None)
    own_last_name = Text(null=True, default=None)
    own_phone = Text(null=True, default=None)
    own_home_phone = Text(null=True, default=None)
    own_said_at = Timestamptz(null=True, default=None)
    sms_off_at = Timestamptz(null=True, default=None)
    sms_off_by = Text(null=True, default=None)
    reminders_off_at = Timestamptz(null=True, default=None)
    created_at = Timestamptz()
    birthday = Date(null=True, default=None)
    language = Text()
    tags = Array(base_column=Text())
    guardian_id = BigInt(null=True, default=None)
    reach_email = Text(null=True, default=None)
    search = Text()
    filed_as = Text()
    merged_into = BigInt(null=True, default=None)
    merged_at = Timestamptz(null=True, default=None)
    erase_at = Timestamptz(null=True, default=None)
    erased_at = Timestamptz(null=True, default=None)
    created_by = Text()


class ClientChange(OwnedByTenant, tablename="client_change"):
    """One field of one record, before and after. `by_email` is the staff member's; empty when the client did it."""

    id = BigSerial(primary_key=True)
    client_record_id = BigInt()
    at = Timestamptz()
    how = Text()
    by_email = Text()
    field = Text()
    before = Text()
    after = Text()
