"""One reminder rule's form: a sentence to fill in, whom it is for, and what becomes of late bookings."""

from datetime import timedelta
from typing import Any

from litestar import get, post
from litestar.params import FromPath
from litestar.response import Redirect, Template

from portal.database import practice_lens
from portal.languages.words import Words
from portal.phrases import phrase
from portal.staff.desk import Desk, TheAdminDesk, TheDesk
from portal.staff.reminders.sentences import UNITS, say_length, unit_of
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.booking.plan import Plan, current_plan
from tenants.notifications.policy import find_message_policy
from tenants.notifications.reminder import Rule
from tenants.notifications.rules import (
    CHANNELS,
    CONDITIONS,
    LONGEST,
    SHORTEST,
    SHORTEST_LEFT,
    RuleDraft,
    add_rule,
    change_rule,
    find_rule,
    refs_of_off,
    rule_fingerprint,
)
from tenants.refusals import ChangedMeanwhile, NotFound, TooManyRules

CONFLICT, UNPROCESSABLE = 409, 422
USUAL = tuple(timedelta(hours=hours) for hours in (2, 4, 8, 24, 48, 72, 7 * 24))
MOST_FIELDS = 1000  # a box for each service and each practitioner
_MOST_SIGNS = 20_000

Off = dict[str, set[str]]
"""Refs of what a rule is off for, under services and practitioners."""


@get("/desk/{slug:str}/reminders/new")
async def ask_for_rule(admin_desk: TheAdminDesk) -> Template:
    async with practice_lens(admin_desk.practice):
        plan = await current_plan(admin_desk.practice)
    usual = [("channel", "email"), ("ahead", "24"), ("ahead_unit", "hours"), ("condition", "always")]
    late = [("late", "skip"), ("left", "4"), ("left_unit", "hours")]
    return await _form_page(admin_desk, Form(admin_desk.viewer.words, [*usual, *late, *_boxes(plan, {})]))


@post("/desk/{slug:str}/reminders/new", status_code=303)
async def add(request: AnyRequest, admin_desk: TheAdminDesk) -> Redirect | Template:
    form = await read_form(request, admin_desk.viewer, MOST_FIELDS)
    draft = _read(form, admin_desk.viewer.words, {})
    if draft is None:
        return await _form_page(admin_desk, form)
    try:
        async with practice_lens(admin_desk.practice):
            ref = await add_rule(admin_desk.practice, draft, admin_desk.viewer.now)
    except TooManyRules as refusal:
        form.refuse("", phrase(refusal, admin_desk.viewer.formats))
        return await _form_page(admin_desk, form)
    return Redirect(f"{admin_desk.path}/reminders?saved={ref}&anew=yes", status_code=303)


@get("/desk/{slug:str}/reminders/{ref:str}")
async def show_rule(desk: TheDesk, ref: FromPath[str]) -> Template:
    async with practice_lens(desk.practice):
        rule = await find_rule(desk.practice, ref)
        off = await refs_of_off(desk.practice, rule)
        plan = await current_plan(desk.practice)
    return await _form_page(desk, Form(desk.viewer.words, [*_typed(rule), *_boxes(plan, off)]), ref)


@post("/desk/{slug:str}/reminders/{ref:str}", status_code=303)
async def change(request: AnyRequest, admin_desk: TheAdminDesk, ref: FromPath[str]) -> Redirect | Template:
    form, practice = await read_form(request, admin_desk.viewer, MOST_FIELDS), admin_desk.practice
    async with practice_lens(practice):
        before = await find_rule(practice, ref)
        off = await refs_of_off(practice, before)
    draft = _read(form, admin_desk.viewer.words, off)
    if draft is None:
        return await _form_page(admin_desk, form, ref)
    try:
        async with practice_lens(practice):
            await change_rule(practice, ref, draft, form.get("seen", ""), admin_desk.viewer.now)
    except ChangedMeanwhile as refusal:
        form.refuse("", phrase(refusal, admin_desk.viewer.formats))
        form["seen"] = rule_fingerprint(before)
        return await _form_page(admin_desk, form, ref, status=CONFLICT)
    anew = "" if draft.ahead == before.ahead else "&anew=yes"
    return Redirect(f"{admin_desk.path}/reminders?saved={ref}{anew}", status_code=303)


async def _form_page(desk: Desk, form: Form, ref: str | None = None, *, status: int = UNPROCESSABLE) -> Template:
    async with practice_lens(desk.practice):
        plan, policy = await current_plan(desk.practice), await find_message_policy(desk.practice)
    return desk.page(
        "desk/reminders/rule.html",
        status_code=status if form.errors else 200,
        form=form,
        ref=ref,
        sms_on=policy.sms_on,
        usual=[(each // UNITS["hours"], say_length(each, desk.viewer.formats)) for each in USUAL],
        services=[(row["ref"], row["name"]) for row in _services(plan)],
        practitioners=[(row["ref"], row["name"]) for row in plan.practitioners.values()],
    )


def _services(plan: Plan) -> list[dict[str, Any]]:
    return [service.row for service in plan.services.values()]


def _boxes(plan: Plan, off: Off) -> list[tuple[str, Any]]:
    """`shown` tells a box that was not ticked from one that was not there yet."""
    services = [row["ref"] for row in _services(plan)]
    practitioners = [row["ref"] for row in plan.practitioners.values()]
    return [
        ("shown_services", " ".join(services)),
        ("shown_practitioners", " ".join(practitioners)),
        *(("services", ref) for ref in services if ref not in off.get("services", ())),
        *(("practitioners", ref) for ref in practitioners if ref not in off.get("practitioners", ())),
    ]


def _typed(rule: Rule) -> list[tuple[str, Any]]:
    left = rule.late_left or timedelta(hours=4)
    lengths = [("ahead", rule.ahead), ("left", left)]
    return [
        ("channel", rule.channel),
        ("condition", rule.condition),
        ("late", "skip" if rule.late_left is None else "send"),
        *((name, str(length // UNITS[unit_of(length)])) for name, length in lengths),
        *((f"{name}_unit", unit_of(length)) for name, length in lengths),
        ("seen", rule_fingerprint(rule)),
    ]


def _read(form: Form, words: Words, off: Off) -> RuleDraft | None:
    channel = form.one_of("channel", set(CHANNELS))
    condition = form.one_of("condition", set(CONDITIONS))
    ahead = _read_length(form, "ahead", SHORTEST)
    if channel == "email" and condition in {"no_email", "unconfirmed_or_no_email"}:
        said = words.gettext("Without an address there is no e-mail. Choose an SMS, or another condition.")
        form.refuse("condition", said)
    left = _read_late(form, words, ahead)
    services, practitioners = (_read_off(form, name, off.get(name, set())) for name in ("services", "practitioners"))
    if not form.ok:
        return None
    return RuleDraft(channel, ahead, _condition(condition), left, services, practitioners)


def _condition(typed: str) -> Any:
    return next(known for known in CONDITIONS if known == typed)


def _read_length(form: Form, name: str, shortest: timedelta) -> timedelta:
    unit = UNITS.get(form.one_of(f"{name}_unit", set(UNITS)), UNITS["hours"])
    return unit * (form.whole(name, max(1, -(-shortest // unit)), LONGEST // unit) or 0)


def _read_late(form: Form, words: Words, ahead: timedelta) -> timedelta | None:
    """How much time must be left; None when nothing is sent late."""
    if form.one_of("late", {"skip", "send"}) != "send":
        return None
    left = _read_length(form, "left", SHORTEST_LEFT)
    if left and ahead and left >= ahead:
        form.refuse("left", words.gettext("This must be less than the time before the start above."))
    return left


def _read_off(form: Form, name: str, off: set[str]) -> frozenset[str]:
    """Shown and not ticked, and what was off before without being shown. Raises NotFound for a box of nobody here."""
    shown = set(form.text(f"shown_{name}", _MOST_SIGNS, required=False).split())
    ticked = set(form.many(name))
    if ticked - shown:
        raise NotFound(name)
    return frozenset((off - shown) | (shown - ticked))
