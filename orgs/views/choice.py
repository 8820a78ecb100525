"""`/`: whom to be today."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from orgs.choosing import offers_to
from orgs.selectors.organizations import memberships_of


def choice(request: HttpRequest) -> HttpResponse:
    """Lead to the one place to go to, or to the choice of several, or to sign-in (ACC-4); `?choose` always asks.

    Places are the user's organizations, and what upper floors offer (`settings.OFFERS`).
    """
    if not request.user.is_authenticated:
        return redirect(settings.LOGIN_URL)
    memberships = memberships_of(request.user.pk)
    offers = offers_to(request.user.pk)
    if len(memberships) + len(offers) == 1 and "choose" not in request.GET:
        return redirect("orgs:home", slug=memberships[0].organization.slug) if memberships else redirect(offers[0].url)
    return render(request, "orgs/choice.html", {"memberships": memberships, "offers": offers})
