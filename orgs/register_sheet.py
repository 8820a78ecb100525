"""The register of processing of personal data on paper: A4 across, a table for each purpose."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, LongTable, Paragraph, SimpleDocTemplate, Spacer, TableStyle

from common.paper import BOLD, INK, REGULAR, SOFT, load_fonts
from common.personal_data import ORGANIZATION_GOES
from common.register import Chapter, chapters, how_long, measures
from orgs.models import Organization

_MARGIN = 12 * mm
_WIDTHS = (45 * mm, 62 * mm, 40 * mm, 52 * mm, 74 * mm)


def register_pdf(organization: Organization) -> bytes:
    """Return the register of `organization` as PDF, in Russian, dated by its clock."""
    load_fonts()
    buffer = BytesIO()
    with timezone.override(organization.zone), translation.override(settings.LANGUAGE_CODE):
        document = SimpleDocTemplate(
            buffer,
            pagesize=landscape(A4),
            leftMargin=_MARGIN,
            rightMargin=_MARGIN,
            topMargin=_MARGIN,
            bottomMargin=15 * mm,
            title=_("Register of processing of personal data"),
            author=organization.short_name,
            creator="",
            lang=settings.LANGUAGE_CODE,
        )
        document.build(_story(organization), onFirstPage=_number, onLaterPages=_number)
    return buffer.getvalue()


def facts(organization: Organization) -> list[tuple[str, str]]:
    """Return the organization's details that stand at the head; those it has not told are left out."""
    place = ", ".join(filter(None, (organization.region, organization.municipality, organization.address)))
    found = [
        (_("Operator of the data"), organization.name or organization.short_name),
        (_("INN"), organization.inn),
        (_("Address"), place),
        (_("Phone"), organization.phone),
        (_("E-mail"), organization.email),
        (_("Site"), organization.site),
        (_("Made on"), f"{timezone.localdate():%d.%m.%Y}"),
    ]
    return [(name, value) for name, value in found if value]


def _number(canvas: Any, _document: Any) -> None:
    canvas.setFont(REGULAR, 8)
    canvas.setFillColor(SOFT)
    canvas.drawRightString(landscape(A4)[0] - _MARGIN, 8 * mm, str(canvas.getPageNumber()))


def _style(size: float, **more: Any) -> ParagraphStyle:
    values = {"fontName": REGULAR, "fontSize": size, "leading": size * 1.25, "textColor": INK, **more}
    return ParagraphStyle("words", **values)


def _words(text: str, style: ParagraphStyle) -> Paragraph:
    # A paragraph reads markup: a name with «<» must stay a name.
    return Paragraph(escape(text), style)


def _story(organization: Organization) -> list[Flowable]:
    plain, heading = _style(9), _style(11, fontName=BOLD, spaceBefore=5 * mm, spaceAfter=1 * mm, keepWithNext=1)
    title = _words(_("Register of processing of personal data"), _style(16, fontName=BOLD, spaceAfter=3 * mm))
    story: list[Flowable] = [title]
    story += [_words(f"{name}: {value}", plain) for name, value in facts(organization)]
    end = _("Everything here ends with the organization on the platform at the latest: %(when)s.")
    story += [Spacer(1, 2 * mm), _words(end % {"when": how_long(ORGANIZATION_GOES)}, plain)]
    for number, chapter in enumerate(chapters(of_organization=True), start=1):
        story.append(_words(f"{number}. {capfirst(chapter.purpose)}", heading))
        story.append(
            _words(
                f"{_('Who sees them')}: {chapter.access}",
                _style(8.5, textColor=SOFT, spaceAfter=2 * mm, keepWithNext=1),
            )
        )
        story.append(_table(chapter))
    story.append(_words(_("What keeps the data safe"), heading))
    story += [_words(f"— {measure}", plain) for measure in measures()]
    return [*story, Spacer(1, 10 * mm), _words(f"{_('Responsible:')} {'_' * 34}  /{'_' * 30}/", plain)]


def _table(chapter: Chapter) -> LongTable:
    head, cell = _style(8, fontName=BOLD), _style(8)
    rows = [[line.what, line.data, line.whose, line.basis, "; ".join(line.kept)] for line in chapter.lines]
    names = [_("What"), _("Data"), _("About whom"), _("Ground (152-FZ)"), _("How long")]
    body = [[_words(name, head) for name in names], *([_words(text, cell) for text in row] for row in rows)]
    table = LongTable(body, colWidths=_WIDTHS, repeatRows=1)
    table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, SOFT), ("VALIGN", (0, 0), (-1, -1), "TOP")]))
    return table
