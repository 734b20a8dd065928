"""A practice's own site, which to the portal is a stranger, in a browser that keeps no strangers' cookies."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from playwright.async_api import Page

STRICT = {
    "enableThirdPartyCookieRestriction": True,
    "disableThirdPartyCookieMetadata": True,
    "disableThirdPartyCookieHeuristics": True,
}
_PROBE = "/probe"


@dataclass
class OtherSite:
    """`body` stands on its page. At 127.0.0.1, which is another site than localhost, where the portal is."""

    port: int
    body: str = ""
    probed: list[str | None] = field(default_factory=list)
    """What came back of a cookie that a frame of the portal's own site had set, each time that frame was shown."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def page(self, path: str) -> str:
        """With a frame beside the body whose only wish is to be known again."""
        probe = f'<iframe title="Probe" src="http://localhost:{self.port}{_PROBE}" height="40"></iframe>'
        inside = "<p>Hello.</p>" if path == _PROBE else f"<h1>Our practice</h1>{self.body}{probe}"
        return f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Our practice</title>{inside}'


@contextmanager
def other_site() -> Iterator[OtherSite]:
    site = OtherSite(0)

    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            if self.path == _PROBE:
                site.probed.append(self.headers["Cookie"])
                self.send_header("Set-Cookie", "probe=1; Path=/; SameSite=None; Secure")
            self.end_headers()
            self.wfile.write(site.page(self.path).encode())

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    site.port = server.server_port
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


async def refuse_strangers_cookies(page: Page) -> None:
    """As Safari and Firefox do, and Chromium where its user says so."""
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("Network.enable")
    await devtools.send("Network.setCookieControls", STRICT)
