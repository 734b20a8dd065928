"""How clients reach the practice, and the country and money that it reckons in."""

from dataclasses import asdict
from functools import lru_cache
from urllib.parse import urlsplit

from babel import Locale
from babel.numbers import get_territory_currencies
from litestar import get, post
from litestar.response import Redirect, Template

from portal.languages.phones import say_phone
from portal.phrases import phrase
from portal.staff.desk import Desk, TheDesk
from portal.staff.page.standing import page_of, saved, was_saved
from portal.web.forms import Form, read_form
from portal.web.given import AnyRequest
from tenants.page.change import Contact, change_contact, find_contact
from tenants.refs import fingerprint
from tenants.refusals import ChangedMeanwhile
from tenants.team.permissions import Permission

CONFLICT, UNPROCESSABLE = 409, 422
LONGEST_CITY, LONGEST_WEBSITE = 120, 300
_A_COUNTRY = 2  # letters


@get("/desk/{slug:str}/page/contact", needs=Permission.CHANGE_SETTINGS)
async def show_contact(request: AnyRequest, desk: TheDesk) -> Template:
    async with desk.lens():
        contact = await find_contact(desk.practice)
    shown = asdict(contact) | {"phone": say_phone(contact.phone, contact.country), "seen": fingerprint(contact)}
    return await _page(desk, Form(desk.viewer.words, shown.items()), saved=was_saved(request))


@post("/desk/{slug:str}/page/contact", status_code=303, needs=Permission.CHANGE_SETTINGS)
async def change(request: AnyRequest, desk: TheDesk) -> Redirect | Template:
    form = await read_form(request, desk.viewer)
    contact = _read(form, str(desk.viewer.locale))
    if not form.ok:
        return await _page(desk, form, status=UNPROCESSABLE)
    try:
        async with desk.lens():
            await change_contact(desk.practice, contact, form.get("seen", ""))
    except ChangedMeanwhile as refusal:
        form.refuse("", phrase(refusal, desk.viewer.formats))
        async with desk.lens():
            form["seen"] = fingerprint(await find_contact(desk.practice))
        return await _page(desk, form, status=CONFLICT)
    return saved(request, desk, "contact")


def _read(form: Form, locale: str) -> Contact:
    country = form.one_of("country", {code for code, _ in countries(locale)})
    return Contact(
        city=form.text("city", LONGEST_CITY, required=False),
        email=form.email("email", required=False),
        phone=form.phone("phone", filter(None, (country,))),
        website=read_website(form, "website"),
        country=country,
        currency=form.one_of("currency", {code for code, _ in currencies(locale)}),
    )


def read_website(form: Form, name: str) -> str:
    """With https:// before it where nothing else stood; never an address that runs something."""
    typed = form.text(name, LONGEST_WEBSITE, required=False)
    if not typed:
        return ""
    address = typed if "://" in typed else f"https://{typed}"
    try:
        parts = urlsplit(address)
        known = parts.scheme in {"http", "https"} and "." in (parts.hostname or "") and not parts.username
    except ValueError:
        known = False
    if not known or any(sign.isspace() for sign in address):
        form.refuse(name, form.words.gettext("This is not a web address. It looks like www.example.org."))
        return ""
    return address


@lru_cache(maxsize=16)
def countries(locale: str) -> list[tuple[str, str]]:
    """By their names in the reader's language."""
    names = Locale.parse(locale).territories
    known = [(code, name) for code, name in names.items() if len(code) == _A_COUNTRY and code not in _NO_COUNTRIES]
    return sorted(known, key=lambda each: each[1].casefold())


@lru_cache(maxsize=16)
def currencies(locale: str) -> list[tuple[str, str]]:
    """Those that are paid with somewhere today."""
    reader = Locale.parse(locale)
    in_use = {each for code, _ in countries(locale) for each in get_territory_currencies(code)}
    return [(code, f"{code} · {reader.currencies.get(code, code)}") for code in sorted(in_use)]


_NO_COUNTRIES = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}


async def _page(desk: Desk, form: Form, *, status: int = 200, saved: bool = False) -> Template:
    locale = str(desk.viewer.locale)
    return await page_of(
        desk,
        "contact",
        status=status,
        form=form,
        saved=saved,
        countries=countries(locale),
        currencies=currencies(locale),
        longest={"city": LONGEST_CITY, "website": LONGEST_WEBSITE},
    )
