"""The page of a long work: how far it is, what came of it, calling it off, undoing it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import DomainError, require
from common.notices import done, refused
from orgs.actor import Actor
from orgs.pages import member_page
from orgs.views.tools import render_parts
from works.kinds import UNDO_STEPS, kind_of
from works.models import OVER, State, Work
from works.permissions import can_steer
from works.selectors import works_visible_to
from works.services import running, undoing


def address(actor: Actor, name: str, work: Work) -> str:
    """Return the address of the page `works:<name>` of a work."""
    return reverse(f"works:{name}", args=[actor.organization.slug, work.pk])


@require_safe
@member_page
def detail(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Show a work; while it is under way the part with the bar asks for itself again and again."""
    work = get_object_or_404(works_visible_to(actor), pk=pk)
    kind = kind_of(work.kind)
    context = {
        "work": work,
        "kind": kind,
        "step": {**kind.steps, **UNDO_STEPS}.get(work.step, ""),
        "lines": kind.lines(work) if work.state in OVER else [],
        "page_url": kind.page(work),
        "can_undo": can_steer(actor, work) and work.can_be_undone,
    }
    return render_parts(request, "works/detail.html", {"work": "works/_work.html"}, context)


@require_POST
@member_page
def cancel(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Call a work off."""
    work = get_object_or_404(works_visible_to(actor), pk=pk)
    require(can_steer(actor, work))
    try:
        running.call_off(work=work)
    except DomainError as error:
        refused(request, error.message)
    return redirect(address(actor, "detail", work))


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def undo(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Ask, saying what will be put back or what prevents it; then undo."""
    work = get_object_or_404(works_visible_to(actor), pk=pk)
    require(can_steer(actor, work))
    if request.method == "POST":
        try:
            after = undoing.undo(actor=actor, work=work)
        except DomainError as error:
            refused(request, error.message)
        else:
            if after.state == State.UNDONE:
                done(request, _("It was undone: everything is as it was before."))
            return redirect(address(actor, "detail", work))
    kind = kind_of(work.kind)
    context = {
        "work": work,
        "kind": kind,
        "obstacles": undoing.obstacles(work) if work.can_be_undone else [],
        "lines": kind.lines(work),
        "back_url": address(actor, "detail", work),
    }
    return render(request, "works/undo.html", context)
