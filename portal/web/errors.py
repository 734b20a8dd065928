"""What goes wrong, as a page that says so and shows a way on. Nothing of the inside is told."""

import logging
from typing import Any
from urllib.parse import quote

from litestar import Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException, NotAuthorizedException
from litestar.response import Redirect
from litestar.status_codes import (
    HTTP_308_PERMANENT_REDIRECT,
    HTTP_400_BAD_REQUEST,
    HTTP_403_FORBIDDEN,
    HTTP_404_NOT_FOUND,
    HTTP_409_CONFLICT,
    HTTP_422_UNPROCESSABLE_ENTITY,
    HTTP_429_TOO_MANY_REQUESTS,
    HTTP_500_INTERNAL_SERVER_ERROR,
    HTTP_503_SERVICE_UNAVAILABLE,
)

from portal.people.pace import TooOften
from portal.phrases import phrase
from portal.settings import Settings
from portal.web.practice import DeskClosed, PracticeClosed, SlugLeft
from portal.web.viewer import Viewer, viewer_at_hand
from tenants.refusals import NotFound, RecordMerged, Refusal, SlotTaken

log = logging.getLogger(__name__)

AnyRequest = Request[Any, Any, State]


def on_http_error(request: AnyRequest, error: HTTPException) -> Response[Any]:
    if isinstance(error, NotAuthorizedException):
        return _to_sign_in(request)
    answer = _answer(request, error.status_code)
    answer.headers.update(error.headers or {})
    return answer


def on_slug_left(request: AnyRequest, left: SlugLeft) -> Response[Any]:
    """The same page where the practice is now, forms with what was typed: 308 keeps method and body."""
    parts = request.scope["path"].split("/")
    parts[2] = left.slug
    query = request.scope["query_string"].decode("latin-1")
    there = quote("/".join(parts)) + (f"?{query}" if query else "")
    return Redirect(there, status_code=HTTP_308_PERMANENT_REDIRECT)


def on_refusal(request: AnyRequest, refusal: Refusal) -> Response[Any]:
    """A rule's "no" that no page has put beside a field: its words, with 409 for a lost race and 422 for the rest."""
    if isinstance(refusal, NotFound):
        return _answer(request, HTTP_404_NOT_FOUND)
    viewer = viewer_at_hand(request)
    if isinstance(refusal, RecordMerged):
        return _to_kept(request, viewer, refusal)
    status = HTTP_409_CONFLICT if isinstance(refusal, SlotTaken) else HTTP_422_UNPROCESSABLE_ENTITY
    return _answer(request, status, phrase(refusal, viewer.formats))


def on_closed_practice(request: AnyRequest, error: PracticeClosed) -> Response[Any]:
    """Not found, since it may come back; without anything of the practice but its name."""
    viewer = viewer_at_hand(request)
    if "application/json" in request.headers.get("accept", ""):
        return _answer(request, HTTP_404_NOT_FOUND)
    return viewer.page("client/closed.html", status_code=HTTP_404_NOT_FOUND, closed=error.practice)


def on_closed_desk(request: AnyRequest, error: DeskClosed) -> Response[Any]:
    settings: Settings = request.app.state.settings
    facts: dict[str, Any] = {
        "closed": error.practice,
        "why": error.why,
        "delete_at": error.delete_at,
        "ask": next(iter(settings.operators), ""),
    }
    return viewer_at_hand(request).page("desk/closed.html", status_code=HTTP_403_FORBIDDEN, **facts)


def on_too_often(request: AnyRequest, error: TooOften) -> Response[Any]:
    viewer = viewer_at_hand(request)
    answer = _answer(request, HTTP_429_TOO_MANY_REQUESTS)
    answer.headers["Retry-After"] = str(max(1, int((error.again_at - viewer.now).total_seconds())))
    return answer


def on_trouble(request: AnyRequest, error: Exception) -> Response[Any]:
    """The database is out of reach. That passes by itself."""
    log.warning("the database does not answer: %s", type(error).__name__)
    answer = _answer(request, HTTP_503_SERVICE_UNAVAILABLE)
    answer.headers["Retry-After"] = "5"
    return answer


def on_crash(request: AnyRequest, error: Exception) -> Response[Any]:
    """Ours to mend: the log has it, the reader gets a page."""
    log.error("the page crashed", exc_info=error)
    return _answer(request, HTTP_500_INTERNAL_SERVER_ERROR)


def _to_kept(request: AnyRequest, viewer: Viewer, refusal: RecordMerged) -> Response[Any]:
    """What leads to a merged record leads on; for the practice alone, since nobody else knows of merges."""
    if viewer.practice is None or not viewer.path.startswith("/desk/"):
        return _answer(request, HTTP_404_NOT_FOUND)
    return Redirect(f"/desk/{viewer.practice.slug}/clients/{refusal.ref}", status_code=303)


def _to_sign_in(request: AnyRequest) -> Response[Any]:
    """Back to a page that was asked for; never to a form, whose contents are gone."""
    wanted = request.url.path if request.method == "GET" else "/appointments"
    return Redirect(f"/sign-in?next={quote(wanted)}", status_code=303)


def _answer(request: AnyRequest, status: int, sentence: str | None = None) -> Response[Any]:
    viewer = viewer_at_hand(request)
    title, usual = _words(viewer, status)
    if "application/json" in request.headers.get("accept", ""):
        return Response({"error": sentence or usual}, status_code=status, media_type="application/json")
    return viewer.page(
        "error.html", status_code=status, status=status, title=title, sentence=sentence or usual, next=_way_on(viewer)
    )


def _way_on(viewer: Viewer) -> str:
    if viewer.frame:
        return f"{viewer.door}/book" if viewer.practice else ""
    if viewer.practice and viewer.path.startswith("/p/"):
        return viewer.door
    return "/appointments" if viewer.person else "/"


def _words(viewer: Viewer, status: int) -> tuple[str, str]:
    _ = viewer.words.gettext
    known = {
        HTTP_400_BAD_REQUEST: (_("That did not work"), _("Something in the request could not be read.")),
        HTTP_403_FORBIDDEN: (
            _("This page has grown old"),
            _("For your safety nothing was changed. Please go back, load the page again and repeat what you did."),
        ),
        HTTP_404_NOT_FOUND: (_("Nothing here"), _("There is no such page, or it is not yours to see.")),
        HTTP_409_CONFLICT: (_("Somebody was quicker"), _("This has changed meanwhile.")),
        HTTP_422_UNPROCESSABLE_ENTITY: (_("That did not work"), _("This is not possible.")),
        HTTP_429_TOO_MANY_REQUESTS: (_("One moment, please"), _("That was too often. Please wait a little.")),
        HTTP_503_SERVICE_UNAVAILABLE: (
            _("We cannot look just now"),
            _("Nothing is lost. Please try again in a moment."),
        ),
        HTTP_500_INTERNAL_SERVER_ERROR: (
            _("Something broke on our side"),
            _("It is written down, and nothing half-done was kept. Please try again in a moment."),
        ),
    }
    return known.get(status, (_("That did not work"), _("This is not possible.")))
