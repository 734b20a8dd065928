"""How long the practice keeps records, and whether they are erased by themselves then."""

from typing import Any

from litestar import get, post
from litestar.response import Redirect, Template

from portal.languages.words import Words
from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.refs import fingerprint
from tenants.refusals import ChangedMeanwhile
from tenants.retention.announce import WARNED_AHEAD
from tenants.retention.rule import MOST_MONTHS, Retention, change_retention, find_retention
from tenants.team.permissions import Permission

CONFLICT, UNPROCESSABLE = 409, 422
MONTHS = {"years": 12, "months": 1}


@get("/desk/{slug:str}/retention", needs=Permission.SETTINGS)
async def show_retention(request: AnyRequest, desk: TheDesk) -> Template:
    async with desk.lens():
        rule = await find_retention(desk.practice)
    return _page(desk, Form(desk.viewer.words, _typed(rule)), saved="saved" in request.query_params)


@post("/desk/{slug:str}/retention", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def change(request: AnyRequest, desk: TheDesk) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    rule = _read(form, desk.viewer.words)
    if rule is None:
        return _page(desk, form, status=UNPROCESSABLE)
    try:
        async with desk.lens():
            await change_retention(desk.practice, rule, form.get("seen", ""), desk.viewer.now)
    except ChangedMeanwhile as refusal:
        form.refuse("", phrase(refusal, desk.viewer.formats))
        async with desk.lens():
            form["seen"] = fingerprint(await find_retention(desk.practice))
        return _page(desk, form, status=CONFLICT)
    return Redirect(f"{desk.path}/retention?saved=yes", status_code=303)


def _page(desk: Desk, form: Form, *, status: int = 200, saved: bool = False) -> Template:
    return desk.page(
        "desk/retention.html",
        status_code=status,
        form=form,
        saved=saved,
        most=MOST_MONTHS,
        warned_ahead=WARNED_AHEAD.days,
    )


def _typed(rule: Retention) -> list[tuple[str, Any]]:
    months = rule.keep_months
    unit = "months" if months and months % MONTHS["years"] else "years"
    keep = str(months // MONTHS[unit]) if months else ""
    typed = [("keep", keep), ("unit", unit), ("seen", fingerprint(rule))]
    return [*typed, ("erases", "yes")] if rule.erases else typed


def _read(form: Form, words: Words) -> Retention | None:
    unit = MONTHS.get(form.one_of("unit", set(MONTHS)), 1)
    keep = form.whole("keep", 1, MOST_MONTHS // unit, required=False)
    erases = bool(form.get("erases"))
    if erases and keep is None and "keep" not in form.errors:
        form.refuse("keep", words.gettext("Please say how long; without it nothing is erased by itself."))
    return Retention(keep * unit if keep else None, erases) if form.ok else None
