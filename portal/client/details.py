"""Who books: a signed-in person at once, anybody else once a code has been sent to the address they typed."""

from litestar import post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.client.finish import book_hold, refused_hold
from portal.client.holds import details_page, practice_of
from portal.client.sign_in import send_sign_in_code
from portal.database import practice_lens
from portal.people.pace import EVERY_HOUR, keep_pace
from portal.people.refusals import CodeTooSoon
from portal.phrases import phrase
from portal.web.forms import Form, read_form
from portal.web.frame import EMBED
from portal.web.given import AnyRequest, TheSettings, TheViewer
from portal.web.viewer import Viewer, signed_in
from tenants.booking.hold import Typed, find_hold, keep_typed
from tenants.clients.record import Contact
from tenants.practices.tenant import Tenant
from tenants.refusals import NotFound, Refusal

UNPROCESSABLE = 422
BOOKINGS_AN_HOUR = 60


@post("/p/{slug:str}/holds/{key:str}/appointment", status_code=303)
async def book_signed_in(request: AnyRequest, viewer: TheViewer, key: FromPath[str]) -> Redirect | Template:
    practice, person = practice_of(viewer), signed_in(viewer)
    form = await read_form(request, viewer)
    contact, note = _read_details(form, practice, form.one_of("email", set(person.emails)))
    if not form.ok:
        return await _details_again(viewer, practice, key, form)
    await keep_pace("booking", str(person.person_id), BOOKINGS_AN_HOUR, EVERY_HOUR, viewer.now)
    try:
        booked = await book_hold(viewer, practice, key, contact, note)
    except NotFound:
        raise
    except Refusal as refusal:
        return await refused_hold(viewer, practice, key, refusal, _typed(contact, note))
    return Redirect(f"/appointments/{booked.ref}", status_code=303)


@post(["/p/{slug:str}/holds/{key:str}/details", f"{EMBED}/holds/{{key:str}}/details"], status_code=303)
async def ask_for_code(
    request: AnyRequest, viewer: TheViewer, key: FromPath[str], settings: TheSettings
) -> Redirect | Template:
    practice = practice_of(viewer)
    form = await read_form(request, viewer)
    contact, note = _read_details(form, practice, form.email("email"))
    async with practice_lens(practice):
        hold = await find_hold(practice, key)
    if not form.ok:
        return await details_page(viewer, practice, hold, form, status=UNPROCESSABLE)
    code_ref = None
    if hold["code_ref"] is None or hold["email"] != contact.email:
        try:
            code_ref = (await send_sign_in_code(viewer, settings, contact.email or "")).ref
        except CodeTooSoon as refusal:
            form.refuse("email", phrase(refusal, viewer.formats))
            return await details_page(viewer, practice, hold, form, status=UNPROCESSABLE)
    async with practice_lens(practice):
        await keep_typed(practice, key, _typed(contact, note), viewer.now, code_ref=code_ref)
    return Redirect(f"{viewer.door}/holds/{key}/code", status_code=303)


async def _details_again(viewer: Viewer, practice: Tenant, key: str, form: Form) -> Template:
    async with practice_lens(practice):
        hold = await find_hold(practice, key)
    return await details_page(viewer, practice, hold, form, status=UNPROCESSABLE)


def _read_details(form: Form, practice: Tenant, email: str) -> tuple[Contact, str]:
    contact = Contact(
        email=email,
        first_name=form.text("first_name", 100),
        last_name=form.text("last_name", 100),
        phone=form.phone("phone", (practice.country,)),
    )
    return contact, form.text("note", 1000, required=False, lines=True)


def _typed(contact: Contact, note: str) -> Typed:
    return Typed(contact.email or "", contact.first_name, contact.last_name, contact.phone, note)
