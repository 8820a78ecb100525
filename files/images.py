"""Pictures from outside, made anew from their pixels: whatever else a file carried is left behind."""

import struct
import zlib
from io import BytesIO
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("PNG", "JPEG", "WEBP")
# A picture of this many pixels takes some 160 MB while it is made smaller; a bomb asks for a thousand times more.
MAX_PIXELS = 40_000_000
# What Pillow raises for files that are broken or made to hurt; MemoryError: a lying header.
_BROKEN = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    LookupError,
    TypeError,
    MemoryError,
    struct.error,
    zlib.error,
)


class NotAPicture(Exception):
    """The bytes are no picture of `FORMATS`, whatever their name says."""


class TooManyPixels(Exception):
    """The picture would fill the memory when opened."""


def to_png(content: IO[bytes], *, side: int) -> bytes:
    """Return the picture in `content` as PNG, at most `side` pixels wide and high, without metadata.

    The kind is found by content, never by name. Raises `NotAPicture` or `TooManyPixels`.
    """
    try:
        _check(content)
        with Image.open(content, formats=FORMATS) as picture:
            picture.draft("RGB", (side * 2, side * 2))  # a JPEG is decoded small at once
            upright = ImageOps.exif_transpose(picture)
            small = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixels from error
    except _BROKEN as error:
        raise NotAPicture from error
    small.thumbnail((side, side))
    small.info.clear()
    made = BytesIO()
    small.save(made, format="PNG", optimize=True)
    return made.getvalue()


def _check(content: IO[bytes]) -> None:
    """Read the header only (`open` is lazy), then let Pillow look for damage; `verify` leaves the file unusable."""
    content.seek(0)
    with Image.open(content, formats=FORMATS) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise Image.DecompressionBombError
        picture.verify()
    content.seek(0)
