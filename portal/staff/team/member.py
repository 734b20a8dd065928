"""One member: what they may do, changed in place."""

from typing import Any
from urllib.parse import urlencode

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.people.names import names_of
from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.staff.team.post_form import beside, choices, read_post, typed_from
from portal.staff.team.team import member_facts
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.refs import fingerprint
from tenants.refusals import ChangedMeanwhile, LastAdmin, PractitionerMissing, PractitionerTaken
from tenants.team.change import change_member
from tenants.team.find import find_member
from tenants.team.permissions import ADMIN, Permission
from tenants.team.post import Post, free_practitioners

CONFLICT, UNPROCESSABLE = 409, 422


@get("/desk/{slug:str}/team/members/{ref:str}", needs=Permission.TEAM)
async def show_member(desk: TheDesk, ref: FromPath[str]) -> Template:
    row, free = await _find(desk, ref)
    stands = Post.from_row(row)
    return await _page(desk, row, free, Form(desk.viewer.words, [*typed_from(stands), ("seen", fingerprint(stands))]))


@post("/desk/{slug:str}/team/members/{ref:str}", status_code=303, needs=Permission.TEAM)
async def change(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    row, free = await _find(desk, ref)
    wanted = read_post(form, free)
    if wanted is None:
        return await _page(desk, row, free, form, status=UNPROCESSABLE)
    try:
        async with desk.lens():
            await change_member(desk.practice, ref, wanted, form.get("seen", ""), desk.viewer.now)
    except ChangedMeanwhile as refusal:
        form.refuse("", phrase(refusal, desk.viewer.formats))
        row, free = await _find(desk, ref)
        form["seen"] = fingerprint(Post.from_row(row))
        return await _page(desk, row, free, form, status=CONFLICT)
    except LastAdmin as refusal:
        form.refuse("role", phrase(refusal, desk.viewer.formats))
        return await _page(desk, row, free, form, status=UNPROCESSABLE)
    except (PractitionerMissing, PractitionerTaken) as refusal:
        form.refuse(beside(refusal), phrase(refusal, desk.viewer.formats))
        return await _page(desk, row, free, form, status=UNPROCESSABLE)
    return Redirect(_way_on(desk, row, wanted), status_code=303)


def _way_on(desk: Desk, row: dict[str, Any], wanted: Post) -> str:
    """Whoever has given their own keys away stands before a closed door no more than they must."""
    if row["email"] == desk.by and wanted.role != ADMIN:
        return desk.path
    return f"{desk.path}/team?{urlencode({'done': 'changed', 'whom': row['email']})}"


async def _find(desk: Desk, ref: str) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """The member, and the practitioners as whom they could sign in. Raises NotFound."""
    async with desk.lens():
        row = await find_member(desk.practice, ref)
        return row, await free_practitioners(desk.practice, desk.viewer.now, member=row["id"])


async def _page(
    desk: Desk, row: dict[str, Any], free: list[tuple[str, str]], form: Form, status: int = 200
) -> Template:
    own = row["practitioner_ref"]
    if own and own not in dict(free):  # one who receives no clients any more
        free = [(own, row["practitioner_name"]), *free]
    names = await names_of([row["email"]])
    return desk.page(
        "desk/team/member.html",
        status_code=status,
        form=form,
        member=member_facts(row, names, desk),
        **choices(desk, free),
    )
