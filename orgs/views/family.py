"""Parents and children of one another (ORG-10)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.errors import DomainError, require
from common.notices import done
from orgs import permissions
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error, ids_of
from orgs.forms.people import PersonForm
from orgs.models import Person, Role
from orgs.pages import member_page
from orgs.selectors.people import family_of, find_people, people_visible_to
from orgs.services.people import tie_parent, untie_parent
from orgs.services.roster import add_parent
from orgs.views.tools import address, address_with, back_or, invalid, render_results, sent, to

PARENT, CHILD = "parent", "child"
MOST_CANDIDATES = 20


@member_page
def person_tie(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Tie a person to a parent (`?side=parent`) or to a child (`?side=child`), found on the roster or new."""
    person = get_object_or_404(people_visible_to(actor).select_related("organization"), pk=pk)
    require(permissions.can_change_person(actor, person))
    context = _context(request, actor, person)
    if request.method != "POST":
        return render_results(request, "orgs/person_tie.html", "orgs/fragments/relatives.html", context)
    if "last_name" in request.POST and context["side"] == PARENT:
        return _add_new_parent(request, actor, person, context)
    other = people_visible_to(actor).filter(pk__in=ids_of([sent(request, "other")])).first()
    if other is None:
        context["refusal"] = _("Choose somebody first.")
        return invalid(request, "orgs/person_tie.html", context)
    parent, child = (other, person) if context["side"] == PARENT else (person, other)
    tie_parent(actor=actor, parent=parent, child=child)
    _say_tied(request, actor, person, other, context["side"])
    return to(actor, "person", pk=person.pk)


def _context(request: HttpRequest, actor: Actor, person: Person) -> dict[str, Any]:
    side = CHILD if sent(request, "side") == CHILD else PARENT
    text = request.GET.get("q", "")
    family = family_of(actor, person)
    tied = {relative.pk for relative in (family.parents if side == PARENT else family.children)} | {person.pk}
    found: list[Person] = []
    if text.strip():
        wanted = {"role": Role.STUDENT} if side == CHILD else {"adults": True}
        people = find_people(actor, text, **wanted).exclude(pk__in=tied)
        found = list(people[:MOST_CANDIDATES])
    return {"person": person, "side": side, "q": text, "candidates": found, "form": PersonForm(prefix=None)}


def _add_new_parent(request: HttpRequest, actor: Actor, child: Person, context: dict[str, Any]) -> HttpResponse:
    form = PersonForm(request.POST)
    context["form"] = form
    if form.is_valid():
        try:
            parent = add_parent(actor=actor, data=form.data_of_person(), child=child)
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            _say_tied(request, actor, child, parent, PARENT)
            return to(actor, "person", pk=child.pk)
    return invalid(request, "orgs/person_tie.html", context)


def _say_tied(request: HttpRequest, actor: Actor, person: Person, other: Person, side: str) -> None:
    undo = address_with(actor, "person_untie", {"side": side, "other": other.pk}, pk=person.pk)
    done(request, _("Now one family: %(first)s and %(second)s.") % _names(person, other), undo=undo)


def _names(person: Person, other: Person) -> dict[str, str]:
    return {"first": person.full_name, "second": other.full_name}


@require_POST
@member_page
def person_untie(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """End the tie between a parent and a child; can be undone."""
    person = get_object_or_404(people_visible_to(actor).select_related("organization"), pk=pk)
    require(permissions.can_change_person(actor, person))
    side = CHILD if sent(request, "side") == CHILD else PARENT
    others = people_visible_to(actor).select_related("organization")
    other = get_object_or_404(others, pk__in=ids_of([sent(request, "other")]))
    parent, child = (other, person) if side == PARENT else (person, other)
    untie_parent(actor=actor, parent=parent, child=child)
    undo = address_with(actor, "person_tie", {"side": side, "other": other.pk}, pk=person.pk)
    done(request, _("No longer one family: %(first)s and %(second)s.") % _names(person, other), undo=undo)
    return back_or(request, address(actor, "person", pk=person.pk))
