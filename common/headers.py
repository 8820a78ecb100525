"""Headers of safety on every answer, also on those no page of ours makes: styles, scripts, redirects, refusals."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import reverse

# What pages may set for themselves, and pages do; this is for what is no page.
_CLOSED = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; frame-ancestors 'none'"
_STATIC = settings.STATIC_URL
# Any other (TRACE) would be taken for GET by a page that asks for none in particular.
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class HeadersMiddleware:
    """Stands around the middlewares that answer by themselves; never changes what a view has set (ACC-4).

    - `Permissions-Policy`: none of our pages uses a camera, a microphone or a place, so no script that got in may.
    - `Content-Security-Policy`, `X-Frame-Options`: also where Django's own middleware was not reached.
    - `Cache-Control`: an answer that depends on the session stays out of every shared cache, and the browser asks anew;
      answers of the API are kept nowhere.
    - `Clear-Site-Data` after signing out: the next person at a computer of the school finds no pages in its cache.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        known = request.method in _METHODS
        response = self.get_response(request) if known else HttpResponseNotAllowed(_METHODS)
        headers = response.headers
        headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
        headers.setdefault("Content-Security-Policy", _CLOSED)
        headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        if not request.path.startswith(_STATIC) and "Cache-Control" not in headers:
            if request.path.startswith("/api/"):
                headers["Cache-Control"] = "private, no-store"
            elif "cookie" in headers.get("Vary", "").lower():
                headers["Cache-Control"] = "private, no-cache"
        if request.method == "POST" and request.path == reverse("account_logout"):
            headers["Clear-Site-Data"] = '"cache"'
        return response
