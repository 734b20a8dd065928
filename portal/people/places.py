"""Where in the world an address roughly is, from a City file of MaxMind's kind that lies on this machine."""

import logging
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.util import find_spec
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import Self

from geoip2.database import Reader
from geoip2.errors import AddressNotFoundError
from geoip2.models import City
from maxminddb import InvalidDatabaseError

from portal.settings import Settings

log = logging.getLogger(__name__)

EDITION = "GeoLite2-City"
_DOCUMENTATION = "192.0.2.1"  # RFC 5737: an address of nobody
# What a damaged file, or one of another kind, makes of a question.
_UNREADABLE = (InvalidDatabaseError, OSError, ValueError, TypeError, KeyError, AttributeError)


@dataclass(frozen=True, slots=True)
class Place:
    """Names in one language; each may be empty, but not all of them."""

    city: str
    region: str
    country: str

    @property
    def line(self) -> str:
        """From near to far, each name once."""
        return ", ".join(dict.fromkeys(name for name in (self.city, self.region, self.country) if name))


class Places:
    """Opened once a process: the file is mapped, not read. A newer file is seen at the next start."""

    def __init__(self, reader: Reader | None) -> None:
        self._reader = reader

    @classmethod
    def opened(cls, path: Path | None) -> Self:
        """Without a file that can be read, no place is known; the log says why, once."""
        if path is None:
            log.warning("connections are shown without a place: there is no GeoIP file (PORTAL_GEOIP_PATH)")
            return cls(None)
        try:
            reader = Reader(path)
            _look(reader, _DOCUMENTATION)
        except _UNREADABLE:
            log.warning("connections are shown without a place: %s is not a GeoIP file of cities", path)
            return cls(None)
        return cls(reader)

    @property
    def day(self) -> date | None:
        """Of the data."""
        if self._reader is None:
            return None
        try:
            return datetime.fromtimestamp(self._reader.metadata().build_epoch, UTC).date()
        except (*_UNREADABLE, OverflowError):
            return None

    def find(self, ip: str, language: str) -> Place | None:
        """In that language where the file has it, else in English."""
        if self._reader is None:
            return None
        try:
            return _look(self._reader, ip, language)
        except _UNREADABLE:
            return None

    def country(self, ip: str) -> str:
        """In the two letters of ISO 3166, empty when unknown."""
        if self._reader is None:
            return ""
        try:
            return _look_up(self._reader, ip).country.iso_code or ""
        except (AddressNotFoundError, *_UNREADABLE):
            return ""

    def close(self) -> None:
        reader, self._reader = self._reader, None
        if reader:
            reader.close()


def places_file(settings: Settings) -> Path | None:
    """The one that is set, else the one that was fetched, else the one that the extra `geo` brings along."""
    if settings.geoip_path:
        return settings.geoip_path
    found = [fetched_folder(settings) / f"{EDITION}.mmdb"]
    packaged = find_spec("_maxminddb_geolite2")
    if packaged and packaged.origin:
        found.append(Path(packaged.origin).parent / f"{EDITION}.mmdb")
    return next((path for path in found if path.is_file()), None)


def fetched_folder(settings: Settings) -> Path:
    return settings.data_dir / "geoip"


def _look(reader: Reader, ip: str, language: str = "en") -> Place | None:
    """Raises one of _UNREADABLE."""
    try:
        found = _look_up(reader, ip)
    except AddressNotFoundError:
        return None
    region = found.subdivisions[0].names if found.subdivisions else {}
    city, area, country = (_name(names, language) for names in (found.city.names, region, found.country.names))
    return Place(city, area, country) if city or area or country else None


def _look_up(reader: Reader, ip: str) -> City:
    """Raises AddressNotFoundError, or one of _UNREADABLE."""
    address = ip_address(ip)
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return reader.city(address)


def _name(names: dict[str, str], language: str) -> str:
    return str(names.get(language) or names.get("en") or "")
