"""What meetings adds to the home page: what is today, what is on air, what waits for my answer."""

from datetime import datetime, time, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.prepared import now as prepared_now
from meetings.addresses import calendar_page, page_of
from meetings.models import Answer, Event, Registration
from meetings.permissions import can_see_all_events
from meetings.selectors.events import events_between, is_on_air, is_over
from meetings.words import hour, when
from orgs.actor import Actor
from orgs.home import Attention
from orgs.prepared import prepared

DAYS_AHEAD = 14
MOST_TODAY = 5
# A broadcast may last longer than it was planned.
OVERTIME = timedelta(hours=3)


def attention(actor: Actor) -> list[Attention]:
    """Return the events of today and the broadcasts on air that are for `actor`, and how many invitations of the next
    two weeks wait for an answer; one query."""
    now = timezone.now()
    zone = actor.organization.zone
    last = timezone.localdate(now, zone) + timedelta(days=DAYS_AHEAD + 1)
    events = [event for event in _near(actor, datetime.combine(last, time.min, zone)) if _concerns(event, actor)]
    running = [event for event in events if is_on_air(event)]
    coming = [event for event in events if not is_on_air(event) and not is_over(event, now)]
    today = [event for event in coming if event.starts_at.astimezone(zone).date() <= now.astimezone(zone).date()]
    unanswered = [event for event in coming if _waits_for_answer(event, now)]
    shown = [_running(event, actor) for event in running]
    shown += [_today(event, actor) for event in today[:MOST_TODAY]]
    return [*shown, *_unanswered(unanswered, actor, now)]


@prepared
def _near(actor: Actor, end: datetime) -> QuerySet[Event]:
    return events_between(actor, prepared_now() - OVERTIME, end).filter(cancelled_at=None)


def _concerns(event: Event, actor: Actor) -> bool:
    """Not what one has declined, and of all that the administration can see only what is for it."""
    if event.answer == Answer.NO:  # type: ignore[attr-defined]
        return False
    is_own: bool = event.is_invited or event.organizer_id == actor.person.pk  # type: ignore[attr-defined]
    return is_own or not can_see_all_events(actor)


def _waits_for_answer(event: Event, now: datetime) -> bool:
    unanswered: bool = event.is_invited and not event.answer  # type: ignore[attr-defined]
    return unanswered and event.registration != Registration.NONE and event.takes_answers(now)


def _running(event: Event, actor: Actor) -> Attention:
    title = _("On air: %(event)s") % {"event": event.title}
    page = page_of(event, actor.organization.slug)
    return Attention(title, _("The broadcast has begun. Open it to watch."), page, icon="broadcast", level="warn")


def _today(event: Event, actor: Actor) -> Attention:
    zone = actor.organization.zone
    words = {"event": event.title, "time": hour(event.starts_at, zone)}
    if event.starts_at.astimezone(zone).date() == timezone.localdate(timezone=zone):
        title = _("Today: %(event)s, %(time)s") % words
    else:
        title = _("Goes on: %(event)s") % words
    text = event.place or when(event, zone)
    return Attention(title, text, page_of(event, actor.organization.slug), icon="calendar-event", group="today")


def _unanswered(events: list[Event], actor: Actor, now: datetime) -> list[Attention]:
    if not events:
        return []
    count, slug = len(events), actor.organization.slug
    title = ngettext("%(count)s invitation waits for an answer", "%(count)s invitations wait for an answer", count)
    first = min(events, key=lambda event: event.registration_until or event.starts_at)
    text = _("%(event)s: %(when)s") % {"event": first.title, "when": when(first, actor.organization.zone)}
    url = page_of(first, slug) if count == 1 else calendar_page(slug)
    is_soon = (first.registration_until or first.starts_at) - now < timedelta(days=1)
    return [Attention(title % {"count": count}, text, url, count, "calendar-event", "warn" if is_soon else "info")]
