"""The built front end as the pages see it: addresses of files, inline icons, a practice's accent."""

import json
from functools import cache
from pathlib import Path

from litestar import Router
from litestar.datastructures import CacheControlHeader
from litestar.static_files import create_static_files_router
from markupsafe import Markup

STATIC = Path(__file__).resolve().parent.parent / "static"
DIST = STATIC / "dist"
A_YEAR = 365 * 24 * 60 * 60


class FrontEndNotBuilt(Exception):
    """The pages cannot be drawn; `python portal/frontend_build.py` builds what is missing."""


def asset_url(name: str) -> str:
    """`name` is the path of a source in `portal/static`, or the bare file name of a font."""
    return f"/static/{_built('manifest.json')[name]}"


def asset_if_built(name: str) -> str | None:
    """For what may be missing from a build, like a picture that was not taken yet."""
    file = _built("manifest.json").get(name)
    return None if file is None else f"/static/{file}"


def icon(name: str) -> Markup:
    """An icon never speaks for itself: the word beside it does, so it is hidden from screen readers."""
    shape = _built("icons.json").get(name)
    if shape is None:
        raise FrontEndNotBuilt(f"no icon {name!r}: name it literally in a template, then build the front end again")
    return Markup(  # noqa: S704 - the shapes come from our own build
        f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">{shape}</svg>'
    )


def built_script(name: str) -> str:
    """What stands in a built script, for an address that does not change with it."""
    return (DIST / _built("manifest.json")[name]).read_text()


def accent_stylesheet(slug: str, accent: str) -> str:
    """The one style that a practice chooses; everything else is derived from it in `css/tokens.css`."""
    return f".practice-{slug} {{ --accent: {accent} }}\n"


def static_files() -> Router:
    """Serve the built files alone. Their names change with their content, so they may be kept for ever."""
    keep = CacheControlHeader(public=True, max_age=A_YEAR, immutable=True)
    return create_static_files_router("/static/assets", [DIST / "assets"], cache_control=keep)


@cache
def _built(file: str) -> dict[str, str]:
    try:
        content: dict[str, str] = json.loads((DIST / file).read_text())
    except FileNotFoundError as missing:
        raise FrontEndNotBuilt("the front end is not built: run `python portal/frontend_build.py`") from missing
    return content
