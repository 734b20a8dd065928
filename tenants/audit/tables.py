from piccolo.columns import JSONB, Array, BigInt, BigSerial, Text, Timestamptz

from tenants.scope import OwnedByTenant


class AuditEntry(OwnedByTenant, tablename="audit_entry"):
    """One change of one row at a desk, written by the database itself (migration 2026-11-23 02:00).

    `what` is its table, `did` added, changed or removed. `fields` are those that changed, with their values
    `before` and `after` unless the row is about a client, whose record is `record_id`; `emptied` those of them that
    hold nothing since.
    """

    id = BigSerial(primary_key=True)
    at = Timestamptz()
    by_email = Text()
    ip = Text()
    browser = Text()
    what = Text()
    did = Text()
    subject_id = BigInt()
    subject_ref = Text(null=True, default=None)
    subject = Text()
    record_id = BigInt(null=True, default=None)
    fields = Array(base_column=Text())
    emptied = Array(base_column=Text())
    before = JSONB(null=True, default=None)
    after = JSONB(null=True, default=None)
