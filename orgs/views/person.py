"""One person: card, data, roles."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from common.errors import DomainError, require
from common.notices import done
from orgs import permissions
from orgs.actor import Actor
from orgs.contacts import writable
from orgs.forms.base import apply_domain_error
from orgs.forms.people import PersonForm, RolesForm
from orgs.models import Enrolment, Person, Role
from orgs.pages import member_page
from orgs.selectors.journal import journal_of_person
from orgs.selectors.people import active_roles_of, became_of, family_of, history_of, people_visible_to
from orgs.selectors.units import units_visible_to
from orgs.services.people import PARTS_OF_ROLE, set_roles, update_person
from orgs.views.tools import invalid, to

JOURNAL_LINES = 20


@member_page
def person(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Show one person: roles, units now and before (ORG-4, ORG-5), family (ORG-10), journal (ORG-12)."""
    person = people_visible_to(actor).select_related("user").filter(pk=pk).first()
    if person is None:
        # A row that was merged: whoever kept its address comes to the person it became.
        return to(actor, "person", pk=get_object_or_404(became_of(actor, pk)).pk)
    roles = active_roles_of(person)
    enrolments = list(history_of(person).filter(unit__in=units_visible_to(actor)))
    events = list(journal_of_person(actor, person.pk)[: JOURNAL_LINES + 1])
    manages = permissions.can_change_person(actor, person)
    context = {
        "person": person,
        "roles": [str(actor.words.role(role)) for role in roles],
        "is_student": Role.STUDENT in roles,
        "is_parent": Role.PARENT in roles,
        "present": [row for row in enrolments if row.until is None and row.unit.archived_at is None],
        "past": [row for row in enrolments if row.until is not None or row.unit.archived_at is not None]
        if manages or actor.is_head or person == actor.person
        else [],
        "family": family_of(actor, person),
        "sees_contacts": permissions.can_see_contacts(actor, person),
        "events": events[:JOURNAL_LINES],
        "more_events": len(events) > JOURNAL_LINES,
        "can_manage": manages,
        "is_me": person.pk == actor.person.pk,
        "can_write": person.pk in writable(actor, [person.pk]),
        "sees_journal": permissions.can_see_journal(actor),
    }
    return render(request, "orgs/person.html", context)


@member_page
def person_edit(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Correct a person's data (ORG-7)."""
    person = get_object_or_404(people_visible_to(actor).select_related("organization"), pk=pk)
    require(permissions.can_change_person(actor, person))
    data = request.POST if request.method == "POST" else None
    form = PersonForm(data, initial=PersonForm.initial_of(person))
    context = {"form": form, "person": person, "title": person.full_name}
    if data is None:
        return render(request, "orgs/person_edit.html", context)
    if form.is_valid():
        try:
            update_person(actor=actor, person=person, data=form.data_of_person())
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            done(request, _("Saved."))
            return to(actor, "person", pk=person.pk)
    return invalid(request, "orgs/person_edit.html", context)


@member_page
def person_roles(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Change a person's roles in place (ORG-4); what would end with a role is told first."""
    person = get_object_or_404(people_visible_to(actor).select_related("organization"), pk=pk)
    require(permissions.can_change_person(actor, person))
    now = active_roles_of(person)
    data = request.POST if request.method == "POST" else None
    form = RolesForm(data, actor=actor, initial={"roles": now})
    context: dict[str, Any] = {"form": form, "person": person, "title": person.full_name}
    if data is None:
        return render(request, "orgs/person_roles.html", context)
    if form.is_valid():
        roles = form.cleaned_data["roles"]
        taken = [role for role in now if role not in roles]
        if taken and not form.cleaned_data["confirmed"]:
            context |= {"taken": _told(actor, person, taken), "wanted": roles, "nothing_left": not roles}
            return render(request, "orgs/person_roles_confirm.html", context)
        try:
            set_roles(actor=actor, person=person, roles=roles)
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            done(request, _("Roles saved: %(person)s.") % {"person": person.full_name})
            # Whoever gave up the last own role no longer sees the organization.
            has_left = person.pk == actor.person.pk and not roles
            return redirect("orgs:choice") if has_left else to(actor, "person", pk=person.pk)
    return invalid(request, "orgs/person_roles.html", context)


def _told(actor: Actor, person: Person, roles: list[str]) -> list[dict[str, Any]]:
    """What ends with each of `roles`: parts in units, ties to children."""
    open_parts = list(Enrolment.objects.filter(person=person, until=None).select_related("unit"))
    children = family_of(actor, person).children if Role.PARENT in roles else []
    told = []
    for role in roles:
        parts = PARTS_OF_ROLE.get(Role(role), set())
        ends = [
            f"{row.unit.name} — {actor.words.part(row.part)}"
            for row in open_parts
            if row.part in parts and not row.unit.is_staff_unit
        ]
        if role == Role.PARENT:
            ends += [child.full_name for child in children]
        told.append({"role": actor.words.role(role), "ends": ends})
    return told
