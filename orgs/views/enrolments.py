"""Who comes into a unit and who leaves it (ORG-3, ORG-5)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from common.errors import DomainError, require
from common.notices import done
from orgs import permissions
from orgs.actor import Actor
from orgs.forms.base import MovementForm, apply_domain_error, ids_of
from orgs.forms.people import NamesForm
from orgs.forms.structure import PartForm
from orgs.models import Part, Person, Role, Unit
from orgs.pages import member_page
from orgs.selectors.people import closed_enrolments_visible_to, enrolments_visible_to, find_people, people_visible_to
from orgs.selectors.units import units_visible_to
from orgs.services.roster import add_new_people, reopen_enrolment
from orgs.services.structure import end_enrolment, enrol
from orgs.views.tools import PAGE_SIZE, address, back_or, invalid, render_results, to


@member_page
def unit_enrol(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Add people to a unit: found on the roster, or new ones by their names."""
    unit = get_object_or_404(units_visible_to(actor).select_related("organization"), pk=pk)
    require(permissions.can_manage_people(actor))
    if request.method == "POST":
        return _enrol_new(request, actor, unit) if "names" in request.POST else _enrol_chosen(request, actor, unit)
    return render_results(
        request, "orgs/unit_enrol.html", "orgs/fragments/candidates.html", _enrol_context(request, actor, unit)
    )


def _enrol_context(request: HttpRequest, actor: Actor, unit: Unit) -> dict[str, Any]:
    """What the page needs; the part is chosen by a link (`?part=leader`), and the search offers who fits it."""
    text = request.GET.get("q", "")
    part = request.GET.get("part", "")
    parts = [Part.TEACHER] if unit.is_staff_unit else [Part.STUDENT, Part.LEADER, Part.TEACHER]
    part = part if part in parts else parts[0].value
    wanted = {"role": Role.STUDENT} if part == Part.STUDENT else {"adults": True}
    found = list(find_people(actor, text, **wanted)[: PAGE_SIZE + 1]) if text.strip() else []
    inside = set(unit.enrolments.filter(until=None, part=part).values_list("person_id", flat=True)) if found else set()
    return {
        "unit": unit,
        "q": text,
        "part": part,
        "part_word": actor.words.part(part),
        "chips": [
            {"value": choice.value, "title": capfirst(str(actor.words.part(choice))), "is_active": choice == part}
            for choice in parts
        ],
        "movement_form": MovementForm(auto_id="chosen_%s"),
        "new_movement_form": MovementForm(auto_id="new_%s"),
        "names_form": NamesForm(actor=actor),
        "candidates": found[:PAGE_SIZE],
        "too_many": len(found) > PAGE_SIZE,
        "inside": inside,
    }


def _enrol_chosen(request: HttpRequest, actor: Actor, unit: Unit) -> HttpResponse:
    context = _enrol_context(request, actor, unit)
    part_form = PartForm(request.POST, unit=unit, words=actor.words)
    movement_form = MovementForm(request.POST, auto_id="chosen_%s")
    people = list(people_visible_to(actor).filter(pk__in=ids_of(request.POST.getlist("ids"))))
    context |= {"movement_form": movement_form, "chosen": {person.pk for person in people}}
    if not people:
        context["refusal"] = _("Choose somebody first: find them by name and tick the box.")
    elif part_form.is_valid() and movement_form.is_valid():
        part = part_form.cleaned_data["part"]
        try:
            added = enrol(actor=actor, people=people, unit=unit, part=part, movement=movement_form.movement())
        except DomainError as error:
            apply_domain_error(movement_form, error)
        else:
            done(request, _added_text(actor, people, part, added))
            return to(actor, "unit", pk=unit.pk)
    return invalid(request, "orgs/unit_enrol.html", context)


def _added_text(actor: Actor, people: list[Person], part: str, added: int) -> str:
    if not added:
        return _("Everybody chosen is already there.")
    if len(people) == 1:
        return _("Added: %(names)s.") % {"names": f"{people[0].full_name} — {actor.words.part(part)}"}
    return ngettext("%(count)s person added.", "%(count)s people added.", added) % {"count": added}


def _enrol_new(request: HttpRequest, actor: Actor, unit: Unit) -> HttpResponse:
    context = _enrol_context(request, actor, unit)
    part_form = PartForm(request.POST, unit=unit, words=actor.words)
    movement_form = MovementForm(request.POST, auto_id="new_%s")
    names_form = NamesForm(request.POST, actor=actor)
    context |= {"new_movement_form": movement_form, "names_form": names_form}
    if part_form.is_valid() and movement_form.is_valid() and names_form.is_valid():
        people = names_form.cleaned_data["people"]
        part = part_form.cleaned_data["part"]
        try:
            created = add_new_people(
                actor=actor, people=people, unit=unit, part=part, movement=movement_form.movement()
            )
        except DomainError as error:
            apply_domain_error(names_form, error)
        else:
            done(request, _added_text(actor, created, part, len(created)))
            return to(actor, "unit", pk=unit.pk)
    return invalid(request, "orgs/unit_enrol.html", context)


@member_page
def enrolment_end(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Let somebody leave a unit, with the day and the order; the past stays visible, and it can be undone."""
    enrolment = get_object_or_404(enrolments_visible_to(actor), pk=pk)
    require(permissions.can_change_person(actor, enrolment.person))
    data = request.POST if request.method == "POST" else None
    form = MovementForm(data)
    context = {"form": form, "enrolment": enrolment, "part": actor.words.part(enrolment.part)}
    if data is None:
        return render(request, "orgs/enrolment_end.html", context)
    if form.is_valid():
        try:
            end_enrolment(actor=actor, enrolment=enrolment, movement=form.movement())
        except DomainError as error:
            apply_domain_error(form, DomainError(error.code, error.message, fields={"day": error.message}))
        else:
            text = _("%(person)s is no longer in: %(unit)s.")
            names = {"person": enrolment.person.full_name, "unit": enrolment.unit.name}
            done(request, text % names, undo=address(actor, "enrolment_reopen", pk=enrolment.pk))
            return back_or(request, address(actor, "unit", pk=enrolment.unit_id))
    return invalid(request, "orgs/enrolment_end.html", context)


@require_POST
@member_page
def enrolment_reopen(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Undo a leaving."""
    enrolment = get_object_or_404(closed_enrolments_visible_to(actor), pk=pk)
    require(permissions.can_change_person(actor, enrolment.person))
    reopen_enrolment(actor=actor, enrolment=enrolment)
    text = _("%(person)s is in again: %(unit)s.")
    done(request, text % {"person": enrolment.person.full_name, "unit": enrolment.unit.name})
    return back_or(request, address(actor, "unit", pk=enrolment.unit_id))
