"""When a practice cannot write like that, or to them."""

from dataclasses import dataclass

from tenants.refusals.refusal import Refusal


@dataclass(eq=False)
class TooManyRules(Refusal):
    """A practice has `most` reminder rules already."""

    most: int


@dataclass(eq=False)
class TextMissing(Refusal):
    """A message of the practice's own says nothing, or nothing in one of its languages."""


@dataclass(eq=False)
class UnknownPlaceholder(Refusal):
    name: str


@dataclass(eq=False)
class BrokenPlaceholder(Refusal):
    """A brace in a text opens or closes nothing."""


@dataclass(eq=False)
class LinkMissing(Refusal):
    """An SMS without a link leaves its reader no way to answer."""


@dataclass(eq=False)
class SmsOffByPractice(Refusal):
    """Only the practice can take its own refusal back."""
