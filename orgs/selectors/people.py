"""People an actor sees, and how lists find them."""

from dataclasses import dataclass

from django.db.models import Case, Exists, OuterRef, Prefetch, Q, QuerySet, Value, When

from common.prepared import Prepared
from common.text import normalise
from orgs.actor import Actor
from orgs.capabilities import Capability
from orgs.models import STAFF_ROLES, Enrolment, Guardianship, Part, Person, Role, RoleAssignment, Unit
from orgs.selectors.units import units_visible_to


def people_visible_to(actor: Actor) -> QuerySet[Person]:
    """People whose page the actor may open (ACC-4).

    Administrators and heads see the roster; teachers see the staff and the students and parents of their own
    units; a student sees the staff and the classmates of the own units; a parent sees the staff of the children's
    units, the own children and their other parents. Everybody sees themselves.
    """
    people = Person.objects.filter(organization_id=actor.organization.pk, merged_into=None)
    if actor.may(Capability.SEE_ALL_PEOPLE):
        return people
    visible = Q(pk=actor.person.pk) | Q(pk__in=[child.id for child in actor.children])
    if actor.may(Capability.SEE_STAFF):
        visible |= _is_staff()
    visible |= _staff_of(actor.own_unit_ids)
    if actor.children:
        visible |= _parents_of(Q(child_id__in=[child.id for child in actor.children]))
    studied_with = actor.worked_unit_ids | actor.studied_unit_ids
    if studied_with:
        visible |= _students_of(studied_with)
    if actor.worked_unit_ids:
        students = Enrolment.objects.filter(unit_id__in=actor.worked_unit_ids, part=Part.STUDENT, until=None)
        visible |= _parents_of(Q(child_id__in=students.values("person_id")))
    return people.filter(visible)


def _is_staff() -> Q:
    staff = RoleAssignment.objects.filter(person_id=OuterRef("pk"), role__in=STAFF_ROLES, until=None)
    return Q(Exists(staff))


def _staff_of(unit_ids: frozenset[int]) -> Q:
    parts = Enrolment.objects.filter(unit_id__in=unit_ids, part__in=[Part.LEADER, Part.TEACHER], until=None)
    return Q(pk__in=parts.values("person_id"))


def _students_of(unit_ids: frozenset[int]) -> Q:
    return Q(pk__in=Enrolment.objects.filter(unit_id__in=unit_ids, part=Part.STUDENT, until=None).values("person_id"))


def _parents_of(children: Q) -> Q:
    return Q(pk__in=Guardianship.objects.filter(children, until=None).values("parent_id"))


@dataclass(frozen=True)
class PeopleFilter:
    """What the roster can be narrowed by; empty means all."""

    text: str = ""
    role: str = ""
    unit_id: int | None = None
    joined: bool | None = None
    without_child: bool = False
    without_parent: bool = False
    without_unit: bool = False
    former: bool = False


def filter_people(people: QuerySet[Person], wanted: PeopleFilter) -> QuerySet[Person]:
    """Narrow `people`: any part of the name regardless of case and ё/е, role, unit (with its parents), joined or not.

    People without a role today appear only with `former`.
    """
    for word in normalise(wanted.text).split():
        people = people.filter(search_name__contains=word)
    active = RoleAssignment.objects.filter(person_id=OuterRef("pk"), until=None)
    if wanted.role:
        active = active.filter(role=wanted.role)
    people = people.filter(~Exists(active) if wanted.former else Exists(active))
    if wanted.unit_id:
        people = people.filter(_of_unit(wanted.unit_id))
    if wanted.joined is not None:
        people = people.filter(user__isnull=not wanted.joined)
    if wanted.without_child:
        children = Guardianship.objects.filter(parent_id=OuterRef("pk"), until=None)
        people = people.filter(_has_role(Role.PARENT), ~Exists(children))
    if wanted.without_parent:
        parents = Guardianship.objects.filter(child_id=OuterRef("pk"), until=None)
        people = people.filter(_has_role(Role.STUDENT), ~Exists(parents))
    if wanted.without_unit:
        units = Enrolment.objects.filter(
            person_id=OuterRef("pk"), part=Part.STUDENT, until=None, unit__archived_at=None
        )
        people = people.filter(_has_role(Role.STUDENT), ~Exists(units))
    return people.order_by("search_name", "id")


def _has_role(role: str) -> Exists:
    return Exists(RoleAssignment.objects.filter(person_id=OuterRef("pk"), role=role, until=None))


def _of_unit(unit_id: int) -> Q:
    members = Enrolment.objects.filter(unit_id=unit_id, until=None)
    students = members.filter(part=Part.STUDENT).values("person_id")
    return Q(pk__in=members.values("person_id")) | _parents_of(Q(child_id__in=students))


def with_roster_columns(people: QuerySet[Person]) -> QuerySet[Person]:
    """Prefetch what a line of the roster shows: `active_roles`, `active_enrolments` (with units), `children`."""
    return people.prefetch_related(
        Prefetch("roles", queryset=RoleAssignment.objects.filter(until=None), to_attr="active_roles"),
        Prefetch(
            "enrolments",
            queryset=Enrolment.objects.filter(until=None, unit__archived_at=None)
            .select_related("unit")
            .order_by("unit__sort_key"),
            to_attr="active_enrolments",
        ),
        Prefetch(
            "child_links",
            queryset=Guardianship.objects.filter(until=None).select_related("child"),
            to_attr="active_children",
        ),
    )


def members_of_unit(unit_id: int, part: str) -> QuerySet[Enrolment]:
    """Return the active enrolments of one part in a unit, people loaded, by name."""
    return (
        Enrolment.objects.filter(unit_id=unit_id, part=part, until=None)
        .select_related("person")
        .order_by("person__search_name", "person_id")
    )


def staff_of_unit(unit_id: int) -> QuerySet[Enrolment]:
    """Return the active enrolments of those who lead or teach in a unit, people loaded, by name."""
    return (
        Enrolment.objects.filter(unit_id=unit_id, part__in=[Part.LEADER, Part.TEACHER], until=None)
        .select_related("person")
        .order_by("person__search_name", "person_id")
    )


def parents_in_unit(unit_id: int) -> QuerySet[Guardianship]:
    """Return the guardianships of the unit's students, both sides loaded, by the child's name."""
    students = Enrolment.objects.filter(unit_id=unit_id, part=Part.STUDENT, until=None)
    return (
        Guardianship.objects.filter(until=None, child_id__in=students.values("person_id"))
        .select_related("parent", "child")
        .order_by("child__search_name", "parent__search_name")
    )


def history_of(person: Person) -> QuerySet[Enrolment]:
    """Return all enrolments of a person, the present first: «Были в классе» (ORG-5)."""
    return person.enrolments.select_related("unit__academic_year").order_by("until", "-since", "-id")


def administrators_of(organization_id: int) -> QuerySet[Person]:
    """Return the people who hold the administrator's role today."""
    return Person.objects.filter(
        organization_id=organization_id, roles__role=Role.ADMINISTRATOR, roles__until=None
    ).order_by("search_name")


def has_connected_head(organization_id: int) -> bool:
    """Tell whether somebody who leads the organization today has an account."""
    heads = RoleAssignment.objects.filter(organization_id=organization_id, role=Role.HEAD, until=None)
    return heads.filter(person__user__isnull=False, person__merged_into=None).exists()


def joined_staff_of(organization_id: int) -> QuerySet[Person]:
    """Return staff who signed in at least once: those an administrator may be appointed from (REG-6)."""
    return (
        Person.objects.filter(organization_id=organization_id, user__isnull=False, merged_into=None)
        .filter(_is_staff())
        .order_by("search_name")
    )


def sees_all_students(actor: Actor, unit: Unit) -> bool:
    """Whether the actor sees everybody in the unit: administration, its teachers, its students."""
    return actor.may(Capability.SEE_ALL_PEOPLE) or unit.pk in actor.worked_unit_ids | actor.studied_unit_ids


def students_visible_in(actor: Actor, unit: Unit) -> list[Enrolment]:
    """Return the unit's students whom the actor sees: all of the own unit, else oneself and the own children."""
    if sees_all_students(actor, unit):
        return _students(unit=unit.pk)
    students = members_of_unit(unit.pk, Part.STUDENT)
    return list(students.filter(person_id__in=[actor.person.pk, *(child.id for child in actor.children)]))


_students: Prepared[Enrolment] = Prepared(lambda unit: members_of_unit(unit, Part.STUDENT), unit=-1)
staff_listed: Prepared[Enrolment] = Prepared(lambda unit: staff_of_unit(unit), unit=-1)
parents_listed: Prepared[Guardianship] = Prepared(lambda unit: parents_in_unit(unit), unit=-1)


def former_members_of_unit(unit_id: int) -> QuerySet[Enrolment]:
    """Return the closed enrolments of a unit, the latest first: «Были в классе» (ORG-5)."""
    return (
        Enrolment.objects.filter(unit_id=unit_id, until__isnull=False, person__merged_into=None)
        .select_related("person")
        .order_by("-until", "person__search_name", "id")
    )


def enrolments_visible_to(actor: Actor) -> QuerySet[Enrolment]:
    """Return the active enrolments of the people and units the actor sees."""
    return _enrolments_seen_by(actor).filter(until=None)


def closed_enrolments_visible_to(actor: Actor) -> QuerySet[Enrolment]:
    """Return the ended enrolments of the people and units the actor sees."""
    return _enrolments_seen_by(actor).filter(until__isnull=False)


def _enrolments_seen_by(actor: Actor) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(
        unit__in=units_visible_to(actor), person__in=people_visible_to(actor)
    ).select_related("person__organization", "unit__organization")


def became_of(actor: Actor, person_id: int) -> QuerySet[Person]:
    """Return, of those the actor sees, whoever a merged row became (ORG-7), also in two steps; else nobody."""
    # A number beyond the database names nobody.
    past = Person.objects.filter(pk=person_id).values("pk")
    return people_visible_to(actor).filter(Q(merged__in=past) | Q(merged__merged__in=past)).distinct()


@dataclass(frozen=True)
class Family:
    """Both sides of a person's family, as far as the reader sees them."""

    parents: list[Person]
    children: list[Person]


def family_of(actor: Actor, person: Person) -> Family:
    """Return the parents and the children of `person` whom the actor may see (ORG-10); two queries."""
    visible = with_roster_columns(people_visible_to(actor)).order_by("search_name", "id")
    parents = visible.filter(child_links__child=person, child_links__until=None)
    children = visible.filter(parent_links__parent=person, parent_links__until=None)
    return Family(list(parents), list(children))


def find_people(
    actor: Actor, text: str, *, role: str = "", adults: bool = False, joined: bool | None = None
) -> QuerySet[Person]:
    """Return the people on the roster whose name holds every word of `text`, with the columns of a list.

    `adults` leaves the students out, whatever else they are.
    """
    people = filter_people(people_visible_to(actor), PeopleFilter(text=text, role=role, joined=joined))
    if adults:
        people = people.filter(~_has_role(Role.STUDENT))
    # Whom the first word begins comes before those who merely have it inside.
    first_word = normalise(text).split(" ")[0]
    begins = Case(When(search_name__startswith=first_word, then=Value(0)), default=Value(1))
    return with_roster_columns(people.order_by(begins, "search_name", "id"))


def namesakes_of(organization_id: int, full_names: list[str]) -> set[str]:
    """Return which of the normalised `full_names` somebody on the roster already has."""
    taken = Person.objects.filter(
        organization_id=organization_id, merged_into=None, search_name__in=full_names
    ).on_roster()
    return set(taken.values_list("search_name", flat=True))


def active_roles_of(person: Person) -> list[str]:
    """Return the roles a person holds today, in the order of `Role`."""
    held = set(RoleAssignment.objects.filter(person=person, until=None).values_list("role", flat=True))
    return [role.value for role in Role if role in held]
