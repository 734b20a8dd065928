from piccolo.columns import Array, BigInt, BigSerial, Text, Timestamptz
from piccolo.table import Table


class Practice(Table, tablename="practice"):
    """The tenant itself. `plan_version` is raised by the database whenever hours, services or policy change.

    Until `published_at` its members alone see its page; from `suspended_at` on nobody books, and from `delete_at` on
    nothing of it is kept. `logo` names what `practice_logo` holds, or is "".
    """

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
    published_at = Timestamptz(null=True, default=None)
    suspended_at = Timestamptz(null=True, default=None)
    suspended_why = Text()
    delete_at = Timestamptz(null=True, default=None)
    logo = Text()
