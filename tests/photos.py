"""Photos that a test makes: four corners of different colours, so that each way they stand is told apart."""

from io import BytesIO
from typing import Any

from PIL import Image

Colour = tuple[int, int, int]
RED, GREEN, BLUE, WHITE = (220, 20, 20), (20, 160, 60), (30, 60, 200), (255, 255, 255)


def four_corners(
    width: int = 600, height: int = 600, colours: tuple[Colour, ...] = (RED, GREEN, BLUE, WHITE)
) -> Image.Image:
    """Above left and right, below left and right."""
    image = Image.new("RGB", (width, height))
    for number, colour in enumerate(colours):
        image.paste(colour, (number % 2 * width // 2, number // 2 * height // 2, width, height))
    return image


def encoded(image: Image.Image, kind: str, **how: Any) -> bytes:
    written = BytesIO()
    image.save(written, kind, **how)
    return written.getvalue()


def opened(picture: bytes) -> Image.Image:
    image = Image.open(BytesIO(picture))
    image.load()
    return image


def corners(image: Image.Image) -> tuple[Colour, ...]:
    """Which of the four colours, or which other, stands where `four_corners` put them."""
    plain, side = image.convert("RGB"), image.width - 1
    return tuple(
        _nearest(plain.getpixel((x, y)))  # type: ignore[arg-type]
        for y in (side // 8, side - side // 8)
        for x in (side // 8, side - side // 8)
    )


def _nearest(colour: Colour) -> Colour:
    near = [
        each
        for each in (RED, GREEN, BLUE, WHITE)
        if max(abs(a - b) for a, b in zip(each, colour, strict=True)) < 30  # what a lossy file may be off
    ]
    return near[0] if near else colour
