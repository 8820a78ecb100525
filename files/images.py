"""Pictures from outside, made anew from their pixels: whatever else a file carried is left behind."""

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from threading import Lock
from typing import IO

from PIL import Image, ImageOps, UnidentifiedImageError

from files import formats
from files.formats import Format

LOGO_FORMATS = ("PNG", "JPEG", "WEBP")
# A picture of this many pixels takes some 160 MB while it is made smaller; a bomb asks for a thousand times more.
MAX_PIXELS = 40_000_000
# The longer side of a preview: sharp on a phone's whole width, some 60 KB.
PREVIEW_SIDE = 640
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
    """The bytes are no picture of the formats asked for, whatever their name says."""


class TooManyPixels(Exception):
    """The picture would fill the memory when opened."""


@dataclass(frozen=True)
class Redrawn:
    """A picture made anew: its bytes, what they are, and a small copy when the picture is larger than one."""

    content: bytes
    found: Format
    width: int
    height: int
    preview: bytes | None


def to_png(content: IO[bytes], *, side: int) -> Redrawn:
    """Return the picture in `content` as PNG, at most `side` pixels wide and high, without metadata.

    The kind is found by content, never by name. Raises `NotAPicture` or `TooManyPixels`.
    """
    small = _pixels(content, LOGO_FORMATS, side=side)
    small.thumbnail((side, side))
    return Redrawn(_saved(small, "PNG", optimize=True), formats.PNG, *small.size, preview=None)


def redraw(content: IO[bytes], found: Format) -> Redrawn:
    """Return the picture in `content`, which is of the kind `found`, upright and without metadata (CHAT-5).

    Of an animation the first picture is kept, as PNG. Raises `NotAPicture` or `TooManyPixels`.
    """
    with _ONE_AT_A_TIME:
        return _redrawn(content, found)


# The largest picture takes some 400 MB while it is drawn: a process has threads, but not memory, for several at once.
_ONE_AT_A_TIME = Lock()


def _redrawn(content: IO[bytes], found: Format) -> Redrawn:
    name, options = _MADE_ANEW[found]
    picture = _pixels(content, (name,))
    if found is formats.GIF:
        name, options, found = "PNG", {}, formats.PNG
    made = _saved(picture, name, **options)
    width, height = picture.size
    preview = None
    if max(width, height) > PREVIEW_SIDE:
        picture.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
        preview = _saved(picture, "WEBP", quality=80)
    return Redrawn(made, found, width, height, preview)


_MADE_ANEW: dict[Format, tuple[str, dict[str, int]]] = {
    formats.PNG: ("PNG", {}),
    formats.GIF: ("GIF", {}),
    # A photographed page must stay readable.
    formats.JPEG: ("JPEG", {"quality": 90}),
    formats.WEBP: ("WEBP", {"quality": 90, "method": 2}),
}


def _pixels(content: IO[bytes], names: tuple[str, ...], *, side: int | None = None) -> Image.Image:
    """Return the picture itself, upright; with `side`, a JPEG is decoded small at once."""
    try:
        _check(content, names)
        with Image.open(content, formats=names) as picture:
            if side is not None:
                picture.draft("RGB", (side * 2, side * 2))
            upright: Image.Image = picture
            ImageOps.exif_transpose(upright, in_place=True)
            if upright.mode == "I;16":
                # `convert` would cut 16 bits of grey off instead of scaling them: a scanned page would be white.
                upright = upright.point(lambda grey: grey / 256).convert("L")
            pixels = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixels from error
    except _BROKEN as error:
        raise NotAPicture from error
    pixels.info.clear()
    return pixels


def _check(content: IO[bytes], names: tuple[str, ...]) -> None:
    """Read the header only (`open` is lazy), then let Pillow look for damage; `verify` leaves the file unusable."""
    content.seek(0)
    with Image.open(content, formats=names) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise Image.DecompressionBombError
        picture.verify()
    content.seek(0)


def _saved(picture: Image.Image, name: str, **options: int) -> bytes:
    made = BytesIO()
    picture.save(made, format=name, **options)
    return made.getvalue()
