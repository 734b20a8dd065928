"""What is asked of the browser that signs in, and what is kept of its answer."""

from litestar.response import Template

from portal.people.devices import HINTS, Browser, read_hints
from portal.web.given import AnyRequest
from portal.web.viewer import Viewer


def asking_for_hints(page: Template) -> Template:
    """From its next request on the browser says which device it is, where it is one that does (RFC 8942)."""
    page.headers["Accept-CH"] = ", ".join(HINTS)
    return page


def browser_of(request: AnyRequest, viewer: Viewer) -> Browser:
    agent = request.headers.get("user-agent", "")
    return Browser(viewer.ip, agent if agent.isprintable() else "", read_hints(request.headers))
