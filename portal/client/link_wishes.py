"""No more reminders, or no more SMS, from the practice that sent the message: by its link, without signing in.

Refusing works after the appointment, too: whoever finds an old letter wants no new one.
"""

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.client.link import Behind, find_behind
from portal.client.wishes import OFF, read_wish, told_wishes, wish_reminders, wish_sms
from portal.database import practice_lens
from portal.phrases import phrase
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest, TheViewer
from portal.web.guard import is_one_click
from tenants.clients.wishes import find_wishes
from tenants.refusals import SmsOffByPractice
from tenants.writing.policy import find_message_policy

UNPROCESSABLE = 422


@get("/m/{link:str}/reminders")
async def ask_about_reminders(request: AnyRequest, viewer: TheViewer, link: FromPath[str]) -> Template:
    behind = await find_behind(request, viewer, link)
    return await _page(behind, Form(behind.viewer.words))


@post("/m/{link:str}/reminders", status_code=303)
async def choose_reminders(request: AnyRequest, viewer: TheViewer, link: FromPath[str]) -> Redirect | Template:
    """A mail program's one click is answered on the spot: RFC 8058, 3.1 wants no redirect."""
    behind = await find_behind(request, viewer, link)
    if await is_one_click(request):
        await wish_reminders(behind.practice, behind.record, OFF, behind.viewer)
        return await _page(behind, Form(behind.viewer.words))
    form = await read_form(request, behind.viewer)
    wanted = read_wish(form)
    if not form.ok:
        return await _page(behind, form)
    await wish_reminders(behind.practice, behind.record, wanted, behind.viewer)
    return Redirect(f"{behind.path}/reminders", status_code=303)


@post("/m/{link:str}/sms", status_code=303)
async def choose_sms(request: AnyRequest, viewer: TheViewer, link: FromPath[str]) -> Redirect | Template:
    behind = await find_behind(request, viewer, link)
    form = await read_form(request, behind.viewer)
    wanted = read_wish(form)
    if form.ok:
        try:
            await wish_sms(behind.practice, behind.record, wanted, behind.viewer)
        except SmsOffByPractice as refusal:
            form.refuse("", phrase(refusal, behind.viewer.formats))
        else:
            return Redirect(f"{behind.path}/reminders", status_code=303)
    return await _page(behind, form)


async def _page(behind: Behind, form: Form) -> Template:
    practice = behind.practice
    async with practice_lens(practice):
        wishes = await find_wishes(practice, behind.record, sms_on=(await find_message_policy(practice)).sms_on)
    [told] = await told_wishes([wishes], behind.path)
    return behind.viewer.page(
        "client/link_wishes.html",
        status_code=200 if form.ok else UNPROCESSABLE,
        practice=practice,
        told=told,
        form=form,
        back=None if behind.is_over else behind.path,
    )
