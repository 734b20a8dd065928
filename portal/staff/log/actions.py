"""What staff do about messages by hand: each a thing that is made, and each only once for a double click."""

from litestar import post
from litestar.params import FromPath
from litestar.response import Redirect

from portal.people.bounces import forget_bounce
from portal.staff.desk import TheDesk
from portal.web.forms import read_form
from portal.web.given import AnyRequest
from tenants.answers.replies import note_seen
from tenants.booking.confirm import confirm_appointment
from tenants.clients.record import find_record
from tenants.clients.sms import turn_sms
from tenants.notifications.again import ask_to_confirm, say_again
from tenants.team.permissions import Permission

MOST_COPIES = 1000


@post("/desk/{slug:str}/messages/{ref:str}/copy", status_code=303, needs=Permission.SEND)
async def send_again(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect:
    form = await read_form(request, desk.viewer)
    seen = form.whole("seen", 0, MOST_COPIES) or 0
    async with desk.lens():
        appointment = await say_again(desk.practice, ref, seen, desk.by, desk.viewer.now)
    return Redirect(f"{desk.path}/appointments/{appointment}?done=again", status_code=303)


@post("/desk/{slug:str}/appointments/{ref:str}/question", status_code=303, needs=Permission.SEND)
async def ask(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect:
    form = await read_form(request, desk.viewer)
    seen = form.whole("seen", 0, MOST_COPIES) or 0
    async with desk.lens():
        await ask_to_confirm(desk.practice, ref, seen, desk.by, desk.viewer.now)
    return Redirect(f"{desk.path}/appointments/{ref}?done=asked", status_code=303)


@post("/desk/{slug:str}/appointments/{ref:str}/confirmation", status_code=303, needs=Permission.ARRANGE)
async def confirm(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect:
    await read_form(request, desk.viewer)
    async with desk.lens():
        await confirm_appointment(desk.practice, ref, desk.viewer.now, by="staff")
    return Redirect(f"{desk.path}/appointments/{ref}?done=confirmed", status_code=303)


@post("/desk/{slug:str}/clients/{ref:str}/sms", status_code=303, needs=Permission.SEND)
async def choose_sms(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect:
    form = await read_form(request, desk.viewer)
    on = form.get("sms") == "on"
    async with desk.lens():
        await turn_sms(desk.practice, ref, desk.viewer.now, on=on)
    return Redirect(f"{desk.path}/clients/{ref}?done={'sms-on' if on else 'sms-off'}", status_code=303)


@post("/desk/{slug:str}/clients/{ref:str}/bounce/removal", status_code=303, needs=Permission.SEND)
async def use_address_again(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect:
    await read_form(request, desk.viewer)
    async with desk.lens():
        record = await find_record(desk.practice, ref)
    if record["email"]:
        await forget_bounce(record["email"])
    return Redirect(f"{desk.path}/clients/{ref}?done=address", status_code=303)


@post("/desk/{slug:str}/replies/{ref:str}/reading", status_code=303, needs=Permission.MESSAGES)
async def mark_seen(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect:
    await read_form(request, desk.viewer)
    async with desk.lens():
        await note_seen(desk.practice, ref, desk.viewer.now)
    return Redirect(f"{desk.path}/messages?done=seen", status_code=303)
