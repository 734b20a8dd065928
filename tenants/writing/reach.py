"""How a client can be reached, and what stands in the way of each channel. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Outside:
    """What is known of an address and a number beyond this practice."""

    bounced: bool = False
    stopped: bool = False
    """The number's owner has answered STOP."""
    mobile: bool = True
    """Whether the number can take SMS at all, by its country's plan."""
    served: bool = True
    """Whether this installation sends to the number's country."""


class Known(Protocol):
    """What the record says."""

    @property
    def email(self) -> str | None: ...
    @property
    def phone(self) -> str: ...
    @property
    def sms_off_at(self) -> datetime | None: ...
    @property
    def sms_off_by(self) -> str | None: ...
    @property
    def reminders_off_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Reach:
    """For each channel the name of what stands in its way; None when it is open."""

    email: str | None
    reminder_email: str | None
    sms: str | None


def reach_of(known: Known, outside: Outside, *, sms_on: bool, budget_left: bool) -> Reach:
    email = _email(known, outside)
    refused = "reminders_refused" if known.reminders_off_at else None
    return Reach(email, email or refused, _sms(known, outside, sms_on=sms_on, budget_left=budget_left))


def _email(known: Known, outside: Outside) -> str | None:
    if known.email is None:
        return "no_address"
    return "bounced" if outside.bounced else None


def _sms(known: Known, outside: Outside, *, sms_on: bool, budget_left: bool) -> str | None:
    """The first that stands in the way, the practice's own choice before the client's."""
    obstacles = {
        "sms_not_on": not sms_on,
        "no_number": not known.phone,
        "not_mobile": not outside.mobile,
        "country_not_served": not outside.served,
        "number_opted_out": outside.stopped,
        "sms_refused": known.sms_off_at is not None and known.sms_off_by == "client",
        "sms_off_here": known.sms_off_at is not None,
        "budget_spent": not budget_left,
    }
    return next((name for name, stands in obstacles.items() if stands), None)
