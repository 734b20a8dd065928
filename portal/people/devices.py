"""What a browser tells of itself: the device, its system, its name. Facts without words, from what it sent."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from user_agents import parse

Kind = Literal["phone", "tablet", "computer", ""]

LONGEST_AGENT = 512
HINTS = ("Sec-CH-UA-Platform", "Sec-CH-UA-Platform-Version", "Sec-CH-UA-Model", "Sec-CH-UA-Full-Version-List")
"""Only Chromium answers, over HTTPS, from the second request on: https://wicg.github.io/ua-client-hints/."""
_LONGEST_HINT = 256
_LONGEST_NAME = 60
_PREFIX = "Sec-CH-UA-"

_BRAND = re.compile(r'"((?:[^"\\]|\\.)*)"\s*;\s*v="([^"]*)"')
_MADE_UP = re.compile(r"not.a.brand", re.IGNORECASE)
_WINDOWS_11 = 13
_SYSTEMS = {"Mac OS X": "macOS", "Chrome OS": "ChromeOS", "Other": ""}
_BROWSERS = {
    "Chrome Mobile": "Chrome",
    "Chrome Mobile iOS": "Chrome",
    "Chrome Mobile WebView": "Chrome",
    "Edge Mobile": "Edge",
    "Firefox Mobile": "Firefox",
    "Firefox iOS": "Firefox",
    "Google Chrome": "Chrome",
    "Microsoft Edge": "Edge",
    "Mobile Safari": "Safari",
    "Opera Mobile": "Opera",
    "Other": "",
}


@dataclass(frozen=True, slots=True)
class Browser:
    """What is kept of the browser that signs in; `hints` as `read_hints` reads them."""

    ip: str
    user_agent: str
    hints: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Device:
    """Each is empty when the browser does not tell; versions are cut where they mean nothing to a person."""

    kind: Kind
    model: str
    system: str
    browser: str


def read_hints(headers: Mapping[str, str]) -> dict[str, str]:
    """The hints that came, by their names' ends, as they were written."""
    sent = ((header.removeprefix(_PREFIX).lower(), headers.get(header, "")) for header in HINTS)
    return {name: value[:_LONGEST_HINT] for name, value in sent if value and value.isprintable()}


def read_device(user_agent: str, hints: Mapping[str, str]) -> Device:
    """Where both tell, the hints are right: the user agent of Chromium says the same of every phone since 2023."""
    kind, model, system, version, browser = _read_agent(user_agent[:LONGEST_AGENT])
    told = {name: _unquoted(value) for name, value in hints.items()}
    if platform := told.get("platform", ""):
        system, version = _told_system(platform, told.get("platform-version", ""), (system, version))
    return Device(
        kind=kind,
        model=_short(told.get("model") or model),
        system=_short(f"{system} {version}".strip()),
        browser=_short(_told_browser(hints.get("full-version-list", "")) or browser),
    )


def device_family(user_agent: str) -> str:
    """Kind, system and browser without versions: the same after an update, and whether hints have come or not."""
    kind, _, system, _, browser = _read_agent(user_agent[:LONGEST_AGENT])
    family, _, _ = browser.rpartition(" ")
    return "/".join((kind, _short(system), _short(family)))


@lru_cache(maxsize=1024)
def _read_agent(user_agent: str) -> tuple[Kind, str, str, str, str]:
    """Kind, model, system and its version, browser."""
    told = parse(user_agent)
    kind: Kind = "tablet" if told.is_tablet else "phone" if told.is_mobile else "computer" if told.is_pc else ""
    brand, model = told.device.brand or "", told.device.model or ""
    if brand == "Generic" or model == "K":
        model = ""
    elif brand and brand != "Apple" and not brand.startswith("Generic") and not model.startswith(brand):
        model = f"{brand} {model}"
    browser = _named(told.browser.family, _BROWSERS)
    major = str(told.browser.version[0]) if told.browser.version else ""
    system = _named(told.os.family, _SYSTEMS)
    return kind, model, system, _agent_version(system, told.os.version), f"{browser} {major}" if browser else ""


def _agent_version(system: str, version: tuple[int | str, ...]) -> str:
    """Windows 11, macOS from 11 on and Chromium's Android call themselves 10, 10.15.7 and 10 for ever."""
    numbers = [str(part) for part in version[:2]]
    if not numbers or system == "ChromeOS":
        return ""
    frozen = {"Windows": "10", "macOS": "10", "Android": "10"}
    if frozen.get(system) == numbers[0]:
        return ""
    return ".".join(numbers) if system == "iOS" else numbers[0]


def _told_system(platform: str, version: str, agent: tuple[str, str]) -> tuple[str, str]:
    system = {"Chrome OS": "ChromeOS", "Chromium OS": "ChromeOS"}.get(platform, platform)
    number = re.match(r"[0-9]{1,4}", version)
    major = int(number[0]) if number else 0
    if system == "Windows" and major:
        return system, "11" if major >= _WINDOWS_11 else "10"
    if system in {"Android", "macOS"} and major:
        return system, str(major)
    same = agent[0] == system or system == "Linux"
    return agent if same and agent[0] else (system, "")


def _told_browser(version_list: str) -> str:
    """Its own brand where there is one, else what it is built from; never the brand made up against guessing."""
    brands = [(name, version) for name, version in _BRAND.findall(version_list) if not _MADE_UP.search(name)]
    own = next((brand for brand in brands if brand[0] != "Chromium"), next(iter(brands), None))
    if own is None:
        return ""
    return f"{_named(own[0], _BROWSERS)} {own[1].partition('.')[0]}".strip()


def _named(family: str, names: Mapping[str, str]) -> str:
    return names.get(family, family)


def _unquoted(value: str) -> str:
    """A string of RFC 8941, 3.3.3."""
    return re.sub(r"\\(.)", r"\1", value.strip().removeprefix('"').removesuffix('"')).strip()


def _short(value: str) -> str:
    return value[:_LONGEST_NAME]
