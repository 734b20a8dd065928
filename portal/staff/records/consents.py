"""What a client has agreed to: the exact words, when, how and who noted it; and what was taken back."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.languages.words import Words
from portal.staff.desk import Desk, TheDesk
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.clients.record import find_record
from tenants.consents.consent import HOW, consents_of, find_consent, record_consent, withdraw_consent
from tenants.consents.wording import find_wording, list_wordings
from tenants.refusals import ChangedMeanwhile, NotFound
from tenants.team.permissions import Permission

CONFLICT, UNPROCESSABLE = 409, 422


async def consents_section(desk: Desk, record: dict[str, Any]) -> dict[str, Any]:
    """`wordings` are those that the client has not agreed to in their present words."""
    async with desk.lens():
        consents = await consents_of(desk.practice, record["id"])
        wordings = await list_wordings(desk.practice)
    agreed = {each["text_id"] for each in consents if not each["withdrawn_at"]}
    return {
        "consents": consents,
        "wordings": [each for each in wordings if each["text_id"] not in agreed],
        "has_wordings": bool(wordings),
        "ways": dict(_ways(desk.viewer.words)),
    }


@get("/desk/{slug:str}/clients/{ref:str}/consents/new/{wording:str}", needs=Permission.CHANGE_CLIENTS)
async def ask_for_consent(desk: TheDesk, ref: FromPath[str], wording: FromPath[str]) -> Template:
    return await _page(desk, ref, wording, Form(desk.viewer.words))


@post("/desk/{slug:str}/clients/{ref:str}/consents/new/{wording:str}", status_code=303, needs=Permission.CHANGE_CLIENTS)
async def keep_consent(
    request: AnyRequest, desk: TheDesk, ref: FromPath[str], wording: FromPath[str]
) -> Redirect | Template:
    """`seen` is the version that stood on the page: the one that was read out or signed."""
    form = await read_form(request, desk.viewer)
    how = form.one_of("how", set(HOW))
    seen = form.whole("seen", 0, 32767, required=False) or 0
    async with desk.lens():
        record = await find_record(desk.practice, ref)
    if not form.ok:
        return await _page(desk, ref, wording, form, status=UNPROCESSABLE)
    try:
        async with desk.lens():
            await record_consent(desk.practice, record["id"], wording, seen, how, desk.by, desk.viewer.now)
    except ChangedMeanwhile:
        _ = desk.viewer.words.gettext
        form.refuse("", _("The wording has changed meanwhile. Please read it again before you save."))
        return await _page(desk, ref, wording, form, status=CONFLICT)
    return Redirect(f"{desk.path}/clients/{ref}?done=consent", status_code=303)


@get("/desk/{slug:str}/clients/{ref:str}/consents/{consent:str}/withdrawal", needs=Permission.CHANGE_CLIENTS)
async def ask_to_withdraw(desk: TheDesk, ref: FromPath[str], consent: FromPath[str]) -> Redirect | Template:
    return await _withdrawal(desk, ref, consent, Form(desk.viewer.words))


@post(
    "/desk/{slug:str}/clients/{ref:str}/consents/{consent:str}/withdrawal",
    status_code=303,
    needs=Permission.CHANGE_CLIENTS,
)
async def withdraw(
    request: AnyRequest, desk: TheDesk, ref: FromPath[str], consent: FromPath[str]
) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    how = form.one_of("how", set(HOW))
    if not form.ok:
        return await _withdrawal(desk, ref, consent, form, status=UNPROCESSABLE)
    async with desk.lens():
        record = await find_record(desk.practice, ref)
        await withdraw_consent(desk.practice, record["id"], consent, how, desk.by, desk.viewer.now)
    return Redirect(f"{desk.path}/clients/{ref}?done=withdrawn", status_code=303)


async def _page(desk: Desk, ref: str, wording: str, form: Form, *, status: int = 200) -> Template:
    async with desk.lens():
        record = await find_record(desk.practice, ref)
        text = await find_wording(desk.practice, wording)
    if text["retired_at"]:
        raise NotFound("consent_wording")
    ways = _ways(desk.viewer.words)
    return desk.page("desk/consent.html", status_code=status, client=record, wording=text, ways=ways, form=form)


async def _withdrawal(desk: Desk, ref: str, consent: str, form: Form, *, status: int = 200) -> Redirect | Template:
    async with desk.lens():
        record = await find_record(desk.practice, ref)
        row = await find_consent(desk.practice, record["id"], consent)
    if row["withdrawn_at"]:
        return Redirect(f"{desk.path}/clients/{ref}", status_code=303)
    ways = _ways(desk.viewer.words)
    return desk.page(
        "desk/consent_withdrawal.html", status_code=status, client=record, consent=row, ways=ways, form=form
    )


def _ways(words: Words) -> list[tuple[str, str]]:
    _ = words.gettext
    said = {"in_person": _("In person"), "form": _("On a signed form"), "phone": _("By phone"), "email": _("By e-mail")}
    return [(how, said[how]) for how in HOW]
