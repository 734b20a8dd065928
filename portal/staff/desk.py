"""Whose desk this is: from the person who looks to what they may do at the practice that the address names."""

from dataclasses import dataclass
from typing import Any

from litestar import get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import SkipValidation
from litestar.response import Redirect, Template

from portal.database import Acting, Transaction, desk_lens, person_lens
from portal.people.devices import LONGEST_AGENT
from portal.team_words import role_name
from portal.web.given import AnyRequest, TheViewer
from portal.web.practice import check_desk_open
from portal.web.viewer import Viewer, signed_in
from tenants.across import own_memberships
from tenants.practices.tenant import Tenant
from tenants.refusals import NotFound
from tenants.team.member import Member
from tenants.team.permissions import Permission

NEEDS = "needs"
"""Under which a door says, among its `opt`, the permission that it asks for."""


@dataclass(frozen=True, slots=True)
class Desk:
    """One member at one practice's desk. `others` are the desks that the same person may go to."""

    viewer: Viewer
    practice: Tenant
    member: Member
    others: list[dict[str, Any]]
    acting: Acting

    @property
    def path(self) -> str:
        return f"/desk/{self.practice.slug}"

    @property
    def by(self) -> str:
        """Who acts here: the address that is signed in."""
        return self.acting.by

    def page(self, template: str, *, status_code: int = 200, **facts: Any) -> Template:
        return self.viewer.page(template, status_code=status_code, **{"desk": self, "practice": self.practice, **facts})

    def lens(self) -> Transaction:
        """The practice's rows as this member may see them, and what is changed there in their name."""
        return desk_lens(self.practice, self.acting)

    def may(self, permission: str) -> bool:
        return self.member.may(Permission(permission))

    def check_may_arrange(self, practitioner_id: int) -> None:
        """Raises NotFound, as for whatever is not this member's to see."""
        if not self.member.may_arrange(practitioner_id):
            raise NotFound("practitioner")

    def check_may_plan(self, practitioner_id: int | None) -> None:
        """Raises NotFound, as for anything that is not this member's to change."""
        if not self.member.may_plan(practitioner_id):
            raise NotFound("practitioner")


async def provide_desk(request: AnyRequest, viewer: TheViewer) -> Desk:
    """To whoever does not work here the desk does not exist, and neither does a door that is not theirs.

    What a door needs stands in its own `opt`; one that says nothing opens to nobody.
    Raises NotFoundException, NotAuthorizedException, DeskClosed.
    """
    person, practice = signed_in(viewer), viewer.practice
    assert practice is not None
    async with person_lens(person.person_id):
        memberships = await own_memberships()
    member = Member.from_rows(row for row in memberships if row["slug"] == practice.slug)
    if member is None or not member.may(request.route_handler.opt[NEEDS]):
        raise NotFoundException
    await check_desk_open(practice)
    own = None if member.sees_all_clients else member.practitioner_id or 0
    browser = request.headers.get("user-agent", "")[:LONGEST_AGENT]
    acting = Acting(person.email, viewer.ip, browser, viewer.now, own)
    return Desk(viewer, practice, member, [row for row in memberships if row["slug"] != practice.slug], acting)


TheDesk = NamedDependency[SkipValidation[Desk]]


@get("/desk")
async def choose_desk(viewer: TheViewer) -> Redirect | Template:
    person = signed_in(viewer)
    async with person_lens(person.person_id):
        practices = {row["slug"]: row for row in await own_memberships()}
    match list(practices):
        case []:
            raise NotFoundException
        case [slug]:
            return Redirect(f"/desk/{slug}", status_code=303)
        case _:
            return viewer.page("desk/choose.html", practices=[_sign_facts(row, viewer) for row in practices.values()])


def _sign_facts(row: dict[str, Any], viewer: Viewer) -> dict[str, Any]:
    """A practice as one chooses among several: what one is there, and whether it is open."""
    return {
        "slug": row["slug"],
        "name": row["name"],
        "role": role_name(row["role"], viewer.words),
        "suspended": row["suspended_at"] is not None,
    }
