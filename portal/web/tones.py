"""What becomes of a practice's colour on a page, in each scheme: what `css/tokens.css` does, told in figures."""

from dataclasses import dataclass
from math import floor, radians

from tenants.page.colour import WHITE, Shade, colour_of, contrast, is_readable, nearest_readable, shade_of

MOST_CHROMA = 0.13
# By scheme: --accent-lightness, --paper and --on-accent, as lightness, chroma and degrees of hue.
TOKENS = {
    "light": (0.45, (0.986, 0.006, 90), (0.99, 0.004, 90)),
    "dark": (0.8, (0.205, 0.008, 75), (0.18, 0.01, 75)),
}


@dataclass(frozen=True, slots=True)
class Tone:
    """One scheme: the colours drawn, and how well links can be read on paper and letters on a button."""

    scheme: str
    paper: str
    ink: str
    on_button: str
    links: float
    buttons: float


@dataclass(frozen=True, slots=True)
class Tones:
    """`letters` is the contrast of the colour itself with white, for mails; `nearest` the one to take instead."""

    accent: str
    schemes: tuple[Tone, ...]
    letters: float
    readable: bool
    nearest: str


def tones_of(accent: str) -> Tones:
    """Of #rrggbb."""
    return Tones(
        accent,
        tuple(_tone(accent, scheme) for scheme in TOKENS),
        told(contrast(accent, WHITE)),
        is_readable(accent),
        nearest_readable(accent),
    )


def told(ratio: float) -> float:
    """With one digit, never more than it is."""
    return floor(ratio * 10) / 10


def _tone(accent: str, scheme: str) -> Tone:
    lightness, paper, on_button = TOKENS[scheme]
    own = shade_of(accent)
    ink = colour_of(Shade(lightness, min(own.chroma, MOST_CHROMA), own.hue))
    sheet, letters = _colour(paper), _colour(on_button)
    return Tone(scheme, sheet, ink, letters, told(contrast(ink, sheet)), told(contrast(ink, letters)))


def _colour(token: tuple[float, float, float]) -> str:
    lightness, chroma, degrees = token
    return colour_of(Shade(lightness, chroma, radians(degrees)))
