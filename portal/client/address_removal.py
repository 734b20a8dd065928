"""Taking an address away, and undoing any change of addresses by the link that was mailed."""

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.client.addresses import address_facts, opened_by
from portal.people.address_undo import find_undo, undo_change
from portal.people.addresses import own_addresses, remove_address
from portal.people.refusals import LastAddress, UndoOver
from portal.phrases import phrase
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest, TheViewer
from portal.web.viewer import Viewer, signed_in
from tenants.refusals import NotFound

UNPROCESSABLE = 422


@get("/addresses/{ref:str}/removal")
async def ask_to_remove(viewer: TheViewer, ref: FromPath[str]) -> Template:
    return await _removal_page(viewer, ref, Form(viewer.words))


@post("/addresses/{ref:str}/removal", status_code=303)
async def remove(request: AnyRequest, viewer: TheViewer, ref: FromPath[str]) -> Redirect | Template:
    person = signed_in(viewer)
    form = await read_form(request, viewer)
    try:
        await remove_address(person.person_id, ref, str(viewer.locale), viewer.now)
    except LastAddress as refusal:
        form.refuse("", phrase(refusal, viewer.formats))
        return await _removal_page(viewer, ref, form, status=UNPROCESSABLE)
    return Redirect("/addresses", status_code=303)


@get("/addresses/undo/{token:str}")
async def ask_to_undo(viewer: TheViewer, token: FromPath[str]) -> Template:
    """Open to whoever has the link: somebody else may have signed them out. Looking changes nothing."""
    try:
        undo = await find_undo(token, viewer.now)
    except UndoOver as refusal:
        return _undone_page(viewer, phrase(refusal, viewer.formats), status=UNPROCESSABLE)
    return viewer.page("client/address_undo.html", undo=undo, token=token, done=None)


@post("/addresses/undo/{token:str}")
async def undo(request: AnyRequest, viewer: TheViewer, token: FromPath[str]) -> Template:
    await read_form(request, viewer)
    try:
        await undo_change(token, viewer.now)
    except (UndoOver, LastAddress) as refusal:
        return _undone_page(viewer, phrase(refusal, viewer.formats), status=UNPROCESSABLE)
    return _undone_page(viewer, viewer.words.gettext("It is undone. Everything is as it was before."))


async def _removal_page(viewer: Viewer, ref: str, form: Form, *, status: int = 200) -> Template:
    person = signed_in(viewer)
    own = await own_addresses(person.person_id)
    address = next((each for each in own if each.ref == ref), None)
    if address is None:
        raise NotFound("address")
    if len(own) == 1 and form.ok:
        form.refuse("", phrase(LastAddress(address.email), viewer.formats))
    facts = address_facts(address, await opened_by(person.person_id))
    here = person.email == address.email
    return viewer.page(
        "client/address_removal.html", status_code=status, address=facts, form=form, last=len(own) == 1, signs_out=here
    )


def _undone_page(viewer: Viewer, said: str, *, status: int = 200) -> Template:
    return viewer.page("client/address_undo.html", status_code=status, undo=None, token="", done=said)
