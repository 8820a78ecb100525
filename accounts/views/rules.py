"""The rules of use and the policy of personal data: read by anybody, accepted by whoever signs in (ACC-5)."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.rules import PERSONAL_DATA, RULES, are_accepted, text_of, versions
from accounts.services.rules import accept_rules
from accounts.views.account import me
from common.errors import DomainError


@require_safe
def rules(request: HttpRequest) -> HttpResponse:
    """The rules in force, or of `?version=`."""
    return render(request, "accounts/rules.html", _context(request, RULES))


@require_safe
def personal_data(request: HttpRequest) -> HttpResponse:
    """What is done with personal data, in force or of `?version=`."""
    return render(request, "accounts/rules.html", _context(request, PERSONAL_DATA))


def _context(request: HttpRequest, kind: str) -> dict[str, Any]:
    version = request.GET.get("version", settings.RULES_VERSION)
    if version not in versions():
        raise Http404
    return {
        "kind": kind,
        "text": text_of(kind, version),
        "version": version,
        "current": settings.RULES_VERSION,
        "versions": versions(),
    }


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest) -> HttpResponse:
    """Read and accept the rules in force, then go on to where the way led."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    target = wanted if is_ours else "/"
    if are_accepted(me(request)):
        return HttpResponseRedirect(target)
    error = None
    if request.method == "POST":
        try:
            accept_rules(me(request), request.POST.get("version", ""))
        except DomainError as refused:
            error = refused
        else:
            return HttpResponseRedirect(target)
    context = {
        "text": text_of(RULES, settings.RULES_VERSION),
        "version": settings.RULES_VERSION,
        "is_new": bool(me(request).rules_version),
        "next": target,
        "error": error,
    }
    return render(request, "accounts/rules_accept.html", context, status=error.status if error else 200)
