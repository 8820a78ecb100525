"""Pages for what went wrong: each says what happened, what is kept, what to do next."""

import sys

from django.db.utils import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from redis.exceptions import ConnectionError, TimeoutError

from common.errors import DomainError


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


# The database or Redis does not answer, or has just gone: it comes back by itself, and so may the request.
AWAY = (OperationalError, InterfaceError, ConnectionError, TimeoutError)
SECONDS_UNTIL_AGAIN = 5


def server_error(request: HttpRequest) -> HttpResponse:
    if isinstance(sys.exc_info()[1], AWAY):
        return unavailable(request)
    if request.path.startswith("/api/"):
        answer = {"code": "server_error", "message": _("Something went wrong on our side."), "fields": {}}
        return JsonResponse(answer, status=500)
    # Without the request: context processors may ask the very database that is away.
    return HttpResponse(render_to_string("errors/500.html"), status=500)


def unavailable(request: HttpRequest) -> HttpResponse:
    headers = {"Retry-After": str(SECONDS_UNTIL_AGAIN)}
    if request.path.startswith("/api/"):
        message = _("A part of the platform is just starting anew. Try again in a few seconds.")
        answer = {"code": "unavailable", "message": message, "fields": {}}
        return JsonResponse(answer, status=503, headers=headers)
    return HttpResponse(render_to_string("errors/503.html"), status=503, headers=headers)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "errors/csrf.html", status=403)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    return render(request, "errors/429.html", status=429)


def domain_error(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A refusal that no form could show: its own page with the way back."""
    context = {"error": error, "back_url": _where_from(request)}
    return render(request, "errors/refused.html", context, status=error.status)


def _where_from(request: HttpRequest) -> str:
    """The page of ours on which the refused button stood, or «»."""
    came_from = request.headers.get("Referer", "")
    allowed = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    return came_from if allowed else ""
