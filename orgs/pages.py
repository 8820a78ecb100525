"""The door of every page of an organization: who comes in, and in whose clock the page speaks."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from orgs.actor import Actor, load_actor

P = ParamSpec("P")
MemberView = Callable[Concatenate[HttpRequest, Actor, P], HttpResponseBase]


def member_page(view: MemberView[P]) -> Callable[..., HttpResponseBase]:
    """Make a page of `/o/<slug>/…`: `view(request, actor, …)` gets the user's person in that organization.

    Without sign-in the way leads to the sign-in page and back; whoever has no role there gets 404, as if the
    organization did not exist (ACC-4). Times are shown in the organization's zone.
    """

    @wraps(view)
    @login_required
    def page(request: HttpRequest, slug: str, **kwargs: Any) -> HttpResponseBase:
        actor = load_actor(request.user.pk or 0, slug)
        if actor is None:
            raise Http404
        request.actor = actor  # type: ignore[attr-defined]
        with timezone.override(actor.organization.zone):
            return view(request, actor, **kwargs)  # type: ignore[call-arg]

    return page
