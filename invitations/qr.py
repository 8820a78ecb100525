"""QR codes: for pages as SVG, for paper as rows of modules (INV-5)."""

from io import BytesIO

import segno


def _make(text: str) -> segno.QRCode:
    # «m» survives a fold and a coffee stain on a printed strip and keeps the modules large.
    return segno.make(text, error="m", micro=False)


def qr_svg(text: str) -> bytes:
    """Return `text` as an SVG picture on white with the quiet zone, so that it is read in a dark theme too."""
    picture = BytesIO()
    _make(text).save(picture, kind="svg", scale=8, border=4, dark="#000", light="#fff", xmldecl=False, nl=False)
    return picture.getvalue()


def qr_data_uri(text: str) -> str:
    """Return the same picture as an address for `<img src>`."""
    return _make(text).svg_data_uri(scale=8, border=4, dark="#000", light="#fff")


def qr_rows(text: str) -> list[list[bool]]:
    """Return the modules row by row, without the quiet zone; True is dark."""
    return [[bool(module) for module in row] for row in _make(text).matrix]
