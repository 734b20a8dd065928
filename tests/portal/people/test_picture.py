"""What becomes of files that people send, and of those that only look like photos."""

import zlib
from collections.abc import Callable
from struct import pack
from typing import Any

import pytest
from PIL import Image, ImageCms

from portal.people.picture import LARGE, SMALL, finish_picture, read_picture, turn_picture
from portal.people.refusals import PhotoTooManyPixels, PhotoUnreadable
from tests.photos import BLUE, GREEN, RED, WHITE, corners, encoded, four_corners, opened

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><script>alert(1)</script></svg>'


def png_of(width: int, height: int) -> bytes:
    """A few kilobytes that claim to be, and unfold to, so many black pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))

    rows = zlib.compressobj(9)
    data = b"".join(rows.compress(b"\0" * (width // 8 + 2)) for _ in range(height)) + rows.flush()
    header = pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def with_many_scans(number: int) -> bytes:
    """A progressive JPEG whose last scan comes again and again."""
    whole = encoded(four_corners(), "JPEG", progressive=True)
    last = whole.rindex(b"\xff\xda")
    return whole[:last] + whole[last:-2] * number + whole[-2:]


UNREADABLE: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "text": lambda: b"Not a photo, whatever its name says.\n" * 100,
    "svg": lambda: SVG,
    "gif": lambda: encoded(four_corners(), "GIF"),
    "bmp": lambda: encoded(four_corners(), "BMP"),
    "tiff": lambda: encoded(four_corners(), "TIFF"),
    "eps": lambda: encoded(four_corners(), "EPS"),
    "half a jpeg": lambda: half(encoded(four_corners(), "JPEG")),
    "half a png": lambda: half(encoded(four_corners(), "PNG")),
    "half a webp": lambda: half(encoded(four_corners(), "WEBP")),
    "half a heic": lambda: half(encoded(four_corners(), "HEIF")),
    "only the beginning": lambda: encoded(four_corners(), "JPEG")[:20],
    "sixty scans": lambda: with_many_scans(60),
    "no pixels": lambda: png_of(0, 0),
}


def half(whole: bytes) -> bytes:
    return whole[: len(whole) // 2]


@pytest.mark.parametrize("what", UNREADABLE)
def test_what_is_no_whole_photo_is_refused(what: str) -> None:
    with pytest.raises(PhotoUnreadable):
        read_picture(UNREADABLE[what]())


@pytest.mark.parametrize(("width", "height"), [(8000, 5001), (20_000, 20_000), (40_001, 1000)])
def test_bomb_is_refused_before_it_unfolds(width: int, height: int) -> None:
    bomb = png_of(width, height)

    with pytest.raises(PhotoTooManyPixels):
        read_picture(bomb)
    assert len(bomb) < 100_000


def test_forty_megapixels_are_taken() -> None:
    assert opened(read_picture(png_of(8000, 5000))).size == (LARGE, LARGE)


@pytest.mark.parametrize(
    ("kind", "how"),
    [("JPEG", {}), ("JPEG", {"progressive": True}), ("PNG", {}), ("WEBP", {}), ("HEIF", {}), ("MPO", {})],
)
def test_each_kind_becomes_a_square_webp(kind: str, how: dict[str, Any]) -> None:
    draft = read_picture(encoded(four_corners(1600, 1600), kind, **how))

    large, small = (opened(each) for each in finish_picture(draft))

    assert (large.format, large.size, corners(large)) == ("WEBP", (LARGE, LARGE), (RED, GREEN, BLUE, WHITE))
    assert (small.format, small.size, corners(small)) == ("WEBP", (SMALL, SMALL), (RED, GREEN, BLUE, WHITE))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_each_way_of_writing_colours_is_understood(mode: str) -> None:
    """White is white in all of them."""
    white = Image.new(mode, (600, 600), 65535) if mode == "I;16" else four_corners(colours=(WHITE,) * 4).convert(mode)

    assert corners(opened(read_picture(encoded(white, "PNG")))) == (WHITE,) * 4


def test_cmyk_of_a_print_shop_is_understood() -> None:
    sent = encoded(four_corners().convert("CMYK"), "JPEG")

    assert corners(opened(read_picture(sent))) == (RED, GREEN, BLUE, WHITE)


def test_what_one_could_see_through_is_white() -> None:
    clear = Image.new("RGBA", (300, 300), (0, 0, 0, 0))

    assert corners(opened(read_picture(encoded(clear, "PNG")))) == (WHITE,) * 4


def test_middle_of_a_wide_photo_is_taken_and_never_enlarged() -> None:
    wide = Image.new("RGB", (900, 200), RED)
    wide.paste(four_corners(200, 200), (350, 0))

    large, small = finish_picture(read_picture(encoded(wide, "PNG")))

    assert (opened(large).size, opened(small).size) == ((200, 200), (SMALL, SMALL))
    assert corners(opened(large)) == (RED, GREEN, BLUE, WHITE)


def test_one_pixel_is_a_photo() -> None:
    large, small = finish_picture(read_picture(encoded(Image.new("RGB", (1, 1), RED), "PNG")))

    assert (opened(large).size, opened(small).size) == ((1, 1), (1, 1))


def test_animation_is_its_first_picture() -> None:
    later = Image.new("RGB", (600, 600), "black")

    sent = encoded(four_corners(), "WEBP", save_all=True, append_images=[later, later], duration=100)

    assert corners(opened(read_picture(sent))) == (RED, GREEN, BLUE, WHITE)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_photo_stands_upright_and_tells_nothing_of_where_and_when(kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # held upright: to be turned a quarter to the right
    exif[0x010F] = "A camera"
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (43.0, 38.0, 33.0)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    held = four_corners().transpose(Image.Transpose.ROTATE_90)
    sent = encoded(held, kind, exif=exif.tobytes(), icc_profile=profile)

    draft = read_picture(sent)

    for picture in (draft, *finish_picture(draft), turn_picture(draft)):
        assert {"exif", "icc_profile", "xmp"} & opened(picture).info.keys() == set()
        assert dict(opened(picture).getexif()) == {}
        assert b"EXIF" not in picture
        assert b"ICCP" not in picture
    assert b"A camera" in sent
    assert corners(opened(draft)) == (RED, GREEN, BLUE, WHITE)


def test_film_that_came_along_is_no_scan() -> None:
    sent = encoded(four_corners(), "JPEG", progressive=True) + b"\xff\xda" * 5000

    assert corners(opened(read_picture(sent))) == (RED, GREEN, BLUE, WHITE)


def test_broken_profile_makes_no_broken_photo() -> None:
    sent = encoded(four_corners(), "JPEG", icc_profile=b"no profile")

    assert corners(opened(read_picture(sent))) == (RED, GREEN, BLUE, WHITE)


def test_four_quarters_are_a_whole() -> None:
    """To the last pixel: turning costs nothing of the photo."""
    noise = Image.merge("RGB", [Image.effect_noise((600, 600), 90) for _ in "RGB"])
    start = turned = read_picture(encoded(noise, "JPEG"))
    ways = []

    for _ in range(4):
        turned = turn_picture(turned)
        ways.append(opened(turned).tobytes() == opened(start).tobytes())

    assert ways == [False, False, False, True]


def test_turn_is_to_the_right() -> None:
    draft = read_picture(encoded(four_corners(), "PNG"))

    assert corners(opened(turn_picture(draft))) == (BLUE, RED, WHITE, GREEN)
