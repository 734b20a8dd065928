"""What every "no" is, and the two that any room may give."""

from dataclasses import dataclass


class Refusal(Exception):
    """A rule's answer, not a crash: nothing has been changed."""


@dataclass(eq=False)
class NotFound(Refusal):
    """No such thing at this practice; `what` is a table's name. Told to strangers as a missing page."""

    what: str


@dataclass(eq=False)
class ChangedMeanwhile(Refusal):
    """Somebody else has saved since the form was shown, and would be overwritten without having been read."""
