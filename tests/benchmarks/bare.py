"""The limit of what a page can reach here: granian as `portal/operations/serve.py` starts it, and two bare routes.

One is empty, in an empty application. The other renders the page of the list as the portal's own server does, with its
template, its headers and its log, from facts that were at hand before anybody asked: no person is looked up, no
database is read, nothing is put into words.
"""

import multiprocessing
import sys
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from granian.constants import Interfaces
from granian.server import Server
from litestar import Litestar, get
from litestar.datastructures import State
from litestar.response import Template
from litestar.template import TemplateConfig
from litestar.types import ASGIApp

from portal.client.facts import appointment_facts, entries
from portal.languages.formats import Formats
from portal.languages.words import words_in
from portal.logs import logged, start_logs
from portal.people.connections import SignedIn
from portal.settings import Settings
from portal.web.guard import add_headers, check_request
from portal.web.templates import template_engine
from portal.web.viewer import Viewer, keep_language
from tests.benchmarks.client import COMING, PAST, PRACTICES
from tests.benchmarks.installation import PROCESSES

ANSWER = b'{"day":"2026-12-01","times":[]}'
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
ZONE = ZoneInfo("America/Toronto")
SETTINGS = Settings(secret_key="k" * 32)
FORMATS = Formats(Locale("en"), ZONE)


def list_at_hand() -> dict[str, Any]:
    """What `show_appointments` gives its template for the person of `tests.benchmarks.client`."""
    coming = [_row(n) for n in range(1, COMING + 1)]
    practices = sorted({(row["practice_slug"], row["practice_name"], row["accent"]) for row in coming})
    return _viewer().context() | {
        "next": appointment_facts(coming[0] | _REST),
        "upcoming": entries(coming[1:], FORMATS, NOON),
        "past": entries([_row(-n) for n in range(PAST)], FORMATS, NOON),
        "practices": [{"slug": slug, "name": name, "accent": accent} for slug, name, accent in practices],
        "chosen_practice": "",
    }


def _row(n: int) -> dict[str, Any]:
    number = 901 + n % PRACTICES
    starts_at = NOON + timedelta(days=n, hours=7)
    return {
        "ref": f"many-{abs(n):02}",
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=30),
        "moved_at": None,
        "cancelled_at": None,
        "no_show_at": None,
        "practice_slug": f"practice-{number}",
        "practice_name": f"Practice {number}",
        "zone": ZONE,
        "accent": "#0f5c6e",
        "service_name": "Visit",
        "practitioner_name": f"Practitioner {number}",
        "for_name": "",
        "pending": False,
    }


_REST = {
    "place_name": "House 902",
    "street": "902 Quay Street",
    "postcode": "M5J 2N8",
    "city": "Toronto",
    "directions": "",
    "can_cancel_until": NOON,
    "can_move_until": NOON,
}


def _viewer() -> Viewer:
    person = SignedIn(1, 1, "Visitor", "0", None, "language", "language", None, "", "visitor-0@example.org", [], 1, 0)
    words = words_in("en")
    return Viewer(person, None, FORMATS.locale, FORMATS, words, "0" * 43, "/appointments", {}, NOON, "127.0.0.1", "")


@get(["/", "/health/live"], media_type="application/json")
async def bare_route() -> bytes:
    return ANSWER


@get("/sized", media_type="application/json")
async def sized_route(bytes: int) -> bytes:  # noqa: A002 - the word in its address
    """As many as another answer has, at hand."""
    return b"0" * bytes


def pages() -> ASGIApp:
    bare = Litestar([bare_route, sized_route], openapi_config=None, logging_config=None)
    rendering = logged(_rendering())
    start_logs(SETTINGS)

    async def either(scope: Any, receive: Any, send: Any) -> None:
        await (rendering if scope.get("path") == "/list" else bare)(scope, receive, send)

    return either


def _rendering() -> Litestar:
    facts = list_at_hand()

    @get("/list")
    async def bare_list() -> Template:
        return Template("client/appointments.html", context=facts)

    return Litestar(
        [bare_list],
        state=State({"settings": SETTINGS}),
        before_request=check_request,
        before_send=[add_headers, keep_language],
        template_config=TemplateConfig(instance=template_engine()),
        openapi_config=None,
        logging_config=None,
    )


def main() -> None:
    multiprocessing.set_start_method("spawn")
    Server(
        "tests.benchmarks.bare:pages",
        factory=True,
        interface=Interfaces.ASGI,
        port=int(sys.argv[1]),
        workers=PROCESSES,
        websockets=False,
        log_enabled=False,
    ).serve()


if __name__ == "__main__":
    main()
