"""Who works here, who is asked to, and who did."""

from typing import Any

from litestar import get
from litestar.response import Template

from portal.people.names import names_of
from portal.staff.desk import Desk, TheDesk
from portal.team_words import kept_from, role_name
from portal.web.given import AnyRequest
from portal.web.viewer import signed_in
from tenants.team.end import RESTORABLE
from tenants.team.find import ended_members, find_invitations, find_members
from tenants.team.permissions import Permission

MOST_ENDED = 50
DONE = {"invited", "again", "withdrawn", "changed", "restored"}


@get("/desk/{slug:str}/team", needs=Permission.TEAM)
async def show_team(request: AnyRequest, desk: TheDesk) -> Template:
    """`done` says what has been done about `whom`, an address; `ended` names a membership that can be given back."""
    asked = request.query_params
    done = asked.get("done", "")
    return await team_page(
        desk, done=done if done in DONE else "", whom=asked.get("whom", ""), ended=asked.get("ended")
    )


async def team_page(
    desk: Desk, *, status: int = 200, refused: str = "", done: str = "", whom: str = "", ended: str | None = None
) -> Template:
    """`refused` says why what was wanted has not been done."""
    async with desk.lens():
        members = await find_members(desk.practice)
        gone = await ended_members(desk.practice, MOST_ENDED)
        invitations = await find_invitations(desk.practice, desk.viewer.now)
    names = await names_of(row["email"] for row in [*members, *gone])
    by_names = await names_of(row["by_email"] for row in invitations)
    return desk.page(
        "desk/team/team.html",
        status_code=status,
        members=[member_facts(row, names, desk) for row in members],
        ended=[member_facts(row, names, desk) for row in gone],
        invitations=[_invitation_facts(row, by_names, desk) for row in invitations],
        refused=refused,
        done=done,
        whom=next((row["email"] for row in [*members, *invitations] if row["email"] == whom), ""),
        restorable=next((row for row in gone if row["ref"] == ended and _is_restorable(row, desk)), None),
    )


def member_facts(row: dict[str, Any], names: dict[str, str], desk: Desk) -> dict[str, Any]:
    """`name` is what the person is called, else the practitioner that they are, else "". `own` is whoever looks."""
    words = desk.viewer.words
    return {
        "ref": row["ref"],
        "email": row["email"],
        "name": names.get(row["email"]) or row["practitioner_name"] or "",
        "role": role_name(row["role"], words),
        "practitioner": row["practitioner_name"] or "",
        "kept_from": kept_from(row, words),
        "joined_at": row["joined_at"],
        "ended_at": row["ended_at"],
        "own": row["email"] in signed_in(desk.viewer).emails,
    }


def _invitation_facts(row: dict[str, Any], names: dict[str, str], desk: Desk) -> dict[str, Any]:
    words = desk.viewer.words
    return {
        "ref": row["ref"],
        "email": row["email"],
        "role": role_name(row["role"], words),
        "practitioner": row["practitioner_name"] or row["new_practitioner"],
        "kept_from": kept_from(row, words),
        "by": names.get(row["by_email"], row["by_email"]),
        "expires_at": row["expires_at"],
        "expired": row["expires_at"] <= desk.viewer.now,
        "declined_at": row["declined_at"],
    }


def _is_restorable(row: dict[str, Any], desk: Desk) -> bool:
    return bool(row["ended_at"] + RESTORABLE > desk.viewer.now)
