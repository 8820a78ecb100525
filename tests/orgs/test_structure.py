"""Units: created, renamed, archived, restored; people enrolled and their past kept."""

from datetime import date, timedelta

import pytest

from common.errors import DomainError
from orgs.audit import Order
from orgs.models import AuditEvent, Enrolment, Part, Role, Unit, UnitKind
from orgs.selectors.organizations import today_in
from orgs.services.structure import (
    Movement,
    UnitData,
    archive_unit,
    class_from_name,
    create_units,
    end_enrolment,
    enrol,
    restore_unit,
    sort_key_of,
    update_unit,
)
from tests.world import World


@pytest.mark.req("ORG-1")
@pytest.mark.parametrize(
    ("typed", "name", "parallel", "letter"),
    [
        ("5А", "5А", 5, "А"),
        ("5 «А»", "5А", 5, "А"),
        ("5-а", "5А", 5, "А"),
        ("11", "11", 11, ""),
        ("13А", "13А", None, ""),
        ("Ромашка", "Ромашка", None, ""),
    ],
)
def test_class_names_are_read_as_people_write_them(typed: str, name: str, parallel: int | None, letter: str) -> None:
    data = class_from_name(typed)
    assert (data.name, data.parallel, data.letter) == (name, parallel, letter)


def test_2a_stands_before_10a_and_yo_is_ye() -> None:
    assert sorted(["10А", "2Б", "2а", "Ёжики", "Едва"], key=sort_key_of) == ["2а", "2Б", "10А", "Едва", "Ёжики"]


@pytest.mark.req("ORG-1")
def test_several_units_at_once_cost_the_same_statements(world: World, django_assert_max_num_queries) -> None:
    actor = world.a.actor("administrator")
    names = [class_from_name(f"{parallel}{letter}") for parallel in range(6, 12) for letter in "АБВ"]
    # Two of them ask whether chats of units are switched on, and whether each unit has a channel.
    with django_assert_max_num_queries(10):
        units = create_units(organization=world.a.organization, actor=actor, units=names)
    assert [unit.name for unit in units[:4]] == ["6А", "6Б", "6В", "7А"]


@pytest.mark.req("ORG-1")
@pytest.mark.parametrize("names", [["5а"], ["7А", "7 «А»"]])
def test_a_taken_name_is_refused_and_said(world: World, names: list[str]) -> None:
    with pytest.raises(DomainError) as refusal:
        create_units(
            organization=world.a.organization,
            actor=world.a.actor("administrator"),
            units=[class_from_name(name) for name in names],
        )
    assert refusal.value.code == "unit_exists"
    assert "name" in refusal.value.fields


@pytest.mark.req("ORG-1")
def test_archive_and_restore_keep_people_and_free_the_name(world: World) -> None:
    actor, unit = world.a.actor("administrator"), world.a.units["5А"]
    archive_unit(actor=actor, unit=unit)
    assert Enrolment.objects.filter(unit=unit, until=None).count() == 3
    assert world.a.actor("leader").led_unit_ids == frozenset()
    create_units(organization=world.a.organization, actor=actor, units=[class_from_name("5А")])
    with pytest.raises(DomainError) as refusal:
        restore_unit(actor=actor, unit=unit)
    assert refusal.value.code == "unit_exists"
    replacement = Unit.objects.active().get(organization=world.a.organization, name="5А")
    archive_unit(actor=actor, unit=replacement)
    restore_unit(actor=actor, unit=unit)
    assert world.a.actor("leader").led_unit_ids == {unit.pk}


@pytest.mark.req("ORG-2")
def test_the_system_unit_is_neither_archived_nor_entered_by_students(world: World) -> None:
    actor, unit = world.a.actor("administrator"), world.a.units["staff"]
    with pytest.raises(DomainError):
        archive_unit(actor=actor, unit=unit)
    with pytest.raises(DomainError):
        enrol(actor=actor, people=[world.a.people["student"]], unit=unit, part=Part.STUDENT)
    enrolment = Enrolment.objects.get(person=world.a.people["teacher"], unit=unit, until=None)
    with pytest.raises(DomainError):
        end_enrolment(actor=actor, enrolment=enrolment)


@pytest.mark.req("ORG-1")
def test_renaming_moves_the_sort_key(world: World) -> None:
    unit = update_unit(
        actor=world.a.actor("administrator"), unit=world.a.units["5А"], data=UnitData(UnitKind.CLASS, "10В", 10, "В")
    )
    assert (unit.sort_key, unit.parallel) == ("0010в", 10)
    with pytest.raises(DomainError):
        update_unit(actor=world.a.actor("administrator"), unit=unit, data=UnitData(UnitKind.CLASS, "5Б"))


@pytest.mark.req("ORG-3", "ORG-4")
def test_attaching_a_leader_gives_the_role_it_needs(world: World) -> None:
    parent = world.a.people["parent"]
    enrol(actor=world.a.actor("administrator"), people=[parent], unit=world.a.units["5Б"], part=Part.LEADER)
    actor = world.a.actor("parent")
    assert actor.roles == {Role.PARENT, Role.TEACHER}
    assert actor.led_unit_ids == {world.a.units["5Б"].pk}


@pytest.mark.req("ORG-5", "ORG-12")
def test_leaving_keeps_the_past_with_the_order(world: World) -> None:
    student, unit = world.a.people["student"], world.a.units["5А"]
    enrolment = Enrolment.objects.get(person=student, unit=unit, until=None)
    order = Order("12-к", date(2026, 9, 1))
    today = today_in(world.a.organization)
    end_enrolment(actor=world.a.actor("administrator"), enrolment=enrolment, movement=Movement(today, order))
    enrolment.refresh_from_db()
    assert enrolment.until == today
    event = AuditEvent.objects.filter(person_id=student.pk).latest("id")
    assert (event.order_number, event.order_date, event.unit_name) == ("12-к", date(2026, 9, 1), "5А")
    assert world.a.actor("student").studied_unit_ids == frozenset()


def test_nobody_leaves_before_having_come(world: World) -> None:
    enrolment = Enrolment.objects.get(person=world.a.people["student"], until=None)
    with pytest.raises(DomainError) as refusal:
        end_enrolment(
            actor=world.a.actor("administrator"),
            enrolment=enrolment,
            movement=Movement(enrolment.since - timedelta(days=1)),
        )
    assert refusal.value.code == "ends_before_start"


@pytest.mark.req("ORG-5")
def test_coming_back_opens_a_new_enrolment(world: World) -> None:
    actor, student, unit = world.a.actor("administrator"), world.a.people["student"], world.a.units["5А"]
    end_enrolment(actor=actor, enrolment=Enrolment.objects.get(person=student, until=None))
    assert enrol(actor=actor, people=[student], unit=unit, part=Part.STUDENT) == 1
    assert Enrolment.objects.filter(person=student, unit=unit).count() == 2
