"""Choosing people by searching: everything travels in one form, so nothing is lost with or without JavaScript."""

from collections.abc import Collection
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from chats.services.chats import MOST_LISTED
from orgs.actor import Actor
from orgs.forms.base import ids_of
from orgs.models import Person, Role
from orgs.selectors.people import PeopleFilter, filter_people, find_people, people_visible_to, with_roster_columns

MOST_FOUND = 30


@dataclass(frozen=True)
class Picked:
    """The state of a picker: what was looked for, who was found, who has been ticked so far."""

    text: str
    role: str
    roles: list[tuple[str, str]]
    found: list[Person]
    more: bool
    chosen: list[Person]
    was_asked: bool


def pick(request: HttpRequest, actor: Actor, *, role: str = "", left_out: Collection[int] = ()) -> Picked:
    """Return the picker as the request asks for it: `q`, `role` narrow the search, `people` are those ticked.

    Only people the actor sees come in; those of `left_out` are in the chat already.
    """
    sent = request.POST if request.method == "POST" else request.GET
    text = sent.get("q", "")
    role = sent.get("role", role)
    role = role if role in Role.values else ""
    chosen = _chosen(actor, ids_of(sent.getlist("people"))[:MOST_LISTED], left_out)
    was_asked = bool(text.strip())
    found: list[Person] = []
    if was_asked:
        out = {*left_out, *(person.pk for person in chosen), actor.person.pk}
        found = list(find_people(actor, text, role=role).exclude(pk__in=out)[: MOST_FOUND + 1])
    return Picked(text, role, _roles(actor), found[:MOST_FOUND], len(found) > MOST_FOUND, chosen, was_asked)


def _chosen(actor: Actor, ids: list[int], left_out: Collection[int]) -> list[Person]:
    if not ids:
        return []
    people = filter_people(people_visible_to(actor), PeopleFilter()).filter(pk__in=ids).exclude(pk__in=left_out)
    return list(with_roster_columns(people))


def _roles(actor: Actor) -> list[tuple[str, str]]:
    words = [(role.value, capfirst(str(actor.words.role(role)))) for role in (Role.TEACHER, Role.PARENT, Role.STUDENT)]
    return [("", _("Everybody")), *words]
