"""Signing up a practice: the address is proved as for any sign-in, then a few words found it."""

from urllib.parse import quote

from litestar import get, post
from litestar.response import Redirect, Template

from portal.client.sign_in import code_path, send_sign_in_code
from portal.database import Acting, desk_lens, people_transaction, person_lens
from portal.founding.guesses import (
    countries,
    country_near,
    country_of,
    currencies,
    currency_of,
    guessed_zone,
    languages,
    zone_choices,
)
from portal.languages.words import offered_languages
from portal.languages.zones import zones
from portal.people.connections import SignedIn
from portal.people.devices import LONGEST_AGENT
from portal.people.pace import EVERY_DAY, EVERY_HOUR, keep_pace
from portal.people.places import Places
from portal.people.refusals import CodeTooSoon
from portal.phrases import phrase
from portal.web.browser_facts import asking_for_hints
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest, ThePlaces, TheSettings, TheViewer
from portal.web.practice import find_practice
from portal.web.viewer import Viewer, signed_in
from tenants.across import own_memberships
from tenants.founding.first_steps import begin
from tenants.founding.found import Wish, found
from tenants.page.slug import check_slug
from tenants.refusals import SlugReserved, SlugTaken, SlugUnusable
from tenants.team.permissions import ADMIN

HERE = "/practices/new"
CONFLICT, UNPROCESSABLE = 409, 422
A_DAY, AN_HOUR_FROM_ONE_PLACE = 5, 10


@get(HERE)
async def show_beginning(viewer: TheViewer, places: ThePlaces) -> Template:
    if viewer.person is None:
        return asking_for_hints(viewer.page("founding/address.html", form=Form(viewer.words)))
    person = viewer.person
    typed = [
        ("practitioner", f"{person.first_name} {person.last_name}".strip()),
        ("zone", guessed_zone(viewer, places)),
        ("language", viewer.locale.language),
    ]
    return await _practice_page(viewer, places, Form(viewer.words, typed))


@post(f"{HERE}/address", status_code=303)
async def ask_for_code(request: AnyRequest, viewer: TheViewer, settings: TheSettings) -> Redirect | Template:
    form = await read_form(request, viewer)
    email = form.email("email")
    if form.ok:
        try:
            sent = await send_sign_in_code(viewer, settings, email)
        except CodeTooSoon as refusal:
            form.refuse("email", phrase(refusal, viewer.formats))
        else:
            return Redirect(code_path(sent.ref, HERE), status_code=303)
    return viewer.page("founding/address.html", status_code=UNPROCESSABLE, form=form)


@post(HERE, status_code=303)
async def found_it(request: AnyRequest, viewer: TheViewer, places: ThePlaces) -> Redirect | Template:
    person = signed_in(viewer)
    form = await read_form(request, viewer)
    wish, who, title = _read(form, viewer)
    if not form.ok:
        return await _practice_page(viewer, places, form, status=UNPROCESSABLE)
    await keep_pace("found from", viewer.ip, AN_HOUR_FROM_ONE_PLACE, EVERY_HOUR, viewer.now)
    await keep_pace("found by", str(person.person_id), A_DAY, EVERY_DAY, viewer.now)
    try:
        async with people_transaction():
            slug = await found(person.email, viewer.ip, wish, viewer.now)
    except SlugTaken as refusal:
        form.refuse("slug", phrase(refusal, viewer.formats))
        return await _practice_page(viewer, places, form, status=CONFLICT, free=refusal.free)
    request.app.state.signs.forget(slug)
    practice = await find_practice(request, slug)
    browser = request.headers.get("user-agent", "")[:LONGEST_AGENT]
    async with desk_lens(practice, Acting(person.email, viewer.ip, browser, viewer.now)):
        await begin(practice, person.email, who, title)
    return Redirect(f"/desk/{quote(slug)}/start", status_code=303)


async def _practice_page(
    viewer: Viewer, places: Places, form: Form, *, status: int = 200, free: tuple[str, ...] = ()
) -> Template:
    """`free` are addresses that nobody has, where the one that was wanted is taken."""
    near = country_near(viewer, places)
    return viewer.page(
        "founding/practice.html",
        status_code=status,
        form=form,
        free=free,
        zones=zone_choices(near, viewer.locale),
        countries=countries(viewer.locale),
        currencies=currencies(viewer.locale),
        tongues=languages(),
        begun=await _begun(signed_in(viewer)),
    )


async def _begun(person: SignedIn) -> list[dict[str, str]]:
    """Practices of theirs that are not open yet."""
    async with person_lens(person.person_id):
        rows = await own_memberships()
    own = [row for row in rows if row["role"] == ADMIN and row["email"] in person.emails]
    return [row for row in own if row["published_at"] is None and row["suspended_at"] is None]


def _read(form: Form, viewer: Viewer) -> tuple[Wish, str, str]:
    """What is left to us follows from what is typed: the country from the zone, the money from the country."""
    name, who = form.text("name", 120), form.text("practitioner", 120)
    title = form.text("title", 120, required=False)
    zone = form.one_of("zone", set(zones()))
    country = form.one_of("country", {code for code, _ in countries(viewer.locale)}, required=False)
    currency = form.one_of("currency", {code for code, _ in currencies(viewer.locale)}, required=False)
    language = form.one_of("language", set(offered_languages()))
    slug = form.text("slug", 200, required=False).lower()
    try:
        check_slug(slug or "left-empty")
    except (SlugUnusable, SlugReserved) as refusal:
        form.refuse("slug", phrase(refusal, viewer.formats))
    country = country or (country_of(zone) if zone else "")
    if zone and not country:
        form.refuse("country", viewer.words.gettext("Please choose the country."))
    currency = currency or currency_of(country)
    return Wish(slug, name, zone, language, currency, country), who, title
