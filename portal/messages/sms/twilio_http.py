"""How Twilio's client speaks HTTP here: within a time, to the address that the settings name, and without a log."""

from base64 import b64encode
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from twilio.http.async_http_client import AsyncTwilioHttpClient
from twilio.http.response import Response


class TwilioHttp(AsyncTwilioHttpClient):  # type: ignore[misc]  # Twilio's package has no types
    """The client can name regions of Twilio alone, so another address is put in at the last moment."""

    def __init__(self, base_url: str | None, patience: float) -> None:
        super().__init__(timeout=patience)
        self._base = urlsplit(base_url) if base_url else None

    async def request(
        self, method: str, url: str, *, headers: dict[str, str], auth: tuple[str, str], **more: Any
    ) -> Response:
        """Mends two things: Twilio's client never uses its own timeout, and signs in by what aiohttp has given up."""
        if self._base:
            url = urlunsplit(urlsplit(url)._replace(scheme=self._base.scheme, netloc=self._base.netloc))
        basic = b64encode(":".join(auth).encode()).decode()
        signed = {**headers, "Authorization": f"Basic {basic}"}
        return await super().request(method, url, headers=signed, **{**more, "timeout": self.timeout})

    def log_request(self, kwargs: dict[str, Any]) -> None:
        """Not at all: a question after messages names a number."""

    def log_response(self, status_code: int, response: Any) -> None:
        """Neither."""
