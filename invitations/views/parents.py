"""Parents whose child the roster did not know (ORG-10)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.errors import require
from common.notices import done, refused
from invitations import selectors
from invitations.forms import TieForm
from orgs.actor import Actor
from orgs.models import Part, Person
from orgs.pages import member_page
from orgs.permissions import can_invite_somebody
from orgs.services.people import tie_parent

MOST_SHOWN = 50


@member_page
@require_safe
def waiting_parents(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Who waits to be tied to a child, each with the children whose names look most alike."""
    require(can_invite_somebody(actor))
    waiting = list(selectors.parents_waiting_for_child(actor)[:MOST_SHOWN])
    pupils = selectors.pupils_of({use.invitation.unit_id for use in waiting})
    rows = [(use, selectors.by_likeness(pupils[use.invitation.unit_id], use.claimed_child)) for use in waiting]
    return render(request, "invitations/waiting.html", {"rows": rows})


@member_page
@require_POST
def tie(request: HttpRequest, actor: Actor, use_id: int) -> HttpResponse:
    """Tie one of them to the chosen child."""
    use = get_object_or_404(selectors.parents_waiting_for_child(actor), pk=use_id)
    students = Person.objects.filter(
        enrolments__unit=use.invitation.unit_id, enrolments__part=Part.STUDENT, enrolments__until=None
    )
    form = TieForm(request.POST, students=students.exclude(pk=use.person_id))
    if form.is_valid():
        parent, child = use.person, form.cleaned_data["child"]
        parent.organization = child.organization = actor.organization
        tie_parent(actor=actor, parent=parent, child=child)
        done(request, _("%(parent)s is now a parent of %(child)s.") % {"parent": parent, "child": child})
    else:
        refused(request, _("Choose a child from the list."))
    return redirect(reverse("invitations:waiting_parents", args=[actor.organization.slug]))
