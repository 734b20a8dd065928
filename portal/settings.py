import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Self, get_type_hints

from portal import setting_values as read
from portal.cannot_start import CannotStart
from portal.languages.words import SOURCE_LANGUAGE, offered_languages
from portal.setting_sources import dotenv_values, kept_secret_key, with_secret_files

PREFIX = "PORTAL_"

# Piccolo finds its engine and its migrations by this name alone, in whatever process imports a table.
os.environ["PICCOLO_CONF"] = "portal.piccolo_conf"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """`.env.example` explains each. What `repr` leaves out is secret and may come from a file."""

    data_dir: Annotated[Path, read.folder] = Path("var")
    database_url: Annotated[str | None, read.database_url] = field(default=None, repr=False)
    database_connections: Annotated[int, read.whole_number(1, 200)] = 5
    secret_key: Annotated[str, read.secret_key] = field(default="", repr=False)

    host: Annotated[str, read.text] = "127.0.0.1"
    port: Annotated[int, read.whole_number(1, 65535)] = 8000
    public_url: Annotated[str, read.web_address] = "http://localhost:8000"
    processes: Annotated[int, read.whole_number(1, 64)] = 2
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], read.networks] = ()
    demo: Annotated[bool, read.yes_or_no] = False
    operators: Annotated[tuple[str, ...], read.mail_addresses] = ()
    default_language: Annotated[str, read.one_of(*offered_languages())] = SOURCE_LANGUAGE

    smtp_host: Annotated[str | None, read.text] = None
    smtp_port: Annotated[int, read.whole_number(1, 65535)] = 587
    smtp_tls: Annotated[str, read.one_of("starttls", "tls", "none")] = "starttls"
    smtp_user: Annotated[str | None, read.text] = None
    smtp_password: Annotated[str | None, read.text] = field(default=None, repr=False)
    mail_from: Annotated[str, read.mail_address] = "Carnet <carnet@localhost>"
    bounce_address: Annotated[str | None, read.mail_address] = None
    bounce_maildir: Annotated[Path | None, read.folder] = None

    twilio_account_sid: Annotated[str | None, read.text] = None
    twilio_auth_token: Annotated[str | None, read.text] = field(default=None, repr=False)
    twilio_api_key_sid: Annotated[str | None, read.text] = None
    twilio_api_key_secret: Annotated[str | None, read.text] = field(default=None, repr=False)
    twilio_sender: Annotated[str | None, read.text] = None
    twilio_base_url: Annotated[str | None, read.web_address] = None
    sms_countries: Annotated[tuple[str, ...], read.countries] = ()

    geoip_path: Annotated[Path | None, read.existing_file] = None
    maxmind_account_id: Annotated[int | None, read.whole_number(1, 999_999_999)] = None
    maxmind_license_key: Annotated[str | None, read.text] = field(default=None, repr=False)

    log_format: Annotated[str, read.one_of("text", "json")] = "text"
    log_level: Annotated[str, read.one_of("debug", "info", "warning", "error")] = "info"

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], dotenv: Path | None = None) -> Self:
        """The environment wins over the `.env` file. Raises CannotStart, naming the setting."""
        given = {**(dotenv_values(dotenv) if dotenv else {}), **environ}
        ours = {name: value for name, value in given.items() if name.startswith(PREFIX)}
        values = dict(_read_each(with_secret_files(ours, _secret_names())))
        _check_together(values)
        if "port" in values:
            values.setdefault("public_url", f"http://localhost:{values['port']}")
        if "secret_key" not in values:
            values["secret_key"] = kept_secret_key(values.get("data_dir", cls.data_dir))
        return cls(**values)

    @property
    def embedded(self) -> bool:
        """Whether Carnet brings its own PostgreSQL."""
        return self.database_url is None

    @property
    def https(self) -> bool:
        return self.public_url.startswith("https://")

    @property
    def hears_twilio(self) -> bool:
        """Whether Twilio can tell us anything: what it says is signed with the account's token, never with a key."""
        return None not in (self.twilio_account_sid, self.twilio_auth_token)


def read_settings() -> Settings:
    """From this process's environment and the `.env` file of the folder it was started in."""
    return Settings.from_environment(os.environ, Path(".env"))


def _readers() -> dict[str, Callable[[str], Any]]:
    hints = get_type_hints(Settings, include_extras=True)
    return {PREFIX + each.name.upper(): hints[each.name].__metadata__[0] for each in fields(Settings)}


def _secret_names() -> list[str]:
    return [PREFIX + each.name.upper() for each in fields(Settings) if not each.repr]


def _read_each(given: dict[str, str]) -> Iterator[tuple[str, Any]]:
    """An empty value means "not set", so that a line of `.env` can be emptied."""
    readers = _readers()
    for name, value in given.items():
        if name not in readers:
            known = [*readers, *(f"{secret}_FILE" for secret in _secret_names())]
            nearest = get_close_matches(name, known, n=1, cutoff=0.0)[0]
            raise CannotStart(f"{name} is not a setting of Carnet; the nearest one is {nearest}.")
        if value == "":
            continue
        try:
            yield name.removeprefix(PREFIX).lower(), readers[name](value)
        except ValueError as trouble:
            raise CannotStart(f"{name} {trouble}.") from None


def _check_together(values: dict[str, Any]) -> None:
    if "database_url" in values and "secret_key" not in values:
        raise CannotStart("PORTAL_SECRET_KEY is needed when PORTAL_DATABASE_URL is set.")
    if "smtp_host" in values and "mail_from" not in values:
        raise CannotStart("PORTAL_MAIL_FROM is needed when PORTAL_SMTP_HOST is set.")
    if ("maxmind_account_id" in values) != ("maxmind_license_key" in values):
        raise CannotStart("PORTAL_MAXMIND_ACCOUNT_ID and PORTAL_MAXMIND_LICENSE_KEY are needed together.")
    _check_twilio(values)


def _check_twilio(values: dict[str, Any]) -> None:
    """An account, something to sign in with, and a sender; or none of them."""
    if ("twilio_api_key_sid" in values) != ("twilio_api_key_secret" in values):
        raise CannotStart("PORTAL_TWILIO_API_KEY_SID and PORTAL_TWILIO_API_KEY_SECRET are needed together.")
    sign_in = "twilio_api_key_sid" if "twilio_api_key_sid" in values else "twilio_auth_token"
    needed = ("twilio_account_sid", sign_in, "twilio_sender")
    missing = [name for name in needed if name not in values]
    if missing and any(name in values for name in (*needed, "twilio_auth_token")):
        raise CannotStart(f"{PREFIX}{missing[0].upper()} is needed when another Twilio setting is set.")
