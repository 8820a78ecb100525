"""Who came today: the first request of a day leaves one row, all others nothing (STAT-2, STAT-4)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from common.visitors import is_prefetched
from orgs.actor import Actor
from stats.services.presence import note_presence

# In the session: {person's id: the last day remembered}. Sessions keep JSON, so both are text.
PRESENT = "present"

# What a page that was left open asks by itself, day and night: nobody has come by that. All other requests are made
# by hand: pages, and what is done or opened on them. Sockets do not pass here.
AUTOMATIC = frozenset(
    {
        # The chat page keeps itself up to date where sockets are blocked, and after each message (chat/live.js).
        ("GET", "api_chats"),
        ("GET", "api_chat"),
        ("GET", "api_chat_changes"),
        # A message that comes into an open chat is marked as read, its pictures are fetched.
        ("POST", "api_chat_read"),
        ("GET", "chats:file"),
        ("GET", "api_files-content"),
        # The page of a broadcast says every minute that it is still open.
        ("POST", "api_event_watched"),
    }
)


class PresenceMiddleware:
    """Notes the person of a page or of the API who is signed in by a session; integrations' keys are not people.

    It comes after the view, which alone knows whose person it is (`request.actor`). The session remembers the day, so a
    day costs one row and one saving of the session for each device; another device finds the row there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        actor = getattr(request, "actor", None)
        if actor is not None and response.status_code < 500 and _is_by_hand(request):
            _note(request, actor)
        return response


def _is_by_hand(request: HttpRequest) -> bool:
    match = request.resolver_match
    is_automatic = match is not None and (request.method, match.view_name) in AUTOMATIC
    return not is_automatic and not is_prefetched(request)


def _note(request: HttpRequest, actor: Actor) -> None:
    # Nobody is signed in any more after a request that ended the session.
    if SESSION_KEY not in request.session:
        return
    known: dict[str, str] = request.session.get(PRESENT, {})
    key, day = str(actor.person.pk), today_of(actor)
    if known.get(key) == day.isoformat():
        return
    note_presence(person=actor.person, day=day)
    request.session[PRESENT] = {**known, key: day.isoformat()}


def today_of(actor: Actor) -> date:
    """Return the day by the clock of the actor's organization."""
    return timezone.localdate(timezone.now(), actor.organization.zone)
