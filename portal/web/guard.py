"""What stands at the door before any page: forged requests stay out, and each answer carries its safety headers."""

import hmac
import re
from typing import Any
from urllib.parse import urlsplit

from litestar import Request
from litestar.datastructures import State
from litestar.exceptions import NotFoundException, PermissionDeniedException
from litestar.types import Message, Scope

from portal.web.frame import is_framed

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
SIGNED = "signed"
"""Marks a door, among its `opt`, whose callers are machines and sign what they say."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

# As ASGI sends them: this runs with every answer.
HEADERS = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
]
STRICT_HEADER = (b"strict-transport-security", b"max-age=31536000")

# A booking page may stand in a frame of whatever site the practice has; everybody is a stranger there (`frame.py`).
_IN_A_FRAME = {
    b"content-security-policy": POLICY.replace("frame-ancestors 'none'", "frame-ancestors *").encode(),
    b"cross-origin-resource-policy": b"cross-origin",
    b"x-robots-tag": b"noindex",
}
FRAME_HEADERS = [(name, value) for name, value in (dict(HEADERS) | _IN_A_FRAME).items() if name != b"x-frame-options"]

# The addresses of a message's page and of an offer's are the keys to them: they go to no other site and into no
# index.
LINKS = ("/m/", "/offers/")
LINK_HEADERS = [*(dict(HEADERS) | {b"referrer-policy": b"no-referrer", b"x-robots-tag": b"noindex"}).items()]
ONE_CLICK = re.compile(r"/m/[^/]+/reminders")


async def check_request(request: Request[Any, Any, State]) -> None:
    """Refuses a change that another site's page sends. Browsers tell by Sec-Fetch-Site, older ones by Origin.

    Beside it every form carries a token (`csrf_token`), read where forms are read. A control sign stands in no address
    of ours, and PostgreSQL takes no NUL. What is `SIGNED` proves itself better than by where it says it comes from, and
    a mail program that unsubscribes its reader is no browser and has no page.
    """
    if not request.scope["path"].isprintable():
        raise NotFoundException
    if request.method in SAFE_METHODS or request.route_handler.opt.get(SIGNED) or await is_one_click(request):
        return
    site = request.headers.get("sec-fetch-site")
    origin = request.headers.get("origin")
    if site is not None and site not in {"same-origin", "none"}:
        raise PermissionDeniedException
    if origin == "null" and request.scope["path"].startswith(LINKS):
        return  # what browsers send from a page without referrer (Fetch, "serializing a request origin")
    ours = {request.headers.get("host"), urlsplit(request.app.state.settings.public_url).netloc}
    if origin is not None and urlsplit(origin).netloc not in ours:
        raise PermissionDeniedException


async def is_one_click(request: Request[Any, Any, State]) -> bool:
    """Unsubscribing as RFC 8058, 3.2 has it: this one address, this one field. The link itself is the proof."""
    if request.method != "POST" or not ONE_CLICK.fullmatch(request.scope["path"]):
        return False
    if request.content_type[0] not in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        return False
    try:
        fields = list((await request.form()).multi_items())
    except (UnicodeDecodeError, LookupError):
        return False
    return fields == [("List-Unsubscribe", "One-Click")]


def csrf_token(secret_key: str, cookie: str) -> str:
    """Bound to the cookie of this very connection, or to the anonymous browser's; changes with each sign-in."""
    return hmac.new(secret_key.encode(), f"csrf\n{cookie}".encode(), "sha256").hexdigest()[:40]


async def add_headers(message: Message, scope: Scope) -> None:
    """What a handler has set itself stands."""
    if message["type"] != "http.response.start":
        return
    headers = list(message["headers"])
    present = {name.lower() for name, _ in headers}
    path = scope["path"]
    ours = LINK_HEADERS if path.startswith(LINKS) else FRAME_HEADERS if is_framed(path) else HEADERS
    if scope["litestar_app"].state.settings.https:
        ours = [*ours, STRICT_HEADER]
    headers.extend(header for header in ours if header[0] not in present)
    message["headers"] = headers
