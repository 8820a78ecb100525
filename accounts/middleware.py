"""When a session was last used, written once an hour; and whether the rules of use in force were accepted."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from accounts.rules import are_accepted, is_open_without
from accounts.services import touch_session
from common.network import client_address

SEEN_AT = "seen_at"
INTERVAL_SECONDS = 3600


class LastSeenMiddleware:
    """Keeps the list of one's sessions true. `SEEN_AT` is put into the session at sign-in."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now()
        seen = request.session.get(SEEN_AT)
        if seen and now.timestamp() - seen > INTERVAL_SECONDS and request.user.is_authenticated:
            request.session[SEEN_AT] = now.timestamp()
            touch_session(request.session.session_key or "", client_address(request), now)
        return self.get_response(request)


class RulesMiddleware:
    """Asks whoever is signed in to accept the rules of use in force, before anything else (ACC-5).

    The API says it in its own words (accounts.api.authentication). A form that was open when the rules changed is
    taken in all the same: nothing typed is lost, the next page asks.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: object, *arguments: Any) -> HttpResponseBase | None:
        if request.path.startswith("/api/") or is_open_without(request) or SESSION_KEY not in request.session:
            return None
        user: Any = request.user
        if not user.is_authenticated or are_accepted(user):
            return None
        is_read = request.method in ("GET", "HEAD")
        if not is_read and user.rules_version:
            return None
        return _ask(request, request.get_full_path() if is_read else "/")


def _ask(request: HttpRequest, wanted: str) -> HttpResponse:
    if request.headers.get("HX-Request"):
        # A piece of a page: the whole page goes there, and comes back to where it was.
        answer = HttpResponse(status=204)
        answer["HX-Redirect"] = reverse("rules_accept")
        return answer
    return redirect(f"{reverse('rules_accept')}?{urlencode({'next': wanted})}")
