"""When a practice's page cannot be as it was wanted."""

from dataclasses import dataclass

from tenants.refusals.refusal import Refusal


@dataclass(eq=False)
class SlugTaken(Refusal):
    """Another practice is reached by it, or was. `free` are up to three that nobody has."""

    slug: str
    free: tuple[str, ...] = ()


@dataclass(eq=False)
class SlugUnusable(Refusal):
    """Too short, too long, or with other signs than small letters, digits and single hyphens between them."""


@dataclass(eq=False)
class SlugReserved(Refusal):
    """A word that would be taken for the portal's own."""

    slug: str
