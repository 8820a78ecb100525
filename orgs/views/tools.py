"""What the pages of this floor share."""

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from orgs.actor import Actor

PAGE_SIZE = 50


def address(actor: Actor, name: str, **values: Any) -> str:
    """Return the address of the page `orgs:<name>` in the actor's organization."""
    return reverse(f"orgs:{name}", kwargs={"slug": actor.organization.slug, **values})


def address_with(actor: Actor, name: str, query: dict[str, Any], **values: Any) -> str:
    """Return such an address with parameters (lists become repeated ones)."""
    return f"{address(actor, name, **values)}?{urlencode(query, doseq=True)}"


def to(actor: Actor, name: str, **values: Any) -> HttpResponseRedirect:
    """Redirect to the page `orgs:<name>` of the actor's organization."""
    return redirect(address(actor, name, **values))


def sent(request: HttpRequest, name: str) -> str:
    """Return what was sent in the form, else in the address: the button «Отменить» has nothing but an address."""
    return request.POST.get(name) or request.GET.get(name, "")


def next_or(request: HttpRequest, fallback: str) -> str:
    """Return the address the form asks for (`next`) when it is one of ours, else `fallback`."""
    wanted = request.POST.get("next", "")
    ours = {request.get_host()}
    is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=ours, require_https=request.is_secure())
    return wanted if is_ours else fallback


def back_or(request: HttpRequest, fallback: str) -> HttpResponseRedirect:
    """Redirect to the address the form asks for (`next`) when it is one of ours, else to `fallback`."""
    # `redirect` would take a word without a slash for the name of a route, and fail.
    return HttpResponseRedirect(next_or(request, fallback))


def page_of(request: HttpRequest, rows: QuerySet[Any] | list[Any], size: int = PAGE_SIZE) -> Page:
    """Return the page `?page=` of `rows`; nonsense leads to the first or the last one."""
    return Paginator(rows, size).get_page(request.GET.get("page"))


def is_fragment(request: HttpRequest, target: str) -> bool:
    """Tell whether htmx asked for the part of the page named `target` only."""
    return bool(getattr(request, "htmx", False)) and request.htmx.target == target  # type: ignore[attr-defined]


def render_parts(request: HttpRequest, page: str, parts: Mapping[str, str], context: dict[str, Any]) -> HttpResponse:
    """Render the whole page, or the part that htmx asked for by its target; caches must not mix them up."""
    wanted = next((template for target, template in parts.items() if is_fragment(request, target)), page)
    response = render(request, wanted, context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def render_results(request: HttpRequest, page: str, results: str, context: dict[str, Any]) -> HttpResponse:
    """Render the whole page, or for a live search only its `results`."""
    return render_parts(request, page, {"results": results}, context)


def invalid(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Render a form that came back with errors (422)."""
    return render(request, template, context, status=422)
