"""What is wrong about a row, and what was mended on the way: every finding with its cell (ORG-8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from roster.reading.xlsx import letters_of
from roster.records import Problem

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise
else:
    StrOrPromise = str

# Why a row cannot be taken.
PROBLEMS: dict[str, StrOrPromise] = {
    "formula_without_value": _("A formula stands here without a computed value. Open the file in Excel and save it."),
    "cell_error": _("The cell shows an error (%(text)s) instead of a value."),
    "name_missing": _("There is no name."),
    "last_name_missing": _("The last name is missing: «%(text)s»."),
    "first_name_missing": _("The first name is missing: «%(text)s»."),
    "initials_only": _("Only initials stand here: «%(text)s». The whole first name is needed."),
    "name_odd": _("This does not look like a name: «%(text)s»."),
    "name_mixed": _("Russian and Latin letters are mixed in the name: «%(text)s»."),
    "name_too_long": _("The name is too long: «%(text)s»."),
    "birth_date_unclear": _("The date of birth is not understood: «%(text)s». Write it like this: 01.09.2014."),
    "birth_date_incomplete": _("Day and month of the birth are missing: «%(text)s»."),
    "birth_date_future": _("The date of birth lies in the future: «%(text)s»."),
    "birth_date_too_old": _("By this date of birth the person is older than 100 years: «%(text)s»."),
    "phone_invalid": _("This does not look like a phone number: «%(text)s»."),
    "phone_rounded": _("The spreadsheet has rounded the phone number: «%(text)s». Type it anew, the cell as text."),
    "email_invalid": _("This does not look like an e-mail address: «%(text)s»."),
    "role_unknown": _("The role is not understood: «%(text)s»."),
    "has_left": _("By the file this person has left: «%(text)s»."),
    "unit_too_long": _("The name of the class or group is too long: «%(text)s»."),
    "parallel_missing": _("The letter of the class stands without its number: «%(text)s»."),
    "platform_id_invalid": _("The number on the platform has digits only: «%(text)s». Leave the cell empty."),
    "record_number_too_long": _("The number of the personal file is too long: «%(text)s»."),
    "position_too_long": _("The position is too long: «%(text)s»."),
    "parent_without_name": _("A phone or an e-mail of a parent stands here, but no name."),
    "too_many_parents": _("At most four parents fit: «%(text)s»."),
    "user_without_name": _("The file gives no name to this user: «%(text)s»."),
}
# What was mended; people read it beside the row.
REMARKS: dict[str, StrOrPromise] = {
    "look_alikes": _("Latin letters or digits stood in the name: written as «%(text)s»."),
    "case_mended": _("Capital letters were put right: «%(text)s»."),
    "order_mended": _("The parts of the name were put in order: «%(text)s»."),
    "brackets_dropped": _("What stood in brackets was left out: «%(text)s»."),
    "date_order": _("The month seems to stand before the day: read as «%(text)s»."),
    "first_phone": _("There are several phones: «%(text)s» was taken."),
    "first_email": _("There are several addresses: «%(text)s» was taken."),
    "email_mended": _("Written as «%(text)s»."),
    "phone_in_name": _("The phone «%(text)s» stood in the cell of the name."),
    "several_parents": _("Several parents stood in one cell: «%(text)s»."),
    "role_administrator": _("Administrators are appointed from those who have joined: this role was left out."),
    "unit_latin": _("A Latin letter stood in the name of the class: written as «%(text)s»."),
    "unit_of_title": _("The file has no column for it: «%(text)s» was taken from the title above."),
    "several_units": _("Several stand in the cell: «%(text)s» was taken. Give the others rows of their own."),
    "unit_left_out": _("Only students and teachers belong to a class or group: «%(text)s» was left out."),
}
_MOST_SHOWN = 80


class Notes:
    """The findings about one row."""

    __slots__ = ("number", "problems", "remarks")

    def __init__(self, number: int) -> None:
        self.number = number
        self.problems: list[Problem] = []
        self.remarks: list[Problem] = []

    def problem(self, code: str, column: int = -1, text: str = "") -> None:
        """Note why the row cannot be taken."""
        self.problems.append(self._note(PROBLEMS, code, column, text))

    def remark(self, code: str, column: int = -1, text: str = "") -> None:
        """Note what was mended."""
        self.remarks.append(self._note(REMARKS, code, column, text))

    def tells_about(self, column: int) -> bool:
        """Whether something is wrong about the cell in this column already."""
        cell = f"{letters_of(column)}{self.number}"
        return any(problem.cell == cell for problem in self.problems)

    def _note(self, sentences: dict[str, StrOrPromise], code: str, column: int, text: str) -> Problem:
        shown = text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"
        cell = f"{letters_of(column)}{self.number}" if column >= 0 else ""
        return Problem(code, str(sentences[code]) % {"text": shown}, cell)
