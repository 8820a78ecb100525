"""A consent to be signed, on paper: one sheet a child (ORG-11)."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from common.paper import BOLD, HEIGHT, SOFT, WIDTH, Box, Style, load_fonts, text
from orgs.models import Organization, Person, Unit

MARGIN = 22 * mm
INNER = WIDTH - 2 * MARGIN
_TEXT, _HEAD, _SMALL = Style(11), Style(13, BOLD, centred=True), Style(8, colour=SOFT)


def consent_forms(organization: Organization, unit: Unit, children: Iterable[Person]) -> bytes:
    """Return a PDF with a form for each of `children`, and a blank one where there is nobody yet."""
    load_fonts()
    made = BytesIO()
    canvas = Canvas(made, pagesize=(WIDTH, HEIGHT))
    canvas.setTitle(_("Consents: %(unit)s") % {"unit": unit.name})
    names = [child.full_name for child in children] or [""]
    for name in names:
        _page(canvas, organization, unit, name)
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def _page(canvas: Canvas, organization: Organization, unit: Unit, child: str) -> None:
    y = text(canvas, organization.name, Box(MARGIN, HEIGHT - 25 * mm, INNER, 3), Style(11, centred=True)) - 8 * mm
    title = _("Consent to communication on the platform and to the processing of personal data")
    y = text(canvas, title, Box(MARGIN, y, INNER, 3), _HEAD) - 8 * mm
    y = _blank(canvas, _("I,"), _("full name of the parent (legal representative)"), y)
    y = _blank(canvas, _("phone"), _("number, by which I can be recognised when joining"), y)
    y = text(canvas, _("legal representative of the child"), Box(MARGIN, y, INNER), _TEXT) - 1 * mm
    y = text(canvas, child or "_" * 60, Box(MARGIN, y, INNER, 2), Style(12, BOLD)) - 1 * mm
    y = text(canvas, unit.name, Box(MARGIN, y, INNER), _TEXT) - 4 * mm
    for words in _paragraphs():
        y = text(canvas, words, Box(MARGIN, y, INNER, 8), _TEXT) - 3 * mm
    for words in _choices():
        canvas.rect(MARGIN, y - 1, 3.5 * mm, 3.5 * mm)
        y = text(canvas, words, Box(MARGIN + 7 * mm, y, INNER - 7 * mm, 3), _TEXT) - 3 * mm
    y = _blank(canvas, "", _("how to reach me otherwise"), y - 3 * mm)
    _signature(canvas, y - 12 * mm)


def _paragraphs() -> list[str]:
    return [
        _(
            "I have been told which data the organization keeps on the platform: the name, date of birth and class of "
            "the child, the names, phones and e-mail addresses of the parents; that they are used for announcements, "
            "chats, documents and events of the organization only and are not passed on to others."
        ),
        _(
            "The consent holds until the child leaves the organization. I may withdraw it at any time by a written "
            "application; then I am told of what matters in the way named below."
        ),
        _("My decision:"),
    ]


def _choices() -> list[str]:
    return [
        _("I agree to communicate on the platform"),
        _("I do not agree"),
        _("I ask to be told in another way"),
    ]


def _blank(canvas: Canvas, words: str, hint: str, y: float) -> float:
    """A line to be written on, with what belongs there below it."""
    canvas.setLineWidth(0.5)
    width = 18 * mm if words else 0
    if words:
        text(canvas, words, Box(MARGIN, y, width), _TEXT)
    canvas.line(MARGIN + width, y - 1.5 * mm, MARGIN + INNER, y - 1.5 * mm)
    text(canvas, hint, Box(MARGIN + width, y - 5 * mm, INNER - width), _SMALL)
    return y - 12 * mm


def _signature(canvas: Canvas, y: float) -> None:
    third = INNER / 3
    for place, hint in enumerate((_("date"), _("signature"), pgettext("signature", "full name"))):
        x = MARGIN + place * third
        canvas.line(x, y, x + third - 6 * mm, y)
        text(canvas, hint, Box(x, y - 4 * mm, third - 6 * mm), _SMALL)
