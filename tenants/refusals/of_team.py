"""When nobody can join, change or leave a team like that."""

from dataclasses import dataclass
from datetime import datetime

from tenants.refusals.refusal import Refusal


@dataclass(eq=False)
class AlreadyMember(Refusal):
    """Whoever has this address works here already."""

    email: str


@dataclass(eq=False)
class AlreadyInvited(Refusal):
    """The address has an invitation that holds until then; it can be sent again."""

    email: str
    until: datetime


@dataclass(eq=False)
class PractitionerTaken(Refusal):
    """Somebody else signs in as this practitioner, or is invited to."""

    name: str


@dataclass(eq=False)
class PractitionerMissing(Refusal):
    """A professional is one of the practitioners: what they see hangs from that."""


@dataclass(eq=False)
class LastAdmin(Refusal):
    """Without them nobody could look after the practice any more."""


@dataclass(eq=False)
class RestoredTooLate(Refusal):
    """A membership could be given back until `until`; from then on it takes an invitation."""

    until: datetime


@dataclass(eq=False)
class InvitedElsewhere(Refusal):
    """The invitation is another address's."""

    email: str


@dataclass(eq=False)
class InvitationUsed(Refusal):
    """It has been accepted, then."""

    at: datetime


@dataclass(eq=False)
class InvitationDeclined(Refusal):
    at: datetime


@dataclass(eq=False)
class InvitationWithdrawn(Refusal):
    """By the practice."""

    at: datetime


@dataclass(eq=False)
class InvitationExpired(Refusal):
    at: datetime
