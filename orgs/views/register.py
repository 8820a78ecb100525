"""The register of processing of personal data, as the organization keeps it (152-ФЗ, ACC-2)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.errors import require
from common.personal_data import ORGANIZATION_GOES
from common.register import chapters, how_long, measures
from orgs import permissions
from orgs.actor import Actor
from orgs.pages import member_page
from orgs.register_sheet import register_pdf


@require_safe
@member_page
def register(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show which data of people the platform holds for the organization: why, on what ground, how long."""
    require(permissions.can_see_register(actor))
    context = {
        "chapters": chapters(of_organization=True),
        "measures": measures(),
        "organization_goes": how_long(ORGANIZATION_GOES),
        "has_tabs": permissions.can_manage_organization(actor),
        "section": "register",
    }
    return render(request, "orgs/data_register.html", context)


@never_cache
@require_safe
@member_page
def register_file(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The same on paper, with the organization's name and details."""
    require(permissions.can_see_register(actor))
    today = timezone.localdate(timezone=actor.organization.zone)
    name = f"{_('Register of processing of personal data')} {today:%d.%m.%Y}.pdf"
    response = HttpResponse(register_pdf(actor.organization), content_type="application/pdf")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response
