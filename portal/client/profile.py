"""Names, and how one likes to read: language, dates, times. Nothing is kept before Save."""

from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from babel import Locale
from babel.core import get_global
from litestar import get, post
from litestar.response import Redirect, Template

from portal.languages.formats import DATE_DISPLAYS, TIME_DISPLAYS, Formats
from portal.languages.words import offered_languages
from portal.people.profile import FIELDS, Profile, find_profile, save_profile
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest, TheViewer
from portal.web.viewer import Viewer, signed_in

CONFLICT, UNPROCESSABLE = 409, 422
SEEN = "seen_"


@get("/profile")
async def show_profile(request: AnyRequest, viewer: TheViewer) -> Template:
    profile = await find_profile(signed_in(viewer).person_id)
    form = Form(viewer.words, [(name, getattr(profile, name)) for name in FIELDS])
    return _page(viewer, form, profile, saved=request.query_params.get("done") == "saved")


@post("/profile", status_code=303)
async def change_profile(request: AnyRequest, viewer: TheViewer) -> Redirect | Template:
    person = signed_in(viewer)
    form = await read_form(request, viewer)
    seen = Profile(**{name: str(form.get(SEEN + name, ""))[:200] for name in FIELDS})
    wanted = Profile(
        first_name=form.text("first_name", 100, required=False),
        last_name=form.text("last_name", 100, required=False),
        language=form.one_of("language", set(offered_languages()), required=False),
        date_display=form.one_of("date_display", set(DATE_DISPLAYS)),
        time_display=form.one_of("time_display", set(TIME_DISPLAYS)),
        zone=form.one_of("zone", set(zones()), required=False),
    )
    if not form.ok:
        return _page(viewer, form, seen, status=UNPROCESSABLE)
    changed = await save_profile(person.person_id, wanted, seen)
    if not changed:
        return Redirect("/profile?done=saved", status_code=303)
    stands = await find_profile(person.person_id)
    for name in sorted(changed, key=FIELDS.index):
        now = _said(viewer, name, getattr(stands, name))
        form.refuse(name, viewer.words.gettext("Saved meanwhile: %(value)s. Save again to replace it.", value=now))
    return _page(viewer, form, stands, status=CONFLICT)


@lru_cache(maxsize=1)
def zones() -> tuple[str, ...]:
    """Those in which people live, under the one name that CLDR prefers of each."""
    return tuple(sorted(set(get_global("zone_territories")) & available_timezones()))


def _page(viewer: Viewer, form: Form, seen: Profile, *, saved: bool = False, status: int = 200) -> Template:
    return viewer.page(
        "client/profile.html",
        status_code=status,
        form=form,
        seen={SEEN + name: getattr(seen, name) for name in FIELDS},
        options={name: _options(viewer, name) for name in ("language", "date_display", "time_display", "zone")},
        saved=saved,
    )


def _options(viewer: Viewer, name: str) -> list[tuple[str, str]]:
    _ = viewer.words.gettext
    now = viewer.now.astimezone(viewer.formats.zone)
    match name:
        case "language":
            return [("", _("As my browser has it")), *((code, _language(code)) for code in offered_languages())]
        case "date_display":
            return [(each, _date_example(viewer, each, now)) for each in DATE_DISPLAYS]
        case "time_display":
            return [(each, _time_example(viewer, each, now)) for each in TIME_DISPLAYS]
        case _:
            return [("", _("Each place’s own")), *((zone, zone.replace("_", " ")) for zone in zones())]


def _said(viewer: Viewer, name: str, value: str) -> str:
    """What stands, as its field shows it."""
    options: dict[str, str] = dict(_options(viewer, name)) if name not in {"first_name", "last_name"} else {}
    return options.get(value, value) or "–"


def _language(code: str) -> str:
    name = Locale(code).get_display_name() or code
    return name[:1].upper() + name[1:]


def _date_example(viewer: Viewer, display: Any, now: datetime) -> str:
    shown = Formats(viewer.locale, viewer.formats.zone, date_display=display).date(now)
    return _own(viewer, shown) if display == "language" else shown


def _time_example(viewer: Viewer, display: Any, now: datetime) -> str:
    half_past_two = now.replace(hour=14, minute=30)
    shown = Formats(viewer.locale, viewer.formats.zone, time_display=display).time(half_past_two)
    return _own(viewer, shown) if display == "language" else shown


def _own(viewer: Viewer, shown: str) -> str:
    return viewer.words.gettext("%(example)s (usual)", example=shown)
