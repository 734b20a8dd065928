"""What happens, as lines of text or of JSON, on standard error.

A request is told by its method, its route and its status. What people typed or own never enters a line: no bodies,
cookies, addresses or query strings, and the route's template instead of the path, since a path holds references.
"""

import json
import logging
import re
import secrets
import time
from contextvars import ContextVar
from datetime import UTC, datetime

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from portal.settings import Settings

log = logging.getLogger(__name__)
request_id: ContextVar[str] = ContextVar("request_id", default="-")

# A net below the rule: PostgreSQL adds the row to an error, libraries quote the address that they could not write to.
_DETAIL = re.compile(r"^(DETAIL|CONTEXT|WHERE):.*\n?", re.MULTILINE)
_ADDRESS = re.compile(r"[^\s@<>\"'=(]+@[^\s@<>\"'),;:]+")

_QUIET_LIBRARIES = {  # what they tell below this level, Carnet tells better or not at all
    "aiosmtplib": logging.WARNING,
    "asyncio": logging.WARNING,
    "asyncpg": logging.ERROR,
    "httpx": logging.WARNING,
    "twilio": logging.WARNING,
}


def start_logs(settings: Settings) -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if settings.log_format == "json" else TextLines())
    logging.basicConfig(handlers=[handler], level=settings.log_level.upper(), force=True)
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False  # no line names them
    for name, level in _QUIET_LIBRARIES.items():
        logging.getLogger(name).setLevel(level)


class TextLines(logging.Formatter):
    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(request)s %(message)s", "%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        record.request = request_id.get()
        line = super().format(record)
        return _without_people(line + "".join(f" {name}={value}" for name, value in _facts(record).items()))


class JsonLines(logging.Formatter):
    """One object a line; instants in UTC."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _without_people(record.getMessage()),
            "request": request_id.get(),
            **_facts(record),
        }
        if record.exc_info:
            entry["trace"] = _without_people(self.formatException(record.exc_info))
        return json.dumps(entry, ensure_ascii=False, default=str)


def logged(app: ASGIApp) -> ASGIApp:
    """Wraps the whole application, so that a page that does not exist is told as well."""

    async def told(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500
        name = secrets.token_hex(6)
        token = request_id.set(name)

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", name.encode())]
            await send(message)

        try:
            await app(scope, receive, noting)
        finally:
            _tell(scope, status, time.perf_counter() - began)
            request_id.reset(token)

    return told


def _tell(scope: Scope, status: int, seconds: float) -> None:
    route = scope.get("path_template") or "(no such page)"
    level = logging.DEBUG if route.startswith("/health") else logging.INFO
    facts = {"method": scope.get("method"), "route": route, "status": status, "ms": round(seconds * 1000, 1)}
    log.log(level, "request", extra={"facts": facts})


def _facts(record: logging.LogRecord) -> dict[str, object]:
    """What a caller gave as `extra={"facts": {...}}`."""
    facts = getattr(record, "facts", {})
    assert isinstance(facts, dict)
    return facts


def _without_people(text: str) -> str:
    text = _DETAIL.sub("", text)
    return _ADDRESS.sub("(address)", text) if "@" in text else text
