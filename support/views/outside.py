"""«Не могу войти»: the frequent causes, and a letter to whoever can help (SUP-1)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.module_loading import import_string
from django.views.decorators.http import require_http_methods

from common.errors import DomainError
from common.network import client_address
from orgs.forms.base import apply_domain_error
from orgs.models import Organization
from support.faq import groups_of
from support.forms.asking import CallForm
from support.limits import check_call
from support.selectors.requests import find_attempt
from support.services.asking import ask_from_outside

PAGE, SENT = "support/cannot_sign_in.html", "support/call_sent.html"


@require_http_methods(["GET", "HEAD", "POST"])
def cannot_sign_in(request: HttpRequest) -> HttpResponse:
    """The causes, and the form below them; the answer is the same for known and unknown numbers."""
    place = _organization(request.POST.get("o") or request.GET.get("o", ""))
    context = {"place": place, "groups": groups_of(["guest"])}
    if request.method != "POST":
        return render(request, PAGE, {**context, "form": CallForm(initial={"attempt": uuid4()})})
    form = CallForm(request.POST)
    if form.is_valid():
        stranger = form.stranger()
        try:
            if find_attempt(stranger.attempt) is None:
                check_call(client_address(request), [stranger.phone, stranger.email])
            ask_from_outside(stranger=stranger, organization=place)
        except DomainError as error:
            apply_domain_error(form, error)
            return render(request, PAGE, {**context, "form": form}, status=429 if error.status == 429 else 422)
        return render(request, SENT, {"place": place, "email": stranger.email})
    return render(request, PAGE, {**context, "form": form}, status=422)


def _organization(slug: str) -> Organization | None:
    """The organization whose page for people without a link is open; any other is none, and nobody learns which."""
    return _open_organization()(slug) if slug and len(slug) <= 60 and slug.isascii() and slug.isprintable() else None


@cache
def _open_organization() -> Callable[[str], Organization | None]:
    return import_string(settings.OPEN_ORGANIZATION)
