"""What can be wrong with a row once it is compared with the roster and with the rest of the file (ORG-8)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from orgs.models import Person
from roster.reckoning.snapshot import Roster
from roster.records import Problem


def unknown_number(number: int) -> Problem:
    """The number on the platform is nobody's here."""
    return Problem(
        "platform_id_unknown", _("Nobody here has the number on the platform %(number)s.") % {"number": number}
    )


def record_number_taken(number: str, person: Person) -> Problem:
    """The number of the personal file is another person's."""
    values = {"number": number, "name": person.full_name}
    return Problem("record_number_taken", _("The number of the personal file %(number)s is that of %(name)s.") % values)


def record_number_twice(number: str, other: int) -> Problem:
    """Two people of the file have one number of the personal file."""
    text = _("Row %(row)s gives another person the same number of the personal file %(number)s.")
    return Problem("record_number_twice", text % {"row": other, "number": number})


def ambiguous(people: Iterable[Person], roster: Roster) -> Problem:
    """Several people of the roster could be meant."""
    names = "; ".join(_described(person, roster) for person in people)
    text = _("Several people could be meant: %(names)s. Add the date of birth or the number on the platform.")
    return Problem("ambiguous", text % {"names": names})


def _described(person: Person, roster: Roster) -> str:
    born = person.birth_date.strftime("%d.%m.%Y") if person.birth_date else ""
    more = ", ".join(part for part in (roster.where(person), born, f"№ {person.pk}") if part)
    return f"{person.full_name} ({more})"


def one_for_several(person: Person, rows: Iterable[int]) -> Problem:
    """Several rows that are different people could be one of the roster."""
    values = {"name": person.full_name, "rows": ", ".join(map(str, sorted(rows)))}
    text = _("Rows %(rows)s could all be %(name)s. Add the date of birth or the number on the platform.")
    return Problem("rows_ambiguous", text % values)


def contradiction(field: str, other: int) -> Problem:
    """Two rows about one person say different things."""
    text = _("Row %(row)s is about the same person and says something else: %(field)s.")
    return Problem("rows_contradict", text % {"row": other, "field": field})


def two_units(names: Iterable[str]) -> Problem:
    """One student in several units of which one can be in one only."""
    return Problem(
        "two_units", _("Nobody studies in several of these at once: %(names)s.") % {"names": ", ".join(names)}
    )


def unit_ambiguous(name: str) -> Problem:
    """Several units have this name."""
    return Problem("unit_ambiguous", _("Several units are called «%(name)s».") % {"name": name})


def unit_name_too_long(name: str) -> Problem:
    """No unit can be called so."""
    return Problem("unit_name_too_long", _("The name of the unit is too long: «%(name)s».") % {"name": name[:60] + "…"})


def staff_unit() -> Problem:
    """Students never belong to the unit of the staff."""
    return Problem("staff_unit", _("Only staff belong to this unit."))


def administrator_by_hand() -> Problem:
    """No file makes administrators."""
    return Problem("administrator_by_hand", _("Administrators are appointed on their page, not by a file."))


def own_parent() -> Problem:
    """The parent of the columns is the child."""
    return Problem("own_parent", _("Nobody is their own parent."))


def parent_ambiguous(name: str) -> Problem:
    """Several parents of the roster could be meant."""
    return Problem("parent_ambiguous", _("Several people could be this parent: %(name)s.") % {"name": name})


def parent_contradicts(name: str, field: str) -> Problem:
    """Rows of several children say different things about their parent."""
    values = {"name": name, "field": field}
    return Problem("parent_contradicts", _("Another row says something else about %(name)s: %(field)s.") % values)
