"""An address that two people have proved: become one account, or move it, or leave both as they are."""

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.client.addresses import own_code
from portal.people.addresses import add_address, merge_accounts, other_account, take_over_address
from portal.people.codes import ADD_ADDRESS, proved_by
from portal.people.refusals import AddressElsewhere, CodeOver, LastAddress
from portal.phrases import phrase
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest, TheViewer
from portal.web.viewer import Viewer, signed_in

UNPROCESSABLE = 422
KEEP_THIS, KEEP_OTHER, ADDRESS_ALONE = "this", "other", "address"


@get("/addresses/codes/{ref:str}/owner")
async def ask_which_account(viewer: TheViewer, ref: FromPath[str]) -> Redirect | Template:
    return await _which_account(viewer, ref, Form(viewer.words))


@post("/addresses/codes/{ref:str}/owner", status_code=303)
async def settle_account(request: AnyRequest, viewer: TheViewer, ref: FromPath[str]) -> Redirect | Template:
    """What was proved a short while ago decides again who is asked about: nothing of it comes from the form."""
    person = signed_in(viewer)
    form = await read_form(request, viewer)
    choice = form.one_of("choice", {KEEP_THIS, KEEP_OTHER, ADDRESS_ALONE})
    if not form.ok:
        return await _which_account(viewer, ref, form, status=UNPROCESSABLE)
    email = await _proved(viewer, ref)
    language = str(viewer.locale)
    try:
        await add_address(person.person_id, email, language, viewer.now)
    except AddressElsewhere:
        who = (person.person_id, email, language, viewer.now)
        try:
            if choice == ADDRESS_ALONE:
                await take_over_address(*who)
            else:
                await merge_accounts(*who, keep_other=choice == KEEP_OTHER)
        except LastAddress as refusal:
            form.refuse("choice", phrase(refusal, viewer.formats))
            return await _which_account(viewer, ref, form, status=UNPROCESSABLE)
    return Redirect("/addresses", status_code=303)


async def _proved(viewer: Viewer, ref: str) -> str:
    sent = await own_code(viewer, ref)
    if not await proved_by(signed_in(viewer).person_id, ref, ADD_ADDRESS, viewer.now):
        raise CodeOver
    return sent.to


async def _which_account(viewer: Viewer, ref: str, form: Form, *, status: int = 200) -> Redirect | Template:
    person = signed_in(viewer)
    email = await _proved(viewer, ref)
    elsewhere = await other_account(person.person_id, email)
    if elsewhere is None:
        return Redirect("/addresses", status_code=303)
    return viewer.page(
        "client/address_owner.html",
        status_code=status,
        email=email,
        emails=person.emails,
        their_emails=elsewhere.emails,
        action=f"/addresses/codes/{ref}/owner",
        form=form,
    )
