"""Whose desk this is: from the person who looks to what they may do at the practice that the address names."""

from dataclasses import dataclass, replace
from typing import Any

from litestar import get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import SkipValidation
from litestar.response import Redirect, Template

from portal.database import Acting, Transaction, desk_lens, person_lens
from portal.people.devices import LONGEST_AGENT
from portal.staff.veil import hidden, veiled, without_contacts
from portal.team_words import role_name
from portal.web.given import AnyRequest, TheViewer
from portal.web.practice import check_desk_open
from portal.web.viewer import Viewer, signed_in
from tenants.across import own_memberships
from tenants.booking.plan import Plan
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
        """Whatever a page is told, nobody reads in it how a client is reached who may not."""
        if self.hides_contacts:
            facts = veiled(facts, hidden(self.viewer.words), self.practice.country)
        return self.viewer.page(template, status_code=status_code, **{"desk": self, "practice": self.practice, **facts})

    def lens(self) -> Transaction:
        """The practice's rows as this member may see them, and what is changed there in their name."""
        return desk_lens(self.practice, self.acting)

    def may(self, permission: str) -> bool:
        return self.member.may(Permission(permission))

    @property
    def hides_contacts(self) -> bool:
        """Whether this member may not see how clients are reached."""
        return not self.may(Permission.CONTACTS)

    def contact(self, value: str) -> str:
        """An address or a number, or the words that it is hidden from this member."""
        return hidden(self.viewer.words) if value and self.hides_contacts else value

    def typed(self, text: str) -> str:
        """What somebody typed freely, without the addresses and numbers in it for whoever may not see them."""
        return without_contacts(text, self.practice.country) if self.hides_contacts else text

    @property
    def own_column(self) -> int | None:
        """Of whom alone this member sees the calendar, 0 being nobody; None for everybody's."""
        return None if self.member.sees_all_clients else self.member.practitioner_id or 0

    def narrowed(self, plan: Plan) -> Plan:
        """With those alone whose appointments this member may arrange, and with what they give."""
        if self.own_column is None:
            return plan
        people = {each: row for each, row in plan.practitioners.items() if self.member.may_arrange(each)}
        services = {
            ref: replace(service, practitioners=tuple(each for each in service.practitioners if each in people))
            for ref, service in plan.services.items()
        }
        given = {ref: service for ref, service in services.items() if service.practitioners}
        return replace(plan, practitioners=people, services=given)

    def whose(self, asked: str, plan: Plan) -> str:
        """The practitioner chosen by `asked`, "" and "any" being anybody: then it is their own who may choose no other.

        Raises NotFound for another one.
        """
        if self.own_column is None:
            return asked
        own = next((row["ref"] for row in self.narrowed(plan).practitioners.values()), None)
        if own is None or asked not in {"", "any", own}:
            raise NotFound("practitioner")
        return str(own)

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
