from piccolo.columns import Array, BigInt, BigSerial, Text, Timestamptz
from piccolo.table import Table


class Practice(Table, tablename="practice"):
    """The tenant itself. `plan_version` is raised by the database whenever hours, services or policy change."""

    id = BigSerial(primary_key=True)
    slug = Text()
    name = Text()
    about = Text()
    zone = Text()
    languages = Array(base_column=Text())
    accent = Text()
    currency = Text()
    country = Text()
    city = Text()
    email = Text()
    phone = Text()
    website = Text()
    plan_version = BigInt()
    created_at = Timestamptz()
