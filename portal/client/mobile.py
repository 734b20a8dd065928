"""One's own mobile number, proved by the code that was sent to it. The profile has the number and leads here."""

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.client.sign_in import TRIES_AN_HOUR
from portal.messages.sms.stops import stopped_since
from portal.people.codes import VERIFY_MOBILE, Sent, find_code, prove_code, proved_by, send_code
from portal.people.mobile import unverified_mobile, verify_mobile
from portal.people.pace import EVERY_HOUR, keep_pace
from portal.people.refusals import CodeOver, CodeTooSoon, CodeWrong, MobileStopped
from portal.phrases import phrase
from portal.settings import Settings
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest, TheSettings, TheViewer
from portal.web.viewer import Viewer, signed_in
from tenants.refusals import NotFound

TEXTS_AN_HOUR = 10
"""For one person, and from one network: each of them is paid for."""
UNPROCESSABLE = 422


@post("/profile/mobile/code", status_code=303)
async def ask_for_code(request: AnyRequest, viewer: TheViewer, settings: TheSettings) -> Redirect:
    signed_in(viewer)
    await read_form(request, viewer)
    sent = await _send(viewer, settings)
    return Redirect(f"/profile/mobile/codes/{sent.ref}", status_code=303)


@get("/profile/mobile/codes/{ref:str}")
async def show_code(viewer: TheViewer, ref: FromPath[str]) -> Template:
    return _code_page(viewer, await _own_code(viewer, ref), Form(viewer.words))


@post("/profile/mobile/codes/{ref:str}", status_code=303)
async def verify_with_code(
    request: AnyRequest, viewer: TheViewer, ref: FromPath[str], settings: TheSettings
) -> Redirect | Template:
    person_id = signed_in(viewer).person_id
    form = await read_form(request, viewer)
    sent = await _own_code(viewer, ref)
    try:
        if form.get("resend"):
            again = await _send(viewer, settings)
            return Redirect(f"/profile/mobile/codes/{again.ref}", status_code=303)
        if not await proved_by(person_id, ref, VERIFY_MOBILE, viewer.now):  # a double click is no second try
            await keep_pace("code-try", viewer.ip, TRIES_AN_HOUR, EVERY_HOUR, viewer.now)
            typed = form.text("code", 40)
            await prove_code(ref, typed, VERIFY_MOBILE, settings.secret_key, viewer.now, person_id=person_id)
    except (CodeWrong, CodeOver, CodeTooSoon, MobileStopped) as refusal:
        form.refuse("code", phrase(refusal, viewer.formats))
        return _code_page(viewer, sent, form, status=UNPROCESSABLE)
    await verify_mobile(person_id, sent.to, viewer.now)
    return Redirect("/profile?done=verified", status_code=303)


async def _send(viewer: Viewer, settings: Settings) -> Sent:
    """To the number as it is saved now, whatever number an older code went to."""
    person_id = signed_in(viewer).person_id
    number = await unverified_mobile(person_id)
    if await stopped_since(number):
        raise MobileStopped
    await keep_pace("text", viewer.ip, TEXTS_AN_HOUR, EVERY_HOUR, viewer.now)
    await keep_pace("text-person", str(person_id), TEXTS_AN_HOUR, EVERY_HOUR, viewer.now)
    language = str(viewer.locale)
    return await send_code(number, VERIFY_MOBILE, language, settings.secret_key, viewer.now, person_id=person_id)


async def _own_code(viewer: Viewer, ref: str) -> Sent:
    sent = await find_code(ref, VERIFY_MOBILE, person_id=signed_in(viewer).person_id)
    if sent is None:
        raise NotFound("code")
    return sent


def _code_page(viewer: Viewer, sent: Sent, form: Form, *, status: int = 200) -> Template:
    return viewer.page(
        "client/code.html",
        status_code=status,
        sent_to=sent.to,
        resend_at=sent.resend_at,
        action=f"/profile/mobile/codes/{sent.ref}",
        purpose="mobile",
        form=form,
        hold=None,
    )
