"""One's own e-mail addresses: which practices each opens, adding one by its code, removing one, and undoing that."""

from typing import Any
from urllib.parse import quote

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.client.sign_in import CODES_AN_HOUR, TRIES_AN_HOUR
from portal.database import person_lens
from portal.people.addresses import OwnAddress, add_address, make_primary, own_addresses
from portal.people.codes import ADD_ADDRESS, Sent, find_code, prove_code, proved_by, send_code
from portal.people.pace import EVERY_HOUR, keep_pace
from portal.people.refusals import AddressElsewhere, CodeOver, CodeTooSoon, CodeWrong
from portal.phrases import phrase
from portal.settings import Settings
from portal.web.destination import safe_destination
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest, TheSettings, TheViewer
from portal.web.viewer import Viewer, signed_in
from tenants.across import own_memberships, own_records
from tenants.refusals import NotFound

UNPROCESSABLE = 422


@get("/addresses")
async def list_addresses(request: AnyRequest, viewer: TheViewer) -> Template:
    """`next` is where whoever adds an address wants to go with it."""
    asked = request.query_params
    return await _list(viewer, Form(viewer.words, [("next", asked.get("next", ""))]), changed=asked.get("added", ""))


@post("/addresses", status_code=303)
async def ask_for_code(request: AnyRequest, viewer: TheViewer, settings: TheSettings) -> Redirect | Template:
    person = signed_in(viewer)
    form = await read_form(request, viewer)
    email = form.email("email")
    if form.ok and email in person.emails:
        form.refuse("email", viewer.words.gettext("This address is yours already."))
    if form.ok:
        try:
            sent = await _send(viewer, settings, person.person_id, email)
        except CodeTooSoon as refusal:
            form.refuse("email", phrase(refusal, viewer.formats))
        else:
            return Redirect(_code_path(sent.ref, safe_destination(form.get("next"), "")), status_code=303)
    return await _list(viewer, form, status=UNPROCESSABLE)


@get("/addresses/codes/{ref:str}")
async def show_code(request: AnyRequest, viewer: TheViewer, ref: FromPath[str]) -> Template:
    wanted = safe_destination(request.query_params.get("next"), "")
    return _code_page(viewer, await own_code(viewer, ref), Form(viewer.words), wanted)


@post("/addresses/codes/{ref:str}", status_code=303)
async def add_with_code(
    request: AnyRequest, viewer: TheViewer, ref: FromPath[str], settings: TheSettings
) -> Redirect | Template:
    person = signed_in(viewer)
    form = await read_form(request, viewer)
    wanted = safe_destination(request.query_params.get("next"), "")
    sent = await own_code(viewer, ref)
    try:
        if form.get("resend"):
            again = await _send(viewer, settings, person.person_id, sent.to)
            return Redirect(_code_path(again.ref, wanted), status_code=303)
        if not await proved_by(person.person_id, ref, ADD_ADDRESS, viewer.now):  # a double click is no second try
            await keep_pace("code-try", viewer.ip, TRIES_AN_HOUR, EVERY_HOUR, viewer.now)
            typed = form.text("code", 40)
            await prove_code(ref, typed, ADD_ADDRESS, settings.secret_key, viewer.now, person_id=person.person_id)
        await add_address(person.person_id, sent.to, str(viewer.locale), viewer.now)
    except (CodeWrong, CodeOver, CodeTooSoon) as refusal:
        form.refuse("code", phrase(refusal, viewer.formats))
        return _code_page(viewer, sent, form, wanted, status=UNPROCESSABLE)
    except AddressElsewhere:
        return Redirect(f"/addresses/codes/{ref}/owner", status_code=303)
    added = next(each.ref for each in await own_addresses(person.person_id) if each.email == sent.to)
    return Redirect(wanted or f"/addresses?added={added}", status_code=303)


@post("/addresses/{ref:str}/primary", status_code=303)
async def choose_primary(request: AnyRequest, viewer: TheViewer, ref: FromPath[str]) -> Redirect:
    person = signed_in(viewer)
    await read_form(request, viewer)
    await make_primary(person.person_id, ref, viewer.now)
    return Redirect("/addresses", status_code=303)


async def _send(viewer: Viewer, settings: Settings, person_id: int, email: str) -> Sent:
    """The same steps for every address, so that neither the answer nor its time tells who knows it."""
    await keep_pace("code", viewer.ip, CODES_AN_HOUR, EVERY_HOUR, viewer.now)
    language = str(viewer.locale)
    return await send_code(email, ADD_ADDRESS, language, settings.secret_key, viewer.now, person_id=person_id)


async def own_code(viewer: Viewer, ref: str) -> Sent:
    sent = await find_code(ref, ADD_ADDRESS, person_id=signed_in(viewer).person_id)
    if sent is None:
        raise NotFound("code")
    return sent


async def _list(viewer: Viewer, form: Form, *, changed: str = "", status: int = 200) -> Template:
    opens = await opened_by(signed_in(viewer).person_id)
    addresses = [address_facts(each, opens) for each in await own_addresses(signed_in(viewer).person_id)]
    return viewer.page(
        "client/addresses.html",
        status_code=status,
        addresses=addresses,
        added=next((each for each in addresses if each["ref"] == changed), None),
        form=form,
    )


async def opened_by(person_id: int) -> dict[str, list[dict[str, Any]]]:
    """The practices that know each address, as clients' and as their own staff's."""
    async with person_lens(person_id):
        records, memberships = await own_records(), await own_memberships()
    opens: dict[str, list[dict[str, Any]]] = {}
    for row in records:
        tenant = row["tenant"]
        opens.setdefault(row["email"], []).append({"name": tenant.name, "href": f"/p/{tenant.slug}", "works": False})
    for row in memberships:
        facts = {"name": row["name"], "href": f"/desk/{row['slug']}", "works": True}
        opens.setdefault(row["email"], []).append(facts)
    return opens


def address_facts(address: OwnAddress, opens: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    return {
        "ref": address.ref,
        "email": address.email,
        "verified_at": address.verified_at,
        "is_primary": address.is_primary,
        "opens": opens.get(address.email, []),
    }


def _code_path(ref: str, wanted: str) -> str:
    return f"/addresses/codes/{ref}" + (f"?next={quote(wanted, safe='')}" if wanted else "")


def _code_page(viewer: Viewer, sent: Sent, form: Form, wanted: str, *, status: int = 200) -> Template:
    return viewer.page(
        "client/code.html",
        status_code=status,
        sent_to=sent.to,
        resend_at=sent.resend_at,
        action=_code_path(sent.ref, wanted),
        purpose="address",
        form=form,
        hold=None,
    )
