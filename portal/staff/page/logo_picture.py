"""From the bytes of any file to a logo as PNG, large and small. No I/O: bytes in, bytes out.

As with photos (`portal/people/picture.py`) all that is not a pixel stays behind; what one could see through stays so.
"""

from io import BytesIO

from PIL import Image, ImageOps

from portal.people.picture import opened_picture

KINDS = ("JPEG", "PNG", "WEBP")
LARGE, SMALL = 512, 128  # pixels on the longer side, or fewer where the file has fewer


def read_logo(sent: bytes) -> tuple[bytes, bytes]:
    """Whole, whatever its shape. Raises PhotoUnreadable or PhotoTooManyPixels."""
    with opened_picture(sent, KINDS, LARGE) as image:
        upright = ImageOps.exif_transpose(_in_plain_colours(image))
        return _within(upright, LARGE), _within(upright, SMALL)


def _in_plain_colours(image: Image.Image) -> Image.Image:
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _within(image: Image.Image, most: int) -> bytes:
    longer = max(image.size)
    size = tuple(max(1, round(side * min(1.0, most / longer))) for side in image.size)
    resized = image.resize((size[0], size[1]), Image.Resampling.LANCZOS, reducing_gap=3.0)
    bare = Image.new(resized.mode, resized.size)
    bare.paste(resized)
    written = BytesIO()
    bare.save(written, "PNG", optimize=True)
    return written.getvalue()
