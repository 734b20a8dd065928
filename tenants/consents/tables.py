from piccolo.columns import BigInt, BigSerial, SmallInt, Text, Timestamptz

from tenants.refs import new_ref
from tenants.scope import OwnedByTenant


class ConsentWording(OwnedByTenant, tablename="consent_wording"):
    """It says what its highest version says. From `retired_at` on nobody is asked for it any more."""

    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    name = Text()
    created_at = Timestamptz()
    retired_at = Timestamptz(null=True, default=None)


class ConsentText(OwnedByTenant, tablename="consent_text"):
    """One version, from 1 on. Written once: the database itself lets nobody change what somebody has agreed to."""

    id = BigSerial(primary_key=True)
    wording_id = BigInt()
    version = SmallInt()
    at = Timestamptz()
    by_email = Text()
    body = Text()


class Consent(OwnedByTenant, tablename="consent"):
    """Somebody has agreed to one text, and may have taken it back. `by_email` and `withdrawn_by` are who noted it."""

    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    client_record_id = BigInt()
    text_id = BigInt()
    given_at = Timestamptz()
    how = Text()
    by_email = Text()
    withdrawn_at = Timestamptz(null=True, default=None)
    withdrawn_how = Text(null=True, default=None)
    withdrawn_by = Text()
