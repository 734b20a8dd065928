"""When a request cannot be answered, or is not agreed to yet."""

from dataclasses import dataclass
from datetime import datetime

from tenants.refusals.refusal import Refusal


@dataclass(eq=False)
class RequestAnswered(Refusal):
    """Somebody was quicker: `how` is "accepted" or "declined", `by` the address of whoever did it, or "" if unknown."""

    how: str
    by: str
    at: datetime


@dataclass(eq=False)
class RequestLapsed(Refusal):
    """Nobody answered before `approve_by`, from which instant on nobody can."""

    approve_by: datetime


@dataclass(eq=False)
class NotYetAgreed(Refusal):
    """What only an agreed appointment can have was wanted of a request that still waits, until `approve_by`."""

    approve_by: datetime
