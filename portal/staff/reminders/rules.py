"""When clients are reminded: each rule a sentence. Everybody who works here reads them, admins change them."""

from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.staff.desk import Desk, TheDesk
from portal.staff.reminders.sentences import say_late, say_rule
from portal.staff.reminders.told import own_tell
from portal.web.forms import read_form, wall_words
from portal.web.given import AnyRequest, TheSettings
from tenants.booking.plan import Plan, current_plan
from tenants.practices.tenant import Tenant
from tenants.reminders.passed_over import count_passed_over
from tenants.reminders.reminder import Rule
from tenants.reminders.rules import MOST_RULES, end_rule, find_rules, resume_rule
from tenants.team.permissions import Permission
from tenants.writing.policy import MessageRules, find_message_policy
from tenants.writing.texts import find_texts


@get("/desk/{slug:str}/reminders", needs=Permission.SETTINGS)
async def list_rules(request: AnyRequest, desk: TheDesk, settings: TheSettings) -> Template:
    """`saved` names a rule just saved, with `anew` when its moment is another one; `ended` one to be put back."""
    asked = request.query_params
    practice = desk.practice
    async with desk.lens():
        rules, policy = await find_rules(practice), await find_message_policy(practice)
        plan, texts = await current_plan(practice), await find_texts(practice)
        saved = next((rule for rule in rules if rule.ref == asked.get("saved")), None)
        passed_over = await _passed_over(desk, saved, policy) if "anew" in asked else 0
    ended = asked.get("ended", "")
    return desk.page(
        "desk/reminders/rules.html",
        rules=[_facts(rule, plan, desk) for rule in rules],
        most=MOST_RULES,
        saved=saved,
        passed_over=passed_over,
        ended=ended if not any(rule.ref == ended for rule in rules) else "",
        policy=policy,
        quiet=(wall_words(policy.quiet.since), wall_words(policy.quiet.until)) if policy.quiet.minutes else None,
        own_texts=len({key[:2] for key in texts}),
        tell=next(iter(await own_tell(desk)), None),
        no_provider=settings.twilio_account_sid is None and not settings.demo,
    )


@post("/desk/{slug:str}/reminders/{ref:str}/end", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def end(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect:
    await read_form(request, desk.viewer)
    async with desk.lens():
        await end_rule(desk.practice, ref, desk.viewer.now)
    return Redirect(f"{desk.path}/reminders?ended={ref}", status_code=303)


@post("/desk/{slug:str}/reminders/{ref:str}/return", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def resume(request: AnyRequest, desk: TheDesk, ref: FromPath[str]) -> Redirect:
    await read_form(request, desk.viewer)
    async with desk.lens():
        await resume_rule(desk.practice, ref)
    return Redirect(f"{desk.path}/reminders?saved={ref}", status_code=303)


async def _passed_over(desk: Desk, rule: Rule | None, policy: MessageRules) -> int:
    practice: Tenant = desk.practice
    return await count_passed_over(practice, rule, policy.quiet, desk.viewer.now) if rule else 0


def _facts(rule: Rule, plan: Plan, desk: Desk) -> dict[str, Any]:
    """`not_for` are the names of what it is off for."""
    services = [each.row for each in plan.services.values() if each.row["id"] in rule.off_services]
    practitioners = [row for row in plan.practitioners.values() if row["id"] in rule.off_practitioners]
    return {
        "ref": rule.ref,
        "channel": rule.channel,
        "sentence": say_rule(rule, desk.viewer.formats),
        "late": say_late(rule, desk.viewer.formats),
        "not_for": [row["name"] for row in (*services, *practitioners)],
    }
