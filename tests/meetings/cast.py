"""Short ways to have events in a school of the world."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from meetings.models import Answer, Event, EventKind, Participation, Registration
from meetings.selectors.events import find_event
from meetings.services.planning import EventData, Recurrence, plan
from orgs.models import Audience, Enrolment, Guardianship, Part, Person, Role, RoleAssignment
from tests.world import School


def soon(**later: float) -> datetime:
    """A moment from now on (two days when nothing is said), to the second."""
    return (timezone.now() + timedelta(**(later or {"days": 2}))).replace(microsecond=0)


def data_of(school: School, **more: Any) -> EventData:
    """A parents' evening of 5А that would be planned as it is."""
    starts_at = more.pop("starts_at", soon())
    unit = school.units["5А"].pk
    words: dict[str, Any] = {
        "kind": EventKind.PARENTS_EVENING,
        "title": "Собрание",
        "text": "О *поездке*",
        "place": "Кабинет 12",
        "starts_at": starts_at,
        "ends_at": more.pop("ends_at", starts_at + timedelta(minutes=90)),
        "circles": [(Audience.PARENTS, unit), (Audience.STUDENTS, unit)],
    }
    return EventData(**{**words, **more})


def event_in(school: School, by: str = "leader", **more: Any) -> Event:
    """An event of `by`."""
    [event] = plan(actor=school.actor(by), data=data_of(school, **more))
    return event


def series_in(school: School, recurrence: Recurrence, by: str = "leader", **more: Any) -> list[Event]:
    """A series of `by`."""
    return plan(actor=school.actor(by), data=data_of(school, **more), recurrence=recurrence)


def places_in(school: School, places: int, **more: Any) -> Event:
    """An event with so many places."""
    return event_in(school, registration=Registration.PLACES, places=places, **more)


def broadcast_in(school: School, **more: Any) -> Event:
    """A broadcast that begins now."""
    words = {"kind": EventKind.BROADCAST, "link": "https://video.example.org/1", "starts_at": soon(minutes=0)}
    return event_in(school, **{**words, **more})


def seen(school: School, name: str, event: Event) -> Event:
    """The event as `name` sees it."""
    found = find_event(school.actor(name), event.pk)
    assert found is not None, f"{name} does not see the event"
    return found


def fresh(event: Event) -> Event:
    """The row as it is now."""
    return Event.objects.get(pk=event.pk)


def crowd(school: School, count: int, *, unit: str = "5А") -> list[Person]:
    """So many parents of new students of the unit, without accounts; rows only."""
    organization = school.organization

    def people(word: str) -> list[Person]:
        rows = [
            Person(organization=organization, last_name=word, first_name=f"{n}", search_name=f"{word} {n:04}".lower())
            for n in range(count)
        ]
        return Person.objects.bulk_create(rows)

    parents, children = people("Толпин"), people("Толпкин")
    roles = [(parent, Role.PARENT) for parent in parents] + [(child, Role.STUDENT) for child in children]
    RoleAssignment.objects.bulk_create(
        RoleAssignment(organization=organization, person=person, role=role) for person, role in roles
    )
    Enrolment.objects.bulk_create(
        Enrolment(
            organization=organization,
            person=child,
            unit=school.units[unit],
            part=Part.STUDENT,
            since=timezone.localdate(),
        )
        for child in children
    )
    Guardianship.objects.bulk_create(
        Guardianship(organization=organization, parent=parent, child=child)
        for parent, child in zip(parents, children, strict=True)
    )
    return parents


def assert_counters_are_right(event: Event) -> None:
    """The counters of the row are what its participations say."""
    row = fresh(event)
    rows = Participation.objects.filter(event=event)
    counted = (rows.filter(answer=Answer.YES).count(), rows.filter(answer=Answer.WAITING).count())
    assert (row.going_count, row.waiting_count) == counted
    assert row.opened_count == rows.filter(~Q(opened_at=None)).count()
    assert row.places is None or row.going_count <= row.places
