"""When a practice cannot be founded as it was wanted."""

from dataclasses import dataclass

from tenants.refusals.refusal import Refusal


@dataclass(eq=False)
class PageAddressTaken(Refusal):
    """Another practice is, or was, reached by that `slug`; those of `free` are nobody's."""

    slug: str
    free: tuple[str, ...] = ()
