"""Who is looking, and how they like to read: found once a request, from the cookie, the address and the headers."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

from babel import Locale
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie, MutableScopeHeaders, State
from litestar.exceptions import NotAuthorizedException
from litestar.response import Template
from litestar.types import Message, Scope

from portal.clock import Clock
from portal.languages.formats import Formats, chosen_formats
from portal.languages.negotiation import negotiate
from portal.languages.templates import spoken
from portal.languages.words import Words, offered_languages, words_in
from portal.people.connections import LIFE, SignedIn, find_connection
from portal.people.recipients import Recipient
from portal.settings import Settings
from portal.web.assets import asset_url, icon
from portal.web.client_ip import client_ip, network_key
from portal.web.frame import Frame, frame_of, is_framed
from portal.web.guard import csrf_token
from portal.web.open_door import check_open
from portal.web.practice import practice_of
from tenants.practices.tenant import Tenant

LANGUAGE_COOKIE = "language"
A_YEAR = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Viewer:
    """`practice` is the one whose page this is, if any; its zone is the one in which `formats` speak.

    `network` tells where a request came from without naming it (`network_key`). In a `frame` of another site everybody
    is a stranger.
    """

    person: SignedIn | None
    practice: Tenant | None
    locale: Locale
    formats: Formats
    words: Words
    csrf: str
    path: str
    query: dict[str, str]
    now: datetime
    ip: str
    network: str
    frame: Frame | None = None

    @property
    def door(self) -> str:
        """What the addresses of this practice's booking pages begin with."""
        assert self.practice is not None
        return self.frame.door(self.practice.slug) if self.frame else f"/p/{self.practice.slug}"

    @property
    def language(self) -> str:
        return str(self.locale).replace("_", "-")

    @property
    def today(self) -> date:
        return self.now.astimezone(self.formats.zone).date()

    def at(self, practice: Tenant) -> "Viewer":
        """The same reader, shown times of this practice."""
        return replace(self, practice=practice, formats=self.formats.at(practice.zone))

    def page(
        self, template: str, *, status_code: int = 200, cookies: list[Cookie] | None = None, **facts: Any
    ) -> Template:
        """A page in this reader's language. `facts` are what its template asks for in its head."""
        return Template(template, context=self.context() | facts, status_code=status_code, cookies=cookies or [])

    def context(self) -> dict[str, Any]:
        return {
            **spoken(self.words),
            "fmt": self.formats,
            "viewer": self,
            "csrf": self.csrf,
            "path": self.path,
            "query": self.query,
            "languages": _named_languages(),
            "now": self.now,
            "today": self.today,
            "asset_url": asset_url,
            "icon": icon,
        }


@cache
def _named_languages() -> list[tuple[str, str]]:
    return [(code, Locale(code).get_display_name() or code) for code in offered_languages()]


def connection_cookie(settings: Settings) -> str:
    """The __Host- prefix binds it to this host and to HTTPS (RFC 6265bis, 4.1.3)."""
    return "__Host-connection" if settings.https else "connection"


def browser_cookie(settings: Settings) -> str:
    return "__Host-browser" if settings.https else "browser"


def lasting_cookie(settings: Settings, name: str, value: str) -> Cookie:
    age = int(LIFE.total_seconds())
    return Cookie(name, value=value, max_age=age, secure=settings.https, httponly=True, samesite="lax")


async def provide_viewer(request: Request[Any, Any, State]) -> Viewer:
    """Raises NotFoundException when the address names a practice that does not exist, or is not open to who looks.

    SlugLeft when it has another address now, PracticeClosed when the platform has suspended it.
    """
    settings: Settings = request.app.state.settings
    clock: Clock = request.app.state.clock
    now = clock()
    frame = frame_of(request.scope["path"])
    token = None if frame else request.cookies.get(connection_cookie(settings))
    person = await find_connection(token, now) if token else None
    practice = await practice_of(request)
    if practice and frame and frame.accent:
        practice = replace(practice, accent=frame.accent)
    viewer = _viewer(request, settings, now, person, practice)
    if practice:
        request.scope["state"]["viewer"] = replace(viewer, practice=None)  # whoever is sent away sees nothing of it
        await check_open(practice, person, request.scope["path"])
    request.scope["state"]["viewer"] = viewer
    return viewer


def viewer_at_hand(request: ASGIConnection[Any, Any, Any, State]) -> Viewer:
    """For answers to errors: the viewer found before the error, or a stranger."""
    found = request.scope.get("state", {}).get("viewer")
    if isinstance(found, Viewer):
        return found
    state = request.app.state
    return _viewer(request, state.settings, state.clock(), None, None)


def as_reader(
    request: Request[Any, Any, State], viewer: Viewer, practice: Tenant, recipient: Recipient | None
) -> Viewer:
    """For a page that was mailed to `recipient`: in their language and displays where its viewer has said nothing else.

    Known from here on to answers to errors, too.
    """
    person = viewer.person
    locale = negotiate(
        url=request.query_params.get("lang"),
        person=person.language if person else None,
        cookie=request.cookies.get(LANGUAGE_COOKIE) or (recipient.language if recipient else None),
        accept_language=request.headers.get("accept-language"),
        practice_languages=practice.languages,
        zone=practice.zone.key,
    )
    likes = person or recipient
    formats = Formats(locale, practice.zone)
    if likes:
        formats = chosen_formats(locale, practice.zone, likes.date_display, likes.time_display)
    words = words_in(locale.language)
    reader = replace(viewer, practice=practice, locale=locale, formats=formats, words=words)
    request.scope["state"]["viewer"] = reader
    return reader


def signed_in(viewer: Viewer) -> SignedIn:
    """Raises NotAuthorizedException, which leads to the sign-in page and back."""
    if viewer.person is None:
        raise NotAuthorizedException
    return viewer.person


def _viewer(
    request: ASGIConnection[Any, Any, Any, State],
    settings: Settings,
    now: datetime,
    person: SignedIn | None,
    practice: Tenant | None,
) -> Viewer:
    frame = frame_of(request.scope["path"])
    cookies = {} if frame else request.cookies
    zone = practice.zone if practice else ZoneInfo(person.zone) if person and person.zone else ZoneInfo("UTC")
    locale = negotiate(
        url=(frame.language if frame else "") or request.query_params.get("lang"),
        person=person.language if person else None,
        cookie=cookies.get(LANGUAGE_COOKIE),
        accept_language=request.headers.get("accept-language"),
        practice_languages=practice.languages if practice else (settings.default_language,),
        zone=zone.key if practice else person.zone if person else None,
    )
    cookie = connection_cookie(settings) if person else browser_cookie(settings)
    return Viewer(
        person=person,
        practice=practice,
        locale=locale,
        formats=_formats(locale, zone, person),
        words=words_in(locale.language),
        csrf=csrf_token(settings.secret_key, cookies.get(cookie, "")),
        path=request.scope["path"],
        query={name: value for name, value in request.query_params.items() if name != "lang"},
        now=now,
        ip=(ip := client_ip(request, settings.trusted_proxies)),
        network=network_key(settings.secret_key, ip),
        frame=frame,
    )


def _formats(locale: Locale, zone: ZoneInfo, person: SignedIn | None) -> Formats:
    return Formats(locale, zone, person.date_display, person.time_display) if person else Formats(locale, zone)


async def keep_language(message: Message, scope: Scope) -> None:
    """`?lang=fr` is remembered by the browser that asked for it."""
    if message["type"] != "http.response.start" or b"lang=" not in scope["query_string"] or is_framed(scope["path"]):
        return
    wanted = parse_qs(scope["query_string"].decode("latin-1")).get("lang", [""])[0]
    if wanted in offered_languages():
        settings: Settings = scope["litestar_app"].state.settings
        cookie = Cookie(LANGUAGE_COOKIE, value=wanted, max_age=A_YEAR, secure=settings.https, samesite="lax")
        MutableScopeHeaders.from_message(message).add("set-cookie", cookie.to_header(header=""))
