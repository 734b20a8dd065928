"""The code that was sent to the address: typed back, it signs its owner in and books what they hold."""

from dataclasses import replace
from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.client.appointments import appointment_page
from portal.client.facts import hold_facts
from portal.client.finish import book_hold, refused_hold
from portal.client.framed import book_in_frame
from portal.client.holds import hold_is_over, practice_of
from portal.client.sign_in import TRIES_AN_HOUR, send_sign_in_code
from portal.database import practice_lens
from portal.people.codes import SIGN_IN, Sent, find_code, prove_code, was_just_proved
from portal.people.connections import Newcomer, find_connection, sign_in
from portal.people.pace import EVERY_HOUR, keep_pace
from portal.people.places import Places
from portal.people.refusals import CodeOver, CodeTooSoon, CodeWrong
from portal.phrases import phrase
from portal.settings import Settings
from portal.web.browser_facts import asking_for_hints, browser_of
from portal.web.forms import Form, read_form
from portal.web.frame import EMBED
from portal.web.given import AnyRequest, ThePlaces, TheSettings, TheViewer
from portal.web.guard import csrf_token
from portal.web.viewer import Viewer, browser_cookie, connection_cookie, lasting_cookie
from tenants.booking.hold import Typed, find_hold, keep_typed
from tenants.clients.record import Contact
from tenants.practices.tenant import Tenant
from tenants.refusals import Refusal

UNPROCESSABLE = 422


@get(["/p/{slug:str}/holds/{key:str}/code", f"{EMBED}/holds/{{key:str}}/code"])
async def show_code(viewer: TheViewer, key: FromPath[str]) -> Redirect | Template:
    practice = practice_of(viewer)
    async with practice_lens(practice):
        hold = await find_hold(practice, key)
    sent = await find_code(hold["code_ref"], SIGN_IN) if hold["code_ref"] else None
    if sent is None or hold["booked_as"]:
        return Redirect(f"{viewer.door}/holds/{key}", status_code=303)
    return _code_page(viewer, practice, hold, sent, Form(viewer.words))


@post(["/p/{slug:str}/holds/{key:str}/code", f"{EMBED}/holds/{{key:str}}/code"], status_code=303)
async def book_with_code(
    request: AnyRequest, viewer: TheViewer, key: FromPath[str], settings: TheSettings, places: ThePlaces
) -> Redirect | Template:
    practice = practice_of(viewer)
    form = await read_form(request, viewer)
    async with practice_lens(practice):
        hold = await find_hold(practice, key)
    sent = await find_code(hold["code_ref"], SIGN_IN) if hold["code_ref"] else None
    if sent is None:
        return Redirect(f"{viewer.door}/holds/{key}", status_code=303)
    try:
        if form.get("resend"):
            return await _resend(viewer, practice, hold, settings)
        await keep_pace("code-try", viewer.ip, TRIES_AN_HOUR, EVERY_HOUR, viewer.now)
        await prove_code(sent.ref, form.text("code", 40), SIGN_IN, settings.secret_key, viewer.now)
    except (CodeWrong, CodeOver, CodeTooSoon) as refusal:
        if not await _is_double_click(request, viewer, hold, form, settings):
            form.refuse("code", phrase(refusal, viewer.formats))
            return _code_page(viewer, practice, hold, sent, form, status=UNPROCESSABLE)
    if viewer.frame:
        return await book_in_frame(viewer, practice, hold, sent.to)
    return await _book_proved(request, viewer, practice, hold, sent.to, settings, places)


async def _is_double_click(
    request: AnyRequest, viewer: Viewer, hold: dict[str, Any], form: Form, settings: Settings
) -> bool:
    """The same code from the browser that the hold belongs to, a moment after it was used: it gets the same answer.

    In a frame the code alone tells, and opens nothing but the page that says so.
    """
    same_browser = viewer.frame is not None or (
        hold["browser"] is not None and hold["browser"] == request.cookies.get(browser_cookie(settings))
    )
    proof = (hold["code_ref"], form["code"], SIGN_IN, settings.secret_key, viewer.now)
    return same_browser and await was_just_proved(*proof)


async def _book_proved(
    request: AnyRequest,
    viewer: Viewer,
    practice: Tenant,
    hold: dict[str, Any],
    email: str,
    settings: Settings,
    places: Places,
) -> Redirect | Template:
    """Under the address that the code proved, whose person is signed in whatever becomes of the slot."""
    contact = Contact(email, hold["first_name"], hold["last_name"], hold["phone"])
    cookie = connection_cookie(settings)
    token = await sign_in(
        email,
        browser_of(request, viewer),
        places,
        str(viewer.locale),
        viewer.now,
        replacing=request.cookies.get(cookie),
        newcomer=Newcomer(contact.first_name, contact.last_name, contact.phone),
    )
    person = await find_connection(token, viewer.now)
    viewer = replace(viewer, person=person, csrf=csrf_token(settings.secret_key, token))
    answer: Redirect | Template
    try:
        booked = await book_hold(viewer, practice, hold["key"], contact, hold["note"])
    except Refusal as refusal:
        answer = await refused_hold(viewer, practice, hold["key"], refusal)
    else:
        if browser_cookie(settings) in request.cookies:
            answer = Redirect(f"/appointments/{booked.ref}", status_code=303)
        else:  # a browser that keeps no cookies would be asked to sign in there
            answer = await appointment_page(viewer, booked.ref)
    answer.set_cookie(lasting_cookie(settings, cookie, token))
    return answer


async def _resend(viewer: Viewer, practice: Tenant, hold: dict[str, Any], settings: Settings) -> Redirect:
    sent = await send_sign_in_code(viewer, settings, hold["email"])
    async with practice_lens(practice):
        typed = Typed(**{name: hold[name] for name in Typed._fields})
        await keep_typed(practice, hold["key"], typed, viewer.now, code_ref=sent.ref)
    return Redirect(f"{viewer.door}/holds/{hold['key']}/code", status_code=303)


def _code_page(
    viewer: Viewer, practice: Tenant, hold: dict[str, Any], sent: Sent, form: Form, *, status: int = 200
) -> Template:
    page = viewer.page(
        "client/code.html",
        status_code=status,
        sent_to=sent.to,
        resend_at=sent.resend_at,
        action=f"{viewer.door}/holds/{hold['key']}/code",
        purpose="asking" if hold["needs_approval"] else "booking",
        form=form,
        hold=hold_facts(hold, practice, hold_is_over(hold, viewer.now)),
    )
    return asking_for_hints(page)
