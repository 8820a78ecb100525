"""Notices of movement: reported by the head, carried out by the administrator (ORG-6)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from common.errors import DomainError, require
from common.notices import done, refused
from movement.forms.notices import AnswerForm, NoticeForm
from movement.models import Notice, NoticeKind, NoticeState
from movement.permissions import (
    can_decide_on_notice,
    can_manage_people,
    can_report_movement,
    can_take_notice_back,
)
from movement.selectors.notices import filter_notices, notices_visible_to
from movement.services import notices as services
from movement.services.describing import sentence_of_notice
from movement.services.telling import sentence_of_work
from movement.views.choosing import choice_of, chosen_in
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error
from orgs.models import Person
from orgs.pages import member_page
from orgs.selectors.people import people_visible_to, with_roster_columns
from orgs.selectors.units import units_visible_to
from orgs.views.tools import invalid, page_of, render_results

TONES = {
    NoticeState.SENT: ("warn", "hourglass"),
    NoticeState.DONE: ("good", "circle-check"),
    NoticeState.RETURNED: ("bad", "arrow-back-up"),
    NoticeState.WITHDRAWN: ("", "x"),
}


@require_safe
@member_page
def notices(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show what was reported and what became of it, the newest first."""
    require(can_report_movement(actor))
    state = request.GET.get("state", "")
    state = state if state in NoticeState.values else ""
    text = request.GET.get("q", "")
    page = page_of(request, filter_notices(notices_visible_to(actor), state=state, text=text))
    states = [{"value": "", "title": _("All"), "is_active": not state}]
    states += [
        {"value": value, "title": capfirst(str(label)), "is_active": value == state}
        for value, label in NoticeState.choices
    ]
    context = {
        "page_obj": page,
        "rows": [_shown(notice) for notice in page.object_list],
        "q": text,
        "chips": states,
        "is_filtered": bool(state or text.strip()),
        "can_decide": can_manage_people(actor),
    }
    return render_results(request, "movement/notices.html", "movement/_notices.html", context)


def _shown(notice: Notice) -> dict[str, Any]:
    tone, icon = TONES[NoticeState(notice.state)]
    return {"notice": notice, "sentence": sentence_of_notice(notice), "tone": tone, "icon": icon}


def _find(actor: Actor, pk: int) -> Notice:
    return get_object_or_404(notices_visible_to(actor), pk=pk)


@require_safe
@member_page
def notice(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Show one notice: what is asked for, what became of it, what the reader can do about it."""
    return render(request, "movement/notice.html", _context(actor, _find(actor, pk)))


def _context(actor: Actor, found: Notice, form: AnswerForm | None = None) -> dict[str, Any]:
    waits = found.state == NoticeState.SENT
    takes_back = can_take_notice_back(actor, found)
    return {
        **_shown(found),
        "newcomer": services.newcomer_from_json(found.newcomer) if found.newcomer else None,
        "form": form or AnswerForm(),
        "can_decide": waits and can_decide_on_notice(actor, found),
        "can_withdraw": takes_back and found.state in (NoticeState.SENT, NoticeState.RETURNED),
        "can_see_work": can_manage_people(actor),
        "can_mend": takes_back and found.state == NoticeState.RETURNED,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def notice_new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Report a movement: of whom, where to, from which day, by which order."""
    require(can_report_movement(actor))
    return _fill(request, actor, None)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def notice_change(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Mend a returned notice and send it again."""
    found = _find(actor, pk)
    require(can_take_notice_back(actor, found))
    if found.state != NoticeState.RETURNED:
        refused(request, _("This notice does not wait to be mended."))
        return _to(actor, found)
    return _fill(request, actor, found)


def _fill(request: HttpRequest, actor: Actor, found: Notice | None) -> HttpResponse:
    chosen = _chosen(request, actor, found)
    kind = _kind_of(request, found)
    units = units_visible_to(actor).active().teaching()
    data = request.POST if request.method == "POST" else None
    form = NoticeForm(data, kind=kind, units=units, initial=NoticeForm.initial_of(found) if found else None)
    context = {
        "form": form,
        "kind": kind,
        "notice": found,
        "chips": [{"value": item.value, "title": str(item.label), "is_active": item == kind} for item in NoticeKind],
        **choice_of(request, actor, chosen),
    }
    if data is None:
        return render_results(request, "movement/notice_form.html", "movement/_found.html", context)
    if form.is_valid():
        try:
            sent = _send(actor, found, form, chosen)
        except DomainError as error:
            if "people" in error.fields:
                context["refusal"] = error.message
            else:
                apply_domain_error(form, error)
        else:
            done(request, _("Reported to the administrators."))
            return _to(actor, sent)
    return invalid(request, "movement/notice_form.html", context)


def _chosen(request: HttpRequest, actor: Actor, found: Notice | None) -> list[Person]:
    if found is None or "ids" in request.GET or request.method == "POST":
        return chosen_in(request, actor)
    ids = [row.person_id for row in found.people.all()]
    return list(with_roster_columns(people_visible_to(actor).filter(pk__in=ids)))


def _kind_of(request: HttpRequest, found: Notice | None) -> NoticeKind:
    named = request.POST.get("kind") or request.GET.get("kind", "")
    if named in NoticeKind.values:
        return NoticeKind(named)
    return NoticeKind(found.kind) if found is not None else NoticeKind.TRANSFER


def _send(actor: Actor, found: Notice | None, form: NoticeForm, chosen: list[Person]) -> Notice:
    data = form.data_of_notice(chosen)
    if found is None:
        return services.send(actor=actor, data=data)
    return services.send_again(actor=actor, notice=found, data=data)


def _to(actor: Actor, found: Notice) -> HttpResponse:
    return redirect("movement:notice", actor.organization.slug, found.pk)


@require_POST
@member_page
def notice_carry_out(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Do what a notice asks for, in one click; it can be undone."""
    found = _find(actor, pk)
    require(can_decide_on_notice(actor, found))
    try:
        work = services.carry_out(actor=actor, notice=found)
    except DomainError as error:
        refused(request, error.message)
        return _to(actor, found)
    done(request, sentence_of_work(work), undo=reverse("works:undo", args=[actor.organization.slug, work.pk]))
    return redirect("movement:notices", actor.organization.slug)


@require_POST
@member_page
def notice_done(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Say that it was done another way."""
    return _answer(request, actor, pk, _mark_done, _("Marked as done."))


@require_POST
@member_page
def notice_return(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Return a notice with what is to be mended."""
    return _answer(request, actor, pk, _send_back, _("Returned."))


def _mark_done(actor: Actor, found: Notice, answer: str) -> None:
    services.mark_done(actor=actor, notice=found, answer=answer)


def _send_back(actor: Actor, found: Notice, answer: str) -> None:
    services.send_back(actor=actor, notice=found, answer=answer)


def _answer(
    request: HttpRequest, actor: Actor, pk: int, doing: Callable[[Actor, Notice, str], None], text: str
) -> HttpResponse:
    found = _find(actor, pk)
    require(can_decide_on_notice(actor, found))
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            doing(actor, found, form.cleaned_data["answer"])
        except DomainError as error:
            if error.code == "notice_decided":
                refused(request, error.message)
                return _to(actor, found)
            apply_domain_error(form, error)
        else:
            done(request, text)
            return redirect("movement:notices", actor.organization.slug)
    return invalid(request, "movement/notice.html", _context(actor, _find(actor, pk), form))


@require_POST
@member_page
def notice_withdraw(request: HttpRequest, actor: Actor, pk: int) -> HttpResponse:
    """Take a notice back."""
    found = _find(actor, pk)
    require(can_take_notice_back(actor, found))
    try:
        services.withdraw(actor=actor, notice=found)
    except DomainError as error:
        refused(request, error.message)
    else:
        done(request, _("Withdrawn."))
    return _to(actor, found)
