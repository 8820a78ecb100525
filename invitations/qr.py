"""QR codes: for pages as SVG, for paper as rows of modules (INV-5)."""

from io import BytesIO

import segno
from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas


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


def draw_qr(canvas: Canvas, address: str, x: float, y: float, side: float) -> None:
    """Draw the QR code of `address` as a square of `side` with its lower left corner at x, y."""
    rows = qr_rows(address)
    module = side / len(rows)
    path = canvas.beginPath()
    for number, row in enumerate(rows):
        top = y + side - number * module
        start = None
        for place, dark in enumerate([*row, False]):
            if dark and start is None:
                start = place
            elif not dark and start is not None:
                # One rectangle per run, a hair taller, so that no white line shows between the rows.
                path.rect(x + start * module, top - module, (place - start) * module, module + 0.02)
                start = None
    canvas.setFillColor(HexColor("#000000"))
    canvas.drawPath(path, stroke=0, fill=1)
