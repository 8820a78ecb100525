"""The head's page: this week on one screen (STAT-1, STAT-6)."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from orgs.actor import Actor
from orgs.pages import member_page
from orgs.permissions import can_see_statistics


@member_page
def overview(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show the figures of a period."""
    if not can_see_statistics(actor):
        raise PermissionDenied
    return render(request, "stats/overview.html", {"actor": actor})
