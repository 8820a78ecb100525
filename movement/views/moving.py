"""Moving people: choose whom, say where to and by which order, look at the sentence, done (ORG-5)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.errors import DomainError, require
from common.notices import done
from movement.forms.moving import MoveForm
from movement.permissions import can_manage_people
from movement.services.facts import facts_of
from movement.services.moving import move as move_people
from movement.services.plan import What
from movement.services.telling import notes_of, outcome_of, sentence_of, sentence_of_work
from movement.views.choosing import choice_of, chosen_in
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error, ids_of
from orgs.models import Enrolment, Part, Person, Role, Unit
from orgs.pages import member_page
from orgs.selectors.units import units_visible_to
from orgs.views.tools import invalid, render_results


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def move(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Enrol, transfer, let leave, take back: one or many, seen as a sentence before it happens."""
    require(can_manage_people(actor))
    if request.method == "POST" and "what" not in request.POST:
        return _from_bulk(request, actor)
    chosen = chosen_in(request, actor)
    what = _what_of(request, chosen)
    form = _form(request, actor, what, chosen)
    context = {"form": form, "what": what, "chips": _chips(what), **choice_of(request, actor, chosen)}
    if request.method != "POST":
        return render_results(request, "movement/move.html", "movement/_found.html", context)
    if form.is_valid():
        try:
            return _look_or_do(request, actor, form, chosen)
        except DomainError as error:
            if "people" in error.fields:
                context["refusal"] = error.message
            else:
                apply_domain_error(form, error)
    return invalid(request, "movement/move.html", context)


def _look_or_do(request: HttpRequest, actor: Actor, form: MoveForm, chosen: list[Person]) -> HttpResponse:
    plan = form.plan(chosen)
    if "confirmed" not in request.POST:
        facts = facts_of(actor.organization, plan)
        kept = [(name, value) for name, values in request.POST.lists() for value in values if name in _SENT]
        query = [(name, value) for name, value in kept if value]
        context = {
            "sentence": sentence_of(outcome_of(facts)),
            "notes": notes_of(facts),
            "people": chosen,
            "hidden": kept,
            "back_url": f"{_address(actor)}?{urlencode(query)}",
        }
        return render(request, "movement/move_confirm.html", context)
    work = move_people(actor=actor, plan=plan)
    done(request, sentence_of_work(work), undo=reverse("works:undo", args=[actor.organization.slug, work.pk]))
    if form.what == What.LEAVE and actor.person.pk in plan.people:
        return redirect("orgs:choice")
    return redirect("movement:home", actor.organization.slug)


_SENT = {
    *("what", "ids", "unit", "from_unit", "part", "day"),
    *("order_number", "order_date", "keeps_parents"),
}


def _address(actor: Actor) -> str:
    return reverse("movement:move", args=[actor.organization.slug])


def _from_bulk(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The people's list sends its selection here; the page itself is read with GET."""
    query = urlencode({"ids": ids_of(request.POST.getlist("ids"))}, doseq=True)
    return redirect(f"{_address(actor)}?{query}")


def _what_of(request: HttpRequest, chosen: list[Person]) -> What:
    """Return what was asked for; without it, what the chosen people let expect."""
    named = request.POST.get("what") or request.GET.get("what", "")
    if named in What.values:
        return What(named)
    if chosen and not any(person.active_roles for person in chosen):  # type: ignore[attr-defined]
        return What.RETURN
    placed = chosen and all(person.active_enrolments for person in chosen)  # type: ignore[attr-defined]
    return What.TRANSFER if placed else What.ENROL


def _form(request: HttpRequest, actor: Actor, what: What, chosen: list[Person]) -> MoveForm:
    units = units_visible_to(actor).active().teaching()
    present = Enrolment.objects.filter(person__in=[person.pk for person in chosen], until=None)
    sources = Unit.objects.filter(pk__in=present.values("unit_id")).teaching()
    initial: dict[str, Any] = {name: request.GET.get(name) for name in _SENT if request.GET.get(name)}
    initial.setdefault("part", _part_of(chosen))
    initial["keeps_parents"] = bool(request.GET.get("keeps_parents"))
    data = request.POST if request.method == "POST" else None
    return MoveForm(data, what=what, actor=actor, units=units, sources=sources, initial=initial)


def _part_of(chosen: list[Person]) -> str:
    roles = {row.role for person in chosen for row in person.active_roles}  # type: ignore[attr-defined]
    return Part.TEACHER if Role.TEACHER in roles and Role.STUDENT not in roles else Part.STUDENT


def _chips(what: What) -> list[dict[str, Any]]:
    titles = {
        What.ENROL: _("Enrol"),
        What.TRANSFER: _("Transfer"),
        What.LEAVE: _("Has left"),
        What.RETURN: _("Has come back"),
    }
    return [{"value": kind.value, "title": titles[kind], "is_active": kind == what} for kind in What]
