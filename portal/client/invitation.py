"""An invitation to a practice's team, by the link that was mailed: anybody who has it may look, its address accepts."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.database import Acting, desk_lens, practice_lens, read_row
from portal.people.devices import LONGEST_AGENT
from portal.people.names import names_of
from portal.phrases import phrase
from portal.team_words import masked, said_invitation
from portal.web.forms import read_form
from portal.web.given import AnyRequest, TheViewer
from portal.web.practice import find_practice
from portal.web.viewer import Viewer, as_reader
from tenants.practices.tenant import Tenant
from tenants.refusals import (
    AlreadyMember,
    InvitationDeclined,
    InvitationExpired,
    InvitationUsed,
    InvitationWithdrawn,
    InvitedElsewhere,
    NotFound,
    Refusal,
)
from tenants.team.accept import accept_invitation, decline_invitation
from tenants.team.find import check_open, invitation_behind

CONFLICT, GONE, UNPROCESSABLE = 409, 410, 422
OVER = (InvitationUsed, InvitationDeclined, InvitationWithdrawn, InvitationExpired, AlreadyMember)

_KEY = re.compile(r"[A-Za-z0-9_-]{22}")
_BEHIND = "SELECT slug, invitation_id FROM behind_invitation($1)"


@dataclass(frozen=True, slots=True)
class Asked:
    """`viewer` reads in the practice's language where they have said nothing else."""

    key: str
    practice: Tenant
    viewer: Viewer
    row: dict[str, Any]

    @property
    def path(self) -> str:
        return f"/invitations/{self.key}"

    @property
    def emails(self) -> list[str]:
        """What the viewer has proved."""
        return self.viewer.person.emails if self.viewer.person else []

    @property
    def is_theirs(self) -> bool:
        return self.row["email"] in self.emails


@get("/invitations/{key:str}")
async def show_invitation(request: AnyRequest, viewer: TheViewer, key: FromPath[str]) -> Template:
    """Looking changes nothing: what scans mail follows its links."""
    asked = await _find(request, viewer, key)
    try:
        check_open(asked.row, viewer.now)
    except OVER as refusal:
        return _over(asked, refusal, GONE)
    return await _page(asked)


@post("/invitations/{key:str}/acceptance", status_code=303)
async def accept(request: AnyRequest, viewer: TheViewer, key: FromPath[str]) -> Redirect | Template:
    await read_form(request, viewer)
    asked = await _find(request, viewer, key)
    if viewer.person is None:
        return Redirect(f"/sign-in?next={quote(asked.path, safe='')}", status_code=303)
    browser = request.headers.get("user-agent", "")[:LONGEST_AGENT]
    acting = Acting(viewer.person.email, viewer.ip, browser, viewer.now)
    try:
        async with desk_lens(asked.practice, acting):
            await accept_invitation(asked.practice, asked.row["id"], asked.emails, viewer.now)
    except InvitedElsewhere as refusal:
        return await _page(asked, refused=phrase(refusal, asked.viewer.formats))
    except OVER as refusal:
        return _over(asked, refusal, CONFLICT)
    return Redirect(f"/desk/{asked.practice.slug}?welcome=yes", status_code=303)


@post("/invitations/{key:str}/refusal", status_code=200)
async def decline(request: AnyRequest, viewer: TheViewer, key: FromPath[str]) -> Template:
    await read_form(request, viewer)
    asked = await _find(request, viewer, key)
    try:
        async with practice_lens(asked.practice):
            await decline_invitation(asked.practice, asked.row["id"], viewer.now)
    except OVER as refusal:
        return _over(asked, refusal, CONFLICT)
    return asked.viewer.page("client/invitation_declined.html", practice=asked.practice)


async def _find(request: AnyRequest, viewer: Viewer, key: str) -> Asked:
    """Raises NotFound: also for a link whose invitation has been sent again, with another."""
    found = await read_row(_BEHIND, key) if _KEY.fullmatch(key) else None
    if found is None:
        raise NotFound("invitation")
    practice = await find_practice(request, found["slug"])
    async with practice_lens(practice):
        row = await invitation_behind(practice, found["invitation_id"])
    return Asked(key, practice, as_reader(request, viewer, practice, None), row)


async def _page(asked: Asked, refused: str = "") -> Template:
    viewer, row = asked.viewer, asked.row
    by = (await names_of([row["by_email"]])).get(row["by_email"], row["by_email"])
    return viewer.page(
        "client/invitation.html",
        status_code=UNPROCESSABLE if refused else 200,
        refused=refused,
        practice=asked.practice,
        here=asked.path,
        said=said_invitation(by, asked.practice.name, row["role"], viewer.words),
        own_clients_only=not row["sees_all_clients"],
        no_contacts=not row["sees_contacts"],
        practitioner=row["practitioner_name"] or row["new_practitioner"],
        until=row["expires_at"],
        is_theirs=asked.is_theirs,
        invited=row["email"] if asked.is_theirs else masked(row["email"]),
    )


def _over(asked: Asked, refusal: Refusal, status: int) -> Template:
    """Whoever works there by now is shown the way; `status` is CONFLICT for whoever came second."""
    joined = asked.is_theirs and isinstance(refusal, InvitationUsed | AlreadyMember)
    return asked.viewer.page(
        "client/invitation_over.html",
        status_code=status,
        practice=asked.practice,
        said=phrase(refusal, asked.viewer.formats),
        joined=joined,
    )
