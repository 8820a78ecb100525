"""Help: questions and answers, instructions by role (SUP-2)."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from orgs.actor import Actor
from orgs.models import Role
from orgs.pages import member_page
from orgs.views.tools import render_results
from support.faq import GROUPS, group_of, groups_of, search
from support.guides import BASE, FOLDER, Guide, all_guides, find_guide, known_pictures

HELP, GUIDE = "support/help.html", "support/guide.html"
# Whose questions and guides a role reads first.
_OF_ROLE = {
    Role.ADMINISTRATOR: ("administrator", "guide-administrator"),
    Role.HEAD: ("head", "guide-head"),
    Role.TEACHER: ("teacher", "guide-teacher"),
    Role.PARENT: ("parent", "guide-parent"),
    Role.STUDENT: ("student", "guide-student"),
}
_DAY = 24 * 3600


@require_safe
@member_page
def help_page(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Answers for the roles of the reader, the way to the administrators, the guides."""
    own = [pair for role, pair in _OF_ROLE.items() if role in actor.roles]
    context = _context(request, ["everyone", *(group for group, _guide in own)], [guide for _group, guide in own])
    return render_results(request, HELP, "support/_found.html", context)


@require_safe
def guest_help(request: HttpRequest) -> HttpResponse:
    """The same for whoever is not in an organization: everything, and first what helps to get in."""
    return render_results(request, HELP, "support/_found.html", _context(request, ["guest", "everyone"], []))


def _context(request: HttpRequest, groups: list[str], own_guides: list[str]) -> dict[str, Any]:
    chosen, text = request.GET.get("for", ""), request.GET.get("q", "")
    chosen = chosen if chosen in GROUPS else ""
    chips = [{"value": "", "title": _("For me"), "is_active": not chosen}]
    chips += [{"value": name, "title": group_of(name).title, "is_active": name == chosen} for name in GROUPS]
    guides = sorted(all_guides(), key=lambda guide: guide.name not in own_guides)
    return {
        "q": text,
        "found": search(text) if text.strip() else None,
        "groups": groups_of([chosen] if chosen else groups),
        "chips": chips,
        "guides": guides,
        "own_guides": own_guides,
    }


@require_safe
@member_page
def guide_page(request: HttpRequest, actor: Actor, guide: str) -> HttpResponse:
    """One guide with its table of contents; its links stay in the organization."""
    found = _found(guide)
    html = found.html.replace(f'href="{BASE}', f'href="/o/{actor.organization.slug}{BASE}')
    return _guide(request, found, html)


@require_safe
def guest_guide(request: HttpRequest, guide: str) -> HttpResponse:
    """The same for whoever is not in an organization."""
    found = _found(guide)
    return _guide(request, found, found.html)


def _found(name: str) -> Guide:
    guide = find_guide(name)
    if guide is None:
        raise Http404
    return guide


def _guide(request: HttpRequest, guide: Guide, html: str) -> HttpResponse:
    # Made of our own files by a parser that lets no HTML through.
    context = {"guide": guide, "html": mark_safe(html), "guides": all_guides()}  # noqa: S308
    return render(request, GUIDE, context)


@require_safe
def picture(request: HttpRequest, picture: str) -> HttpResponseBase:
    """A picture of the guides; nothing else of the folder."""
    if picture not in known_pictures():
        raise Http404
    response = FileResponse((FOLDER / "images" / picture).open("rb"), content_type="image/png")
    response.headers["Cache-Control"] = f"public, max-age={_DAY}"
    return response
