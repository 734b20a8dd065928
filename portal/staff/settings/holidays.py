"""Public holidays: each a tick, and one button that closes the practice on those that are ticked."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from litestar import get, post
from litestar.response import Redirect, Template

from portal.staff.desk import Desk, TheDesk
from portal.staff.settings.public_holidays import countries, known_countries, provinces, public_holidays
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.appointments.affected import closures_to_come, standing_in
from tenants.availability.wall_clock import day_span, moment
from tenants.hours.close import Shut
from tenants.hours.holidays import Holiday, close_for_holidays, holidays_taken
from tenants.team.permissions import Permission

UNPROCESSABLE = 422
MOST_FIELDS = 400  # one for each day that a year of holidays could have


@dataclass(frozen=True, slots=True)
class Choice:
    """What the address asks for, as far as it exists: what does not is left to the practice's own country and year."""

    country: str
    province: str
    year: int

    @property
    def region(self) -> str:
        return f"{self.country}-{self.province}" if self.province else self.country


@get("/desk/{slug:str}/closures/holidays", needs=Permission.CHANGE_SETTINGS)
async def show_holidays(request: AnyRequest, desk: TheDesk) -> Template:
    async with desk.lens():
        taken = await holidays_taken(desk.practice)
    choice = _choice(dict(request.query_params), desk, taken)
    return await _page(desk, choice, Form(desk.viewer.words), taken)


@post("/desk/{slug:str}/closures/holidays", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def close(request: AnyRequest, desk: TheDesk) -> Redirect | Template:
    """Ticks of days that are none of these, or past by now, count for nothing."""
    form = await read_form(request, desk.viewer, MOST_FIELDS)
    async with desk.lens():
        taken = await holidays_taken(desk.practice)
    choice = _choice(form, desk, taken)
    ticked = set(form.many("day"))
    chosen = [each for each in _to_come(choice, desk) if str(each.day) in ticked]
    if not chosen:
        form.refuse("day", desk.viewer.words.gettext("Please choose at least one day."))
        return await _page(desk, choice, form, taken)
    async with desk.lens():
        await close_for_holidays(desk.practice, chosen)
    return Redirect(f"{desk.path}/closures?saved=yes", status_code=303)


def _choice(asked: dict[str, Any], desk: Desk, taken: dict[date, str]) -> Choice:
    """Without a province in the address, the one that days were taken from last."""
    this = desk.viewer.today.year
    own = desk.practice.country
    country = asked.get("country") or own
    country = country if country in known_countries() else own
    province = asked.get("province")
    if province is None:
        regions = [region.partition("-") for region in taken.values()]
        province = next((place for land, _, place in reversed(regions) if land == country), "")
    known = {code for code, _ in provinces(country)}
    year = this + 1 if asked.get("year") == str(this + 1) else this
    return Choice(country, province if province in known else "", year)


def _to_come(choice: Choice, desk: Desk) -> list[Holiday]:
    languages = (desk.viewer.locale.language, *desk.practice.languages)
    found = public_holidays(choice.country, choice.province, choice.year, languages)
    return [each for each in found if each.day >= desk.viewer.today]


async def _page(desk: Desk, choice: Choice, form: Form, taken: dict[date, str]) -> Template:
    practice, offered = desk.practice, _to_come(choice, desk)
    spans = [day_span(each.day, practice.zone) for each in offered]
    shuts = [Shut(None, None, moment(begins), moment(ends)) for begins, ends in spans]
    async with desk.lens():
        counts = [len(ids) for ids in await standing_in(practice, shuts, desk.viewer.now)]
        closures = await closures_to_come(practice, desk.viewer.now)
    rows = [
        {
            "day": each.day,
            "name": each.name,
            "taken": each.day in taken,
            "closed": any(_covers(row, shut) for row in closures),
            "appointments": count,
        }
        for each, shut, count in zip(offered, shuts, counts, strict=True)
    ]
    return desk.page(
        "desk/holidays.html",
        status_code=UNPROCESSABLE if form.errors else 200,
        form=form,
        choice=choice,
        known=choice.country in known_countries(),
        countries=countries(desk.viewer.locale),
        provinces=provinces(choice.country),
        years=[desk.viewer.today.year, desk.viewer.today.year + 1],
        rows=rows,
        left=[row for row in rows if not row["taken"]],
    )


def _covers(row: dict[str, Any], shut: Shut) -> bool:
    of_all = row["practitioner_id"] is None and row["place_id"] is None
    return of_all and row["starts_at"] <= shut.starts_at and shut.ends_at <= row["ends_at"]
