"""Who was there, and what came of it (CHAN-5)."""

from collections.abc import Collection, Iterable
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.text import clean_message
from meetings.models import Event, Participation
from meetings.selectors.people import may_be_marked
from meetings.services.answering import locked
from meetings.words import journal_day
from orgs.actor import Actor
from orgs.audit import Action, Deed, record

MOST_PEOPLE = 5000
MOST_RESULT = 2000
# People come before the beginning.
BEFORE = timedelta(minutes=60)


@transaction.atomic
def mark(
    *,
    actor: Actor,
    event: Event,
    present: Collection[int],
    absent: Collection[int],
    cleared: Collection[int] = (),
) -> int:
    """Note by ids of people who was there and who was not (`cleared` takes a note back); return how many were noted.

    Also people without an account; only those invited or who took part. Seven statements for any number of them.
    Raises `DomainError`: `attendance_contradicts`, `attendance_many`, `person_not_invited` (400); `event_cancelled`,
    `event_not_begun` (409).
    """
    marks: dict[int, bool | None] = {
        **dict.fromkeys(present, True),
        **dict.fromkeys(absent, False),
        **dict.fromkeys(cleared),
    }
    _check_marks(marks, len(set(present)) + len(set(absent)) + len(set(cleared)))
    row = locked(event)
    _check_time(row)
    _check_people(row, marks.keys())
    if not marks:
        return 0
    Participation.objects.bulk_create(
        [
            Participation(
                organization_id=row.organization_id,
                event=row,
                person_id=person_id,
                attended=marks[person_id],
                marked_by=actor.person,
            )
            for person_id in sorted(marks)
        ],
        update_conflicts=True,
        unique_fields=["event", "person"],
        update_fields=["attended", "marked_by"],
    )
    details = {"event": row.title, "day": journal_day(row.starts_at, actor.organization.zone), "count": len(marks)}
    record(actor.organization, actor, [Deed(Action.EVENT_ATTENDANCE, details={**details, "id": row.pk})])
    return len(marks)


def _check_marks(marks: Collection[int], named: int) -> None:
    if len(marks) != named:
        message = _("Somebody is named both as present and as absent.")
        raise DomainError("attendance_contradicts", message, fields={"present": message}, status=400)
    if len(marks) > MOST_PEOPLE:
        message = _("At most %(most)s people at once.") % {"most": MOST_PEOPLE}
        raise DomainError("attendance_many", message, fields={"present": message}, status=400)


def _check_time(event: Event) -> None:
    if event.cancelled_at is not None:
        raise DomainError("event_cancelled", _("The event has been cancelled."))
    if timezone.now() < event.starts_at - BEFORE:
        raise DomainError("event_not_begun", _("Who came is noted from an hour before the beginning."))


def _check_people(event: Event, people: Iterable[int]) -> None:
    wanted = set(people)
    if wanted - set(may_be_marked(event).filter(pk__in=wanted).values_list("pk", flat=True)):
        message = _("Somebody of these people is not invited.")
        raise DomainError("person_not_invited", message, fields={"present": message}, status=400)


@transaction.atomic
def set_result(*, actor: Actor, event: Event, text: str) -> Event:
    """Note what came of the event, for the head, and return it; empty takes the words back.

    Raises `DomainError`: `text_too_long` (400), `event_not_begun`, `event_cancelled` (409).
    """
    row = locked(event)
    _check_time(row)
    try:
        row.result = clean_message(text, most=MOST_RESULT, allow_empty=True)
    except DomainError as error:
        raise DomainError(error.code, error.message, fields={"result": error.message}, status=400) from error
    row.save(update_fields=["result"])
    details = {"event": row.title, "day": journal_day(row.starts_at, actor.organization.zone), "id": row.pk}
    record(actor.organization, actor, [Deed(Action.EVENT_CHANGED, details=details)])
    return row
