"""Who may write personal messages to whom (CHAT-3): the organization's rule, asked of roles and units of today."""

from collections.abc import Collection, Iterator, Sequence

from django.db.models import Case, IntegerField, QuerySet, Value, When

from chats.models import ChatAudience, ChatRules
from chats.selectors.rules import Group, Reach, reach, rules_of
from common.text import normalise
from orgs.actor import Actor, actor_of
from orgs.models import Audience, Person
from orgs.prepared import prepared
from orgs.selectors.audiences import people_in

_WHOLE = {
    Group.ADMINISTRATION: Audience.ADMINISTRATION,
    Group.TEACHER: Audience.STAFF,
    Group.PARENT: Audience.PARENTS,
    Group.STUDENT: Audience.STUDENTS,
}


def groups_of(actor: Actor) -> list[Group]:
    """Return what the actor is when personal messages are concerned; several roles = several groups."""
    found = []
    if actor.is_administrator or actor.is_head:
        found.append(Group.ADMINISTRATION)
    if actor.is_staff:
        found.append(Group.TEACHER)
    if actor.is_parent:
        found.append(Group.PARENT)
    if actor.is_student:
        found.append(Group.STUDENT)
    return found


def reachable_by(actor: Actor, rules: ChatRules) -> QuerySet[Person]:
    """Return the people with an account to whom the actor may write first."""
    circles = [circle for group in groups_of(actor) for circle in _circles(actor, group, rules)]
    people = people_in(actor.organization.pk, circles)
    return people.filter(user__isnull=False).exclude(pk=actor.person.pk)


def find_contacts(actor: Actor, rules: ChatRules, text: str) -> QuerySet[Person]:
    """Return those of `reachable_by` whose name holds every word of `text`, by name."""
    people = reachable_by(actor, rules)
    for word in normalise(text).split()[:5]:
        people = people.filter(search_name__contains=word)
    return people.order_by("search_name", "id")


def circles_reachable_by(actor: Actor, rules: ChatRules) -> list[ChatAudience]:
    """Return the circles of `reachable_by`, each once. No query."""
    found: dict[tuple[str, int | None], ChatAudience] = {}
    for group in groups_of(actor):
        for circle in _circles(actor, group, rules):
            found.setdefault((circle.audience, circle.unit_id), circle)
    return list(found.values())


def in_circle(people: QuerySet[Person], actor: Actor, circle: ChatAudience) -> QuerySet[Person]:
    """Return those of `people` whom `circle` means."""
    return people.filter(pk__in=people_in(actor.organization.pk, [circle]).values("pk"))


def by_circle(people: QuerySet[Person], actor: Actor, circles: Sequence[ChatAudience]) -> QuerySet[Person]:
    """Order `people` by the first of `circles` that means them (its place is `circle`), then by name."""
    places = [
        When(pk__in=people_in(actor.organization.pk, [circle]).values("pk"), then=Value(place))
        for place, circle in enumerate(circles)
    ]
    place = Case(*places, default=Value(len(circles)), output_field=IntegerField())
    return people.annotate(circle=place).order_by("circle", "search_name", "id")


def writable_of(actor: Actor, person_ids: Collection[int]) -> frozenset[int]:
    """Return to whom of `person_ids` the actor may write first: for the pages of people and units (two queries)."""
    if not person_ids:
        return frozenset()
    rules = rules_of(actor.organization)
    if rules.contacts:
        reachable = reachable_by(actor, rules).filter(pk__in=person_ids)
        return frozenset(reachable.values_list("pk", flat=True))
    return frozenset(pk for (pk,) in _writable_by_default(actor, tuple(person_ids), rules.safe_mode))


@prepared
def _writable_by_default(actor: Actor, person_ids: Collection[int], safe_mode: bool) -> QuerySet[Person, tuple[int]]:
    rules = ChatRules(safe_mode=safe_mode)
    return reachable_by(actor, rules).filter(pk__in=person_ids).values_list("pk")


def may_correspond(actor: Actor, other: Person, rules: ChatRules) -> bool:
    """Tell whether the two may write to each other: whoever may be written to may answer.

    One query, three more when only the other one may begin.
    """
    if reachable_by(actor, rules).filter(pk=other.pk).exists():
        return True
    return reachable_by(actor_of(other), rules).filter(pk=actor.person.pk).exists()


def _circles(actor: Actor, group: Group, rules: ChatRules) -> Iterator[ChatAudience]:
    units = {
        Group.ADMINISTRATION: actor.worked_unit_ids,
        Group.TEACHER: actor.worked_unit_ids,
        Group.PARENT: actor.child_unit_ids,
        Group.STUDENT: actor.studied_unit_ids,
    }[group]
    for target in Group:
        how_far = reach(rules, group, target)
        if how_far == Reach.EVERYONE:
            yield ChatAudience(audience=_WHOLE[target])
        elif how_far == Reach.OWN_UNITS and target != Group.ADMINISTRATION:
            yield from (ChatAudience(audience=_WHOLE[target], unit_id=unit_id) for unit_id in units)
