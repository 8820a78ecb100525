"""What came of events, for the head: a constant number of queries for a page of them (CHAN-5)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Avg, Count, Q

from meetings.models import Answer, Event, EventAudience, Participation
from orgs.models import STAFF_ROLES, Audience, Enrolment, Guardianship, Part, Role, RoleAssignment

Circle = tuple[str, int | None]
_ROLES: dict[str, set[str]] = {
    Audience.EVERYONE: set(Role.values),
    Audience.STAFF: set(STAFF_ROLES),
    Audience.ADMINISTRATION: {Role.ADMINISTRATOR, Role.HEAD},
    Audience.STUDENTS: {Role.STUDENT},
    Audience.PARENTS: {Role.PARENT},
}
_PARTS: dict[str, set[str]] = {
    Audience.EVERYONE: set(Part.values),
    Audience.STAFF: {Part.LEADER, Part.TEACHER},
    Audience.LEADERS: {Part.LEADER},
    Audience.STUDENTS: {Part.STUDENT},
    Audience.PARENTS: set(),
}


@dataclass(frozen=True)
class Summary:
    """The figures of one event. `minutes` is for how long those who opened the broadcast watched it on average."""

    invited: int = 0
    going: int = 0
    waiting: int = 0
    declined: int = 0
    came: int = 0
    absent: int = 0
    opened: int = 0
    minutes: int = 0


def summary_of(events: Sequence[Event]) -> dict[int, Summary]:
    """Return {event: figures} for events of one organization: five queries for any number of events and people."""
    if not events:
        return {}
    invited = _invited(events)
    figures = {row["event"]: row for row in _figures(events)}
    return {event.pk: _summary(event, invited[event.pk], figures.get(event.pk, {})) for event in events}


def _figures(events: Sequence[Event]) -> Iterable[Any]:
    rows = Participation.objects.filter(event__in=[event.pk for event in events]).order_by().values("event")
    return rows.annotate(
        declined=Count("pk", filter=Q(answer=Answer.NO)),
        came=Count("pk", filter=Q(attended=True)),
        absent=Count("pk", filter=Q(attended=False)),
        seconds=Avg("watched_seconds", filter=Q(opened_at__isnull=False)),
    )


def _summary(event: Event, invited: int, row: dict[str, Any]) -> Summary:
    return Summary(
        invited=invited,
        going=event.going_count,
        waiting=event.waiting_count,
        declined=row.get("declined", 0),
        came=row.get("came", 0),
        absent=row.get("absent", 0),
        opened=event.opened_count,
        minutes=round((row.get("seconds") or 0) / 60),
    )


def _invited(events: Sequence[Event]) -> dict[int, int]:
    """How many people each event invites today; the same as `people_in`, for many events at once."""
    circles: dict[int, set[Circle]] = defaultdict(set)
    rows = EventAudience.objects.filter(event__in=[event.pk for event in events])
    for event_id, audience, unit_id in rows.values_list("event", "audience", "unit"):
        circles[event_id].add((audience, unit_id))
    roster = _Roster(events[0].organization_id, {circle for found in circles.values() for circle in found})
    return {event.pk: len(roster.people_of(circles[event.pk])) for event in events}


class _Roster:
    """Who is in the circles that are asked about, read in three queries."""

    def __init__(self, organization_id: int, circles: set[Circle]) -> None:
        self.roles: dict[str, set[int]] = defaultdict(set)
        roles = RoleAssignment.objects.filter(organization=organization_id, until=None, person__merged_into=None)
        for person_id, role in roles.values_list("person", "role"):
            self.roles[role].add(person_id)
        self.everybody = set().union(*self.roles.values())
        self._read_units(organization_id, circles)
        self.found = {circle: self._of(*circle) & self.everybody for circle in circles}

    def _read_units(self, organization_id: int, circles: set[Circle]) -> None:
        """Enrolments of the units asked about (of all, where leaders of the organization are) and their families."""
        self.parts: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
        self.parents: dict[int, set[int]] = defaultdict(set)
        self.leaders: set[int] = set()
        active = {"organization": organization_id, "until": None, "unit__archived_at": None}
        units = [unit for _audience, unit in circles if unit is not None]
        wanted = Q(unit__in=units)
        if (Audience.LEADERS.value, None) in circles:
            wanted |= Q(part=Part.LEADER)
        learns_in: dict[int, list[int]] = defaultdict(list)
        for person_id, unit_id, part in Enrolment.objects.filter(wanted, **active).values_list(
            "person", "unit", "part"
        ):
            self.parts[unit_id][part].add(person_id)
            if part == Part.LEADER:
                self.leaders.add(person_id)
            elif part == Part.STUDENT:
                learns_in[person_id].append(unit_id)
        families = Guardianship.objects.filter(organization=organization_id, until=None)
        of_units = Enrolment.objects.filter(unit__in=units, part=Part.STUDENT, **active).values("person")
        for parent_id, child_id in families.filter(child__in=of_units).values_list("parent", "child"):
            for unit_id in learns_in[child_id]:
                self.parents[unit_id].add(parent_id)

    def people_of(self, circles: set[Circle]) -> set[int]:
        return set().union(*(self.found[circle] for circle in circles))

    def _of(self, audience: str, unit_id: int | None) -> set[int]:
        if unit_id is None:
            if audience == Audience.LEADERS:
                return self.leaders
            return set().union(*(self.roles[role] for role in _ROLES[audience]))
        found = set().union(*(self.parts[unit_id][part] for part in _PARTS[audience]))
        return found | self.parents[unit_id] if audience in (Audience.EVERYONE, Audience.PARENTS) else found
