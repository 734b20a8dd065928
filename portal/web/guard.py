"""What stands at the door before any page: forged requests stay out, and each answer carries its safety headers."""

import hmac
from urllib.parse import urlsplit

from litestar.connection import ASGIConnection
from litestar.datastructures import MutableScopeHeaders
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.handlers.base import BaseRouteHandler
from litestar.types import Message, Scope

from portal.settings import Settings

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
STRICT_TRANSPORT = "max-age=31536000"


def same_origin(connection: ASGIConnection, _: BaseRouteHandler) -> None:  # type: ignore[type-arg]
    """Refuses a change that another site's page sends. Browsers tell by Sec-Fetch-Site, older ones by Origin.

    Beside it every form carries a token (`csrf_token`), read where forms are read.
    """
    if connection.scope.get("method") in SAFE_METHODS:
        return
    site = connection.headers.get("sec-fetch-site")
    origin = connection.headers.get("origin")
    if site is not None and site not in {"same-origin", "none"}:
        raise PermissionDeniedException
    ours = {connection.headers.get("host"), urlsplit(connection.app.state.settings.public_url).netloc}
    if origin is not None and urlsplit(origin).netloc not in ours:
        raise PermissionDeniedException


def plain_path(connection: ASGIConnection, _: BaseRouteHandler) -> None:  # type: ignore[type-arg]
    """No address of ours holds a control sign, and PostgreSQL takes no NUL."""
    if any(sign < " " for sign in connection.scope["path"]):
        raise NotFoundException


def csrf_token(secret_key: str, cookie: str) -> str:
    """Bound to the cookie of this very connection, or to the anonymous browser's; changes with each sign-in."""
    return hmac.new(secret_key.encode(), f"csrf\n{cookie}".encode(), "sha256").hexdigest()[:40]


async def add_headers(message: Message, scope: Scope) -> None:
    """What a handler has set itself stands."""
    if message["type"] != "http.response.start":
        return
    settings: Settings = scope["litestar_app"].state.settings
    headers = MutableScopeHeaders.from_message(message)
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    if settings.https:
        headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
