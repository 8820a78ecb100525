"""Units and years an actor sees."""

from django.db.models import Count, Prefetch, Q, QuerySet

from common.text import normalise
from orgs.actor import Actor
from orgs.capabilities import Capability
from orgs.models import AcademicYear, Enrolment, Organization, Part, Unit, UnitKind
from orgs.models.structure import UnitQuerySet

_leading = Enrolment.objects.filter(part=Part.LEADER, until=None).select_related("person")
# Who leads each unit today, as `unit.leaders`.
LEADERS = Prefetch("enrolments", queryset=_leading, to_attr="leaders")


def units_visible_to(actor: Actor) -> UnitQuerySet:
    """Units the actor may open: staff see the whole structure, parents and students their own (ACC-4).

    Archived ones are seen by those who manage the structure only.
    """
    units = Unit.objects.filter(organization_id=actor.organization.pk)
    if actor.may(Capability.MANAGE_STRUCTURE):
        return units
    units = units.active()
    if actor.may(Capability.SEE_ALL_UNITS):
        return units
    return units.filter(pk__in=actor.own_unit_ids)


def units_invitable_by(actor: Actor) -> UnitQuerySet:
    """Units into which the actor may invite somebody (INV-2): every one, or the own and the granted."""
    units = Unit.objects.filter(organization_id=actor.organization.pk).active()
    if actor.may(Capability.INVITE_STAFF):
        return units
    if actor.may(Capability.INVITE_EVERYWHERE):
        return units.teaching()
    own = actor.granted_unit_ids
    if actor.may(Capability.INVITE_INTO_OWN_UNITS):
        own |= actor.worked_unit_ids
    return units.teaching().filter(pk__in=own)


def with_counts(units: QuerySet[Unit]) -> QuerySet[Unit]:
    """Add `student_count`, `joined_count` (students with an account), `reached_count` (students with a parent who has
    one), `staff_count`, and `leaders` (prefetched)."""
    active = Q(enrolments__until=None)
    students = active & Q(enrolments__part=Part.STUDENT)
    reached = students & Q(
        enrolments__person__parent_links__until=None, enrolments__person__parent_links__parent__user__isnull=False
    )
    return (
        units.select_related("academic_year")
        .annotate(
            student_count=Count("enrolments", filter=students, distinct=True),
            joined_count=Count(
                "enrolments", filter=students & Q(enrolments__person__user__isnull=False), distinct=True
            ),
            reached_count=Count("enrolments", filter=reached, distinct=True),
            staff_count=Count("enrolments__person", filter=active & ~Q(enrolments__part=Part.STUDENT), distinct=True),
        )
        .prefetch_related(LEADERS)
    )


def staff_unit_of(organization: Organization) -> Unit:
    """Return the system unit that holds all staff (ORG-2)."""
    return Unit.objects.get(organization=organization, kind=UnitKind.STAFF)


def current_year_of(organization: Organization) -> AcademicYear:
    """Return the academic year that new units belong to."""
    return AcademicYear.objects.get(organization=organization, is_current=True)


def years_visible_to(actor: Actor) -> QuerySet[AcademicYear]:
    """Return the organization's academic years, the newest first."""
    return AcademicYear.objects.filter(organization_id=actor.organization.pk)


def filter_units(units: QuerySet[Unit], *, kind: str = "", archived: bool = False, text: str = "") -> QuerySet[Unit]:
    """Narrow `units` to a kind, to those in the archive (or out of it), to any part of the name."""
    units = units.filter(archived_at__isnull=not archived)
    if kind:
        units = units.filter(kind=kind)
    for word in normalise(text).split():
        units = units.filter(sort_key__contains=word)
    return units
