"""The list of requests for help, what is done with one by a button, the rules of answering (SUP-1)."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import DomainError, require
from common.notices import done, refused
from files.serving import respond
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error
from orgs.pages import member_page
from orgs.selectors.organizations import today_in
from orgs.views.tools import invalid, page_of, render_results
from support.deadlines import rules_of
from support.forms.asking import NoteForm, RulesForm
from support.models import HelpRequest, State
from support.permissions import can_answer, can_answer_requests, can_pass_on, can_reply, can_see_counts
from support.selectors.requests import counts_for, filter_requests, find_file, requests_visible_to
from support.services import answering
from support.services.asking import settle
from support.views.tools import LOOKS, read_request, to

LIST, RULES = "support/requests.html", "support/rules.html"


@require_safe
@member_page
def requests(request: HttpRequest, actor: Actor) -> HttpResponse:
    """One's own requests; for administrators all of the organization, the most urgent on top."""
    group, text = request.GET.get("group", ""), request.GET.get("q", "")
    titles = _groups()
    group = group if group in titles else ""
    today = today_in(actor.organization)
    page = page_of(request, filter_requests(requests_visible_to(actor), group=group, text=text, today=today))
    chips = [{"value": value, "title": title, "is_active": value == group} for value, title in titles.items()]
    context = {
        "page_obj": page,
        "rows": [_row(found, actor, today) for found in page.object_list],
        "q": text,
        "chips": chips,
        "is_filtered": bool(group or text.strip()),
        "may_answer": can_answer_requests(actor),
        "counts": counts_for(actor) if can_see_counts(actor) else None,
    }
    return render_results(request, LIST, "support/_requests.html", context)


def _groups() -> dict[str, str]:
    return {
        "": _("All"),
        "waiting": _("Wait for an answer"),
        "overdue": _("Overdue"),
        "passed_on": _("With the platform’s support"),
        "answered": _("Answered"),
        "closed": _("Closed"),
    }


def _row(found: HelpRequest, actor: Actor, today: Any) -> dict[str, Any]:
    tone, icon = LOOKS[State(found.state)]
    return {
        "help": found,
        "tone": tone,
        "icon": icon,
        "is_mine": found.person_id == actor.person.pk,
        "is_overdue": found.due_on is not None and found.due_on < today,
    }


@require_POST
@member_page
def take(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """«Взять в работу»."""
    found = read_request(actor, pk)
    require(can_answer(actor, found))
    try:
        answering.take(actor=actor, request=found)
    except DomainError as error:
        refused(request, error.message)
    else:
        done(request, _("The asker sees that you deal with it."))
    return to(actor, "request", pk=pk)


@require_POST
@member_page
def pass_on(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """«Передать в поддержку платформы», with a note."""
    found = read_request(actor, pk)
    if found.state in (State.PASSED_ON, State.CLOSED) and (can_answer(actor, found) or can_reply(actor, found)):
        refused(request, _("The request has changed meanwhile."))
        return to(actor, "request", pk=pk)
    require(can_pass_on(actor, found))
    form = NoteForm(request.POST)
    if not form.is_valid():
        refused(request, _("The note is too long, or the page is old. Please try again."))
        return to(actor, "request", pk=pk)
    try:
        values = form.cleaned_data
        answering.pass_on(actor=actor, request=found, revision=values["revision"], note=values["note"])
    except DomainError as error:
        refused(request, error.message)
    else:
        done(request, _("Passed on to the platform’s support."))
    return to(actor, "request", pk=pk)


@require_POST
@member_page
def close(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """«Вопрос решён» of the asker, «Закрыть» of an administrator; writing once more opens it again."""
    found = read_request(actor, pk)
    try:
        if can_reply(actor, found):
            settle(actor=actor, request=found)
        else:
            require(can_answer(actor, found))
            revision = request.POST.get("revision", "")
            answering.close(actor=actor, request=found, revision=int(revision) if _is_number(revision) else 0)
    except DomainError as error:
        refused(request, error.message)
    else:
        done(request, _("The request is closed."))
    return to(actor, "request", pk=pk)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


@require_safe
@member_page
def file(request: HttpRequest, actor: Actor, pk: int, file_id: int) -> HttpResponseBase:
    """A file of the thread, for whoever reads the request."""
    stored = find_file(read_request(actor, pk), file_id)
    if stored is None:
        raise Http404
    return respond(stored, request=request, preview="preview" in request.GET, download="download" in request.GET)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def rules(request: HttpRequest, actor: Actor) -> HttpResponse:
    """How soon the organization promises to answer."""
    require(can_answer_requests(actor))
    if request.method != "POST":
        held = rules_of(actor.organization)
        initial = {"answer_days": held.answer_days, "works_on_saturday": held.works_on_saturday}
        return render(request, RULES, {"form": RulesForm(initial=initial)})
    form = RulesForm(request.POST)
    if form.is_valid():
        try:
            answering.set_rules(actor=actor, **form.cleaned_data)
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            done(request, _("Kept."))
            return to(actor, "requests")
    return invalid(request, RULES, {"form": form})
