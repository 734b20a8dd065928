"""How one likes to read: what can be chosen, each choice with an example, and all of them together in a sentence."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from litestar import get
from litestar.response import Template

from portal.languages.formats import DATE_DISPLAYS, TIME_DISPLAYS, Formats
from portal.languages.negotiation import negotiate
from portal.languages.words import offered_languages, words_in
from portal.languages.zones import zones
from portal.web.forms import Form
from portal.web.given import AnyRequest, TheViewer
from portal.web.viewer import Viewer, signed_in

READING = ("language", "date_display", "time_display", "zone")


@get("/profile/example")
async def show_example(request: AnyRequest, viewer: TheViewer) -> Template:
    """What the choices that are not saved yet would make of a sentence; what is no choice counts as none."""
    signed_in(viewer)
    form = Form(viewer.words, request.query_params.multi_items())
    form.one_of("language", set(offered_languages()), required=False)
    for name in form.errors:
        form[name] = ""
    return viewer.page("client/_example.html", example=example(request, viewer, form))


def example(request: AnyRequest, viewer: Viewer, form: Form) -> dict[str, str]:
    """The sentence, and the tag of its language."""
    locale = viewer.locale
    if form["language"]:
        locale = negotiate(person=form["language"], accept_language=request.headers.get("accept-language"))
    zone = ZoneInfo(form["zone"]) if form["zone"] in zones() else viewer.formats.zone
    date_display: Any = form["date_display"] if form["date_display"] in DATE_DISPLAYS else "language"
    time_display: Any = form["time_display"] if form["time_display"] in TIME_DISPLAYS else "language"
    moment = Formats(locale, zone, date_display, time_display).moment(_half_past_two(viewer, zone))
    said = words_in(locale.language).gettext("Your appointment is on %(moment)s.", moment=moment)
    return {"said": said, "language": str(locale).replace("_", "-")}


def options(viewer: Viewer, name: str) -> list[tuple[str, str]]:
    """Values and their words, for the field of that name."""
    _ = viewer.words.gettext
    match name:
        case "language":
            return [("", _("As my browser has it")), *((code, _language(code)) for code in offered_languages())]
        case "date_display":
            return [(each, _date_example(viewer, each)) for each in DATE_DISPLAYS]
        case "time_display":
            return [(each, _time_example(viewer, each)) for each in TIME_DISPLAYS]
        case _:
            return [("", _("Each place’s own")), *((zone, zone.replace("_", " ")) for zone in zones())]


def _language(code: str) -> str:
    name = Locale(code).get_display_name() or code
    return name[:1].upper() + name[1:]


def _date_example(viewer: Viewer, display: Any) -> str:
    shown = Formats(viewer.locale, viewer.formats.zone, date_display=display).date(viewer.now)
    return _own(viewer, shown) if display == "language" else shown


def _time_example(viewer: Viewer, display: Any) -> str:
    zone = viewer.formats.zone
    shown = Formats(viewer.locale, zone, time_display=display).time(_half_past_two(viewer, zone))
    return _own(viewer, shown) if display == "language" else shown


def _half_past_two(viewer: Viewer, zone: ZoneInfo) -> datetime:
    """An hour that tells the displays apart."""
    return viewer.now.astimezone(zone).replace(hour=14, minute=30)


def _own(viewer: Viewer, shown: str) -> str:
    return viewer.words.gettext("%(example)s (usual)", example=shown)
