"""`/`: whom to be today."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from orgs.selectors.organizations import memberships_of


def choice(request: HttpRequest) -> HttpResponse:
    """Lead to the one organization, or to the choice of several, or to sign-in (ACC-4); `?choose` always asks."""
    if not request.user.is_authenticated:
        return redirect(settings.LOGIN_URL)
    memberships = memberships_of(request.user.pk)
    if len(memberships) == 1 and "choose" not in request.GET:
        return redirect("orgs:home", slug=memberships[0].organization.slug)
    return render(request, "orgs/choice.html", {"memberships": memberships})
