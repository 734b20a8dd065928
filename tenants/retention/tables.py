from piccolo.columns import BigInt, BigSerial, Boolean, Integer, SmallInt, Text, Timestamptz

from tenants.scope import OwnedByTenant


class RetentionRule(OwnedByTenant, tablename="retention_rule"):
    """A practice without one keeps its records until they are erased by hand."""

    id = BigSerial(primary_key=True)
    keep_months = SmallInt()
    erases = Boolean(default=False)


class RetentionChoice(OwnedByTenant, tablename="retention_choice"):
    """What staff have decided for one record: "erase" it as soon as the rule lets them, or "keep" it from the rule."""

    id = BigSerial(primary_key=True)
    client_record_id = BigInt()
    choice = Text()
    by_email = Text()
    at = Timestamptz()


class Erasure(OwnedByTenant, tablename="erasure"):
    """That a record was erased, by the rule if `by_email` is empty. Its `appointments` still count, without a name."""

    id = BigSerial(primary_key=True)
    record_ref = Text()
    at = Timestamptz()
    by_email = Text()
    appointments = Integer()
