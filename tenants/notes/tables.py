from piccolo.columns import BigInt, BigSerial, Text, Timestamptz

from tenants.refs import new_ref
from tenants.scope import OwnedByTenant


class Note(OwnedByTenant, tablename="client_note"):
    """It says what its latest version says. From `removed_at` on only admins see it; `removed_by` is an address."""

    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    client_record_id = BigInt()
    created_at = Timestamptz()
    pinned_at = Timestamptz(null=True, default=None)
    removed_at = Timestamptz(null=True, default=None)
    removed_by = Text()


class NoteVersion(OwnedByTenant, tablename="client_note_version"):
    """Written once; the database itself lets nobody change one."""

    id = BigSerial(primary_key=True)
    note_id = BigInt()
    at = Timestamptz()
    by_email = Text()
    body = Text()
