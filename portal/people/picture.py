"""From the bytes of any file to a square photo as WebP, and from one to the next. No I/O: bytes in, bytes out.

What somebody sends is hostile until it has been decoded: only four kinds are tried, and its measures are read before
its pixels are. All that is not a pixel (place, time, device, thumbnail, profile) stays behind.
"""

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from PIL import Image, ImageCms, ImageOps
from pillow_heif import register_heif_opener

from portal.people.refusals import PhotoTooManyPixels, PhotoUnreadable
from tenants.refusals import Refusal

KINDS = ("JPEG", "PNG", "WEBP", "HEIF")
MEGAPIXELS = 40
LARGE, SMALL = 512, 96  # pixels on a side, or fewer where the file has fewer
_FINE = 2  # a JPEG is decoded at the least scale that still gives so many times the pixels wanted
_SCANS = 50  # of a JPEG, which seldom has a dozen; each is a pass over all pixels and may be but a few bytes long
_MARKER = re.compile(rb"\xff[^\x00\x01\xd0-\xd7\xff]")  # those that stand alone say nothing here
_SCAN_BEGINS, _IMAGE_ENDS = b"\xff\xda", b"\xff\xd9"
_QUALITY = 86

register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
warnings.simplefilter("error", Image.DecompressionBombWarning)


def read_picture(sent: bytes) -> bytes:
    """A draft: upright, square and lossless, so that turning it costs nothing of it.

    Raises PhotoUnreadable or PhotoTooManyPixels.
    """
    with opened_picture(sent, KINDS, LARGE) as image:
        return _lossless(_in_plain_colours(ImageOps.exif_transpose(_square(image, LARGE))))


def turn_picture(picture: bytes) -> bytes:
    """A draft of it, a quarter clockwise."""
    with Image.open(BytesIO(picture), formats=["WEBP"]) as image:
        return _lossless(image.transpose(Image.Transpose.ROTATE_270))


def finish_picture(draft: bytes) -> tuple[bytes, bytes]:
    """Large and small, as they are kept."""
    with Image.open(BytesIO(draft), formats=["WEBP"]) as image:
        return _lossy(image), _lossy(_square(image, SMALL))


@contextmanager
def opened_picture(sent: bytes, kinds: tuple[str, ...], wanted: int) -> Iterator[Image.Image]:
    """What somebody has sent, of one of these kinds, to be made `wanted` pixels on its longer side.

    Whatever goes wrong with it inside the block, too, raises PhotoUnreadable or PhotoTooManyPixels.
    """
    with _distrust(), Image.open(BytesIO(sent), formats=kinds) as image:
        if image.width * image.height > MEGAPIXELS * 1_000_000:
            raise PhotoTooManyPixels(MEGAPIXELS)
        if image.format in {"JPEG", "MPO"}:
            if _scans(sent) > _SCANS:
                raise PhotoUnreadable
            image.draft(None, (wanted * _FINE, wanted * _FINE))
        yield image


@contextmanager
def _distrust() -> Iterator[None]:
    """Decoders that are given nonsense raise almost anything. Whatever it is, it is the file's fault."""
    try:
        yield
    except Refusal:
        raise
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise PhotoTooManyPixels(MEGAPIXELS) from None
    except Exception:  # noqa: BLE001 - see above
        raise PhotoUnreadable from None


def _scans(jpeg: bytes) -> int:
    """From marker to marker (ITU-T T.81, B.1.1), so that thumbnails and films that came along are not counted."""
    scans, place = 0, 2
    while (found := _MARKER.search(jpeg, place)) and found[0] != _IMAGE_ENDS:
        scans += found[0] == _SCAN_BEGINS
        place = found.end() + int.from_bytes(jpeg[found.end() : found.end() + 2], "big")
    return scans


def _square(image: Image.Image, largest: int) -> Image.Image:
    """Its middle; never more pixels than there are."""
    side = min(image.size)
    left, top = (image.width - side) // 2, (image.height - side) // 2
    if image.mode not in {"L", "LA", "RGB", "RGBA", "CMYK"} or "transparency" in image.info:
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    wanted = min(side, largest)
    return image.resize(
        (wanted, wanted), Image.Resampling.LANCZOS, (left, top, left + side, top + side), reducing_gap=3.0
    )


def _in_plain_colours(image: Image.Image) -> Image.Image:
    """As every screen understands numbers, on white where one could see through it."""
    opaque = image
    if image.has_transparency_data:
        seen = image.convert("RGBA")
        opaque = Image.new("RGB", image.size, "white")
        opaque.paste(seen, mask=seen.getchannel("A"))
    profile = image.info.get("icc_profile")
    if profile and opaque.mode in {"RGB", "CMYK"}:
        try:
            source = ImageCms.ImageCmsProfile(BytesIO(profile))
            managed = ImageCms.profileToProfile(opaque, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            managed = None  # a broken profile makes no broken photo
        opaque = managed or opaque
    return opaque.convert("RGB")


def _lossless(image: Image.Image) -> bytes:
    return _written(image, lossless=True, quality=25, method=1)


def _lossy(image: Image.Image) -> bytes:
    return _written(image, quality=_QUALITY, method=4)


def _written(image: Image.Image, **how: int) -> bytes:
    """Pixels alone: Pillow would carry over what it still remembers of the file."""
    bare = Image.new("RGB", image.size)
    bare.paste(image)
    written = BytesIO()
    bare.save(written, "WEBP", **how)
    return written.getvalue()
