"""Links on paper: one A4 sheet per link for the wall, one strip per person to cut off (INV-5)."""

from collections.abc import Sequence
from io import BytesIO

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from common.paper import BOLD, HEIGHT, SOFT, WIDTH, Box, Style, cut_line, load_fonts, text
from invitations.addresses import code_of, code_page_url, join_url, short
from invitations.models import Invitation
from invitations.qr import draw_qr
from orgs.models import Role
from orgs.vocabulary import Vocabulary, vocabulary_of

STRIPS_PER_PAGE = 9
_MARGIN = 18 * mm
_STRIP_HEIGHT = HEIGHT / STRIPS_PER_PAGE
_QR_ON_STRIP = 24 * mm


def sheets_pdf(links: Sequence[Invitation]) -> bytes:
    """Return a PDF with one page per link; each needs `unit` and `organization` loaded."""
    canvas, buffer = _new(_("Invitations"))
    with translation.override(settings.LANGUAGE_CODE):
        for link in links:
            _sheet(canvas, link)
            canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def strips_pdf(links: Sequence[Invitation]) -> bytes:
    """Return a PDF with one strip per personal code or family link, nine to a page with cut lines.

    Each link needs `unit`, `organization` and its `person` or `student` loaded.
    """
    canvas, buffer = _new(_("Personal codes"))
    with translation.override(settings.LANGUAGE_CODE):
        for number, link in enumerate(links):
            place = number % STRIPS_PER_PAGE
            if number and place == 0:
                canvas.showPage()
            top = HEIGHT - place * _STRIP_HEIGHT
            _strip(canvas, link, top)
            if place < STRIPS_PER_PAGE - 1:
                cut_line(canvas, top - _STRIP_HEIGHT)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _new(title: str) -> tuple[Canvas, BytesIO]:
    load_fonts()
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), pageCompression=1, lang=settings.LANGUAGE_CODE)
    canvas.setTitle(title)
    canvas.setCreator("")
    return canvas, buffer


def _sheet(canvas: Canvas, link: Invitation) -> None:
    words = vocabulary_of(link.organization)
    width = WIDTH - 2 * _MARGIN
    y = text(canvas, link.organization.short_name, Box(_MARGIN, HEIGHT - 26 * mm, width, 2), Style(14, centred=True))
    y = text(canvas, link.unit.name, Box(_MARGIN, y - 14 * mm, width, 2), Style(44, BOLD, centred=True))
    who = _("Whom we invite: %(people)s") % {"people": people_of(words, link.role)}
    y = text(canvas, who, Box(_MARGIN, y + 6 * mm, width), Style(18, centred=True))
    side = 110 * mm
    draw_qr(canvas, join_url(link), (WIDTH - side) / 2, y - side, side)
    y -= side + 15 * mm
    y = _steps(canvas, link, y)
    valid = _("Valid until %(day)s inclusive") % {"day": last_day_of(link)}
    text(canvas, valid, Box(_MARGIN, y - 6 * mm, width), Style(15, BOLD, centred=True))
    ask = link.organization.phone and _("Questions: %(phone)s") % {"phone": link.organization.phone}
    if ask:
        text(canvas, ask, Box(_MARGIN, 16 * mm, width), Style(10, colour=SOFT, centred=True))


def people_of(words: Vocabulary, role: str) -> str:
    """Return whom a link with this role is for, in the organization's words: «родители», «ученики»."""
    many = {Role.STUDENT: "students", Role.TEACHER: "teachers"}
    if role == Role.PARENT:
        return _("parents")
    return str(words[many[Role(role)]] if role in many else words.role(role))


def _steps(canvas: Canvas, link: Invitation, y: float) -> float:
    left, number_width = _MARGIN + 6 * mm, 10 * mm
    width = WIDTH - 2 * left - number_width
    values = {"address": short(code_page_url()), "code": code_of(link)}
    steps = [
        _("Point the phone’s camera at the square, or open %(address)s and type the code %(code)s") % values,
        _("Enter your phone number and the code from the SMS"),
        _("Write your name and your child’s name") if link.role == Role.PARENT else _("Write your name"),
    ]
    for number, step in enumerate(steps, start=1):
        text(canvas, f"{number}.", Box(left, y, number_width), Style(15, BOLD))
        y = text(canvas, step, Box(left + number_width, y, width, 3), Style(15)) - 3 * mm
    return y


def _strip(canvas: Canvas, link: Invitation, top: float) -> None:
    words = vocabulary_of(link.organization)
    bottom = top - _STRIP_HEIGHT
    left = 10 * mm
    draw_qr(canvas, join_url(link), left, bottom + (_STRIP_HEIGHT - _QR_ON_STRIP) / 2, _QR_ON_STRIP)
    x = left + _QR_ON_STRIP + 6 * mm
    right = WIDTH - 10 * mm
    column = 72 * mm
    target = link.student or link.person
    y = text(
        canvas, target.full_name if target else link.unit.name, Box(x, top - 8.5 * mm, column, 2), Style(12.5, BOLD)
    )
    y = text(canvas, _for_whom(link, words), Box(x, y + 0.3 * mm, column, 2), Style(8.5, colour=SOFT))
    text(canvas, code_of(link), Box(x, bottom + 5 * mm, column), Style(16, BOLD))
    _how(canvas, link, Box(x + column + 5 * mm, top - 8 * mm, right - x - column - 5 * mm))


def _for_whom(link: Invitation, words: Vocabulary) -> str:
    place = f"{link.unit.name}, {link.organization.short_name}"
    if link.student is not None:
        return _("For the parents · %(place)s") % {"place": place}
    return f"{str(words.role(link.role)).capitalize()} · {place}"


def _how(canvas: Canvas, link: Invitation, box: Box) -> None:
    values = {"address": short(code_page_url()), "day": last_day_of(link)}
    how = _("Point the phone’s camera at the square, or open %(address)s and type the code.") % values
    y = text(canvas, how, Box(box.x, box.y, box.width, 4), Style(8.5))
    then = _("Then your phone number and the code from the SMS.")
    y = text(canvas, then, Box(box.x, y, box.width, 2), Style(8.5))
    text(canvas, _("Until %(day)s inclusive") % values, Box(box.x, y - 0.5 * mm, box.width), Style(8.5, BOLD))


def last_day_of(link: Invitation) -> str:
    """Return the last day on which the link works, in the organization's own calendar: «5 декабря»."""
    return date_format(link.expires_at.astimezone(link.organization.zone), "j E Y")
