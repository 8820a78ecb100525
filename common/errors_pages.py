"""Pages for what went wrong: each says what happened, what is kept, what to do next."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from common.errors import DomainError


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/400.html", status=400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/403.html", status=403)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "errors/404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    return render(request, "errors/500.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "errors/csrf.html", status=403)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    return render(request, "errors/429.html", status=429)


def domain_error(request: HttpRequest, error: DomainError) -> HttpResponse:
    """A refusal that no form could show: its own page with the way back."""
    return render(request, "errors/refused.html", {"error": error}, status=error.status)
