"""«Удалить организацию»: asked twice, delayed, cancelled in one step (REG-5)."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import DomainError, require
from common.notices import done, refused
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error
from orgs.pages import member_page
from orgs.views.tools import invalid
from registration.forms.deleting import DeletionForm
from registration.permissions import can_delete_organization, can_see_deletion
from registration.selectors.deletions import pending_of
from registration.services.deleting import cancel_deletion, plan_deletion

DELETE = "registration/delete.html"


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def delete(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What deleting means, the export first, then the name to be typed; while one is pending, how to cancel it."""
    require(can_see_deletion(actor))
    pending = pending_of(actor.organization.pk)
    context = {
        "pending": pending,
        "may_change": can_delete_organization(actor),
        "days": settings.ORGANIZATION_DELETION_DAYS,
        "export_url": _export_url(actor),
    }
    if request.method != "POST":
        return render(request, DELETE, {**context, "form": DeletionForm()})
    require(can_delete_organization(actor))
    form = DeletionForm(request.POST)
    if form.is_valid():
        try:
            deletion = plan_deletion(actor=actor, typed_name=form.cleaned_data["short_name"])
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            day = timezone.localtime(deletion.due_at).strftime("%d.%m.%Y")
            done(request, _("The organization will be deleted on %(day)s. Everybody in charge is told.") % {"day": day})
            return redirect("registration:delete", slug=actor.organization.slug)
    return invalid(request, DELETE, {**context, "form": form})


def _export_url(actor: Actor) -> str:
    try:
        return reverse("roster:home", args=[actor.organization.slug])
    except NoReverseMatch:
        return ""


@require_POST
@member_page
def cancel(request: HttpRequest, actor: Actor) -> HttpResponse:
    """«Отменить удаление»."""
    require(can_delete_organization(actor))
    pending = pending_of(actor.organization.pk)
    try:
        if pending is not None:
            cancel_deletion(deletion=pending, actor=actor)
            done(request, _("The deletion is cancelled, the organization stays."))
    except DomainError as error:
        refused(request, error.message)
    return redirect("registration:delete", slug=actor.organization.slug)
