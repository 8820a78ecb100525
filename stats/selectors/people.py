"""The people behind a figure (STAT-5); for those who may see persons, checked by the page.

Lists are of today's roster, also for past periods: a list is there to talk to people. Nobody's numbers stand in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from common.errors import DomainError
from orgs.models import STAFF_ROLES, Enrolment, Guardianship, Organization, Part, Person, Role, RoleAssignment, Unit
from stats.catalogue import BY_KEY, Circle
from stats.models import StaffAnswer
from stats.periods import Days
from stats.selectors.conditions import ACTED
from stats.selectors.members import was_active

Counted = Callable[[Days], Q]


def people_behind(
    organization: Organization, figure: str, days: Days, unit: Unit | None = None, *, missing: bool
) -> QuerySet[Person]:
    """Return today's people of the roster behind `figure`, by name: those counted in it, or with `missing` those of
    the denominator who are not.

    Families are their students. Raise `DomainError` `figure_without_people` (404) for figures that are about things,
    or whose people are not named (students' activity), for those of a unit that have none, and for «missing» where
    the denominator is not people (who wrote, who answered).
    """
    known = BY_KEY.get(figure)
    counted = COUNTED.get(figure)
    if known is None or known.people is None or counted is None:
        raise _nobody()
    if (unit is not None and not known.by_unit) or (missing and figure in AUTHORS):
        raise _nobody()
    people = Person.objects.filter(_of_circle(known.people, unit), organization=organization, merged_into=None)
    condition = counted(days)
    return people.filter(~condition if missing else condition).order_by("search_name", "id")


def _nobody() -> DomainError:
    return DomainError("figure_without_people", _("There are no people behind this figure."), status=404)


def _of_circle(circle: Circle, unit: Unit | None) -> Q:
    """Who belongs to the circle today, in the organization or in `unit`."""
    held = _has_role(*_ROLES[circle])
    if unit is None or (unit.is_staff_unit and circle == Circle.STAFF):
        return held
    inside = Enrolment.objects.filter(unit=unit, until=None)
    if circle == Circle.STAFF:
        return held & Q(Exists(inside.filter(person=OuterRef("pk")).exclude(part=Part.STUDENT)))
    students = inside.filter(part=Part.STUDENT)
    if circle == Circle.PARENTS:
        children = Guardianship.objects.filter(parent=OuterRef("pk"), until=None, child__in=students.values("person"))
        return held & Q(Exists(children))
    return held & Q(Exists(students.filter(person=OuterRef("pk"))))


_ROLES: Mapping[Circle, tuple[str, ...]] = {
    Circle.STAFF: tuple(STAFF_ROLES),
    Circle.STUDENTS: (Role.STUDENT,),
    Circle.PARENTS: (Role.PARENT,),
    Circle.FAMILIES: (Role.STUDENT,),
}


def _has_role(*roles: str) -> Q:
    return Q(Exists(RoleAssignment.objects.filter(person=OuterRef("pk"), role__in=roles, until=None)))


def _has_joined(days: Days) -> Q:
    return _joined()


def _joined(prefix: str = "") -> Q:
    """An account whose phone is confirmed."""
    return Q(**{f"{prefix}joined_at__isnull": False, f"{prefix}user__phone_verified_at__isnull": False})


def _family_has_joined(days: Days) -> Q:
    parents = Guardianship.objects.filter(child=OuterRef("pk"), until=None, parent__merged_into=None)
    return Q(Exists(parents.filter(_joined("parent__"))))


def _wrote(column: str) -> Counted:
    """Staff who wrote such messages in the period, wherever."""
    return lambda days: Q(was_active("staff", days, "pk", Q(**{f"{column}__gt": 0})))


def _answered(days: Days) -> Q:
    return Q(Exists(StaffAnswer.objects.filter(person=OuterRef("pk"), day__range=(days.first, days.last))))


# Whose denominator is messages: nobody is missing in them.
AUTHORS = frozenset({"quiet_messages", "doubtful_messages", "answer_time"})

COUNTED: Mapping[str, Counted] = {
    "staff_joined": _has_joined,
    "students_joined": _has_joined,
    "families_joined": _family_has_joined,
    "staff_active": lambda days: Q(was_active("staff", days, "pk")),
    "staff_acted": lambda days: Q(was_active("staff", days, "pk", ACTED)),
    "parents_active": lambda days: Q(was_active("parents", days, "pk")),
    "quiet_messages": _wrote("quiet_messages"),
    "doubtful_messages": _wrote("doubtful_messages"),
    "answer_time": _answered,
}
