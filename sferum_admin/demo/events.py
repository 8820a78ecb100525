"""Events of the demonstration: a weekly meeting, a parents' evening, a seminar with few places, broadcasts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dateutil.rrule import rrulestr

from common import markup
from common.text import normalise
from meetings.models import (
    Answer,
    Event,
    EventAudience,
    EventKind,
    Participation,
    Registration,
    Series,
)
from orgs.models import Audience, Person, Role, Unit
from sferum_admin.demo import known
from sferum_admin.demo.channels import joined_administrator, joined_head, joined_holders, joined_staff
from sferum_admin.demo.people import BATCH, Cast

WEEKS = 10
SEMINAR_PLACES = 12


@dataclass(frozen=True)
class Planned:
    """An event before it is one: in so many days (the past is negative), at a minute of that day, for so long."""

    kind: EventKind
    title: str
    days: int
    minute: int
    length: int
    text: str = ""
    place: str = ""
    link: str = ""
    registration: Registration = Registration.ANSWER
    places: int | None = None


SEMINAR = Planned(
    EventKind.SEMINAR,
    "Семинар «Цифровые инструменты учителя»",
    6,
    14 * 60,
    90,
    "Возьмите с собой ноутбук.",
    "Кабинет информатики",
    registration=Registration.PLACES,
    places=SEMINAR_PLACES,
)
EVENING = Planned(
    EventKind.PARENTS_EVENING,
    "Родительское собрание {unit}",
    2,
    18 * 60,
    75,
    "Итоги первой половины года, питание, каникулы.",
    "Кабинет 214",
)
LINE = Planned(
    EventKind.BROADCAST,
    "Трансляция: посвящение в первоклассники",
    -5,
    11 * 60,
    50,
    "Смотрите праздник вместе с нами.",
    link="https://stream.example.org/prazdnik",
    registration=Registration.NONE,
)
CONCERT = Planned(
    EventKind.BROADCAST,
    "Трансляция осеннего концерта",
    3,
    17 * 60,
    80,
    "Кто не сможет прийти — подключайтесь.",
    link="https://stream.example.org/kontsert",
    registration=Registration.NONE,
)
OPEN_DAY = Planned(EventKind.OTHER, "День открытых дверей", 12, 11 * 60, 180, "Ждём гостей.", "Актовый зал")


def write(cast: Cast) -> None:
    """Fill the calendar of the organization, with what people answered and who came."""
    staff = joined_staff(cast)
    everybody = [person for person in cast.people if person.user is not None]
    _council(cast, staff)
    seminar = _event(cast, SEMINAR, joined_head(cast), [(Audience.STAFF, None)])
    _take_places(cast, seminar, staff)
    for unit in _evening_units(cast):
        leader = next(person for person in cast.leaders[unit] if person.user is not None)
        evening = _event(cast, EVENING, leader, [(Audience.PARENTS, unit), (Audience.LEADERS, unit)])
        _answer(cast, evening, _families(cast, unit))
    past = _event(cast, LINE, joined_administrator(cast), [(Audience.EVERYONE, None)])
    past.on_air_at, past.over_at = past.starts_at, past.ends_at
    _watch(cast, past, cast.draw.sample(everybody, len(everybody) // 4))
    _event(cast, CONCERT, joined_administrator(cast), [(Audience.EVERYONE, None)])
    _event(cast, OPEN_DAY, joined_administrator(cast), [(Audience.EVERYONE, None)])


def _evening_units(cast: Cast) -> list[Unit]:
    """Units whose leader or parent one can sign in as."""
    phones = {person.phone for person in known.EVERYBODY}
    led = [unit for unit, people in cast.leaders.items() if any(one.phone in phones for one in people)]
    return led or [unit for unit, people in cast.leaders.items() if any(one.user for one in people)][:1]


def _families(cast: Cast, unit: Unit) -> list[Person]:
    parents = {parent.pk: parent for child in cast.students.get(unit, []) for parent in cast.parents.get(child, [])}
    return [person for person in parents.values() if person.user is not None]


def _event(
    cast: Cast, planned: Planned, organizer: Person, circles: Sequence[tuple[Audience, Unit | None]], **more: object
) -> Event:
    unit = next((unit for _audience, unit in circles if unit is not None), None)
    title = planned.title.format(unit=unit.name if unit is not None else "")
    starts_at = cast.clock.at(-planned.days, planned.minute)
    made = min(cast.clock.at(max(1, 10 - planned.days), 9 * 60), starts_at - timedelta(days=1))
    values = {
        "organization": cast.organization,
        "kind": planned.kind,
        "title": title,
        "text": planned.text,
        "html": str(markup.to_html(planned.text)),
        "search_text": normalise(f"{title} {planned.text} {planned.place}"),
        "place": planned.place,
        "link": planned.link,
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(minutes=planned.length),
        "registration": planned.registration,
        "places": planned.places,
        "organizer": organizer,
        "created_at": made,
        "changed_at": made,
    }
    event = Event.objects.create(**{**values, **more})
    EventAudience.objects.bulk_create(
        EventAudience(organization=cast.organization, event=event, audience=audience, unit=unit)
        for audience, unit in circles
    )
    return event


def _council(cast: Cast, staff: Sequence[Person]) -> None:
    """The staff meet every Monday at three; those in the past have who came."""
    first = cast.clock.day(28)
    first -= timedelta(days=first.weekday())
    starts_at = datetime.combine(first, datetime.min.time(), tzinfo=cast.clock.zone) + timedelta(hours=15)
    rule = f"FREQ=WEEKLY;BYDAY=MO;COUNT={WEEKS}"
    series = Series.objects.create(organization=cast.organization, rrule=rule, starts_at=starts_at)
    for start in rrulestr(rule, dtstart=starts_at):
        days = (start.date() - cast.clock.day(0)).days
        planned = Planned(EventKind.MEETING, "Планёрка", days, 15 * 60, 40, place="Учительская")
        event = _event(cast, planned, joined_head(cast), [(Audience.STAFF, None)], series=series, original_start=start)
        if event.ends_at < cast.clock.now:
            _attend(cast, event, staff)


def _attend(cast: Cast, event: Event, people: Sequence[Person]) -> None:
    Participation.objects.bulk_create(
        Participation(
            organization=cast.organization,
            event=event,
            person=person,
            attended=cast.draw.random() < 0.85,
            marked_by=event.organizer,
        )
        for person in people
    )


def _answer(cast: Cast, event: Event, people: Sequence[Person]) -> None:
    chosen = [(person, cast.draw.choice((Answer.YES, Answer.YES, Answer.NO, None))) for person in people]
    rows = [
        Participation(
            organization=cast.organization,
            event=event,
            person=person,
            answer=answer,
            answered_at=cast.clock.at(1, 12 * 60),
        )
        for person, answer in chosen
        if answer is not None
    ]
    Participation.objects.bulk_create(rows)
    event.going_count = sum(row.answer == Answer.YES for row in rows)
    event.save(update_fields=["going_count"])


def _take_places(cast: Cast, event: Event, people: Sequence[Person]) -> None:
    """All places are taken, and two wait."""
    teachers = {person.pk for person in joined_holders(cast, Role.TEACHER)}
    takers = [person for person in people if person.pk in teachers and person.phone not in _KNOWN]
    takers = takers[: SEMINAR_PLACES + 2]
    Participation.objects.bulk_create(
        Participation(
            organization=cast.organization,
            event=event,
            person=person,
            answer=Answer.YES if place < SEMINAR_PLACES else Answer.WAITING,
            answered_at=cast.clock.at(2, 10 * 60 + place),
        )
        for place, person in enumerate(takers)
    )
    event.going_count = min(len(takers), SEMINAR_PLACES)
    event.waiting_count = max(0, len(takers) - SEMINAR_PLACES)
    event.save(update_fields=["going_count", "waiting_count"])


_KNOWN = {person.phone for person in known.EVERYBODY}


def _watch(cast: Cast, event: Event, people: Sequence[Person]) -> None:
    length = int((event.ends_at - event.starts_at).total_seconds())
    rows = [
        Participation(
            organization=cast.organization,
            event=event,
            person=person,
            opened_at=event.starts_at + timedelta(minutes=cast.draw.randint(0, 10)),
            seen_at=event.ends_at,
            watched_seconds=cast.draw.randint(120, length),
        )
        for person in people
    ]
    Participation.objects.bulk_create(rows, batch_size=BATCH)
    event.opened_count = len(rows)
    event.save(update_fields=["opened_count", "on_air_at", "over_at"])
