"""Drawing on paper: the school's font, text that fits, lines to cut along."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4
REGULAR, BOLD = "Golos", "Golos-Bold"
INK, SOFT = HexColor("#16202e"), HexColor("#5b6675")
_FOLDER = "vendor/golos-text-ttf-0.4.2"
_FILES = {REGULAR: "GolosText_400Regular.ttf", BOLD: "GolosText_700Bold.ttf"}
_SMALLEST = 6.5


@cache
def load_fonts() -> None:
    """Make the fonts known to reportlab, from the sources or, where only the collected files are, from those."""
    for name, file in _FILES.items():
        static = f"{_FOLDER}/{file}"
        path = finders.find(static) or staticfiles_storage.path(_collected(static))
        pdfmetrics.registerFont(TTFont(name, str(path)))


def _collected(name: str) -> str:
    stored_name = getattr(staticfiles_storage, "stored_name", None)
    return stored_name(name) if stored_name else name


@dataclass(frozen=True)
class Box:
    """Where text goes: the left edge, the first baseline, the width, at most so many lines."""

    x: float
    y: float
    width: float
    lines: int = 1


@dataclass(frozen=True)
class Style:
    """How text looks."""

    size: float
    font: str = REGULAR
    colour: Color = INK
    centred: bool = False


def text(canvas: Canvas, words: str, box: Box, style: Style) -> float:
    """Draw `words` in `box`, made smaller when they do not fit, and return the baseline below the last line."""
    size, lines = fit(words, box.width, box.lines, style)
    canvas.setFont(style.font, size)
    canvas.setFillColor(style.colour)
    y = box.y
    for line in lines:
        if style.centred:
            canvas.drawCentredString(box.x + box.width / 2, y, line)
        else:
            canvas.drawString(box.x, y, line)
        y -= size * 1.25
    return y


def fit(words: str, width: float, most: int, style: Style) -> tuple[float, list[str]]:
    """Return the size (at most the style's) and the lines in which `words` fit `width`; the very long end with «…»."""
    size = style.size
    while True:
        lines = _wrap(words, style.font, size, width)
        if len(lines) <= most:
            return size, lines
        if size <= _SMALLEST:
            return size, [*lines[: most - 1], lines[most - 1][:-1].rstrip() + "…"]
        size = max(_SMALLEST, size - 0.5)


def _wrap(words: str, font: str, size: float, width: float) -> list[str]:
    lines = [""]
    for word in words.split():
        candidate = f"{lines[-1]} {word}".strip()
        if pdfmetrics.stringWidth(candidate, font, size) <= width:
            lines[-1] = candidate
            continue
        pieces = _cut(word, font, size, width)
        lines = [*lines, *pieces] if lines[-1] else pieces
    return lines


def _cut(word: str, font: str, size: float, width: float) -> list[str]:
    """A word longer than the line is cut anywhere: a surname must not run into the QR code."""
    pieces = [""]
    for char in word:
        if pieces[-1] and pdfmetrics.stringWidth(pieces[-1] + char, font, size) > width:
            pieces.append("")
        pieces[-1] += char
    return pieces


def cut_line(canvas: Canvas, y: float) -> None:
    """Draw a dashed line across the page, with scissors' room at both ends."""
    canvas.saveState()
    canvas.setDash(3, 3)
    canvas.setLineWidth(0.5)
    canvas.setStrokeColor(SOFT)
    canvas.line(6 * mm, y, WIDTH - 6 * mm, y)
    canvas.restoreState()


def numbered(title: str, margin: float) -> type[Canvas]:
    """Return a canvas that writes `title` and «стр. 2 из 5» below each page, when it knows how many there are."""
    footer = Truncator(title).chars(90)

    class Numbered(Canvas):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.pages: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self.pages.append(dict(self.__dict__))
            self._startPage()  # type: ignore[attr-defined]

        def save(self) -> None:
            for number, page in enumerate(self.pages, start=1):
                self.__dict__.update(page)
                self.setFont(REGULAR, 8)
                self.setFillColor(SOFT)
                self.drawString(margin, 11 * mm, footer)
                words = _("page %(number)s of %(total)s") % {"number": number, "total": len(self.pages)}
                self.drawRightString(WIDTH - margin, 11 * mm, words)
                super().showPage()
            super().save()

    return Numbered
