"""Short ways to have something to read in a school of the world."""

from collections.abc import Collection
from datetime import date, timedelta

from orgs.models import Audience, Person, Role
from orgs.selectors.organizations import today_in
from orgs.services.circles import Circle
from orgs.services.people import PersonData, add_person, tie_parent
from readings.models import ParentsConfirm, Reading
from readings.selectors.progress import people_asked, people_waiting
from readings.services.giving import ReadingData, give_out
from tests.world import School

HASH = "0123456789abcdef" * 4


def data_of(
    *circles: Circle, due_on: date | None = None, parents: str = ParentsConfirm.EACH, title: str = "Приказ № 12"
) -> ReadingData:
    """Something to be read by `circles`; without any, by the parents of the whole school."""
    return ReadingData(
        title=title,
        path="documents/12/",
        content_hash=HASH,
        circles=circles or ((Audience.PARENTS, None),),
        due_on=due_on,
        parents_confirm=parents,
    )


def given(
    school: School,
    *circles: Circle,
    by: str = "administrator",
    due_in: int | None = None,
    parents: str = ParentsConfirm.EACH,
    is_open: bool = True,
    title: str = "Приказ № 12",
) -> Reading:
    """Let `by` give something out; `due_in` so many days from today."""
    due_on = None if due_in is None else today_in(school.organization) + timedelta(days=due_in)
    data = data_of(*circles, due_on=due_on, parents=parents, title=title)
    return give_out(actor=school.actor(by), data=data, is_open=is_open)


def second_parent(school: School, child: str = "student") -> Person:
    """A father beside the mother of the cast, who has not joined."""
    father = add_person(
        organization=school.organization,
        actor=None,
        data=PersonData("Ёжиков", "Илья", "Петрович"),
        roles=[Role.PARENT],
    )
    tie_parent(actor=None, parent=father, child=school.people[child])
    school.people["father"] = father
    return father


def names(people: Collection[Person]) -> list[str]:
    """First names in the alphabet."""
    return sorted(person.first_name for person in people)


def asked(reading: Reading) -> list[str]:
    return names(list(people_asked(reading)))


def waiting(reading: Reading) -> list[str]:
    return names(list(people_waiting(reading)))
