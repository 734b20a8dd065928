"""A time that was chosen: kept while the details are typed, booked when the address is proved."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.choosing.offer import wanted_from
from portal.client.facts import hold_facts
from portal.client.refused import refused_page
from portal.database import practice_lens
from portal.languages.phones import say_phone
from portal.people.pace import EVERY_MINUTE, keep_pace
from portal.web.forms import Form, read_form, read_moment
from portal.web.frame import EMBED
from portal.web.given import AnyRequest, TheSettings, TheViewer
from portal.web.viewer import Viewer, browser_cookie, lasting_cookie
from tenants.booking.hold import find_hold, hold_slot, release_hold
from tenants.booking.policy import find_policy
from tenants.booking.slot import Choice
from tenants.practices.tenant import Tenant
from tenants.refs import new_key
from tenants.refusals import NotFound, Refusal

HOLDS_A_MINUTE = 30


@post(["/p/{slug:str}/holds", f"{EMBED}/holds"], status_code=303)
async def keep_time(request: AnyRequest, viewer: TheViewer, settings: TheSettings) -> Redirect | Template:
    practice = practice_of(viewer)
    form = await read_form(request, viewer)
    starts_at = read_moment(form.get("start", ""))
    choice = {name: form.get(name, "") for name in ("service", "practitioner", "place")}
    if starts_at is None:
        raise NotFound("time")
    await keep_pace("hold", viewer.ip, HOLDS_A_MINUTE, EVERY_MINUTE, viewer.now)
    browser = None if viewer.frame else request.cookies.get(browser_cookie(settings)) or new_key()
    try:
        async with practice_lens(practice):
            key = await hold_slot(
                practice,
                Choice(wanted_from(**choice), starts_at),
                viewer.now,
                browser=browser,
                previous=form.get("hold"),
            )
    except NotFound:
        raise
    except Refusal as refusal:
        return refused_page(viewer, practice, refusal, choice)
    answer = Redirect(f"{viewer.door}/holds/{key}", status_code=303)
    if browser:
        answer.set_cookie(lasting_cookie(settings, browser_cookie(settings), browser))
    return answer


@get(["/p/{slug:str}/holds/{key:str}", f"{EMBED}/holds/{{key:str}}"])
async def show_details(viewer: TheViewer, key: FromPath[str]) -> Redirect | Template:
    practice = practice_of(viewer)
    async with practice_lens(practice):
        hold = await find_hold(practice, key)
    if hold["booked_as"]:  # somebody went back
        return Redirect(booked_page(viewer, hold), status_code=303)
    hold["phone"] = say_phone(hold["phone"], practice.country)
    typed = [(name, hold[name]) for name in ("email", "first_name", "last_name", "phone", "note") if hold[name]]
    return await details_page(viewer, practice, hold, Form(viewer.words, _from_person(viewer) + typed))


@post(["/p/{slug:str}/holds/{key:str}/release", f"{EMBED}/holds/{{key:str}}/release"], status_code=303)
async def release(request: AnyRequest, viewer: TheViewer, key: FromPath[str]) -> Redirect:
    practice = practice_of(viewer)
    await read_form(request, viewer)
    async with practice_lens(practice):
        hold = await find_hold(practice, key)
        await release_hold(practice, key, viewer.now)
    return Redirect(choose_again(viewer, hold), status_code=303)


async def details_page(
    viewer: Viewer, practice: Tenant, hold: dict[str, Any], form: Form, *, status: int = 200
) -> Template:
    async with practice_lens(practice):
        policy = await find_policy(practice)
    answered = policy.answer_by(hold["starts_at"], viewer.now) if hold["needs_approval"] else None
    facts = hold_facts(hold, practice, hold_is_over(hold, viewer.now))
    return viewer.page(
        "client/hold.html",
        status_code=status,
        practice=practice,
        hold=facts,
        form=form,
        addresses=viewer.person.emails if viewer.person else [],
        answer_by=answered.astimezone(practice.zone) if answered else None,
        policy_words={"cancel_until": _cancel_until(facts["starts_at"] - policy.cancel_notice, viewer.now)},
    )


def practice_of(viewer: Viewer) -> Tenant:
    """On pages whose address names a practice."""
    assert viewer.practice is not None
    return viewer.practice


def hold_is_over(hold: dict[str, Any], now: datetime) -> bool:
    return bool(hold["released_at"]) or bool(hold["expires_at"] <= now)


def hold_choice(hold: dict[str, Any]) -> dict[str, str]:
    return {
        "service": hold["service_ref"],
        "practitioner": "any" if hold["any_practitioner"] else hold["practitioner_ref"],
        "place": "",
    }


def booked_page(viewer: Viewer, hold: dict[str, Any]) -> str:
    """Of a hold that is an appointment now. In a frame nobody is signed in, so it has a page of its own there."""
    return f"{viewer.door}/holds/{hold['key']}/booked" if viewer.frame else f"/appointments/{hold['booked_as']}"


def choose_again(viewer: Viewer, hold: dict[str, Any]) -> str:
    """What was typed goes along: the next hold takes it over from this one."""
    practice = practice_of(viewer)
    kept = {name: value for name, value in hold_choice(hold).items() if value}
    day = hold["starts_at"].astimezone(practice.zone).date()
    return f"{viewer.door}/book?{urlencode(kept | {'day': day, 'hold': hold['key']})}"


def _cancel_until(deadline: datetime, now: datetime) -> datetime | None:
    return deadline if deadline > now else None


def _from_person(viewer: Viewer) -> list[tuple[str, str]]:
    if viewer.person is None:
        return []
    person = viewer.person
    names = [("first_name", person.first_name), ("last_name", person.last_name)]
    return [("email", person.email), *names, ("phone", say_phone(person.mobile_phone, practice_of(viewer).country))]
