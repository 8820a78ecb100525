"""Words of notices about events; made when they leave, so they tell what is true then."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from meetings.addresses import page_of
from meetings.models import Answer, Event, EventKind, Participation, Registration
from meetings.selectors.events import is_over, series_of
from meetings.words import hour, when
from orgs.actor import Actor, actor_of
from orgs.models import Person
from orgs.selectors.audiences import is_meant
from orgs.telling import as_told
from outbox.rendering import Obsolete, Rendered

AIR = "air"
Words = tuple[str, str]
Writer = Callable[[Event, Actor, dict[str, Any]], Words]
Letter = Callable[[dict[str, Any], str], Rendered]


def _letter(write: Writer) -> Letter:
    """A letter about an event to somebody of its school: in the platform's language, by the school's clock.

    Raises `Obsolete` when the event or the person is gone, or the event no longer concerns the person.
    """

    @wraps(write)
    def letter(context: dict[str, Any], secret: str) -> Rendered:
        with translation.override(settings.LANGUAGE_CODE):
            event, actor = _found(context)
            with timezone.override(actor.organization.zone):
                subject, text = write(event, actor, context)
                path = page_of(event, actor.organization.slug)
                return as_told(context, subject=subject, text=text, path=path, tag=f"event-{event.pk}")

    return letter


def _found(context: dict[str, Any]) -> tuple[Event, Actor]:
    event = Event.objects.filter(pk=context["event"]).prefetch_related("audiences").first()
    people = Person.objects.select_related("organization").filter(merged_into=None)
    person = people.filter(pk=context["person"]).first()
    actor = actor_of(person) if person is not None else None
    if event is None or actor is None or not actor.roles or actor.organization.pk != event.organization_id:
        raise Obsolete(_("The event is gone, or not for this person any more."))
    return event, actor


@_letter
def event_planned(event: Event, actor: Actor, context: dict[str, Any]) -> Words:
    """A new event, or a series of them. `context`: `event` (the first), `person`."""
    _require_coming(event)
    _require_invited(event, actor)
    lines = [_when_and_where(event, actor)]
    count = series_of(event).filter(cancelled_at=None).count() if event.series_id is not None else 1
    if count > 1:
        lines.append(ngettext("%(count)s time in all", "%(count)s times in all", count) % {"count": count})
    if event.takes_answers() and not _answer_of(event, actor):
        lines.append(_("Please answer whether you come."))
    return _("%(kind)s: %(event)s") % {"kind": _kind(event), "event": event.title}, "\n".join(lines)


@_letter
def event_changed(event: Event, actor: Actor, context: dict[str, Any]) -> Words:
    """An event has another time or place. `context`: `event`, `sequence`, `person`. A later change tells for itself."""
    _require_coming(event)
    if event.sequence != context["sequence"] or _answer_of(event, actor) == Answer.NO:
        raise Obsolete(_("The event has been changed once more."))
    if not _answer_of(event, actor):
        _require_invited(event, actor)
    return _("Changed: %(event)s") % {"event": event.title}, _when_and_where(event, actor)


@_letter
def event_cancelled(event: Event, actor: Actor, context: dict[str, Any]) -> Words:
    """An event, or `count` of a series, will not be. `context`: `event` (the first), `count`, `person`."""
    if event.cancelled_at is None:
        raise Obsolete(_("The event is not cancelled."))
    if timezone.now() > event.ends_at:
        raise Obsolete(_("The event is over already."))
    lines = [when(event, actor.organization.zone), event.cancel_reason]
    others = int(context.get("count", 1)) - 1
    if others > 0:
        words = ngettext("and %(count)s more after it", "and %(count)s more after it", others)
        lines.insert(1, words % {"count": others})
    return _("Cancelled: %(event)s") % {"event": event.title}, "\n".join(line for line in lines if line)


@_letter
def event_reminder(event: Event, actor: Actor, context: dict[str, Any]) -> Words:
    """A reminder (`context["stage"]`: a day before, an hour before, or a broadcast has begun). `context`: `event`,
    `stage`, `person`."""
    if context["stage"] == AIR:
        return _begun(event)
    _require_coming(event)
    if event.starts_at <= timezone.now():
        raise Obsolete(_("The event has begun."))
    answer = _answer_of(event, actor)
    if answer in (Answer.NO, Answer.WAITING):
        raise Obsolete(_("This person does not come."))
    _require_invited(event, actor)
    lines = [_when_and_where(event, actor)]
    if not answer and event.takes_answers():
        lines.append(_("Please answer whether you come."))
    return event.title, "\n".join(lines)


def _begun(event: Event) -> Words:
    if event.on_air_at is None or event.over_at is not None or event.cancelled_at is not None:
        raise Obsolete(_("The broadcast is over."))
    return _("On air: %(event)s") % {"event": event.title}, _("The broadcast has begun. Open it to watch.")


@_letter
def event_place(event: Event, actor: Actor, context: dict[str, Any]) -> Words:
    """A place got free for somebody who waited. `context`: `event`, `person`."""
    _require_coming(event)
    if _answer_of(event, actor) != Answer.YES:
        raise Obsolete(_("This person does not come."))
    text = _("A place has got free, and it is yours. If you cannot come, please say so: others wait.")
    return _("You have a place: %(event)s") % {"event": event.title}, f"{text}\n{_when_and_where(event, actor)}"


def _require_coming(event: Event) -> None:
    if event.cancelled_at is not None:
        raise Obsolete(_("The event has been cancelled."))
    if is_over(event):
        raise Obsolete(_("The event is over already."))


def _require_invited(event: Event, actor: Actor) -> None:
    if not is_meant(actor, [(rule.audience, rule.unit_id) for rule in event.audiences.all()]):
        raise Obsolete(_("The event is gone, or not for this person any more."))


def _answer_of(event: Event, actor: Actor) -> str:
    own = Participation.objects.filter(event=event, person=actor.person.pk).values_list("answer", flat=True)
    return own.first() or ""


def _kind(event: Event) -> str:
    label = str(EventKind(event.kind).label)
    return label[:1].upper() + label[1:]


def _when_and_where(event: Event, actor: Actor) -> str:
    lines = [when(event, actor.organization.zone), event.place]
    if event.registration != Registration.NONE and event.registration_until is not None and event.takes_answers():
        until = event.registration_until.astimezone(actor.organization.zone)
        lines.append(_("Answers until %(day)s") % {"day": f"{until:%d.%m}, {hour(until, actor.organization.zone)}"})
    return "\n".join(line for line in lines if line)
