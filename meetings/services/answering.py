"""«Приду / не приду», the places and who waits for one (CHAN-6)."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import DomainError
from meetings.models import Answer, Event, Participation, Registration
from meetings.selectors.events import free_places, is_over
from meetings.selectors.people import people_invited
from orgs.actor import Actor
from orgs.models import Person
from orgs.telling import tell


@transaction.atomic
def answer(*, actor: Actor, event: Event, answer: Answer | str) -> Participation:
    """Note that the actor comes or does not, and return it with what became of it: yes, no, or on the waiting list.

    Who finds all places taken waits at the end of the queue; a place that gets free goes to whoever waits longest, in
    the same transaction. Twice is once. At most ten statements for any number of people. Raises `DomainError`:
    `answer_unknown` (400); `answers_closed`, `event_gone` (409).
    """
    if answer not in (Answer.YES, Answer.NO):
        message = _("Say whether you come or not.")
        raise DomainError("answer_unknown", message, fields={"answer": message}, status=400)
    row = locked(event)
    now = timezone.now()
    if not row.takes_answers(now) or is_over(row, now):
        raise DomainError("answers_closed", _("Answers are not taken any more."))
    own = _participation(row, actor.person)
    if answer == Answer.NO and own.answer != Answer.NO:
        _decline(row, own, now)
    elif answer == Answer.YES and own.answer not in (Answer.YES, Answer.WAITING):
        _accept(row, own, now)
    return own


def locked(event: Event) -> Event:
    """Return the event's row of this moment, locked before any other row of the event: nobody waits for somebody who
    waits for them. Raises `DomainError("event_gone")`."""
    rows = Event.objects.select_for_update(no_key=True).filter(organization_id=event.organization_id)
    row = rows.filter(pk=event.pk).first()
    if row is None:
        raise DomainError("event_gone", _("This event has been removed meanwhile."))
    return row


def _participation(event: Event, person: Person) -> Participation:
    own, _is_new = Participation.objects.get_or_create(
        event=event, person=person, defaults={"organization_id": event.organization_id}
    )
    return own


def _accept(event: Event, own: Participation, now: datetime) -> None:
    going = Event.objects.filter(pk=event.pk)
    if event.registration == Registration.PLACES:
        going = going.filter(free_places())
    # The condition stands in the statement that takes the place: the last one is given once.
    if going.update(going_count=F("going_count") + 1):
        _note(own, Answer.YES, now)
    else:
        Event.objects.filter(pk=event.pk).update(waiting_count=F("waiting_count") + 1)
        _note(own, Answer.WAITING, now)


def _decline(event: Event, own: Participation, now: datetime) -> None:
    had = own.answer
    _note(own, Answer.NO, now)
    if had == Answer.WAITING:
        Event.objects.filter(pk=event.pk).update(waiting_count=F("waiting_count") - 1)
    elif had == Answer.YES:
        Event.objects.filter(pk=event.pk).update(going_count=F("going_count") - 1)
        event.going_count -= 1
        give_places(event, now)


def _note(own: Participation, answer: Answer, now: datetime) -> None:
    own.answer, own.answered_at = answer, now
    own.save(update_fields=["answer", "answered_at"])


def give_places(event: Event, now: datetime) -> int:
    """Give what is free to those who wait longest and tell them; return how many. Inside a transaction that holds the
    row of `event`, whose counters are of this moment. Who is no longer invited is passed over."""
    if not event.waiting_count:
        return 0
    free = event.waiting_count if event.places is None else event.places - event.going_count
    queue = Participation.objects.filter(event=event, answer=Answer.WAITING).order_by("answered_at", "id")
    invited = people_invited(event).order_by().values("pk")
    lucky = list(queue.filter(person__in=invited).values_list("person", flat=True)[: max(0, free)])
    if not lucky:
        return 0
    Participation.objects.filter(event=event, person__in=lucky).update(answer=Answer.YES, answered_at=now)
    Event.objects.filter(pk=event.pk).update(
        going_count=F("going_count") + len(lucky), waiting_count=F("waiting_count") - len(lucky)
    )
    event.going_count += len(lucky)
    event.waiting_count -= len(lucky)
    tell(
        organization=event.organization,
        people=Person.objects.filter(pk__in=lucky).select_related("user"),
        template="event_place",
        context={"event": event.pk},
        key=f"event:{event.pk}:place:{int(now.timestamp() * 1000)}",
        now=now,
    )
    return len(lucky)
