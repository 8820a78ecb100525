"""Uploaded files are not kept for ever."""

from datetime import timedelta

import pytest
from django.utils import timezone

from roster.models import Load, LoadRow
from roster.tasks import forget_files
from tests.roster.engine_cast import checked, done, load_of, student
from tests.world import World
from works.services import running

pytestmark = pytest.mark.req("ORG-8")
ROWS = [student(2, "Новый Никита", "5А")]


def grown_old(days: int = 31) -> None:
    Load.objects.update(created_at=timezone.now() - timedelta(days=days))


def test_a_file_that_was_brought_in_stays_as_a_line(world: World) -> None:
    done(world.a, ROWS)
    grown_old()
    assert forget_files() == 1
    load = Load.objects.get()
    assert bytes(load.content) == b""
    assert load.summary["new"] == 1
    assert not LoadRow.objects.exists()
    assert forget_files() == 0


def test_a_file_that_never_was_disappears(world: World) -> None:
    checked(world.a, ROWS)
    grown_old()
    assert forget_files() == 1
    assert not Load.objects.exists()


def test_a_young_file_stays(world: World) -> None:
    checked(world.a, ROWS)
    grown_old(29)
    assert forget_files() == 0
    assert LoadRow.objects.exists()


def test_a_file_that_is_being_worked_on_waits(world: World) -> None:
    from roster.services import loads

    load = load_of(world.a)
    work = loads.check(actor=world.a.actor("administrator"), load=load)
    grown_old()
    assert forget_files() == 0
    running.call_off(work=work)
    assert forget_files() == 1
