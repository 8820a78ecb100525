"""Tables that go with a file of the roster: the sample to be filled in, the rows that could not be taken (ORG-8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.utils import translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from common.spreadsheets import BOLD, bytes_of, text_cell
from orgs.models import Role, UnitKind
from orgs.vocabulary import Vocabulary
from roster.fields import heading_of
from roster.models import LoadRow

# The columns of the sample: what most organizations know about their people.
SAMPLE = (
    *("full_name", "role", "unit", "birth_date", "record_number", "phone", "email", "position"),
    *("parent1_name", "parent1_phone", "parent1_email", "parent2_name", "parent2_phone", "parent2_email"),
)
# A unit of each kind, as its name is written.
_UNITS: Mapping[str, str] = {UnitKind.CLASS: "5А", UnitKind.GROUP: "Солнышко", UnitKind.CIRCLE: "Шахматы"}
# Invented people; their phones belong to nobody.
_STUDENT = {
    "full_name": "Примеров Иван Петрович",
    "birth_date": "15.03.2015",
    "record_number": "П-123",
    "parent1_name": "Примерова Анна Сергеевна",
    "parent1_phone": "+7 900 000-00-01",
    "parent1_email": "primerova@example.org",
    "parent2_name": "Примеров Пётр Ильич",
    "parent2_phone": "+7 900 000-00-02",
}
_TEACHER = {
    "full_name": "Образцова Мария Ивановна",
    "birth_date": "02.09.1984",
    "phone": "+7 900 000-00-03",
    "email": "obrazcova@example.org",
}
_WIDE, _USUAL = 32, 20


def sample_xlsx(words: Vocabulary) -> bytes:
    """Return the sample: every heading in the organization's words, a student and one of the staff as examples."""
    with translation.override("ru"):  # what is read is Russian, whatever the language of the pages
        unit = _UNITS.get(words.main_unit_kind, "5А")
        roles = [capfirst(str(words.role(role))) for role in (Role.STUDENT, Role.TEACHER)]
        position = capfirst(str(words["teacher"]))
        rows = [
            {**_STUDENT, "role": roles[0], "unit": unit},
            {**_TEACHER, "role": roles[1], "unit": unit, "position": position},
        ]
        headings = [heading_of(name, words) for name in SAMPLE]
    return _table(_("People"), headings, [[row.get(name, "") for name in SAMPLE] for row in rows])


def errors_xlsx(rows: Iterable[LoadRow], unit_title: str) -> bytes:
    """Return the rows that could not be taken: where each mistake is and what is wrong."""
    headings = [_("Row in the file"), _("Cell"), pgettext("of a person", "Full name"), unit_title, _("What is wrong")]
    lines = [
        [row.number, problem["cell"], row.name, row.unit_name, problem["message"]]
        for row in rows
        for problem in row.problems
    ]
    return _table(_("Errors"), headings, lines)


def _table(title: str, headings: Sequence[str], rows: Iterable[Sequence[str | int]]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for place, heading in enumerate(headings, 1):
        is_wide = len(heading) > _USUAL or place in (1, len(headings))
        sheet.column_dimensions[get_column_letter(place)].width = _WIDE if is_wide else _USUAL
    sheet.append([text_cell(sheet, heading, BOLD) for heading in headings])
    for row in rows:
        sheet.append([text_cell(sheet, value) if isinstance(value, str) else value for value in row])
    return bytes_of(book)
