"""People of an event: who is invited, who comes, waits, declined, was there."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery

from meetings.models import Answer, Event, Participation
from orgs.models import Person
from orgs.selectors.audiences import people_in

# Beside the answers there are: invited, and has said nothing.
SILENT = "silent"


def people_invited(event: Event) -> QuerySet[Person]:
    """Return everybody of the roster who is invited today, with or without an account; by name."""
    return people_in(event.organization_id, event.audiences.all())


def participants(event: Event, answer: Answer) -> QuerySet[Participation]:
    """Return who answered so, each with the person: who waits in the order of the queue, others by name."""
    rows = Participation.objects.filter(event=event.pk, answer=answer).select_related("person")
    if answer == Answer.WAITING:
        return rows.order_by("answered_at", "id")
    return rows.order_by("person__search_name", "person_id")


def going(event: Event) -> QuerySet[Participation]:
    """Return who comes, by name."""
    return participants(event, Answer.YES)


def waiting(event: Event) -> QuerySet[Participation]:
    """Return who waits for a place; who is first gets the next one."""
    return participants(event, Answer.WAITING)


def declined(event: Event) -> QuerySet[Participation]:
    """Return who does not come, by name."""
    return participants(event, Answer.NO)


def silent(event: Event) -> QuerySet[Person]:
    """Return who is invited and has not answered, by name."""
    answered = Participation.objects.filter(event=event.pk).exclude(answer="")
    return people_invited(event).exclude(pk__in=answered.values("person_id"))


def people_who(event: Event, answer: str) -> QuerySet[Person]:
    """Return the people who answered so (`answer` «silent»: the invited who have not), by name, with `answered_at`."""
    own = Participation.objects.filter(event=event.pk)
    if answer == SILENT:
        found = silent(event)
    else:
        found = Person.objects.filter(pk__in=own.filter(answer=answer).values("person_id"))
    times = own.filter(person=OuterRef("pk")).values("answered_at")[:1]
    return found.annotate(answered_at=Subquery(times)).order_by("search_name", "id")


def place_in_queue(event: Event, person_id: int) -> int | None:
    """Return which one in the queue the person is (1: the next), None for who does not wait; two queries."""
    own = waiting(event).filter(person=person_id).first()
    if own is None:
        return None
    before = Q(answered_at__lt=own.answered_at) | Q(answered_at=own.answered_at, pk__lt=own.pk)
    return waiting(event).filter(before).count() + 1


@dataclass(frozen=True)
class AttendanceRow:
    """One line of the list in which it is noted who came; `attended` None: not noted yet."""

    person: Person
    answer: str
    attended: bool | None
    is_invited: bool


def may_be_marked(event: Event) -> QuerySet[Person]:
    """Return of whom it can be noted whether they came: the invited, and who answered, opened it or was noted."""
    taking_part = Participation.objects.filter(event=event.pk).values("person_id")
    known = Q(pk__in=people_invited(event).order_by().values("pk")) | Q(pk__in=taking_part)
    return Person.objects.filter(known, organization=event.organization_id, merged_into=None)


def attendance_rows(event: Event) -> list[AttendanceRow]:
    """Return everybody of whom it can be noted, by name: three queries for any number of people."""
    known = {row.person_id: row for row in Participation.objects.filter(event=event.pk)}
    invited = set(people_invited(event).values_list("pk", flat=True))
    return list(_rows(may_be_marked(event), known, invited))


def _rows(people: Iterable[Person], known: dict[int, Participation], invited: set[int]) -> Iterable[AttendanceRow]:
    for person in people:
        row = known.get(person.pk)
        yield AttendanceRow(
            person, row.answer if row else "", row.attended if row else None, is_invited=person.pk in invited
        )
