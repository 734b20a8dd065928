"""Names, phones, how one likes to read, and what practices see of it. Nothing is kept before Save."""

from typing import Any

from litestar import get, post
from litestar.response import Redirect, Template

from portal.client.reading import READING, example, options
from portal.client.sharing import Sharing, find_sharing
from portal.languages.formats import DATE_DISPLAYS, TIME_DISPLAYS
from portal.languages.phones import say_phone
from portal.languages.words import offered_languages
from portal.languages.zones import zones
from portal.people.offers import offer_details
from portal.people.photos import own_photos
from portal.people.profile import FIELDS, Kept, Profile, find_profile, save_profile
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest, TheViewer
from portal.web.viewer import Viewer, signed_in

CONFLICT, UNPROCESSABLE = 409, 422
SEEN = "seen_"
PHONES = ("mobile_phone", "home_phone")


@get("/profile")
async def show_profile(request: AnyRequest, viewer: TheViewer) -> Template:
    person_id = signed_in(viewer).person_id
    kept, sharing = await find_profile(person_id), await find_sharing(viewer)
    form = _form(viewer, kept.profile, sharing)
    return await _page(request, viewer, form, kept.profile, kept, sharing, done=request.query_params.get("done", ""))


@post("/profile", status_code=303)
async def change_profile(request: AnyRequest, viewer: TheViewer) -> Redirect | Template:
    person_id = signed_in(viewer).person_id
    form = await read_form(request, viewer)
    sharing = await find_sharing(viewer)
    seen = Profile(**{name: str(form.get(SEEN + name, ""))[:2000] for name in FIELDS})
    wanted = _wanted(form, sharing)
    if form.ok:
        changed = await save_profile(person_id, wanted, seen, viewer.now)
        if not changed:
            await offer_details(person_id, viewer.now)
            return Redirect("/profile?done=saved", status_code=303)
        kept = await find_profile(person_id)
        _tell_what_changed(viewer, form, changed, kept.profile, sharing)
        return await _page(request, viewer, form, kept.profile, kept, sharing, status=CONFLICT)
    return await _page(request, viewer, form, seen, await find_profile(person_id), sharing, status=UNPROCESSABLE)


def _form(viewer: Viewer, profile: Profile, sharing: Sharing) -> Form:
    typed = [(name, getattr(profile, name)) for name in FIELDS if name not in {*PHONES, "shown"}]
    typed += [(name, say_phone(getattr(profile, name), sharing.at_home)) for name in PHONES]
    return Form(viewer.words, [*typed, *(("shown", each) for each in sharing.ticked(profile.shown))])


def _wanted(form: Form, sharing: Sharing) -> Profile:
    return Profile(
        first_name=form.text("first_name", 100, required=False),
        last_name=form.text("last_name", 100, required=False),
        mobile_phone=form.phone("mobile_phone", sharing.countries),
        home_phone=form.phone("home_phone", sharing.countries),
        language=form.one_of("language", set(offered_languages()), required=False),
        date_display=form.one_of("date_display", set(DATE_DISPLAYS)),
        time_display=form.one_of("time_display", set(TIME_DISPLAYS)),
        zone=form.one_of("zone", set(zones()), required=False),
        shown=sharing.read(form),
    )


def _tell_what_changed(viewer: Viewer, form: Form, changed: set[str], stands: Profile, sharing: Sharing) -> None:
    for name in sorted(changed, key=FIELDS.index):
        value = getattr(stands, name)
        if name in READING:
            value = dict(options(viewer, name)).get(value, value)
        elif name in PHONES:
            value = say_phone(value, sharing.at_home)
        elif name == "shown":
            value = sharing.said(value, viewer.words)
        form.refuse(
            name,
            viewer.words.gettext("Saved meanwhile: %(value)s. Save again to replace it.", value=value or "–"),
        )


async def _page(
    request: AnyRequest,
    viewer: Viewer,
    form: Form,
    seen: Profile,
    kept: Kept,
    sharing: Sharing,
    *,
    done: str = "",
    status: int = 200,
) -> Template:
    """`seen` is what the form goes by; `kept` what stands."""
    facts: dict[str, Any] = {name: options(viewer, name) for name in READING}
    return viewer.page(
        "client/profile.html",
        status_code=status,
        form=form,
        seen={SEEN + name: getattr(seen, name) for name in FIELDS},
        options=facts,
        example=example(request, viewer, form),
        mobile=say_phone(kept.profile.mobile_phone, sharing.at_home),
        mobile_verified_at=kept.mobile_verified_at,
        practices=sharing.tenants,
        photo=(await own_photos(signed_in(viewer).person_id, viewer.now)).kept,
        done=done,
    )
