"""Who of the roster a row of the file is."""

import pytest

from orgs.models import Part, Person
from orgs.services.people import PersonData, add_person
from orgs.services.structure import enrol
from tests.roster.engine_cast import (
    born,
    changes,
    checked,
    circle,
    codes,
    outcomes,
    remarks,
    row_of,
    staff,
    student,
)
from tests.world import School, World

pytestmark = pytest.mark.req("ORG-8")


def pupil(school: School, name: str, unit: str = "5А", **data: object) -> Person:
    last, first, *rest = name.split()
    values = PersonData(last, first, " ".join(rest), **data)  # type: ignore[arg-type]
    person = add_person(organization=school.organization, actor=None, data=values, roles=[])
    enrol(actor=None, people=[person], unit=school.units[unit], part=Part.STUDENT)
    return person


def test_a_file_that_says_what_the_roster_says_changes_nothing(world: World) -> None:
    load = checked(world.a, [student(2, "Зайцева Зоя Захаровна", "5А"), student(3, "Белкин Борис Богданович", "5Б")])
    assert outcomes(load) == ["same", "same"]


def test_case_and_the_letter_yo_do_not_matter_and_change_nothing(world: World) -> None:
    load = checked(world.a, [student(2, "ЕЖИКОВ ПЕТР ильич", "5А")])
    assert outcomes(load) == ["same"]
    assert row_of(load, 2).person == world.a.people["student"]


def test_swapped_names_are_recognised_and_the_roster_stays(world: World) -> None:
    load = checked(world.a, [student(2, "Зоя Зайцева", "5А")])
    assert outcomes(load) == ["same"]


def test_the_number_of_the_platform_settles_who_is_meant(world: World) -> None:
    person = world.a.people["classmate"]
    load = checked(world.a, [student(2, "Лисицына Зоя Захаровна", "5А", platform_id=person.pk)])
    assert changes(load, 2) == [("last_name", "Зайцева", "Лисицына")]


def test_a_number_of_the_other_school_is_nobody_here(world: World) -> None:
    load = checked(world.a, [student(2, "Зайцева Зоя", "5А", platform_id=world.b.people["classmate"].pk)])
    assert codes(load, 2) == ["platform_id_unknown"]


def test_a_number_of_a_merged_row_means_whom_it_was_merged_into(world: World) -> None:
    kept, gone = world.a.people["classmate"], pupil(world.a, "Зайцева З")
    Person.objects.filter(pk=gone.pk).update(merged_into=kept)
    load = checked(world.a, [student(2, "Зайцева Зоя", "5А", platform_id=gone.pk)])
    assert row_of(load, 2).person == kept


def test_the_number_of_the_personal_file_survives_a_marriage(world: World) -> None:
    Person.objects.filter(pk=world.a.people["waiting_teacher"].pk).update(record_number="Т-7")
    load = checked(world.a, [staff(2, "Новая Жанна Жоресовна", record_number="Т-7")])
    assert changes(load, 2) == [("last_name", "Ждущая", "Новая")]


def test_the_number_of_the_personal_file_of_somebody_else_is_an_error(world: World) -> None:
    Person.objects.filter(pk=world.a.people["waiting_teacher"].pk).update(record_number="7")
    load = checked(world.a, [student(2, "Иной Игорь", "5А", record_number="7")])
    assert codes(load, 2) == ["record_number_taken"]
    assert "Ждущая" in row_of(load, 2).problems[0]["message"]


def test_name_and_date_of_birth_find_somebody_who_moved_to_another_class(world: World) -> None:
    pupil(world.a, "Котов Кирилл", birth_date=born("2014-03-01"))
    load = checked(world.a, [student(2, "Котов Кирилл", "5Б", birth_date=born("2014-03-01"))])
    assert changes(load, 2) == [("unit", "5А", "5Б")]


def test_a_namesake_with_another_date_of_birth_is_somebody_else(world: World) -> None:
    pupil(world.a, "Котов Кирилл", birth_date=born("2014-03-01"))
    load = checked(world.a, [student(2, "Котов Кирилл", "5А", birth_date=born("2014-09-09"))])
    assert outcomes(load) == ["new"]
    assert remarks(load, 2) == ["namesake"]


def test_the_one_with_a_date_of_birth_is_never_taken_for_the_one_without(world: World) -> None:
    known = pupil(world.a, "Котов Кирилл", birth_date=born("2014-03-01"))
    rows = [student(2, "Котов Кирилл", "5Б"), student(3, "Котов Кирилл", "5А", birth_date=born("2014-03-01"))]
    load = checked(world.a, rows)
    assert row_of(load, 3).person == known
    assert row_of(load, 2).outcome == "new"


def test_two_namesakes_are_an_error_that_names_both(world: World) -> None:
    pupil(world.a, "Котов Кирилл", birth_date=born("2014-03-01"))
    pupil(world.a, "Котов Кирилл", "5Б")
    load = checked(world.a, [student(2, "Котов Кирилл", "6А")])
    assert codes(load, 2) == ["ambiguous"]
    message = row_of(load, 2).problems[0]["message"]
    assert "01.03.2014" in message
    assert "5Б" in message


def test_the_class_tells_namesakes_apart(world: World) -> None:
    one, other = pupil(world.a, "Котов Кирилл"), pupil(world.a, "Котов Кирилл", "5Б")
    load = checked(world.a, [student(2, "Котов Кирилл", "5А"), student(3, "Котов Кирилл", "5Б")])
    assert [row_of(load, 2).person, row_of(load, 3).person] == [one, other]
    assert outcomes(load) == ["same", "same"]


def test_the_only_bearer_of_a_name_is_transferred(world: World) -> None:
    load = checked(world.a, [student(2, "Белкин Борис", "5А")])
    assert changes(load, 2) == [("unit", "5Б", "5А")]


def test_a_parent_of_the_same_name_is_not_the_child(world: World) -> None:
    load = checked(world.a, [student(2, "Зайцев Захар Львович", "5А")])
    assert outcomes(load) == ["new"]


def test_two_rows_that_could_be_one_person_are_errors(world: World) -> None:
    pupil(world.a, "Котов Кирилл")
    load = checked(world.a, [student(2, "Котов Кирилл", "6А"), student(3, "Котов Кирилл", "6Б")])
    assert [codes(load, 2), codes(load, 3)] == [["rows_ambiguous"], ["rows_ambiguous"]]


def test_the_phone_tells_who_of_the_namesakes(world: World) -> None:
    pupil(world.a, "Котов Кирилл", phone="+79001110001")
    second = pupil(world.a, "Котов Кирилл", phone="+79001110002")
    load = checked(world.a, [student(2, "Котов Кирилл", "5А", phone="+79001110002")])
    assert row_of(load, 2).person == second


def test_several_circles_are_one_person(world: World) -> None:
    circle(world.a, "Шахматы")
    rows = [student(2, "Новый Никита", "5А"), student(3, "Новый Никита", "Шахматы")]
    load = checked(world.a, rows)
    assert load.summary["people_new"] == 1
    assert changes(load, 3) == [("unit", "", "Шахматы")]


def test_a_row_that_repeats_another_is_remarked(world: World) -> None:
    load = checked(world.a, [student(2, "Новый Никита", "5А"), student(3, "Новый Никита", "5А")])
    assert load.summary["people_new"] == 1
    assert "row_repeats" in remarks(load, 2) + remarks(load, 3)


def test_namesakes_in_two_classes_are_two_children(world: World) -> None:
    load = checked(world.a, [student(2, "Новый Никита", "5А"), student(3, "Новый Никита", "5Б")])
    assert load.summary["people_new"] == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"birth_date": born("2014-01-01")}, {"birth_date": born("2014-01-02")}),
        ({"phone": "+79001110001"}, {"phone": "+79001110002"}),
    ],
)
def test_rows_of_one_number_that_contradict_each_other_are_errors(world: World, one: dict, other: dict) -> None:
    number = {"record_number": "17"}
    rows = [student(2, "Новый Никита", "5А", **one, **number), student(3, "Новый Никита", "5А", **other, **number)]
    load = checked(world.a, rows)
    assert [codes(load, 2), codes(load, 3)] == [["rows_contradict"], ["rows_contradict"]]


def test_one_number_for_two_names_is_an_error(world: World) -> None:
    rows = [student(2, "Новый Никита", "5А", record_number="17"), student(3, "Иной Игорь", "5А", record_number="17")]
    load = checked(world.a, rows)
    assert codes(load, 2) == codes(load, 3) == ["record_number_twice"]


def test_one_child_in_two_classes_is_an_error(world: World) -> None:
    date = born("2014-01-01")
    rows = [student(2, "Новый Никита", "5А", birth_date=date), student(3, "Новый Никита", "5Б", birth_date=date)]
    load = checked(world.a, rows)
    assert codes(load, 2) == codes(load, 3) == ["two_units"]


def test_no_file_makes_administrators(world: World) -> None:
    load = checked(world.a, [staff(2, "Новая Нина", roles=frozenset({"administrator"}))])
    assert codes(load, 2) == ["administrator_by_hand"]
