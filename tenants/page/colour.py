"""Colours as eyes see them: how well letters can be read on one, and the next shade on which they can. Pure.

OKLCH after https://www.w3.org/TR/css-color-4/#color-conversion-code, contrast after WCAG 2.2, 1.4.3.
"""

from math import atan2, cbrt, cos, hypot, sin
from typing import NamedTuple

from tenants.refusals import AccentTooPale

READABLE = 4.5
"""The contrast that text of any size needs (WCAG 2.2, AA)."""

WHITE = "#ffffff"
_LINEAR_BELOW, _GAMMA_BELOW = 0.04045, 0.0031308
_STEPS = 24  # of halving: finer than a screen's 256 shades

Channels = tuple[float, float, float]


class Shade(NamedTuple):
    """`lightness` from 0 to 1, `chroma` from 0, `hue` in radians."""

    lightness: float
    chroma: float
    hue: float


def shade_of(colour: str) -> Shade:
    """Of #rrggbb."""
    red, green, blue = _linear(colour)
    long = cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    medium = cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    return Shade(0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short, hypot(a, b), atan2(b, a))


def colour_of(shade: Shade) -> str:
    """As #rrggbb; what no screen can show is shown as it would be, each channel at its nearest."""
    a, b = shade.chroma * cos(shade.hue), shade.chroma * sin(shade.hue)
    long = (shade.lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (shade.lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (shade.lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    channels = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return "#" + "".join(f"{round(255 * _encoded(min(max(each, 0.0), 1.0))):02x}" for each in channels)


def contrast(one: str, other: str) -> float:
    """From 1 to 21, whichever is the darker."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def is_readable(accent: str) -> bool:
    """Whether white letters can be read on it, and it itself on white: buttons and links of letters are so drawn."""
    return contrast(accent, WHITE) >= READABLE


def nearest_readable(accent: str) -> str:
    """Itself, or the least darker shade of the same hue on which white can be read."""
    if is_readable(accent):
        return accent
    shade = shade_of(accent)
    dark, light = 0.0, shade.lightness
    for _ in range(_STEPS):
        middle = (dark + light) / 2
        if is_readable(colour_of(shade._replace(lightness=middle))):
            dark = middle
        else:
            light = middle
    return colour_of(shade._replace(lightness=dark))


def check_readable(accent: str) -> None:
    """Raises AccentTooPale."""
    if not is_readable(accent):
        raise AccentTooPale(contrast(accent, WHITE), nearest_readable(accent))


def _linear(colour: str) -> Channels:
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return _decoded(red), _decoded(green), _decoded(blue)


def _luminance(colour: str) -> float:
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _decoded(channel: float) -> float:
    return channel / 12.92 if channel <= _LINEAR_BELOW else float(((channel + 0.055) / 1.055) ** 2.4)


def _encoded(channel: float) -> float:
    return 12.92 * channel if channel <= _GAMMA_BELOW else float(1.055 * channel ** (1 / 2.4) - 0.055)
