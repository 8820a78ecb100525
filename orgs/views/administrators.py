"""The administrator's duty: additional ones, handover, its answer (REG-6)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.errors import DomainError, require
from common.notices import done, refused
from orgs import permissions
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error
from orgs.forms.organization import HandoverForm, PersonChoiceForm
from orgs.models import Person, Role
from orgs.pages import member_page
from orgs.selectors.organizations import handovers_visible_to, open_handovers
from orgs.selectors.people import administrators_of, joined_staff_of
from orgs.services.administration import (
    accept_handover,
    appoint_administrator,
    decline_handover,
    offer_handover,
    withdraw_handover,
)
from orgs.services.people import end_role
from orgs.views.tools import address, invalid, to


@member_page
def administrators(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the administrators and open offers; appoint an additional one; offer one's own duty."""
    require(permissions.can_change_administrators(actor))
    data = request.POST if request.method == "POST" else None
    action = data.get("action", "") if data is not None else ""
    candidates = joined_staff_of(actor.organization.pk)
    appoint = PersonChoiceForm(
        data if action == "appoint" else None,
        people=candidates.exclude(pk__in=administrators_of(actor.organization.pk).values("pk")),
        auto_id="appoint_%s",
    )
    handover = HandoverForm(
        data if action == "offer" else None, people=candidates.exclude(pk=actor.person.pk), auto_id="offer_%s"
    )
    if action == "appoint" and appoint.is_valid() and _appointed(request, actor, appoint):
        return to(actor, "administrators")
    if action == "offer" and handover.is_valid() and _offered(request, actor, handover):
        return to(actor, "administrators")
    context: dict[str, Any] = {
        "administrators": list(administrators_of(actor.organization.pk)),
        "offers": open_handovers(actor.organization.pk),
        "appoint": appoint,
        "handover": handover,
        "section": "administrators",
    }
    render_page = invalid if data is not None else render
    return render_page(request, "orgs/administrators.html", context)


def _appointed(request: HttpRequest, actor: Actor, form: PersonChoiceForm) -> bool:
    person = form.cleaned_data["person"]
    try:
        appoint_administrator(actor=actor, person=person)
    except DomainError as error:
        apply_domain_error(form, error)
        return False
    done(
        request,
        _("Administrator appointed: %(person)s.") % {"person": person.full_name},
        undo=address(actor, "administrator_remove", pk=person.pk),
    )
    return True


def _offered(request: HttpRequest, actor: Actor, form: HandoverForm) -> bool:
    person = form.cleaned_data["person"]
    try:
        offer = offer_handover(actor=actor, person=person, stays=form.cleaned_data["stays"])
    except DomainError as error:
        apply_domain_error(form, error)
        return False
    text = _("The duty is offered to: %(person)s. Until the offer is accepted, nothing changes.")
    undo = address(actor, "handover_withdraw", pk=offer.pk)
    done(request, text % {"person": person.full_name}, undo=undo)
    return True


@require_POST
@member_page
def administrator_remove(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Take the administrator's role from somebody, oneself included; never from the last one."""
    require(permissions.can_change_administrators(actor))
    administrators = Person.objects.filter(pk__in=administrators_of(actor.organization.pk).values("pk"))
    person = get_object_or_404(administrators.select_related("organization"), pk=pk)
    try:
        end_role(actor=actor, person=person, role=Role.ADMINISTRATOR)
    except DomainError as error:
        refused(request, error.message)
        return to(actor, "administrators")
    done(request, _("No longer an administrator: %(person)s.") % {"person": person.full_name})
    return to(actor, "home" if person.pk == actor.person.pk else "administrators")


@member_page
def handover_answer(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Show an offer of the administrator's duty to the successor, who accepts or declines it."""
    offer = get_object_or_404(handovers_visible_to(actor), pk=pk)
    require(permissions.can_answer_handover(actor, offer))
    answer = request.POST.get("answer", "")
    if request.method != "POST" or answer not in {"accept", "decline"}:
        is_open = not (offer.accepted_at or offer.declined_at or offer.withdrawn_at)
        return render(request, "orgs/handover_answer.html", {"offer": offer, "is_open": is_open})
    try:
        if answer == "accept":
            accept_handover(actor=actor, offer=offer)
            done(request, _("You are now an administrator."))
        else:
            decline_handover(actor=actor, offer=offer)
            done(request, _("You declined the offer."))
    except DomainError as error:
        refused(request, error.message)
    return to(actor, "home")


@require_POST
@member_page
def handover_withdraw(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Take an offer back."""
    offer = get_object_or_404(handovers_visible_to(actor), pk=pk)
    require(permissions.can_withdraw_handover(actor, offer))
    try:
        withdraw_handover(actor=actor, offer=offer)
        done(request, _("The offer is withdrawn."))
    except DomainError as error:
        refused(request, error.message)
    return to(actor, "administrators" if permissions.can_change_administrators(actor) else "home")
