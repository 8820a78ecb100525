"""«Сведения об использовании платформы» in the form that is handed to the founder: A4, with formulas below (STAT-6)."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.utils import timezone, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    KeepTogether,
    LongTable,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    TableStyle,
)

from common.paper import BOLD, INK, REGULAR, SOFT, load_fonts, numbered
from stats import wording
from stats.catalogue import BY_KEY
from stats.selectors.values import Value
from stats.sheets.report import Report

_MARGIN = 15 * mm
_ROOM = A4[0] - 2 * _MARGIN
# Of who is connected, by unit; and what stands in the small table of weeks.
CONNECTION = ("staff_joined", "students_joined", "families_joined")
WEEKLY = ("staff_active", "students_active", "parents_active", "messages")


def sheet_pdf(report: Report) -> bytes:
    """Return the file; times by the organization's clock, words in the platform's language."""
    load_fonts()
    buffer = BytesIO()
    with timezone.override(report.organization.zone), translation.override(settings.LANGUAGE_CODE):
        title = _("Information about the use of the platform")
        document = SimpleDocTemplate(
            buffer,
            pagesize=A4,
            leftMargin=_MARGIN,
            rightMargin=_MARGIN,
            topMargin=_MARGIN,
            bottomMargin=20 * mm,
            title=f"{title}: {report.organization.name}",
            creator="",
            lang=settings.LANGUAGE_CODE,
        )
        footer = f"{title}, {wording.period(report.days)}"
        document.build(_story(report, title), canvasmaker=numbered(footer, _MARGIN))
    return buffer.getvalue()


def _style(name: str, size: float = 9.5, **more: Any) -> ParagraphStyle:
    # A word longer than its column is cut: a name must not run into the next one.
    values = {"fontName": REGULAR, "fontSize": size, "leading": size * 1.25, "textColor": INK, "splitLongWords": 1}
    return ParagraphStyle(name, **{**values, **more})


_PLAIN = _style("plain")
_NUMBER = _style("number", alignment=TA_RIGHT)
_HEAD = _style("head", 8.5, fontName=BOLD, alignment=TA_CENTER)
_PART = _style("part", fontName=BOLD)
_SECTION = _style("section", 12, fontName=BOLD, spaceBefore=6 * mm, spaceAfter=2 * mm)
_NOTE = _style("note", 8.5, spaceAfter=1 * mm)
_SMALL = _style("small", 8.5, textColor=SOFT)


def _words(text: str, style: ParagraphStyle = _PLAIN) -> Paragraph:
    # A paragraph reads markup: a name with «<» must stay a name.
    return Paragraph(escape(text), style)


def _story(report: Report, title: str) -> list[Flowable]:
    facts = [(name, value) for name, value in report.facts() if value != report.organization.name]
    story: list[Flowable] = [
        _words(report.organization.name, _style("place", 11, alignment=TA_CENTER)),
        _words(title, _style("title", 16, fontName=BOLD, alignment=TA_CENTER, spaceBefore=4 * mm, spaceAfter=4 * mm)),
        *(_fact(name, value) for name, value in facts),
        Spacer(1, 4 * mm),
        _figures(report),
    ]
    if any(value.is_hidden for value in report.values):
        story += [Spacer(1, 2 * mm), _words(_("Hidden: so few people that the number would name them."), _SMALL)]
    if report.units:
        story += [*_section(_("Who is connected")), _units(report)]
    if report.trend:
        story += [*_section(_("By week")), _weeks(report)]
    return [*story, *_notes(report), _signature(report)]


def _section(title: str) -> list[Flowable]:
    # A title with room for a few lines below it: a table as a whole must not be pushed to the next page.
    return [CondPageBreak(45 * mm), _words(title, _SECTION)]


def _fact(name: str, value: str) -> Paragraph:
    return Paragraph(f'{escape(name)}: <font face="{BOLD}">{escape(value)}</font>', _style("fact", spaceAfter=1 * mm))


def _table(heads: Sequence[str], rows: Sequence[list[Any]], widths: Sequence[float], *more: Any) -> LongTable:
    table = LongTable([[_words(head, _HEAD) for head in heads], *rows], colWidths=widths, repeatRows=1)
    style: list[Any] = [
        ("GRID", (0, 0), (-1, -1), 0.5, SOFT),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("TOPPADDING", (0, 0), (-1, -1), 1),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
    table.setStyle(TableStyle([*style, *more]))
    return table


# --- Figures ----------------------------------------------------------------------------------------------------------
def _figures(report: Report) -> LongTable:
    heads = [_("Figure"), _("Value"), _("Of whom"), _("Before"), _("Norm")]
    rows: list[list[Any]] = []
    spans = []
    number = 0
    for title, values in report.by_group():
        # The heads are the first line.
        spans.append(("SPAN", (0, len(rows) + 1), (-1, len(rows) + 1)))
        rows.append([_words(title, _PART), "", "", "", ""])
        for value in values:
            number += 1
            rows.append(_figure(number, value))
    return _table(heads, rows, _widths(70, 28, 28, 26, 28), *spans)


def _widths(*parts: float) -> list[float]:
    whole = sum(parts)
    return [_ROOM * part / whole for part in parts]


def _figure(number: int, value: Value) -> list[Paragraph]:
    norm = f"{value.norm}\u00a0%" if value.norm is not None else ""
    if value.meets_norm is False:
        norm = _("%(norm)s, not met") % {"norm": norm}
    before = "" if value.is_hidden else wording.amount(value.figure.measure, value.before)
    texts = [wording.shown(value), wording.of_whole(value), before, norm]
    return [_words(f"{number}. {value.figure.name}"), *(_words(text, _NUMBER) for text in texts)]


def _notes(report: Report) -> list[Flowable]:
    """How each figure comes about, by its number."""
    notes = _section(_("How the figures come about"))
    values = [value for _title, values in report.by_group() for value in values]
    for number, value in enumerate(values, start=1):
        sentences = [str(value.figure.formula), str(value.figure.left_out)]
        notes.append(_words(f"{number}. {value.figure.name}. {' '.join(filter(None, sentences))}", _NOTE))
    return notes


# --- Units and weeks --------------------------------------------------------------------------------------------------
def _units(report: Report) -> LongTable:
    keys = report.sensible(CONNECTION)
    heads = [capfirst(str(report.words["unit"])), *(str(BY_KEY[key].name) for key in keys)]
    rows = [
        [_words(row.unit.name), *(_words(_connected(row.values.get(key)), _NUMBER) for key in keys)]
        for row in report.units
    ]
    return _table(heads, rows, _widths(60, *(40 for _key in keys)))


def _connected(value: Value | None) -> str:
    """«12 из 25 (48 %)»."""
    if value is None or value.is_hidden or not value.denominator:
        return wording.shown(value) if value is not None else "—"
    return f"{wording.of_whole(value)} ({wording.shown(value)})"


def _weeks(report: Report) -> LongTable:
    figures = [BY_KEY[key] for key in report.sensible(WEEKLY)]
    rows = [
        [
            _words(f"{point.monday:%d.%m.%Y}"),
            *(_words(wording.amount(one.measure, point.amounts.get(one.key)), _NUMBER) for one in figures),
        ]
        for point in report.trend
    ]
    return _table(
        [_("Week from"), *(str(one.name) for one in figures)],
        rows,
        _widths(*(36 for _column in range(len(figures) + 1))),
    )


# --- Below ------------------------------------------------------------------------------------------------------------
def _signature(report: Report) -> KeepTogether:
    head = report.head or "_" * 30
    lines = [
        Spacer(1, 10 * mm),
        _words(f"{_('Made by')}: {report.maker} {'_' * 20}"),
        Spacer(1, 6 * mm),
        _words(f"{capfirst(str(report.words['head']))} {'_' * 28} / {head} /"),
        Spacer(1, 4 * mm),
        _words(_("Date «____» ______________ 20____")),
    ]
    return KeepTogether(lines)
