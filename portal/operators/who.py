"""Whether somebody keeps this platform: the settings say so, by address."""

from dataclasses import dataclass
from typing import Any

from litestar.exceptions import NotFoundException
from litestar.response import Template

from portal.database import Transaction, operator_lens
from portal.settings import Settings
from portal.web.viewer import Viewer, signed_in


@dataclass(frozen=True, slots=True)
class Operator:
    """`by` is the address that the settings name, which they have proved."""

    viewer: Viewer
    by: str

    def lens(self) -> Transaction:
        return operator_lens(self.by, self.viewer.now)

    def page(self, template: str, *, status_code: int = 200, **facts: Any) -> Template:
        return self.viewer.page(template, status_code=status_code, **facts)


def operator_of(viewer: Viewer, settings: Settings) -> Operator:
    """For everybody else there is no such page. Raises NotAuthorizedException, NotFoundException."""
    person = signed_in(viewer)
    own = next((email for email in settings.operators if email in person.emails), None)
    if own is None:
        raise NotFoundException
    return Operator(viewer, own)
