"""What clients may do by themselves, and until when: each rule a sentence that an admin edits."""

from datetime import timedelta
from typing import Any

from litestar import get, post
from litestar.response import Redirect, Template

from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.booking.change_policy import change_policy
from tenants.booking.policy import Policy, find_policy
from tenants.refs import fingerprint
from tenants.refusals import ChangedMeanwhile
from tenants.team.permissions import Permission

CONFLICT, UNPROCESSABLE = 409, 422
UNITS = {"days": timedelta(days=1), "hours": timedelta(hours=1), "minutes": timedelta(minutes=1)}
# The table's bounds.
LENGTHS = {
    "minimum_notice": (timedelta(), timedelta(days=90)),
    "cancel_notice": (timedelta(), timedelta(days=90)),
    "move_notice": (timedelta(), timedelta(days=90)),
    "mercy": (timedelta(), timedelta(days=1)),
    "request_lasts": (timedelta(hours=1), timedelta(days=14)),
    "offer_lasts": (timedelta(minutes=15), timedelta(hours=24)),
}
LONGEST_HORIZON = 730
MOST_A_DAY = 50
MOST_TO_COME = 500
OFFERED_TO = {"one", "all"}


@get("/desk/{slug:str}/policy", needs=Permission.SETTINGS)
async def show_policy(request: AnyRequest, desk: TheDesk) -> Template:
    async with desk.lens():
        policy = await find_policy(desk.practice)
    saved = "saved" in request.query_params
    return _page(desk, Form(desk.viewer.words, _typed(policy)), saved=saved)


@post("/desk/{slug:str}/policy", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def change(request: AnyRequest, desk: TheDesk) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    policy = _read(form)
    if policy is None:
        return _page(desk, form, status=UNPROCESSABLE)
    try:
        async with desk.lens():
            await change_policy(desk.practice, policy, form.get("seen", ""))
    except ChangedMeanwhile as refusal:
        form.refuse("", phrase(refusal, desk.viewer.formats))
        async with desk.lens():
            form["seen"] = fingerprint(await find_policy(desk.practice))
        return _page(desk, form, status=CONFLICT)
    return Redirect(f"{desk.path}/policy?saved=yes", status_code=303)


def _page(desk: Desk, form: Form, *, status: int = 200, saved: bool = False) -> Template:
    return desk.page("desk/policy.html", status_code=status, form=form, saved=saved)


def _typed(policy: Policy) -> list[tuple[str, Any]]:
    typed = [("horizon", str(policy.horizon.days)), ("offer_to", policy.offer_to)]
    typed += [(name, str(getattr(policy, name) or "")) for name in ("daily_limit", "open_limit")]
    for name in LENGTHS:
        length: timedelta = getattr(policy, name)
        unit = _unit(length)
        typed += [(name, str(length // UNITS[unit])), (f"{name}_unit", unit)]
    typed += [(name, "yes") for name in ("overbooking", "new_clients") if getattr(policy, name)]
    return [*typed, ("seen", fingerprint(policy))]


def _unit(length: timedelta) -> str:
    """The largest that says it whole; one day is said as 24 hours."""
    if length % UNITS["hours"]:
        return "minutes"
    return "days" if length >= 2 * UNITS["days"] and not length % UNITS["days"] else "hours"


def _read(form: Form) -> Policy | None:
    lengths = {name: _read_length(form, name, *bounds) for name, bounds in LENGTHS.items()}
    policy = Policy(
        **lengths,
        horizon=timedelta(days=form.whole("horizon", 1, LONGEST_HORIZON) or 1),
        daily_limit=form.whole("daily_limit", 1, MOST_A_DAY, required=False),
        open_limit=form.whole("open_limit", 1, MOST_TO_COME, required=False),
        overbooking=bool(form.get("overbooking")),
        new_clients=bool(form.get("new_clients")),
        offer_to=form.one_of("offer_to", OFFERED_TO),
    )
    return policy if form.ok else None


def _read_length(form: Form, name: str, least: timedelta, longest: timedelta) -> timedelta:
    unit = UNITS.get(form.one_of(f"{name}_unit", set(UNITS)), UNITS["hours"])
    return unit * (form.whole(name, -(-least // unit), longest // unit) or 0)
