"""Putting a client on the waiting list: first whom, then what and when. Each step stands in the address."""

from typing import Any

from litestar import get, post
from litestar.response import Redirect, Template

from portal.choosing.wish_form import KEPT, read_wish, usual_wish, wish_facts
from portal.phrases import phrase
from portal.staff.book.contact_form import chosen_client, client_facts
from portal.staff.desk import Desk, TheDesk
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.booking.plan import Plan, current_plan
from tenants.clients.record import Contact, find_record
from tenants.refusals import NotFound, Refusal
from tenants.team.permissions import Permission
from tenants.waiting.wish import leave_wish

UNPROCESSABLE = 422


@get("/desk/{slug:str}/waiting/new", needs=Permission.WAITING)
async def ask_for_wish(request: AnyRequest, desk: TheDesk) -> Template:
    """`q` looks for the client, `client` and `service` are what was chosen."""
    async with desk.lens():
        plan = await current_plan(desk.practice)
    asked = [pair for pair in request.query_params.multi_items() if pair[0] in {*KEPT, "q", "client"}]
    given = {name for name, _ in asked}
    usual = [pair for pair in usual_wish(plan, desk.viewer.today) if pair[0] not in given]
    return await _page(desk, plan, Form(desk.viewer.words, usual + asked))


@post("/desk/{slug:str}/waiting/new", status_code=303, needs=Permission.WAITING)
async def add(request: AnyRequest, desk: TheDesk) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    async with desk.lens():
        plan = await current_plan(desk.practice)
        client = await find_record(desk.practice, chosen_client(form))
    plan.service(form["service"])
    wish = read_wish(form)
    if wish is None:
        return await _page(desk, plan, form, status=UNPROCESSABLE)
    contact = Contact(client["email"], client["first_name"], client["last_name"], client["phone"], ref=client["ref"])
    try:
        async with desk.lens():
            ref = await leave_wish(desk.practice, contact, wish, desk.viewer.now, by=desk.by)
    except NotFound:
        raise
    except Refusal as refusal:
        form.refuse("", phrase(refusal, desk.viewer.formats))
        return await _page(desk, plan, form, status=UNPROCESSABLE)
    return Redirect(f"{desk.path}/waiting?added={ref}", status_code=303)


async def _page(desk: Desk, plan: Plan, form: Form, *, status: int = 200) -> Template:
    """Without a client or a service these are asked for first. What only staff book cannot be taken by one press."""
    chosen = await client_facts(desk, form)
    offered = [each.row for each in plan.services.values() if each.practitioners and each.row["online"]]
    services = [(row["ref"], row["name"]) for row in offered]
    if len(services) == 1:
        form.setdefault("service", services[0][0])
    fields: dict[str, Any] = {}
    if chosen["client"] and form["service"] in plan.services:
        fields = wish_facts(form, plan, desk.practice, desk.viewer.formats, desk.viewer.today)
    return desk.page(
        "desk/waiting_new.html",
        status_code=UNPROCESSABLE if form.errors else status,
        **{"form": form, "services": services, "whole": bool(fields), "changing": "", **chosen, **fields},
    )
