"""Pictures for the demonstration's posts: drawn, so that nobody is on them and nobody owns them."""

from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

SIZE = (960, 640)
SKIES = ("#bcd9f2", "#f6d9b8", "#cfe3d4", "#d9d3ee")
HILLS = ("#7fa66f", "#c98b45", "#5f8f86", "#8a7bb0")


def landscape(draw: Random) -> bytes:
    """Return a PNG of a calm landscape: sky, sun, hills, trees."""
    place = draw.randrange(len(SKIES))
    picture = Image.new("RGB", SIZE, SKIES[place])
    pen = ImageDraw.Draw(picture)
    sun = draw.randint(120, 800)
    pen.ellipse((sun, 70, sun + 120, 190), fill="#fff3c4")
    for layer in range(3):
        top = 330 + layer * 90
        left = draw.randint(-500, -200)
        pen.ellipse((left, top, left + 1900, top + 900), fill=_darker(HILLS[place], layer))
    for _tree in range(draw.randint(7, 12)):
        x, y, height = draw.randint(20, 920), draw.randint(430, 590), draw.randint(40, 90)
        pen.rectangle((x - 4, y - height // 3, x + 4, y), fill="#6b4f3a")
        pen.ellipse((x - height // 2, y - height, x + height // 2, y - height // 4), fill=_darker(HILLS[place], 3))
    content = BytesIO()
    picture.save(content, format="PNG")
    return content.getvalue()


def _darker(colour: str, steps: int) -> tuple[int, int, int]:
    parts = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    red, green, blue = (int(part * 0.88**steps) for part in parts)
    return red, green, blue
