"""Inviting somebody by their address; sending that again, and taking it back."""

from urllib.parse import urlencode

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.people.invitations import owe_invitation
from portal.people.pace import EVERY_HOUR, TooOften, keep_pace
from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.staff.team.post_form import NEW, beside, choices, read_post
from portal.staff.team.team import team_page
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from portal.web.viewer import signed_in
from tenants.refusals import (
    AlreadyInvited,
    AlreadyMember,
    InvitationDeclined,
    InvitationUsed,
    InvitationWithdrawn,
    PractitionerMissing,
    PractitionerTaken,
)
from tenants.team.invite import invite, invite_again, withdraw
from tenants.team.permissions import PROFESSIONAL, Permission
from tenants.team.post import free_practitioners

LETTERS_AN_HOUR = 30
"""From one practice: they go to strangers, in our name."""
CONFLICT, UNPROCESSABLE, TOO_MANY = 409, 422, 429
ANSWERED = (InvitationUsed, InvitationDeclined, InvitationWithdrawn, AlreadyMember, PractitionerTaken)


@get("/desk/{slug:str}/team/invitations/new", needs=Permission.TEAM)
async def ask_whom(request: AnyRequest, desk: TheDesk) -> Template:
    """`email` is whom to ask again."""
    usual = {
        "email": request.query_params.get("email", ""),
        "role": PROFESSIONAL,
        "practitioner": NEW,
        "sees_all_clients": "yes",
        "sees_contacts": "yes",
    }
    return await _page(desk, Form(desk.viewer.words, usual.items()))


@post("/desk/{slug:str}/team/invitations", status_code=303, needs=Permission.TEAM)
async def send(request: AnyRequest, desk: TheDesk) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    async with desk.lens():
        free = await free_practitioners(desk.practice, desk.viewer.now)
    email, wanted = form.email("email"), read_post(form, free)
    if wanted is None:
        return await _page(desk, form, status=UNPROCESSABLE)
    try:
        await keep_pace("invitation", desk.practice.slug, LETTERS_AN_HOUR, EVERY_HOUR, desk.viewer.now)
        async with desk.lens():
            invited = await invite(desk.practice, email, wanted, desk.by, desk.viewer.now)
            await owe_invitation(desk.practice, invited, _by_name(desk), desk.viewer.now)
    except TooOften as error:
        form.refuse("", _too_often(desk, error))
        return await _page(desk, form, status=TOO_MANY)
    except (AlreadyMember, AlreadyInvited) as refusal:
        form.refuse("email", phrase(refusal, desk.viewer.formats))
        return await _page(desk, form, status=UNPROCESSABLE)
    except (PractitionerMissing, PractitionerTaken) as refusal:
        form.refuse(beside(refusal), phrase(refusal, desk.viewer.formats))
        return await _page(desk, form, status=UNPROCESSABLE)
    return _to_team(desk, "invited", email)


@post("/desk/{slug:str}/team/invitations/{ref:str}/again", status_code=303, needs=Permission.TEAM)
async def send_again(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    await read_form(request, desk.viewer)
    try:
        await keep_pace("invitation", desk.practice.slug, LETTERS_AN_HOUR, EVERY_HOUR, desk.viewer.now)
        async with desk.lens():
            invited = await invite_again(desk.practice, ref, desk.viewer.now)
            await owe_invitation(desk.practice, invited, _by_name(desk), desk.viewer.now)
    except TooOften as error:
        return await team_page(desk, status=TOO_MANY, refused=_too_often(desk, error))
    except ANSWERED as refusal:
        return await team_page(desk, status=CONFLICT, refused=phrase(refusal, desk.viewer.formats))
    return _to_team(desk, "again", invited.email)


@post("/desk/{slug:str}/team/invitations/{ref:str}/withdrawal", status_code=303, needs=Permission.TEAM)
async def take_back(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    await read_form(request, desk.viewer)
    try:
        async with desk.lens():
            await withdraw(desk.practice, ref, desk.viewer.now)
    except (InvitationUsed, InvitationDeclined) as refusal:
        return await team_page(desk, status=CONFLICT, refused=phrase(refusal, desk.viewer.formats))
    return _to_team(desk, "withdrawn")


def _by_name(desk: Desk) -> str:
    person = signed_in(desk.viewer)
    return f"{person.first_name} {person.last_name}".strip() or desk.by


def _too_often(desk: Desk, error: TooOften) -> str:
    return desk.viewer.words.gettext(
        "A practice can send %(most)s invitations an hour. Please go on at %(time)s.",
        most=LETTERS_AN_HOUR,
        time=desk.viewer.formats.time(error.again_at),
    )


def _to_team(desk: Desk, done: str, whom: str = "") -> Redirect:
    told = {"done": done} | ({"whom": whom} if whom else {})
    return Redirect(f"{desk.path}/team?{urlencode(told)}", status_code=303)


async def _page(desk: Desk, form: Form, status: int = 200) -> Template:
    async with desk.lens():
        free = await free_practitioners(desk.practice, desk.viewer.now)
    return desk.page("desk/team/invite.html", status_code=status, form=form, **choices(desk, free))
