"""When nothing leaves, what SMS may cost and say, and which notices clients get: sentences that an admin edits."""

from datetime import timedelta
from typing import Any

from litestar import get, post
from litestar.response import Redirect, Template

from portal.languages.words import Words
from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest, TheSettings
from tenants.refusals import ChangedMeanwhile
from tenants.team.permissions import Permission
from tenants.writing.policy import (
    LARGEST_BUDGET,
    NOTICES,
    MessageRules,
    change_message_policy,
    find_message_policy,
    policy_fingerprint,
)
from tenants.writing.quiet import LONGEST, Quiet
from tenants.writing.spend import LOW, month_of, read_spend

CONFLICT, UNPROCESSABLE = 409, 422
_A_DAY = 1440
_SWITCHES = ("sms_on", "sms_folds", "sms_names_service")


@get("/desk/{slug:str}/reminders/sending", needs=Permission.SETTINGS)
async def show_sending(request: AnyRequest, desk: TheDesk, settings: TheSettings) -> Template:
    async with desk.lens():
        rules = await find_message_policy(desk.practice)
    form = Form(desk.viewer.words, _typed(rules))
    return await _page(desk, form, settings, saved="saved" in request.query_params)


@post("/desk/{slug:str}/reminders/sending", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def change(request: AnyRequest, desk: TheDesk, settings: TheSettings) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    rules = _read(form, desk.viewer.words)
    if rules is None:
        return await _page(desk, form, settings, status=UNPROCESSABLE)
    try:
        async with desk.lens():
            await change_message_policy(desk.practice, rules, form.get("seen", ""))
    except ChangedMeanwhile as refusal:
        form.refuse("", phrase(refusal, desk.viewer.formats))
        async with desk.lens():
            form["seen"] = policy_fingerprint(await find_message_policy(desk.practice))
        return await _page(desk, form, settings, status=CONFLICT)
    return Redirect(f"{desk.path}/reminders/sending?saved=yes", status_code=303)


async def _page(desk: Desk, form: Form, settings: TheSettings, *, status: int = 200, saved: bool = False) -> Template:
    async with desk.lens():
        budget = (await find_message_policy(desk.practice)).sms_budget
        month = month_of(desk.viewer.now, desk.practice)
        spent = (await read_spend({desk.practice.id})).get((desk.practice.id, month), 0)
    return desk.page(
        "desk/reminders/sending.html",
        status_code=status,
        form=form,
        saved=saved,
        month=month,
        next_month=(month + timedelta(days=32)).replace(day=1),
        spent=spent,
        budget=budget,
        share=min(100, round(100 * spent / budget)) if budget else 100,
        low=spent >= LOW * budget,
        largest=LARGEST_BUDGET,
        no_provider=settings.twilio_account_sid is None and not settings.demo,
    )


def _typed(rules: MessageRules) -> list[tuple[str, Any]]:
    return [
        ("quiet_from", _clock(rules.quiet.since)),
        ("quiet_until", _clock(rules.quiet.until)),
        ("sms_budget", str(rules.sms_budget)),
        *((name, "yes") for name in _SWITCHES if getattr(rules, name)),
        *(("notices", kind) for kind in NOTICES if kind not in rules.notices_off),
        ("seen", policy_fingerprint(rules)),
    ]


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


def _read(form: Form, words: Words) -> MessageRules | None:
    since, until = ((form.wall_time(name) or 0) % _A_DAY for name in ("quiet_from", "quiet_until"))
    quiet = Quiet(since, until)
    if form.ok and quiet.minutes > LONGEST:
        form.refuse("quiet_until", words.gettext("Please leave at least four hours of the day for messages."))
    budget = form.whole("sms_budget", 0, LARGEST_BUDGET)
    switches = {name: form[name] == "yes" for name in _SWITCHES}
    off = frozenset(NOTICES) - frozenset(form.many("notices"))
    return MessageRules(quiet, sms_budget=budget or 0, notices_off=off, **switches) if form.ok else None
