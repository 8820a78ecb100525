"""The organization's details and its own words (REG-5, REG-7)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from common.errors import DomainError, require
from common.notices import done
from orgs import permissions
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error
from orgs.forms.organization import DetailsForm, LabelsForm
from orgs.pages import member_page
from orgs.services.organization import update_labels, update_organization
from orgs.views.tools import invalid, to


@member_page
def settings(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show and change the organization's details (REG-5)."""
    require(permissions.can_manage_organization(actor))
    data = request.POST if request.method == "POST" else None
    form = DetailsForm(data, organization=actor.organization)
    context = {"form": form, "section": "settings"}
    if data is None:
        return render(request, "orgs/settings.html", context)
    if form.is_valid():
        try:
            update_organization(actor=actor, details=form.cleaned_data)
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            done(request, _("Saved."))
            return to(actor, "settings")
    return invalid(request, "orgs/settings.html", context)


@member_page
def labels(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show and change the organization's own words (REG-7)."""
    require(permissions.can_manage_organization(actor))
    data = request.POST if request.method == "POST" else None
    form = LabelsForm(data, organization=actor.organization)
    context = {"form": form, "section": "labels"}
    if data is None:
        return render(request, "orgs/labels.html", context)
    if form.is_valid():
        update_labels(actor=actor, labels=form.cleaned_data)
        done(request, _("Saved."))
        return to(actor, "labels")
    return invalid(request, "orgs/labels.html", context)
