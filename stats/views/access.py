"""Who sees the statistics: by role, by a grant of the head, as a curator (STAT-1, STAT-7)."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from common.errors import DomainError, require
from common.notices import done, refused
from orgs.actor import Actor
from orgs.forms.base import ids_of
from orgs.models import Person
from orgs.pages import member_page
from orgs.permissions import can_grant_statistics, can_see_who_sees_statistics
from orgs.selectors.people import people_visible_to
from orgs.services.organization import let_administrators_see_statistics
from orgs.views.tools import render_results, sent
from stats.selectors.access import candidates, curators_of, holders_of, sees_by_role
from stats.services import access as services
from stats.views.tools import address

MOST_CANDIDATES = 20


@require_safe
@member_page
def access(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show who sees the figures and why; who grants finds people here. A constant number of queries."""
    require(can_see_who_sees_statistics(actor))
    grants = can_grant_statistics(actor)
    text = request.GET.get("q", "").strip()
    found = list(candidates(actor, text)[:MOST_CANDIDATES]) if grants and text else []
    context: dict[str, Any] = {
        "grants": grants,
        "by_role": [(row.person, actor.words.role(row.role)) for row in sees_by_role(actor.organization)],
        "holders": holders_of(actor.organization),
        "curators": curators_of(actor.organization),
        "q": text,
        "candidates": found,
    }
    return render_results(request, "stats/access.html", "stats/_access_found.html", context)


@require_POST
@member_page
def access_grant(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Let somebody of the staff see the figures. Can be undone."""
    require(can_grant_statistics(actor))
    person = _named(request, actor)
    if person is None:
        refused(request, _("Choose to whom: find the person by name."))
        return _back(actor)
    try:
        services.grant(actor=actor, person=person)
    except DomainError as error:
        refused(request, error.message)
        return _back(actor)
    undo = _undo(actor, "access_revoke", person)
    done(request, _("%(person)s sees the statistics from now on.") % {"person": person.full_name}, undo=undo)
    return _back(actor)


@require_POST
@member_page
def access_revoke(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Take the right back. Can be undone."""
    require(can_grant_statistics(actor))
    person = _named(request, actor)
    if person is None:
        return _back(actor)
    services.revoke(actor=actor, person=person)
    undo = _undo(actor, "access_grant", person)
    done(request, _("%(person)s no longer sees the statistics.") % {"person": person.full_name}, undo=undo)
    return _back(actor)


@require_POST
@member_page
def access_administrators(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Say whether administrators see the figures by their role."""
    require(can_grant_statistics(actor))
    is_on = request.POST.get("sees") == "on"
    let_administrators_see_statistics(actor=actor, is_on=is_on)
    text = _("Administrators see the statistics.") if is_on else _("Administrators see the statistics only by a grant.")
    done(request, text)
    return _back(actor)


def _named(request: HttpRequest, actor: Actor) -> Person | None:
    """The person named in the form or the address; None: nobody was. 404 for people the actor does not see."""
    named = sent(request, "person")
    if not named:
        return None
    people = people_visible_to(actor).select_related("user", "organization")
    return get_object_or_404(people, pk__in=ids_of([named]))


def _undo(actor: Actor, name: str, person: Person) -> str:
    return f"{address(actor, name)}?{urlencode({'person': person.pk})}"


def _back(actor: Actor) -> HttpResponseRedirect:
    return redirect(address(actor, "access"))
