"""Choosing people for a movement or a notice: those in the address, and whom a search finds besides."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, QueryDict

from common.text import normalise
from orgs.actor import Actor
from orgs.forms.base import ids_of
from orgs.models import Person
from orgs.selectors.people import people_visible_to, with_roster_columns

FOUND = 20


def chosen_in(request: HttpRequest, actor: Actor) -> list[Person]:
    """Return the people whose ids were sent in the form, else those in the address; whoever is not seen is left out."""
    ids = ids_of(request.POST.getlist("ids") or request.GET.getlist("ids"))
    people = people_visible_to(actor).filter(pk__in=ids) if ids else people_visible_to(actor).none()
    return list(with_roster_columns(people.order_by("search_name", "id")))


def choice_of(request: HttpRequest, actor: Actor, chosen: list[Person]) -> dict[str, Any]:
    """Return what the part of a page needs where people are chosen: `q`, `found`, `too_many`, each with its address.

    A search finds former people as well: somebody comes back.
    """
    text = request.GET.get("q", "")
    people: list[Person] = []
    if text.strip():
        wanted = people_visible_to(actor).exclude(pk__in=[person.pk for person in chosen])
        people = list(with_roster_columns(_named(wanted, text))[: FOUND + 1])
    return {
        "q": text,
        "found": [(person, _address(request, add=person.pk)) for person in people[:FOUND]],
        "too_many": len(people) > FOUND,
        "chosen": [(person, _address(request, remove=person.pk)) for person in chosen],
    }


def _named(people: Any, text: str) -> Any:
    for word in normalise(text).split():
        people = people.filter(search_name__contains=word)
    return people.order_by("search_name", "id")


def _address(request: HttpRequest, *, add: int | None = None, remove: int | None = None) -> str:
    """Return the address of the page with one person more or less among the chosen."""
    query: QueryDict = request.GET.copy()
    ids = [number for number in ids_of(query.getlist("ids")) if number != remove]
    query.setlist("ids", [str(number) for number in (*ids, *([add] if add is not None else []))])
    for name in ("q", "page"):
        query.pop(name, None)
    return f"?{query.urlencode()}"
