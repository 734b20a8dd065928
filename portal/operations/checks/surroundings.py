import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from aiosmtplib import SMTP, SMTPException
from geoip2.database import Reader
from maxminddb import InvalidDatabaseError

from portal.messages.channel import Refused, Unavailable
from portal.messages.email.maildir import is_maildir
from portal.messages.sms.twilio import TwilioRoom
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


def check_bounces(settings: Settings) -> Iterator[Finding]:
    folder = settings.bounce_maildir
    if folder is None:
        if settings.smtp_host is not None:
            yield warning("bounces", "Nobody learns of mail that comes back; set PORTAL_BOUNCE_MAILDIR.")
    elif not folder.is_dir():
        yield trouble("bounces", f"{folder} is not there; let the mail server deliver into it, or correct the setting.")
    elif not is_maildir(folder):
        yield trouble("bounces", f"{folder} is no Maildir: it needs the folders new, cur and tmp.")
    elif not all(os.access(folder / name, os.R_OK | os.W_OK | os.X_OK) for name in ("new", "cur")):
        yield trouble("bounces", f"{folder} may not be read and written by the user that the worker runs as.")
    else:
        yield fine("bounces", f"Reports are read from {folder}.")


async def check_sms(settings: Settings) -> AsyncIterator[Finding]:
    """Asks for the account; sends nothing."""
    if settings.twilio_account_sid is None:
        yield warning("SMS", "Messages are printed, not sent; set the three PORTAL_TWILIO_ settings to send any.")
        return
    room = TwilioRoom(settings, patience=_PATIENCE)
    try:
        state = await room.account_state()
    except Refused as refusal:
        yield trouble(
            "SMS", f"Twilio refuses ({refusal}); check PORTAL_TWILIO_ACCOUNT_SID and PORTAL_TWILIO_AUTH_TOKEN."
        )
    except Unavailable as reason:
        yield trouble("SMS", f"Twilio does not answer: {reason}.")
    else:
        if state == "active":
            yield fine("SMS", f"Twilio knows the account; messages come from {settings.twilio_sender}.")
        else:
            yield trouble("SMS", f"Twilio says that the account is {state}; see to it in its console.")
    finally:
        await room.close()


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
