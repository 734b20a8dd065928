"""The colours of services: as many as can be told apart, each with its name and the stylesheet's class for it."""

from portal.languages.words import Words
from tenants.booking.plan import Plan

TONES = 6  # those that services are given by themselves
_CHOSEN = 11  # the first class of a colour that was chosen

# Hues alone are taken from these: the stylesheet holds their lightness where it can be read in either scheme.
PALETTE = (
    "#2f6fb5",
    "#0f8a93",
    "#2e8b57",
    "#7a8b1e",
    "#b08900",
    "#c8641b",
    "#c0392b",
    "#c2377f",
    "#7d52c1",
    "#6b7280",
)


def tones(plan: Plan) -> dict[str, int]:
    """By the service's ref: the colour that was chosen, or else one by its place in the list."""
    return {
        ref: tone_of(service.row["colour"]) or number % TONES + 1
        for number, (ref, service) in enumerate(plan.services.items())
    }


def tone_of(colour: str) -> int:
    """0 for none, and for one that is not of the palette."""
    return PALETTE.index(colour) + _CHOSEN if colour in PALETTE else 0


def colour_names(words: Words) -> list[tuple[str, str]]:
    """The palette's colours, each with what it is called."""
    _ = words.gettext
    names = (
        _("Blue"),
        _("Teal"),
        _("Green"),
        _("Olive"),
        _("Gold"),
        _("Orange"),
        _("Red"),
        _("Pink"),
        _("Violet"),
        _("Grey"),
    )
    return list(zip(PALETTE, names, strict=True))
