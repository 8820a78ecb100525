"""«Ознакомление»: what I am asked to read, what I have confirmed, and the button (CHAN-4)."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.errors import DomainError
from common.notices import done, refused
from orgs.actor import Actor
from orgs.pages import member_page
from orgs.views.tools import back_or, is_fragment, page_of
from readings import permissions
from readings.selectors.readings import confirmed_by, find_to_confirm, waiting_for
from readings.services.confirming import confirm
from readings.views.tools import address


@require_safe
@member_page
def mine(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show what waits for my confirmation, the earliest deadline first, and what I confirmed before."""
    waiting = list(waiting_for(actor))
    context = {
        "waiting": waiting,
        "page_obj": page_of(request, confirmed_by(actor)),
        "follows": permissions.can_follow_readings(actor),
    }
    return render(request, "readings/mine.html", context)


@require_POST
@member_page
def confirm_reading(request: HttpRequest, actor: Actor, reading_id: int) -> HttpResponse:
    """«Ознакомлен(а)»; with htmx the answer is the block with its new state."""
    reading = find_to_confirm(actor, reading_id)
    if reading is None:
        raise Http404
    refusal = ""
    try:
        confirm(actor=actor, reading=reading)
    except DomainError as error:
        refusal = error.message
    if is_fragment(request, f"reading-{reading.pk}"):
        context = {"reading": find_to_confirm(actor, reading_id), "refusal": refusal, "is_fresh": True}
        return render(request, "readings/_confirm.html", context)
    if refusal:
        refused(request, refusal)
    else:
        done(request, _("Thank you: you have confirmed «%(reading)s».") % {"reading": reading.title})
    return back_or(request, address(actor, "mine"))
