"""Pages for what went wrong: each says what happened, what is kept, what to do next."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from common.errors import DomainError


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    if request.path.startswith("/api/"):
        answer = {"code": "server_error", "message": _("Something went wrong on our side."), "fields": {}}
        return JsonResponse(answer, status=500)
    # Without the request: context processors may ask the very database that is away.
    return HttpResponse(render_to_string("errors/500.html"), status=500)


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
