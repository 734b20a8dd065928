"""What all practices have written to one, and what one wants to hear from each."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.client.message_words import heading, reasons, state, way
from portal.client.wishes import read_wish, told_wishes, wish_reminders, wish_sms
from portal.database import person_lens
from portal.languages.phones import say_phone
from portal.phrases import phrase
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest, TheViewer
from portal.web.viewer import Viewer, signed_in
from tenants.across import own_messages, own_wishes
from tenants.practices.tenant import Tenant
from tenants.refusals import NotFound, SmsOffByPractice

HERE = "/messages"
A_PAGE = 30
UNPROCESSABLE = 422


@get("/messages")
async def show_messages(request: AnyRequest, viewer: TheViewer) -> Redirect | Template:
    """`before` names the last message of the page before."""
    return await _page(viewer, Form(viewer.words), before=request.query_params.get("before", ""))


@post("/messages/records/{ref:str}/reminders", status_code=303)
async def choose_reminders(request: AnyRequest, viewer: TheViewer, ref: FromPath[str]) -> Redirect | Template:
    practice = await _practice_of(viewer, ref)
    form = await read_form(request, viewer)
    wanted = read_wish(form)
    if not form.ok:
        return await _page(viewer, form)
    await wish_reminders(practice, ref, wanted, viewer)
    return Redirect(HERE, status_code=303)


@post("/messages/records/{ref:str}/sms", status_code=303)
async def choose_sms(request: AnyRequest, viewer: TheViewer, ref: FromPath[str]) -> Redirect | Template:
    practice = await _practice_of(viewer, ref)
    form = await read_form(request, viewer)
    wanted = read_wish(form)
    if form.ok:
        try:
            await wish_sms(practice, ref, wanted, viewer)
        except SmsOffByPractice as refusal:
            form.refuse("", phrase(refusal, viewer.formats))
        else:
            return Redirect(HERE, status_code=303)
    return await _page(viewer, form)


async def _practice_of(viewer: Viewer, ref: str) -> Tenant:
    """Of one's own record: another's is no different from one that does not exist."""
    async with person_lens(signed_in(viewer).person_id):
        found = next((each.tenant for each in await own_wishes() if each.ref == ref), None)
    if found is None:
        raise NotFound("client_record")
    return found


async def _page(viewer: Viewer, form: Form, before: str = "") -> Redirect | Template:
    async with person_lens(signed_in(viewer).person_id):
        rows = await own_messages(viewer.now, list(reasons(viewer.words)), before=before, most=A_PAGE + 1)
        wishes = [] if before else await own_wishes()
    if before and not rows:
        return Redirect(HERE, status_code=303)
    return viewer.page(
        "client/messages.html",
        status_code=200 if form.ok else UNPROCESSABLE,
        practices=list({row["practice_slug"]: _sign(row) for row in rows}.values()),
        messages=[_facts(row, viewer) for row in rows[:A_PAGE]],
        older=rows[A_PAGE - 1]["ref"] if len(rows) > A_PAGE else None,
        before=before,
        wishes=await told_wishes(wishes, f"{HERE}/records/{{ref}}"),
        form=form,
    )


def _sign(row: dict[str, Any]) -> dict[str, str]:
    return {"slug": row["practice_slug"], "accent": row["accent"]}


def _facts(row: dict[str, Any], viewer: Viewer) -> dict[str, Any]:
    """`at` is when it was sent, or when it was clear that it would not be."""
    at = row["sent_at"] or row["failed_at"] or row["skipped_at"] or row["created_at"]
    by_sms = row["channel"] == "sms"
    return row | {
        "heading": heading(row["kind"], viewer.words, len(row["appointments"])),
        "state": state(row, viewer.words),
        "at": at.astimezone(row["zone"]),
        "how": way(by_sms, say_phone(row["sent_to"], row["country"]) if by_sms else row["sent_to"], viewer.words),
        "by_sms": by_sms,
        "appointments": [
            each | {"starts_at": each["starts_at"].astimezone(row["zone"])} for each in row["appointments"]
        ],
    }
