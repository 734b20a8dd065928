from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from aiosmtplib import SMTP, SMTPException
from geoip2.database import Reader
from maxminddb import InvalidDatabaseError

from portal.operations.checks.finding import Finding, fine, trouble, warning
from portal.people.places import places_file
from portal.settings import Settings

_BUNDLE = Path(__file__).parent.parent.parent / "static" / "dist" / "manifest.json"
_PATIENCE = 10  # seconds
_STALE = timedelta(days=365)


def check_settings(settings: Settings) -> Iterator[Finding]:
    local = urlsplit(settings.public_url).hostname in {"localhost", "127.0.0.1", "::1"}
    if settings.demo and not local:
        yield trouble("settings", "PORTAL_DEMO is on, so anybody can read every message at /outbox; switch it off.")
    elif not settings.https and not local:
        yield warning("settings", "PORTAL_PUBLIC_URL is not https://, so cookies travel unprotected.")
    else:
        yield fine("settings", f"All are understood; people reach Carnet at {settings.public_url}.")


async def check_mail(settings: Settings) -> AsyncIterator[Finding]:
    """Signs in and says hello; sends nothing."""
    if settings.smtp_host is None:
        yield warning("e-mail", "Messages are printed, not sent; set PORTAL_SMTP_HOST and PORTAL_MAIL_FROM.")
        return
    server = SMTP(
        hostname=settings.smtp_host,
        port=settings.smtp_port,
        timeout=_PATIENCE,
        use_tls=settings.smtp_tls == "tls",
        start_tls=settings.smtp_tls == "starttls",
        username=settings.smtp_user,
        password=settings.smtp_password,
    )
    try:
        async with server:
            await server.ehlo()
    except (SMTPException, OSError) as reason:
        yield trouble("e-mail", f"{settings.smtp_host}:{settings.smtp_port} refuses: {str(reason).splitlines()[0]}.")
    else:
        yield fine("e-mail", f"{settings.smtp_host}:{settings.smtp_port} accepts the connection.")


def check_sms(settings: Settings) -> Iterator[Finding]:
    if settings.twilio_account_sid is None:
        yield warning("SMS", "Not set up; set the three PORTAL_TWILIO_ settings to send any.")
    else:
        yield fine("SMS", f"Twilio is set up, from {settings.twilio_sender}.")


def check_places(settings: Settings, now: datetime) -> Iterator[Finding]:
    path = places_file(settings)
    if path is None:
        yield warning(
            "places",
            "Connections are shown without a place; run `python -m portal geoip update` with a MaxMind account, "
            "or set PORTAL_GEOIP_PATH to a City file.",
        )
        return
    try:
        with Reader(path) as reader:
            built = datetime.fromtimestamp(reader.metadata().build_epoch, UTC)
    except (OSError, InvalidDatabaseError):
        yield trouble("places", f"{path} is not a GeoIP file; put a fresh one there.")
        return
    words = f"The GeoIP file is from {built:%Y-%m-%d}"
    yield warning("places", f"{words}; get a newer one.") if now - built > _STALE else fine("places", f"{words}.")


def check_front_end() -> Iterator[Finding]:
    if _BUNDLE.is_file():
        yield fine("front end", "The bundle is built.")
    else:
        yield trouble("front end", "The bundle is missing; run `python portal/frontend_build.py`.")
