from piccolo.columns import Array, BigInt, BigSerial, Integer, Text, Timestamptz

from tenants.refs import new_ref
from tenants.scope import OwnedByTenant


class ReminderRule(OwnedByTenant, tablename="reminder_rule"):
    """`minutes_ahead` of the start, elapsed. `since` is when its moment was last set: no earlier one is made up for.

    `late_minutes_left`: who books after the moment is reminded at once when so much time is left; None for never.
    """

    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    channel = Text()
    minutes_ahead = Integer()
    condition = Text()
    late_minutes_left = Integer(null=True, default=None)
    off_services = Array(base_column=BigInt())
    off_practitioners = Array(base_column=BigInt())
    since = Timestamptz()
    ended_at = Timestamptz(null=True, default=None)
