"""What a check and an import cost does not grow with the rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from roster.models import Load
from roster.records import RosterRecord
from roster.services import loads
from tests.roster.engine_cast import checked, file_of, load_of, parent, student
from tests.world import World
from works.models import State, Work
from works.services import running

pytestmark = pytest.mark.req("ORG-8")
LETTERS = "абвгдежзик"


def rows(start: int, count: int) -> list[RosterRecord]:
    """New pupils in a new class, with parents."""
    found = []
    for number in range(start, start + count):
        word = "".join(LETTERS[int(digit)] for digit in str(number))
        mother = parent(f"Мать {word}".title(), f"+7900111{number:04d}")
        found.append(student(number, f"Новый Н{word}", f"{1 + start % 11}Я", parents=(mother,)))
    return found


def statements(world: World, some: list[RosterRecord]) -> tuple[int, int]:
    actor, load = world.a.actor("administrator"), load_of(world.a)
    with CaptureQueriesContext(connection) as check:
        checked(world.a, some, load)
    load = Load.objects.get(pk=load.pk)
    with CaptureQueriesContext(connection) as bringing_in, file_of(some):
        work = loads.bring_in(actor=actor, load=load)
        running.run(work.pk)
    assert Work.objects.get(pk=work.pk).state == State.DONE
    return len(check), len(bringing_in)


@pytest.mark.postgresql
@pytest.mark.django_db
def test_three_rows_cost_as_much_as_three_hundred(world: World) -> None:
    few, many = statements(world, rows(2, 3)), statements(world, rows(1000, 300))
    assert few == many
    assert few[1] <= 60
