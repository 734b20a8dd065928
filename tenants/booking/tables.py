from datetime import timedelta

from piccolo.columns import BigInt, BigSerial, Boolean, Integer, Interval, SmallInt, Text, Timestamptz

from tenants.scope import OwnedByTenant


class BookingPolicy(OwnedByTenant, tablename="booking_policy"):
    """What clients may do, and until when. Staff are not bound by it.

    `cancel_notice` and `move_notice` are how long before its start an appointment can still be cancelled or moved;
    within `mercy` of booking both are free. `daily_limit` is per client and day, None for none.

    With `overbooking` staff may lay one appointment over another on purpose. `open_limit` is how many appointments to
    come a client may have, None for any; without `new_clients` only those book online whom the practice knows.

    A request waits for an answer for `request_lasts`. A time that came free is offered to `offer_to` "one" of those who
    wait after the other, each for `offer_lasts`, or to "all" at once.
    """

    id = BigSerial(primary_key=True)
    minimum_notice = Interval(default=timedelta(hours=2))
    horizon = Interval(default=timedelta(days=90))
    cancel_notice = Interval(default=timedelta(hours=24))
    move_notice = Interval(default=timedelta(hours=24))
    mercy = Interval(default=timedelta(minutes=5))
    daily_limit = Integer(null=True, default=None)
    overbooking = Boolean(default=False)
    request_lasts = Interval(default=timedelta(hours=24))
    open_limit = Integer(null=True, default=None)
    new_clients = Boolean(default=True)
    offer_lasts = Interval(default=timedelta(hours=2))
    offer_to = Text(default="one")


class Hold(OwnedByTenant, tablename="hold"):
    """A slot kept while the form is filled, and what was typed in it.

    It blocks others until `expires_at` or `released_at`; the row stays a day longer so that nothing typed is lost.
    Whoever has `key` may finish the booking; `browser` is who may have only one hold at a time.

    In a group each has its `seat`, and whoever is not its first `shares` the practitioner's time with it.
    """

    id = BigSerial(primary_key=True)
    key = Text()
    browser = Text(null=True, default=None)
    practitioner_id = BigInt()
    service_id = BigInt()
    place_id = BigInt()
    any_practitioner = Boolean(default=False)
    starts_at = Timestamptz()
    ends_at = Timestamptz()
    blocked_from = Timestamptz()
    blocked_until = Timestamptz()
    created_at = Timestamptz()
    expires_at = Timestamptz()
    released_at = Timestamptz(null=True, default=None)
    email = Text()
    first_name = Text()
    last_name = Text()
    phone = Text()
    note = Text()
    code_ref = Text(null=True, default=None)
    seat = SmallInt(null=True, default=None)
    shares = Boolean(default=False)


class BookingOverride(OwnedByTenant, tablename="booking_override"):
    """Who put an appointment where the rules would not have had it, and why.

    `what` is "overbooked", over the appointment `over_id`, or "outside_hours".
    """

    id = BigSerial(primary_key=True)
    appointment_id = BigInt()
    at = Timestamptz()
    by_email = Text()
    what = Text()
    over_id = BigInt(null=True, default=None)
    reason = Text()
