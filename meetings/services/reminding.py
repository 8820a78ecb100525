"""Whom to tell of an event, and reminding (CHAN-5): exactly once, however often and late the job runs."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from meetings.models import Answer, Event, EventReminder, Participation, Registration
from meetings.selectors.people import people_invited
from orgs.models import Person
from orgs.telling import tell

Stage = EventReminder.Stage
DAY = timedelta(hours=24)
HOUR = timedelta(minutes=60)
# The reminder of the day is sent late when the worker was down, but not so late that the next one comes at once.
TOO_LATE_FOR_DAY = timedelta(hours=2)
# What changes so short before the beginning cannot wait for the end of the quiet hours.
SOON = timedelta(hours=12)


def people_to_remind(event: Event) -> QuerySet[Person]:
    """Return who comes, and of the invited whoever did not decline and does not wait, with their users. Where places
    are no longer given, only who has one."""
    answers = Participation.objects.filter(event=event.pk)
    if event.registration == Registration.PLACES and not event.takes_answers():
        found = people_invited(event).filter(pk__in=answers.filter(answer=Answer.YES).values("person_id"))
    else:
        not_coming = answers.filter(answer__in=[Answer.NO, Answer.WAITING]).values("person_id")
        found = people_invited(event).exclude(pk__in=not_coming)
    return found.filter(user__isnull=False).select_related("user")


def people_to_tell(event: Event) -> list[Person]:
    """Return who learns of a change or a cancellation: the invited who did not decline, and who comes or waits, also
    when no longer invited; with their users."""
    answers = Participation.objects.filter(event=event.pk)
    declined = answers.filter(answer=Answer.NO).values("person_id")
    invited = people_invited(event).exclude(pk__in=declined).filter(user__isnull=False).select_related("user")
    promised = answers.filter(answer__in=[Answer.YES, Answer.WAITING]).values("person_id")
    others = Person.objects.filter(pk__in=promised, merged_into=None, user__isnull=False).select_related("user")
    return list({person.pk: person for people in (invited, others) for person in people}.values())


def remind(now: datetime | None = None) -> int:
    """Queue the reminders that are due (a day before: within the quiet hours; an hour before: at once), return how
    many. Each event in a transaction of its own: two workers, or one that failed half way, remind once."""
    moment = now or timezone.now()
    return sum(_remind(event, stage, moment) for event, stage in _due(moment))


def _due(now: datetime) -> Iterable[tuple[Event, str]]:
    sent = EventReminder.objects.filter(event=OuterRef("pk"))
    coming = (
        Event.objects.filter(cancelled_at=None, starts_at__gt=now, starts_at__lte=now + DAY)
        .annotate(day_sent=Exists(sent.filter(stage=Stage.DAY)), hour_sent=Exists(sent.filter(stage=Stage.HOUR)))
        .select_related("organization")
        .order_by("starts_at", "id")
    )
    for event in coming:
        left = event.starts_at - now
        if left <= HOUR:
            if not event.hour_sent:
                yield event, Stage.HOUR
        # Who has just been told of a new event needs no reminder of it.
        elif left > TOO_LATE_FOR_DAY and not event.day_sent and event.created_at < event.starts_at - DAY:
            yield event, Stage.DAY


def _remind(event: Event, stage: str, now: datetime) -> int:
    try:
        with transaction.atomic():
            # The row is the right to remind: the other worker waits for it here, and then finds it taken.
            EventReminder.objects.create(organization_id=event.organization_id, event=event, stage=stage, sent_at=now)
            return tell(
                organization=event.organization,
                people=people_to_remind(event),
                template="event_reminder",
                context={"event": event.pk, "stage": str(stage)},
                key=f"event:{event.pk}:{stage}:{int(event.starts_at.timestamp())}",
                is_urgent=stage == Stage.HOUR,
                now=now,
            )
    except IntegrityError:
        return 0


def _find(event_id: int) -> Event | None:
    return Event.objects.select_related("organization").filter(pk=event_id).first()


def tell_planned(event_id: int) -> int:
    """Queue the news of a new event, or of the first of a new series; return how many messages. Twice is once."""
    event = _find(event_id)
    if event is None or event.cancelled_at is not None or event.ends_at <= timezone.now():
        return 0
    return tell(
        organization=event.organization,
        people=people_to_remind(event).exclude(pk=event.organizer_id or 0),
        template="event_planned",
        context={"event": event.pk},
        key=f"event:{event.pk}:planned",
        is_urgent=False,
    )


def tell_changed(event_id: int, sequence: int) -> int:
    """Queue the news that an event has another time or place; return how many messages. Twice is once."""
    event = _find(event_id)
    if event is None or event.cancelled_at is not None or event.sequence != sequence:
        return 0
    return _tell(event, "event_changed", f"changed-{sequence}", sequence=sequence)


def tell_cancelled(event_id: int, count: int) -> int:
    """Queue the news that an event (of `count`) was cancelled; return how many messages. Twice is once."""
    event = _find(event_id)
    if event is None or event.cancelled_at is None:
        return 0
    return _tell(event, "event_cancelled", "cancelled", count=count)


def _tell(event: Event, template: str, what: str, **context: int) -> int:
    return tell(
        organization=event.organization,
        people=people_to_tell(event),
        template=template,
        context={"event": event.pk, **context},
        key=f"event:{event.pk}:{what}",
        is_urgent=timezone.now() > event.starts_at - SOON,
    )


def tell_on_air(event_id: int) -> int:
    """Queue the pushes that a broadcast has begun: to who comes, and to all invited where nothing was asked; return
    how many. Twice is once."""
    event = _find(event_id)
    if event is None or event.on_air_at is None or event.over_at is not None or event.cancelled_at is not None:
        return 0
    people = people_invited(event).filter(user__isnull=False).select_related("user")
    if event.registration != Registration.NONE:
        coming = Participation.objects.filter(event=event.pk, answer=Answer.YES).values("person_id")
        people = people.filter(pk__in=coming)
    return tell(
        organization=event.organization,
        people=people,
        template="event_reminder",
        context={"event": event.pk, "stage": "air"},
        key=f"event:{event.pk}:air",
        letters=False,
        is_urgent=True,
    )
