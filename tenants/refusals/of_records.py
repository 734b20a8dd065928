"""When clients' records cannot be changed, joined or let go like that."""

from dataclasses import dataclass
from datetime import datetime

from tenants.refusals.refusal import Refusal


@dataclass(eq=False)
class SameRecord(Refusal):
    """A record is not merged with itself."""


@dataclass(eq=False)
class RecordMerged(Refusal):
    """The record has been taken into another, which is now at `ref`. A page leads there."""

    ref: str


@dataclass(eq=False)
class RecordErased(Refusal):
    """The record is erased, or is going to be."""


@dataclass(eq=False)
class KinCannotMerge(Refusal):
    """An adult and a child under their address, or somebody who would be both, are two people."""


@dataclass(eq=False)
class MergeUndone(Refusal):
    """It has been undone already."""

    undone_at: datetime


@dataclass(eq=False)
class MergeTooOld(Refusal):
    """It could be undone until `until`."""

    until: datetime


@dataclass(eq=False)
class MergedFurther(Refusal):
    """The kept record has been taken into another since; that merge is undone first."""


@dataclass(eq=False)
class AddressTaken(Refusal):
    """Meanwhile another record, called `name`, at `ref`, has the address `email`."""

    email: str
    name: str
    ref: str


@dataclass(eq=False)
class KeptUntil(Refusal):
    """The practice's own rule keeps the record until then."""

    until: datetime


@dataclass(eq=False)
class EmailInUse(Refusal):
    """Another record of the practice has that address: its `ref` and `name`, empty if it only just got it."""

    ref: str
    name: str


@dataclass(eq=False)
class TooManyTags(Refusal):
    """A record has `most` tags at most."""

    most: int


@dataclass(eq=False)
class RecordNotYours(Refusal):
    """The practice knows that address already, by a record that this member does not see."""
