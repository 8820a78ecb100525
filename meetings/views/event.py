"""One event: when, where, who is invited, whether I come; and for its organizer what else can be done (CHAN-6)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from common.errors import DomainError, require
from common.notices import done, refused
from meetings import permissions
from meetings.models import Answer, BroadcastState, Event, EventKind, Registration
from meetings.selectors.events import events_visible_to, is_on_air, is_over, series_of
from meetings.selectors.people import place_in_queue
from meetings.services import answering
from meetings.services.attending import BEFORE
from meetings.views.tools import address, known_event
from meetings.views.wording import answer_badge, places_words, series_words, state_badge, when_parts
from orgs.actor import Actor
from orgs.pages import member_page
from orgs.selectors.circles import circles_in_words
from orgs.views.tools import back_or


@member_page
def event(request: HttpRequest, actor: Actor, event_id: int) -> HttpResponse:
    """Show one event to whoever may see it."""
    row = known_event(actor, event_id)
    return render(request, "events/event.html", {**_words(row, actor), **_rights(row, actor), **_answering(row, actor)})


def _words(row: Event, actor: Actor) -> dict[str, Any]:
    zone, now = actor.organization.zone, timezone.now()
    return {
        "event": row,
        "kind": capfirst(str(EventKind(row.kind).label)),
        "when": when_parts(row, zone),
        "state": state_badge(row, now),
        "circles": circles_in_words(row.audiences.all(), actor.words),
        "is_over": is_over(row, now),
        "is_on_air": is_on_air(row),
        "series": _series(row, actor),
        "is_child_invited": bool(actor.children) and not row.is_invited,  # type: ignore[attr-defined]
    }


def _series(row: Event, actor: Actor) -> dict[str, Any] | None:
    """The rule in words and the ways to the neighbours."""
    if row.series_id is None:
        return None
    zone = actor.organization.zone
    last = series_of(row).filter(cancelled_at=None).last()
    visible = events_visible_to(actor).filter(series=row.series_id).order_by("original_start", "id")
    before = visible.filter(original_start__lt=row.original_start).last()
    after = visible.filter(original_start__gt=row.original_start).first()
    return {
        "words": series_words(row, last.starts_at if last is not None else None, zone),
        "before": {"event": before, "when": when_parts(before, zone)} if before is not None else None,
        "after": {"event": after, "when": when_parts(after, zone)} if after is not None else None,
    }


def _rights(row: Event, actor: Actor) -> dict[str, Any]:
    manages = permissions.can_manage_event(actor, row)
    now = timezone.now()
    has_begun = now >= row.starts_at - BEFORE
    is_alive = row.cancelled_at is None
    marks = permissions.can_mark_attendance(actor, row)
    return {
        "can_manage": manages,
        "can_change": manages and is_alive,
        "can_cancel": manages and is_alive and not is_over(row, now),
        "can_announce": manages and is_alive and not is_over(row, now),
        "can_mark": marks and is_alive and has_begun,
        "can_tell_result": manages and is_alive and has_begun,
        "sees_people": permissions.can_see_people(actor, row),
        "can_begin": manages and is_alive and row.is_broadcast and row.state == BroadcastState.PLANNED,
        "can_end": manages and is_on_air(row),
        "can_create": permissions.can_create_events(actor),
    }


def _answering(row: Event, actor: Actor) -> dict[str, Any]:
    """What I said, whether I may still say it, how many places are left, where I am in the queue."""
    own = str(row.answer)  # type: ignore[attr-defined]
    is_asked = row.registration != Registration.NONE and permissions.can_answer(actor, row)
    takes = row.takes_answers() and not is_over(row)
    waits = own == Answer.WAITING
    return {
        "is_asked": is_asked,
        "can_answer": is_asked and takes,
        "answer": own,
        "answer_badge": answer_badge(own, is_broadcast=row.is_broadcast),
        "place_in_queue": place_in_queue(row, actor.person.pk) if waits else None,
        "places": places_words(row) if takes else "",
        "is_full": row.registration == Registration.PLACES and row.going_count >= (row.places or 0),
        "until": row.registration_until if takes else None,
    }


@require_POST
@member_page
def answer(request: HttpRequest, actor: Actor, event_id: int) -> HttpResponse:
    """«Приду» / «Не приду»; says what became of it."""
    row = known_event(actor, event_id)
    require(permissions.can_answer(actor, row))
    try:
        made = answering.answer(actor=actor, event=row, answer=request.POST.get("answer", ""))
    except DomainError as error:
        refused(request, error.message)
    else:
        done(request, _answered(row, actor, made.answer))
    return back_or(request, address(actor, "event", event_id=row.pk))


def _answered(row: Event, actor: Actor, made: str) -> str:
    if made == Answer.YES:
        return _("Noted: you watch.") if row.is_broadcast else _("Noted: you come.")
    if made == Answer.NO:
        return _("Noted: you do not watch.") if row.is_broadcast else _("Noted: you do not come.")
    number = place_in_queue(row, actor.person.pk) or 1
    return _("All places are taken. You are on the waiting list, number %(number)s.") % {"number": number}
