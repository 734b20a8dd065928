"""Signing in and out: an address, a code, no password. The same for clients and staff."""

from dataclasses import replace
from urllib.parse import quote

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.database import person_lens
from portal.people.codes import SIGN_IN, Sent, find_code, prove_code, send_code
from portal.people.connections import find_connection, sign_in, sign_out
from portal.people.pace import EVERY_HOUR, keep_pace
from portal.people.refusals import CodeOver, CodeTooSoon, CodeWrong
from portal.phrases import phrase
from portal.settings import Settings
from portal.web.browser_facts import asking_for_hints, browser_of
from portal.web.destination import safe_destination
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest, ThePlaces, TheSettings, TheViewer
from portal.web.viewer import Viewer, connection_cookie, lasting_cookie
from tenants.across import own_memberships
from tenants.refusals import NotFound

CODES_AN_HOUR = 20
TRIES_AN_HOUR = 60
UNPROCESSABLE = 422


@get("/sign-in")
async def show_sign_in(request: AnyRequest, viewer: TheViewer) -> Redirect | Template:
    wanted = safe_destination(request.query_params.get("next"), "")
    if viewer.person:
        return Redirect(wanted or await _home(viewer.person.person_id), status_code=303)
    return asking_for_hints(viewer.page("client/sign_in.html", form=Form(viewer.words), next=wanted))


@post("/sign-in", status_code=303)
async def ask_for_code(request: AnyRequest, viewer: TheViewer, settings: TheSettings) -> Redirect | Template:
    form = await read_form(request, viewer)
    wanted = safe_destination(form.get("next"), "")
    email = form.email("email")
    if form.ok:
        try:
            sent = await send_sign_in_code(viewer, settings, email)
        except CodeTooSoon as refusal:
            form.refuse("email", phrase(refusal, viewer.formats))
        else:
            return Redirect(code_path(sent.ref, wanted), status_code=303)
    return viewer.page("client/sign_in.html", status_code=UNPROCESSABLE, form=form, next=wanted)


@get("/sign-in/{ref:str}")
async def show_code(request: AnyRequest, viewer: TheViewer, ref: FromPath[str]) -> Template:
    sent = await find_code(ref, SIGN_IN)
    if sent is None:
        raise NotFound("code")
    return _code_page(viewer, sent, Form(viewer.words), safe_destination(request.query_params.get("next"), ""))


@post("/sign-in/{ref:str}", status_code=303)
async def sign_in_with_code(
    request: AnyRequest, viewer: TheViewer, ref: FromPath[str], settings: TheSettings, places: ThePlaces
) -> Redirect | Template:
    form = await read_form(request, viewer)
    wanted = safe_destination(request.query_params.get("next"), "")
    sent = await find_code(ref, SIGN_IN)
    if sent is None:
        raise NotFound("code")
    try:
        if form.get("resend"):
            again = await send_sign_in_code(viewer, settings, sent.to)
            return Redirect(code_path(again.ref, wanted), status_code=303)
        await keep_pace("code-try", viewer.ip, TRIES_AN_HOUR, EVERY_HOUR, viewer.now)
        email = await prove_code(ref, form.text("code", 40), SIGN_IN, settings.secret_key, viewer.now)
    except (CodeWrong, CodeOver, CodeTooSoon) as refusal:
        form.refuse("code", phrase(refusal, viewer.formats))
        return _code_page(viewer, sent, form, wanted, status=UNPROCESSABLE)
    cookie = connection_cookie(settings)
    token = await sign_in(
        email,
        browser_of(request, viewer),
        places,
        str(viewer.locale),
        viewer.now,
        replacing=request.cookies.get(cookie),
    )
    person = await find_connection(token, viewer.now)
    assert person is not None
    answer = Redirect(wanted or await _home(person.person_id), status_code=303)
    answer.set_cookie(lasting_cookie(settings, cookie, token))
    return answer


@post("/sign-out", status_code=303)
async def leave(request: AnyRequest, viewer: TheViewer, settings: TheSettings) -> Redirect:
    form = await read_form(request, viewer)
    cookie = connection_cookie(settings)
    if token := request.cookies.get(cookie):
        await sign_out(token, viewer.now)
    answer = Redirect(safe_destination(form.get("next"), "/"), status_code=303)
    answer.set_cookie(replace(lasting_cookie(settings, cookie, ""), max_age=0))
    return answer


async def send_sign_in_code(viewer: Viewer, settings: Settings, email: str) -> Sent:
    """The same steps for every address, so that neither the answer nor its time tells who is known."""
    await keep_pace("code", viewer.ip, CODES_AN_HOUR, EVERY_HOUR, viewer.now)
    return await send_code(email, SIGN_IN, str(viewer.locale), settings.secret_key, viewer.now)


async def _home(person_id: int) -> str:
    """Whoever works for a practice goes to its desk, everybody else to their appointments."""
    async with person_lens(person_id):
        return "/desk" if await own_memberships() else "/appointments"


def code_path(ref: str, wanted: str) -> str:
    return f"/sign-in/{ref}" + (f"?next={quote(wanted, safe='')}" if wanted else "")


def _code_page(viewer: Viewer, sent: Sent, form: Form, wanted: str, *, status: int = 200) -> Template:
    page = viewer.page(
        "client/code.html",
        status_code=status,
        sent_to=sent.to,
        resend_at=sent.resend_at,
        action=code_path(sent.ref, wanted),
        purpose="sign-in",
        form=form,
        hold=None,
    )
    return asking_for_hints(page)
