"""How well letters can be read on a colour, held against what is known of it and over the whole cube."""

from colorsys import rgb_to_hsv

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tenants.page.colour import (
    READABLE,
    WHITE,
    check_readable,
    colour_of,
    contrast,
    is_readable,
    nearest_readable,
    shade_of,
)
from tenants.refusals import AccentTooPale

colours = some.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#767676", "#ffffff", 4.54),  # the lightest grey that passes, as every table of WCAG has it
        ("#777777", "#ffffff", 4.48),
        ("#ff0000", "#ffffff", 4.0),
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_contrast_is_that_of_the_standard(one: str, other: str, ratio: float) -> None:
    assert round(contrast(one, other), 2) == ratio
    assert contrast(one, other) == contrast(other, one)


@given(colours)
def test_colour_comes_back_from_its_shade(colour: str) -> None:
    assert colour_of(shade_of(colour)) == colour


@given(colours)
def test_nearest_shade_can_be_read_and_is_hardly_darker_than_it_must_be(colour: str) -> None:
    nearest = nearest_readable(colour)

    assert is_readable(nearest)
    if is_readable(colour):
        assert nearest == colour
    else:
        assert contrast(nearest, WHITE) < READABLE + 0.15


@given(colours.filter(lambda colour: not is_readable(colour)))
def test_pale_colour_is_refused_with_the_one_to_take(colour: str) -> None:
    with pytest.raises(AccentTooPale) as refused:
        check_readable(colour)

    assert refused.value.nearest == nearest_readable(colour)
    check_readable(refused.value.nearest)


@pytest.mark.parametrize("colour", ["#ffcc00", "#ff8800", "#66ccff", "#88dd88", "#ff99cc"])
def test_nearest_shade_is_of_the_same_hue(colour: str) -> None:
    def hue(each: str) -> float:
        return rgb_to_hsv(*(int(each[place : place + 2], 16) / 255 for place in (1, 3, 5)))[0]

    assert abs(hue(colour) - hue(nearest_readable(colour))) < 0.06
