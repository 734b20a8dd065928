from datetime import timedelta

from piccolo.columns import BigInt, BigSerial, Boolean, Integer, Interval, SmallInt, Text, Timestamptz

from tenants.refs import new_ref
from tenants.scope import OwnedByTenant


class Service(OwnedByTenant, tablename="service"):
    """`price` is in the smallest unit of the practice's currency, or nothing when none is shown.

    `step` is the grid on which starts are offered, counted from each opening. Up to `capacity` clients share one
    appointment's time. What is not `online` only staff book; `colour` is #rrggbb, or "" for one of the calendar's own.
    """

    id = BigSerial(primary_key=True)
    ref = Text(default=new_ref)  # type: ignore[assignment]  # Piccolo has a function of that name
    name = Text()
    about = Text()
    duration = Interval()
    buffer_before = Interval(default=timedelta())
    buffer_after = Interval(default=timedelta())
    step = Interval(default=timedelta(minutes=15))
    price = Integer(null=True, default=None)
    capacity = SmallInt(default=1)
    position = SmallInt(default=0)
    online = Boolean(default=True)
    needs_approval = Boolean(default=False)
    colour = Text()
    retired_at = Timestamptz(null=True, default=None)


class ServicePractitioner(OwnedByTenant, tablename="service_practitioner"):
    """Who gives the service."""

    id = BigSerial(primary_key=True)
    service_id = BigInt()
    practitioner_id = BigInt()


class ServicePlace(OwnedByTenant, tablename="service_place"):
    """Where the service is given."""

    id = BigSerial(primary_key=True)
    service_id = BigInt()
    place_id = BigInt()


class ServiceText(OwnedByTenant, tablename="service_text"):
    """What a service says in a language other than the practice's first; "" where it says the same."""

    id = BigSerial(primary_key=True)
    service_id = BigInt()
    language = Text()
    name = Text()
    about = Text()


class ServiceNeed(OwnedByTenant, tablename="service_need"):
    """The service needs one of this kind."""

    id = BigSerial(primary_key=True)
    service_id = BigInt()
    kind_id = BigInt()
