"""Until when clients may do what. Pure: the row and the clock come in."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tenants.booking.tables import BookingPolicy
from tenants.practices.tenant import Tenant


@dataclass(frozen=True, slots=True)
class Policy:
    """What `BookingPolicy` explains; these are what a practice has until it says otherwise."""

    minimum_notice: timedelta = timedelta(hours=2)
    horizon: timedelta = timedelta(days=90)
    cancel_notice: timedelta = timedelta(hours=24)
    move_notice: timedelta = timedelta(hours=24)
    mercy: timedelta = timedelta(minutes=5)
    daily_limit: int | None = None
    overbooking: bool = False
    request_lasts: timedelta = timedelta(hours=24)
    open_limit: int | None = None
    new_clients: bool = True
    offer_lasts: timedelta = timedelta(hours=2)
    offer_to: str = "one"

    def cancel_until(self, appointment: Any) -> datetime:
        """The last moment at which the client may cancel."""
        return self._until(appointment, self.cancel_notice)

    def move_until(self, appointment: Any) -> datetime:
        return self._until(appointment, self.move_notice)

    def answer_by(self, starts_at: datetime, now: datetime) -> datetime:
        """Until when what is asked for at this moment waits for an answer, and no longer than until it would begin."""
        return min(now + self.request_lasts, starts_at)

    def _until(self, appointment: Any, notice: timedelta) -> datetime:
        usual: datetime = appointment["starts_at"] - notice
        mercy: datetime = min(appointment["booked_at"] + self.mercy, appointment["starts_at"])
        return max(usual, mercy)


async def find_policy(tenant: Tenant) -> Policy:
    row = await BookingPolicy.of(tenant).first()
    return policy_from(row) if row else Policy()


def policy_from(row: Any) -> Policy:
    """What the row does not tell is as usual: what a client is shown tells only what binds them."""
    return Policy(**{name: row[name] for name in Policy.__slots__ if name in row})


async def save_policy(tenant: Tenant, policy: Policy) -> None:
    values: dict[Any, Any] = {name: getattr(policy, name) for name in Policy.__slots__}
    if await BookingPolicy.of(tenant).first():
        await BookingPolicy.update(values).where(BookingPolicy.tenant_id == tenant.id)
    else:
        await BookingPolicy.insert(BookingPolicy(tenant_id=tenant.id, **values))
