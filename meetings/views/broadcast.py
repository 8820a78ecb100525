"""Broadcasts: on air, over, and the page that stays open while one watches (CHAN-5)."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from common.errors import DomainError, require
from common.notices import done, refused
from meetings import permissions
from meetings.models import Event
from meetings.selectors.events import is_on_air
from meetings.services import broadcasting
from meetings.views.tools import known_event, to
from meetings.views.wording import spoken_when, state_badge
from orgs.actor import Actor
from orgs.pages import member_page


@require_POST
@member_page
def air_start(request: HttpRequest, actor: Actor, event_id: int) -> HttpResponse:
    """Begin the broadcast; those who come are told."""
    return _switch(request, actor, event_id, broadcasting.go_on_air, _("The broadcast is on air."))


@require_POST
@member_page
def air_end(request: HttpRequest, actor: Actor, event_id: int) -> HttpResponse:
    """End the broadcast."""
    return _switch(request, actor, event_id, broadcasting.end, _("The broadcast is over."))


def _switch(request: HttpRequest, actor: Actor, event_id: int, act: Callable[..., Event], text: str) -> HttpResponse:
    row = known_event(actor, event_id)
    require(permissions.can_manage_event(actor, row))
    try:
        act(actor=actor, event=row)
    except DomainError as error:
        refused(request, error.message)
    else:
        done(request, text)
    return to(actor, "event", event_id=row.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def watch(request: HttpRequest, actor: Actor, event_id: int) -> HttpResponse:
    """The page that stays open while one watches. Opening is counted by POST, so that looking changes nothing; the
    link leads to the transmission's own page."""
    row = known_event(actor, event_id)
    if not permissions.can_open_broadcast(actor, row):
        raise Http404
    if request.method == "POST":
        try:
            broadcasting.open_broadcast(actor=actor, event=row)
        except DomainError as error:
            refused(request, error.message)
            return to(actor, "event", event_id=row.pk)
        return to(actor, "watch", event_id=row.pk)
    context = {
        "event": row,
        "when": spoken_when(row, actor.organization.zone),
        "state": state_badge(row),
        "is_on_air": is_on_air(row),
        "is_opened": row.opened_at is not None,  # type: ignore[attr-defined]
    }
    return render(request, "events/watch.html", context)
