"""One reminder rule: a sentence to fill in, whom it is for, and what becomes of late bookings."""

from datetime import timedelta

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.staff.reminders.rule_form import boxes, read_draft, services_of, typed
from portal.staff.reminders.sentences import UNITS, say_length
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.booking.plan import current_plan
from tenants.refusals import ChangedMeanwhile, TooManyRules
from tenants.reminders.rules import add_rule, change_rule, find_rule, refs_of_off, rule_fingerprint
from tenants.team.permissions import Permission
from tenants.writing.policy import find_message_policy

CONFLICT, UNPROCESSABLE = 409, 422
USUAL = tuple(timedelta(hours=hours) for hours in (2, 4, 8, 24, 48, 72, 7 * 24))
MOST_FIELDS = 1000  # a box for each service and each practitioner


@get("/desk/{slug:str}/reminders/new", needs=Permission.CHANGE_SETTINGS)
async def ask_for_rule(desk: TheDesk) -> Template:
    async with desk.lens():
        plan = await current_plan(desk.practice)
    usual = [("channel", "email"), ("ahead", "24"), ("ahead_unit", "hours"), ("condition", "always")]
    late = [("late", "skip"), ("left", "4"), ("left_unit", "hours")]
    return await _form_page(desk, Form(desk.viewer.words, [*usual, *late, *boxes(plan, {})]))


@post("/desk/{slug:str}/reminders/new", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def add(request: AnyRequest, desk: TheDesk) -> Redirect | Template:
    form = await read_form(request, desk.viewer, MOST_FIELDS)
    draft = read_draft(form, desk.viewer.words, {})
    if draft is None:
        return await _form_page(desk, form)
    try:
        async with desk.lens():
            ref = await add_rule(desk.practice, draft, desk.viewer.now)
    except TooManyRules as refusal:
        form.refuse("", phrase(refusal, desk.viewer.formats))
        return await _form_page(desk, form)
    return Redirect(f"{desk.path}/reminders?saved={ref}&anew=yes", status_code=303)


@get("/desk/{slug:str}/reminders/{ref:str}", needs=Permission.SETTINGS)
async def show_rule(desk: TheDesk, ref: FromPath[str]) -> Template:
    async with desk.lens():
        rule = await find_rule(desk.practice, ref)
        off = await refs_of_off(desk.practice, rule)
        plan = await current_plan(desk.practice)
    return await _form_page(desk, Form(desk.viewer.words, [*typed(rule), *boxes(plan, off)]), ref)


@post("/desk/{slug:str}/reminders/{ref:str}", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def change(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect | Template:
    form, practice = await read_form(request, desk.viewer, MOST_FIELDS), desk.practice
    async with desk.lens():
        before = await find_rule(practice, ref)
        off = await refs_of_off(practice, before)
    draft = read_draft(form, desk.viewer.words, off)
    if draft is None:
        return await _form_page(desk, form, ref)
    try:
        async with desk.lens():
            await change_rule(practice, ref, draft, form.get("seen", ""), desk.viewer.now)
    except ChangedMeanwhile as refusal:
        form.refuse("", phrase(refusal, desk.viewer.formats))
        form["seen"] = rule_fingerprint(before)
        return await _form_page(desk, form, ref, status=CONFLICT)
    anew = "" if draft.ahead == before.ahead else "&anew=yes"
    return Redirect(f"{desk.path}/reminders?saved={ref}{anew}", status_code=303)


async def _form_page(desk: Desk, form: Form, ref: str | None = None, *, status: int = UNPROCESSABLE) -> Template:
    async with desk.lens():
        plan, policy = await current_plan(desk.practice), await find_message_policy(desk.practice)
    return desk.page(
        "desk/reminders/rule.html",
        status_code=status if form.errors else 200,
        form=form,
        ref=ref,
        sms_on=policy.sms_on,
        usual=[(each // UNITS["hours"], say_length(each, desk.viewer.formats)) for each in USUAL],
        services=[(row["ref"], row["name"]) for row in services_of(plan)],
        practitioners=[(row["ref"], row["name"]) for row in plan.practitioners.values()],
    )
