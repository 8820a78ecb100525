"""Draw the pictures of the installed platform from the logo: `sferum_admin/static/icons/`.

    python scripts/app_icons.py

Phones and desktops take no SVG for a home screen. The drawing is that of `sferum_admin/static/logo.svg`, 32 units wide.
"""

from collections.abc import Callable
from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).resolve().parent.parent / "sferum_admin" / "static" / "icons"
BLUE, WHITE, CLEAR = "#2f55c4", "#ffffff", (0, 0, 0, 0)
UNITS = 32
# Drawn larger and scaled down: smooth edges.
FINER = 8


def drawing(size: int, *, ground: str | None, corner: float = 0, scale: float = 1) -> Image.Image:
    """Return the logo `size` pixels wide; without a `ground` it is the white letter alone."""
    unit = size * FINER / UNITS
    picture = Image.new("RGBA", (size * FINER, size * FINER), CLEAR)
    brush = ImageDraw.Draw(picture)
    if ground:
        brush.rounded_rectangle((0, 0, size * FINER - 1, size * FINER - 1), corner * unit, fill=ground)
    letter(brush, lambda x: (UNITS / 2 + (x - UNITS / 2) * scale) * unit, 3 * scale * unit)
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def letter(brush: ImageDraw.ImageDraw, at: Callable[[float], float], width: float) -> None:
    """Draw the letter Ш: two outer strokes, round where they meet the foot, and one between."""
    lines = [((8, 9), (8, 21.5)), ((9.5, 23), (22.5, 23)), ((24, 21.5), (24, 9)), ((16, 9), (16, 23))]
    for start, end in lines:
        points = [(at(start[0]), at(start[1])), (at(end[0]), at(end[1]))]
        brush.line(points, WHITE, round(width))
        for x, y in points:
            brush.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), WHITE)
    for left, begin in ((8, 90), (21, 0)):
        box = (at(left) - width / 2, at(20) - width / 2, at(left + 3) + width / 2, at(23) + width / 2)
        brush.arc(box, begin, begin + 90, WHITE, round(width))


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for size in (192, 512):
        drawing(size, ground=BLUE, corner=8).save(FOLDER / f"app-{size}.png", optimize=True)
    # A phone cuts it to a circle or a drop, so the letter stays in the middle.
    drawing(512, ground=BLUE, scale=0.75).save(FOLDER / "app-maskable-512.png", optimize=True)
    # Apple rounds the corners itself, and shows what is clear as black.
    drawing(180, ground=BLUE, scale=0.9).convert("RGB").save(FOLDER / "apple-touch-icon.png", optimize=True)
    # In the status bar of Android only the shape counts.
    drawing(96, ground=None, scale=1.4).save(FOLDER / "badge-96.png", optimize=True)
    sizes = [(16, 16), (32, 32), (48, 48)]
    drawing(48, ground=BLUE, corner=8).save(FOLDER / "favicon.ico", sizes=sizes)


if __name__ == "__main__":
    main()
