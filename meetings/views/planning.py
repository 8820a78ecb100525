"""Planning an event or a series, changing, cancelling, announcing it (CHAN-5, CHAN-6)."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from channels_app.models import Channel
from channels_app.selectors.channels import publishable_by
from channels_app.selectors.titles import title_of
from common.errors import DomainError, require
from common.notices import done, refused
from meetings import permissions
from meetings.forms.planning import (
    AnnounceForm,
    CancelForm,
    ChangeForm,
    NewEventForm,
    values_of,
    values_of_copy,
    values_of_new,
)
from meetings.models import Event
from meetings.selectors.events import find_event
from meetings.services import planning
from meetings.services.announcing import announce as announce_in
from meetings.services.recurrence import occurrences
from meetings.views.days import day_from
from meetings.views.tools import known_event, to
from meetings.views.wording import Rule, dates_in_words, rule_words, spoken_when
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error, ids_of
from orgs.forms.circles import Circles, circle_rows, rows_of, rows_sent
from orgs.models import Audience, Unit
from orgs.pages import member_page
from orgs.selectors.units import units_visible_to
from orgs.services.circles import Circle
from orgs.views.tools import invalid, is_fragment


@member_page
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The form of a new event: «Ещё строки» and «Показать даты» show it again, saving plans."""
    require(permissions.can_create_events(actor))
    channels = _channels(actor)
    titles = [(str(channel.pk), title_of(channel, actor.words)) for channel in channels]
    units = list(units_visible_to(actor).active().teaching())
    made: dict[str, Any] = {"zone": actor.organization.zone, "channels": titles}
    if request.method != "POST":
        values, circles = _beginning(request, actor)
        rows = circle_rows(actor, units, initial=circles, allowed=permissions.can_invite_circle)
        return render(request, "events/new.html", {"form": NewEventForm(initial=values, **made), "rows": rows})
    form = NewEventForm(request.POST, **made)
    if request.POST.get("do") in ("more", "dates"):
        return _asked(request, actor, form, units, made)
    rows = circle_rows(actor, units, request.POST, allowed=permissions.can_invite_circle)
    return _plan(request, actor, form, rows, {channel.pk: channel for channel in channels})


def _channels(actor: Actor) -> list[Channel]:
    return list(publishable_by(actor).select_related("organization", "unit").order_by("id"))


def _beginning(request: HttpRequest, actor: Actor) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """What the empty form holds: the day that was looked at, another event to be repeated, the circle of a unit."""
    today = timezone.localdate()
    for pk in ids_of([request.GET.get("from", "")]):
        event = find_event(actor, pk)
        if event is not None:
            return values_of_copy(event, actor.organization.zone), rows_of(_circles_of(event))
    day = day_from(request.GET.get("date", ""), today)
    audience = request.GET.get("audience", "")
    units = ids_of([request.GET.get("unit", "")])
    circles: list[Circle] = [(audience, unit) for unit in units if audience in Audience.values]
    return values_of_new(max(day, today)), rows_of(circles)


def _circles_of(event: Event) -> list[Circle]:
    return [(rule.audience, rule.unit_id) for rule in event.audiences.all()]


def _asked(
    request: HttpRequest, actor: Actor, form: NewEventForm, units: list[Unit], made: dict[str, Any]
) -> HttpResponse:
    """More rows, or the dates of the series: nothing is saved, nothing typed is lost, nothing is refused yet."""
    dates = _dates(form, actor) if request.POST.get("do") == "dates" else None
    if is_fragment(request, "dates"):
        return render(request, "events/_dates.html", {"dates": dates})
    rows = circle_rows(actor, units, initial=rows_sent(request.POST), allowed=permissions.can_invite_circle)
    initial = {
        name: request.POST.getlist(name) if name == "weekdays" else request.POST.get(name, "") for name in form.fields
    }
    return render(
        request, "events/new.html", {"form": NewEventForm(initial=initial, **made), "rows": rows, "dates": dates}
    )


def _dates(form: NewEventForm, actor: Actor) -> dict[str, Any]:
    """The dates of the series in words, or why there are none yet."""
    zone = actor.organization.zone
    wanted = ("day", "starts", "freq", "interval", "weekdays", "until", "count")
    faults = [str(error) for name in wanted for error in form.errors.get(name, ())]
    if faults:
        return {"fault": faults[0]}
    recurrence = form.recurrence()
    if recurrence is None:
        return {}
    try:
        times, rule = occurrences(recurrence, form.starts_at(), zone)
    except DomainError as error:
        return {"fault": error.message}
    return {**dates_in_words(times, zone), "rule": rule_words(Rule.of(rule), times[0].date())}


def _plan(
    request: HttpRequest, actor: Actor, form: NewEventForm, rows: Circles, channels: dict[int, Channel]
) -> HttpResponse:
    if _are_valid(form, rows):
        try:
            events = planning.plan(actor=actor, data=form.data_of(rows.circles()), recurrence=form.recurrence())
        except DomainError as error:
            form.refuse(error)
        else:
            return _planned(request, actor, events, channels.get(form.cleaned_data.get("channel") or 0))
    dates = _dates(form, actor) if form.data.get("freq") else None
    return invalid(request, "events/new.html", {"form": form, "rows": rows, "dates": dates})


def _are_valid(form: Any, rows: Circles) -> bool:
    """Check both, so that everything that is wrong is shown at once."""
    are_rows = rows.is_valid()
    if form.is_valid() and are_rows:
        return True
    if not are_rows:
        form.add_error(None, _("Check who is invited."))
    return False


def _planned(request: HttpRequest, actor: Actor, events: list[Event], channel: Channel | None) -> HttpResponse:
    if len(events) == 1:
        text = _("The event is planned.")
    else:
        text = ngettext("%(count)s event is planned.", "%(count)s events are planned.", len(events))
    done(request, text % {"count": len(events)})
    if channel is not None and events[0].announcement_id is None:
        _announce(request, actor, events[0], channel)
    return to(actor, "event", event_id=events[0].pk)


def _announce(request: HttpRequest, actor: Actor, event: Event, channel: Channel) -> None:
    try:
        announce_in(actor=actor, event=event, channel=channel)
    except DomainError as error:
        refused(request, error.message)
    else:
        done(request, _("It is announced in the channel «%(channel)s».") % {"channel": title_of(channel, actor.words)})


@member_page
def edit(request: HttpRequest, actor: Actor, event_id: int) -> HttpResponse:
    """Change an event; of a series only this one, the following ones, or all."""
    event = known_event(actor, event_id)
    require(permissions.can_manage_event(actor, event))
    if event.cancelled_at is not None:
        refused(request, _("The event has been cancelled."))
        return to(actor, "event", event_id=event.pk)
    units, allowed, known = _units_for(actor, event), _allowed_for(event), rows_of(_circles_of(event))
    made: dict[str, Any] = {"zone": actor.organization.zone, "is_series": event.series_id is not None}
    context = {"event": event}
    if request.method != "POST":
        form = ChangeForm(initial={**values_of(event, actor.organization.zone), "scope": "this"}, **made)
        rows = circle_rows(actor, units, initial=known, allowed=allowed)
        return render(request, "events/edit.html", {**context, "form": form, "rows": rows})
    if request.POST.get("do") == "more":
        form = ChangeForm(initial={name: request.POST.get(name, "") for name in ChangeForm.base_fields}, **made)
        rows = circle_rows(actor, units, initial=rows_sent(request.POST), allowed=allowed)
        return render(request, "events/edit.html", {**context, "form": form, "rows": rows})
    form = ChangeForm(request.POST, **made)
    rows = circle_rows(actor, units, request.POST, allowed=allowed)
    if _are_valid(form, rows):
        scope = form.cleaned_data.get("scope") or planning.Scope.THIS
        try:
            planning.change(actor=actor, event=event, data=form.data_of(rows.circles()), scope=scope)
        except DomainError as error:
            form.refuse(error)
        else:
            done(request, _("Saved. Those who come are told when the time or the place has changed."))
            return to(actor, "event", event_id=event.pk)
    return invalid(request, "events/edit.html", {**context, "form": form, "rows": rows})


def _units_for(actor: Actor, event: Event) -> list[Unit]:
    """The units to choose from, with those that are invited already."""
    units = list(units_visible_to(actor).active().teaching())
    there = {unit.pk for unit in units}
    invited = {rule.unit for rule in event.audiences.all() if rule.unit is not None}
    return [*units, *(unit for unit in invited if unit.pk not in there)]


def _allowed_for(event: Event) -> Callable[[Actor, str, int | None], bool]:
    """Who is invited already stays invited, whoever changes the event."""
    known = set(_circles_of(event))

    def allowed(actor: Actor, audience: str, unit_id: int | None) -> bool:
        return (audience, unit_id) in known or permissions.can_invite_circle(actor, audience, unit_id)

    return allowed


@member_page
def cancel(request: HttpRequest, actor: Actor, event_id: int) -> HttpResponse:
    """Cancel an event with the reason; says who will be told."""
    event = known_event(actor, event_id)
    require(permissions.can_manage_event(actor, event))
    form = CancelForm(request.POST if request.method == "POST" else None, is_series=event.series_id is not None)
    context = {"event": event, "form": form, "when": spoken_when(event, actor.organization.zone)}
    if request.method != "POST":
        return render(request, "events/cancel.html", context)
    if form.is_valid():
        scope = form.cleaned_data.get("scope") or planning.Scope.THIS
        try:
            count = planning.cancel(actor=actor, event=event, reason=form.cleaned_data["reason"], scope=scope)
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            text = ngettext("%(count)s event is cancelled.", "%(count)s events are cancelled.", count)
            done(request, text % {"count": count} if count > 1 else _("The event is cancelled."))
            return to(actor, "event", event_id=event.pk)
    return invalid(request, "events/cancel.html", context)


@member_page
def announce(request: HttpRequest, actor: Actor, event_id: int) -> HttpResponse:
    """Publish a post about the event in one of the channels where the actor publishes."""
    event = known_event(actor, event_id)
    require(permissions.can_manage_event(actor, event))
    channels = {channel.pk: channel for channel in _channels(actor)}
    titles = [(str(pk), title_of(channel, actor.words)) for pk, channel in channels.items()]
    form = AnnounceForm(request.POST if request.method == "POST" else None, channels=titles)
    context = {"event": event, "form": form, "has_channels": bool(channels)}
    if request.method != "POST":
        return render(request, "events/announce.html", context)
    if form.is_valid():
        _announce(request, actor, event, channels[form.cleaned_data["channel"]])
        return to(actor, "event", event_id=event.pk)
    return invalid(request, "events/announce.html", context)
