"""From text to value. A ValueError completes "PORTAL_NAME …" and never repeats a value that may be secret."""

import re
from collections.abc import Callable
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from tenants.clients.email import normal


def text(value: str) -> str:
    return value


def folder(value: str) -> Path:
    return Path(value).expanduser()


def existing_file(value: str) -> Path:
    path = Path(value).expanduser()
    if not path.is_file():
        raise ValueError("names a file that is not there")
    return path


def yes_or_no(value: str) -> bool:
    if value.lower() in {"1", "yes", "true", "on"}:
        return True
    if value.lower() in {"0", "no", "false", "off"}:
        return False
    raise ValueError("must be yes or no")


def whole_number(smallest: int, largest: int) -> Callable[[str], int]:
    """Both ends belong to what is allowed."""

    def read(value: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", value) or not smallest <= int(value) <= largest:
            raise ValueError(f"must be a whole number from {smallest} to {largest}")
        return int(value)

    return read


def one_of(*choices: str) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return value

    return read


def secret_key(value: str) -> str:
    if len(value) < 32:  # noqa: PLR2004 — fewer characters cannot hold the 128 bits that signing needs
        raise ValueError("must have 32 random characters or more")
    return value


def countries(value: str) -> tuple[str, ...]:
    """ISO 3166, two letters each."""
    codes = tuple(code.strip().upper() for code in value.split(","))
    if not all(re.fullmatch("[A-Z]{2}", code) for code in codes):
        raise ValueError("must be countries in two letters, parted by commas")
    return codes


def web_address(value: str) -> str:
    """Scheme, host and port only; links are made by appending a path."""
    parts = _split(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/") or parts.query:
        raise ValueError("must look like https://book.example.org")
    return f"{parts.scheme}://{parts.netloc}"


def database_url(value: str) -> str:
    parts = _split(value)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.username or not parts.path.strip("/"):
        raise ValueError("must look like postgresql://user:password@host:5432/database")
    return value


def mail_address(value: str) -> str:
    """An address with or without a name: `Carnet <carnet@example.org>`."""
    if not re.fullmatch(r"[^@\s]+@[^@\s]+", parseaddr(value)[1]):
        raise ValueError("must look like Carnet <carnet@example.org>")
    return value


def mail_addresses(value: str) -> tuple[str, ...]:
    """In the one form in which addresses are kept and compared."""
    try:
        return tuple(normal(each) for each in value.split(",") if each.strip())
    except ValueError:
        raise ValueError("must be e-mail addresses separated by commas") from None


def networks(value: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(each.strip()) for each in value.split(",") if each.strip())
    except ValueError:
        raise ValueError("must be networks separated by commas, like 10.0.0.0/8, ::1/128") from None


def _split(value: str) -> SplitResult:
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        raise ValueError("is not a well-formed address") from None
    return parts
