"""Numbers of the home page: counted on the roster, so that «joined» has an honest denominator."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from common.prepared import Prepared, counting
from orgs.models import STAFF_ROLES, Enrolment, Organization, Part, Role, RoleAssignment, Unit


@dataclass(frozen=True)
class Share:
    """How many of the roster have joined."""

    joined: int
    total: int

    @property
    def percent(self) -> int:
        return self.joined * 100 // self.total if self.total else 0


@dataclass(frozen=True)
class RosterNumbers:
    """Who has joined, by kind of member; `administrators.joined` is how many can act."""

    administrators: Share
    staff: Share
    students: Share
    parents: Share

    @property
    def is_empty(self) -> bool:
        """Nobody but the one who registered the organization."""
        return self.staff.total <= 1 and not self.students.total and not self.parents.total


# Kind of member → the roles that make one.
_GROUPS: dict[str, tuple[Role, ...]] = {
    "administrators": (Role.ADMINISTRATOR,),
    "staff": STAFF_ROLES,
    "students": (Role.STUDENT,),
    "parents": (Role.PARENT,),
}


def roster_numbers(organization: Organization) -> RosterNumbers:
    """Count the people who hold a role today and those of them with an account; one query."""
    numbers = iter(_roster_numbers(organization=organization.pk)[0])
    return RosterNumbers(**{name: Share(next(numbers), next(numbers)) for name in _GROUPS})


def _counted_by_group(organization: int) -> QuerySet[RoleAssignment, tuple[int, ...]]:
    """For each group: who has joined, who there is."""
    counts: dict[str, Count] = {}
    for name, roles in _GROUPS.items():
        of_group = Q(role__in=roles)
        counts[f"{name}_joined"] = Count("person", filter=of_group & Q(person__user__isnull=False), distinct=True)
        counts[f"{name}_total"] = Count("person", filter=of_group, distinct=True)
    return counting(RoleAssignment.objects.filter(organization_id=organization, until=None), **counts)


def count_units_without_leader(organization_id: int) -> int:
    """Return how many classes, groups and circles nobody leads."""
    return _units_without_leader(organization=organization_id)[0][0]


def _without_leader(organization: int) -> QuerySet[Unit, tuple[int, ...]]:
    leaders = Enrolment.objects.filter(unit_id=OuterRef("pk"), part=Part.LEADER, until=None)
    return counting(Unit.objects.filter(~Exists(leaders), organization_id=organization).active().teaching())


def count_students_without_unit(organization_id: int) -> int:
    """Return how many students are in no class, group or circle."""
    return _students_without_unit(organization=organization_id)[0][0]


def _without_unit(organization: int) -> QuerySet[RoleAssignment, tuple[int, ...]]:
    active = Enrolment.objects.filter(
        person_id=OuterRef("person_id"), part=Part.STUDENT, until=None, unit__archived_at=None
    )
    students = RoleAssignment.objects.filter(organization_id=organization, role=Role.STUDENT, until=None)
    return counting(students.filter(~Exists(active)))


_roster_numbers: Prepared[tuple[int, ...]] = Prepared(_counted_by_group, organization=-1)
_units_without_leader: Prepared[tuple[int, ...]] = Prepared(_without_leader, organization=-1)
_students_without_unit: Prepared[tuple[int, ...]] = Prepared(_without_unit, organization=-1)
