"""The confirmation of staff: who is confirmed, taking it back, giving it again; the rules of joining (INV-9)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import DomainError, require
from common.notices import done, refused
from common.text import normalise
from invitations.forms import RulesForm, WithdrawForm
from invitations.models import RequestState
from invitations.permissions import can_change_join_rules, can_verify_staff
from invitations.selectors.requests import people_to_verify, requests_visible_to, rules_of, verification_counts
from invitations.services.rules import change_join_rules
from invitations.services.verification import confirm_again, withdraw_confirmation
from invitations.views.requests import tabs_of
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error
from orgs.models import STAFF_ROLES, Person, Verification
from orgs.pages import member_page
from orgs.selectors.people import active_roles_of, people_visible_to, with_roster_columns
from orgs.views.tools import page_of, render_results

# What the page shows, what needs somebody first.
SHOWN = (Verification.ON_REVIEW, Verification.REJECTED, Verification.WITHDRAWN, Verification.CONFIRMED)


def _staff_url(actor: Actor) -> str:
    return reverse("invitations:request_staff", args=[actor.organization.slug])


@member_page
@require_safe
def request_staff(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show whose status as staff is confirmed, on review, refused or withdrawn, and why."""
    require(can_verify_staff(actor))
    people = people_to_verify(actor)
    counts = verification_counts(people)
    text, state = request.GET.get("q", ""), request.GET.get("status", "")
    found = _narrowed(people, text, state)
    waiting = requests_visible_to(actor).filter(state=RequestState.PENDING, role__in=STAFF_ROLES).count()
    context = {
        "page_obj": page_of(request, with_roster_columns(found)),
        "q": text,
        "chips": [
            {
                "title": capfirst(str(one.label)),
                "value": one.value,
                "is_active": one == state,
                "count": counts.get(one, 0),
            }
            for one in SHOWN
        ],
        "waiting": waiting,
        "is_filtered": bool(text or state),
        "tabs": tabs_of(actor, "staff"),
    }
    return render_results(request, "invitations/requests/staff.html", "invitations/requests/_staff_rows.html", context)


def _narrowed(people: Any, text: str, state: str) -> Any:
    for word in normalise(text).split():
        people = people.filter(search_name__contains=word)
    return people.filter(verification=state) if state in SHOWN else people


def _person_or_404(actor: Actor, pk: int) -> Person:
    require(can_verify_staff(actor))
    return get_object_or_404(people_visible_to(actor).select_related("organization"), pk=pk)


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def request_staff_withdraw(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Take the confirmation back: every role of staff ends, with a reason; asks first."""
    person = _person_or_404(actor, pk)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_confirmation(actor=actor, person=person, reason=form.cleaned_data["reason"])
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            undo = reverse("invitations:request_staff_confirm", args=[actor.organization.slug, person.pk])
            done(request, _("%(person)s is no longer confirmed.") % {"person": person.full_name}, undo=undo)
            return redirect(_staff_url(actor))
    roles = [str(actor.words.role(role)) for role in active_roles_of(person) if role in STAFF_ROLES]
    context = {"person": person, "roles": roles, "form": form, "back_url": _staff_url(actor)}
    return render(request, "invitations/requests/withdraw.html", context, status=422 if form.errors else 200)


@member_page
@require_POST
def request_staff_confirm(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Give back what the withdrawal took."""
    person = _person_or_404(actor, pk)
    try:
        confirm_again(actor=actor, person=person)
        done(request, _("%(person)s is confirmed again.") % {"person": person.full_name})
    except DomainError as error:
        refused(request, error.message)
    return redirect(_staff_url(actor))


@member_page
@require_http_methods(["GET", "HEAD", "POST"])
def request_rules(request: HttpRequest, actor: Actor) -> HttpResponse:
    """How the organization takes in those who come by themselves."""
    require(can_change_join_rules(actor))
    rules = rules_of(actor.organization.pk)
    form = RulesForm(request.POST if request.method == "POST" else None, initial=RulesForm.initial_of(rules))
    if request.method == "POST" and form.is_valid():
        try:
            change_join_rules(actor=actor, rules=form.cleaned_data)
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            done(request, _("Saved."))
            return redirect(reverse("invitations:request_rules", args=[actor.organization.slug]))
    address = request.build_absolute_uri(reverse("invitations:apply", args=[actor.organization.slug]))
    context = {"form": form, "rules": rules, "address": address, "tabs": tabs_of(actor, "rules")}
    return render(request, "invitations/requests/rules.html", context, status=422 if form.errors else 200)
