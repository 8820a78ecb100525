"""Numbers of the home page: counted on the roster, so that «joined» has an honest denominator."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

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


def roster_numbers(organization: Organization) -> RosterNumbers:
    """Count the people who hold a role today and those of them with an account; one query."""
    groups = {
        "administrators": (Role.ADMINISTRATOR,),
        "staff": STAFF_ROLES,
        "students": (Role.STUDENT,),
        "parents": (Role.PARENT,),
    }
    counts: dict[str, Count] = {}
    for name, roles in groups.items():
        of_group = Q(role__in=roles)
        counts[f"{name}_total"] = Count("person", filter=of_group, distinct=True)
        counts[f"{name}_joined"] = Count("person", filter=of_group & Q(person__user__isnull=False), distinct=True)
    found = RoleAssignment.objects.filter(organization_id=organization.pk, until=None).aggregate(**counts)
    return RosterNumbers(**{name: Share(found[f"{name}_joined"], found[f"{name}_total"]) for name in groups})


def count_units_without_leader(organization_id: int) -> int:
    """Return how many classes, groups and circles nobody leads."""
    leaders = Enrolment.objects.filter(unit_id=OuterRef("pk"), part=Part.LEADER, until=None)
    return Unit.objects.filter(~Exists(leaders), organization_id=organization_id).active().teaching().count()


def count_students_without_unit(organization_id: int) -> int:
    """Return how many students are in no class, group or circle."""
    active = Enrolment.objects.filter(
        person_id=OuterRef("person_id"), part=Part.STUDENT, until=None, unit__archived_at=None
    )
    students = RoleAssignment.objects.filter(organization_id=organization_id, role=Role.STUDENT, until=None)
    return students.filter(~Exists(active)).count()
