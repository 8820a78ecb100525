"""When a session was last used, written once an hour instead of with every request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

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
