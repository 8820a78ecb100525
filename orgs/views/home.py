"""The home page of an organization: what came for me, what needs me; differs by role."""

from typing import Any

from django.db.models import QuerySet, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from common.errors import require
from orgs.actor import Actor
from orgs.capabilities import Capability
from orgs.home import attention_of, grouped
from orgs.models import Role, Unit
from orgs.pages import member_page
from orgs.prepared import prepared
from orgs.selectors.numbers import roster_numbers
from orgs.selectors.organizations import open_handovers_to
from orgs.selectors.units import LEADERS, units_visible_to, with_counts


@member_page
def home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show what needs the actor, then what each of the actor's roles looks after."""
    numbers = roster_numbers(actor.organization) if actor.may(Capability.SEE_ALL_PEOPLE) else None
    own_units = _own_units(actor)
    context: dict[str, Any] = {
        "roles": [str(actor.words.role(role)) for role in Role if role in actor.roles],
        "offers": open_handovers_to(actor),
        "groups": grouped(attention_of(actor, numbers)),
        "numbers": numbers,
        "worked_units": [unit for unit in own_units if unit.pk in actor.worked_unit_ids],
        "studied_units": [unit for unit in own_units if unit.pk in actor.studied_unit_ids],
        "children": _children(actor, own_units),
    }
    return render(request, "orgs/home.html", context)


@member_page
def children(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show a parent the children: where each learns, who leads there, the diary."""
    require(actor.is_parent)
    return render(request, "orgs/children.html", {"children": _children(actor, _own_units(actor))})


def _children(actor: Actor, own_units: list[Unit]) -> list[dict[str, Any]]:
    return [
        {"child": child, "units": [unit for unit in own_units if unit.pk in child.unit_ids]} for child in actor.children
    ]


def _own_units(actor: Actor) -> list[Unit]:
    if not actor.own_unit_ids:
        return []
    units = _counted_units(actor)
    prefetch_related_objects(units, LEADERS)
    return units


@prepared
def _counted_units(actor: Actor) -> QuerySet[Unit]:
    units = units_visible_to(actor).active().teaching().filter(pk__in=actor.own_unit_ids)
    return with_counts(units).prefetch_related(None)
