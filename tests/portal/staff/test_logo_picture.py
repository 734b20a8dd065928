"""What becomes of files that a practice sends as its logo."""

import pytest
from PIL import Image

from portal.people.refusals import PhotoTooManyPixels, PhotoUnreadable
from portal.staff.page.logo_picture import read_logo
from tests.photos import encoded, four_corners, opened
from tests.portal.people.test_picture import png_of


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_logo_keeps_its_shape_within_its_bounds(kind: str) -> None:
    large, small = (opened(each) for each in read_logo(encoded(four_corners(1200, 300), kind)))

    assert (large.format, large.size, small.size) == ("PNG", (512, 128), (128, 32))


def test_small_logo_is_not_blown_up() -> None:
    large, small = (opened(each) for each in read_logo(encoded(four_corners(60, 40), "PNG")))

    assert (large.size, small.size) == ((60, 40), (60, 40))


def test_thread_is_never_thinner_than_a_pixel() -> None:
    assert [opened(each).size for each in read_logo(encoded(four_corners(3000, 2), "PNG"))] == [(512, 1), (128, 1)]


def test_what_is_transparent_stays_so() -> None:
    image = Image.new("RGBA", (200, 200), (0, 0, 0, 0))
    image.paste((10, 90, 110, 255), (0, 0, 100, 200))

    large = opened(read_logo(encoded(image, "PNG"))[0])

    assert (large.getpixel((20, 100)), large.getpixel((180, 100))) == ((10, 90, 110, 255), (0, 0, 0, 0))


def test_nothing_but_pixels_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010E] = "Taken at home"
    sent = encoded(four_corners(), "JPEG", exif=exif)

    large, small = read_logo(sent)

    assert b"Taken at home" in sent
    assert b"Taken at home" not in large + small
    assert {key for each in (large, small) for key in opened(each).info} == set()


def test_picture_that_lies_on_its_side_is_put_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # a quarter turn

    assert opened(read_logo(encoded(four_corners(400, 200), "JPEG", exif=exif))[0]).size == (200, 400)


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF"])
def test_other_kinds_are_refused(kind: str) -> None:
    with pytest.raises(PhotoUnreadable):
        read_logo(encoded(four_corners(), kind))


def test_bomb_is_refused_before_it_unfolds() -> None:
    with pytest.raises(PhotoTooManyPixels):
        read_logo(png_of(20_000, 20_000))
