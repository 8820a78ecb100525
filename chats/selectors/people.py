"""The people of a chat as a list shows them: who moderates, what each is to the organization in its own words."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from chats.models import Chat, ChatMember, Template
from chats.selectors.chats import members_of
from common.text import normalise
from orgs.actor import Actor
from orgs.capabilities import ROLE_CAPABILITIES, Capability
from orgs.models import (
    STAFF_ROLES,
    Enrolment,
    Guardianship,
    Part,
    Person,
    Role,
    RoleAssignment,
    UnitUserObjectPermission,
)

REPORT_ROLES = tuple(role for role, given in ROLE_CAPABILITIES.items() if Capability.HANDLE_REPORTS in given)


@dataclass(frozen=True)
class Listed:
    """One member of a page: what they are here, and whether they moderate the chat."""

    person: Person
    labels: list[str]
    is_moderator: bool


@dataclass(frozen=True)
class _Known:
    """What the page's people are in the organization today, by person."""

    roles: dict[int, set[str]]
    enrolments: dict[int, list[Enrolment]]
    children: dict[int, list[Person]]
    units_of_children: dict[int, set[int]]


def find_members(chat: Chat, text: str) -> QuerySet[Person]:
    """Return the people of the chat whose name holds every word of `text`, by name."""
    people = members_of(chat)
    for word in normalise(text).split()[:5]:
        people = people.filter(search_name__contains=word)
    return people


def describe(actor: Actor, chat: Chat, people: Sequence[Person]) -> list[Listed]:
    """Return `people` (a page of the chat's members) as the actor sees them; as many queries for a hundred as for one.

    Whose child a parent is here for, and the unit of a student, are told to those of the same unit and to the staff who
    see it anyway: a chat of the whole organization gives away no families.
    """
    known = _known(people)
    moderators = _moderators_among(chat, people, known)
    return [Listed(person, _labels(actor, chat, person, known), person.pk in moderators) for person in people]


def _known(people: Sequence[Person]) -> _Known:
    ids = [person.pk for person in people]
    known = _Known(defaultdict(set), defaultdict(list), defaultdict(list), defaultdict(set))
    for person_id, role in RoleAssignment.objects.filter(person__in=ids, until=None).values_list("person_id", "role"):
        known.roles[person_id].add(role)
    for enrolment in _active(ids).select_related("unit").order_by("unit__sort_key", "pk"):
        known.enrolments[enrolment.person_id].append(enrolment)
    families = Guardianship.objects.filter(parent__in=ids, until=None).select_related("child")
    for tie in families.order_by("child__search_name", "pk"):
        known.children[tie.parent_id].append(tie.child)
    children = {child.pk for row in known.children.values() for child in row}
    if children:
        studied = _active(children).filter(part=Part.STUDENT).values_list("person_id", "unit_id")
        for person_id, unit_id in studied:
            known.units_of_children[person_id].add(unit_id)
    return known


def _active(person_ids: Iterable[int]) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(person__in=person_ids, until=None, unit__archived_at=None)


def _labels(actor: Actor, chat: Chat, person: Person, known: _Known) -> list[str]:
    """«классный руководитель», «педагог», «обучающийся 5А», «родитель: Ёжиков Пётр» …"""
    words, roles, parts = actor.words, known.roles[person.pk], known.enrolments[person.pk]
    labels = [person.position] if person.position and not roles.isdisjoint(STAFF_ROLES) else []
    labels += [str(words.role(role)) for role in (Role.HEAD, Role.ADMINISTRATOR) if role in roles]
    led = [row for row in parts if row.part == Part.LEADER and not row.unit.is_staff_unit]
    labels += [_of_unit(str(words.part(Part.LEADER)), row, chat) for row in led]
    if Role.TEACHER in roles and not led and not labels:
        labels.append(str(words.role(Role.TEACHER)))
    for row in (row for row in parts if row.part == Part.STUDENT):
        word = str(words.role(Role.STUDENT))
        labels.append(_of_unit(word, row, chat) if _is_known(actor, {row.unit_id}) else word)
    children = [child for child in known.children[person.pk] if _is_known(actor, known.units_of_children[child.pk])]
    for child in children:
        labels.append(f"{words.role(Role.PARENT)}: {child.last_name} {child.first_name}")
    if Role.PARENT in roles and not children:
        labels.append(str(words.role(Role.PARENT)))
    return list(dict.fromkeys(labels))


def _of_unit(word: str, row: Enrolment, chat: Chat) -> str:
    return word if row.unit_id == chat.unit_id else f"{word} {row.unit.name}"


def _is_known(actor: Actor, unit_ids: set[int]) -> bool:
    return actor.may(Capability.SEE_ALL_PEOPLE) or not actor.own_unit_ids.isdisjoint(unit_ids)


def _moderators_among(chat: Chat, people: Sequence[Person], known: _Known) -> set[int]:
    """The same rule as `permissions.can_moderate`, for a page of people."""
    if chat.is_personal:
        return set()
    ids = [person.pk for person in people]
    named = ChatMember.objects.filter(chat=chat, person__in=ids, until=None, is_moderator=True)
    found = {*named.values_list("person_id", flat=True), chat.owner_id or 0}
    if chat.template == Template.GENERAL:
        return found | {pk for pk in ids if not known.roles[pk].isdisjoint(REPORT_ROLES)}
    if chat.unit_id is None:
        return found
    for pk in ids:
        if any(row.part == Part.LEADER and row.unit_id == chat.unit_id for row in known.enrolments[pk]):
            found.add(pk)
    granted = UnitUserObjectPermission.objects.filter(
        content_object=chat.unit_id,
        permission__codename="moderate_chats",
        user__in=[person.user_id for person in people if person.user_id is not None],
    )
    users = set(granted.values_list("user_id", flat=True))
    return found | {person.pk for person in people if person.user_id in users}


def moderators_by_chat(chats: Sequence[Chat]) -> dict[int, list[Person]]:
    """Return who answers for the order in each of `chats`, by its id: owner, named moderators, leaders of its unit.

    Two queries whatever the number of chats; the general chat is moderated by the administration.
    """
    found: dict[int, dict[int, Person]] = {chat.pk: {} for chat in chats}
    for chat in chats:
        if chat.owner is not None:
            found[chat.pk][chat.owner.pk] = chat.owner
    named = ChatMember.objects.filter(chat__in=found, until=None, is_moderator=True).select_related("person")
    for member in named.order_by("person__search_name", "person_id"):
        found[member.chat_id][member.person_id] = member.person
    units = {chat.unit_id for chat in chats if chat.unit_id is not None}
    leaders: dict[int, list[Person]] = defaultdict(list)
    led = Enrolment.objects.filter(unit__in=units, part=Part.LEADER, until=None).select_related("person")
    for enrolment in led.order_by("person__search_name", "person_id"):
        leaders[enrolment.unit_id].append(enrolment.person)
    for chat in chats:
        found[chat.pk].update({person.pk: person for person in leaders[chat.unit_id or 0]})
    return {chat_id: list(people.values()) for chat_id, people in found.items()}
