"""Structure: made, found, changed, put away and brought back in the browser."""

import pytest

from orgs.models import Enrolment, Organization, Part, Person, Unit
from orgs.services.structure import archive_unit, enrol
from tests.orgs.pages import Visitor, undo_address, words
from tests.world import World

ROWS = {"unit-TOTAL_FORMS": "4", "unit-INITIAL_FORMS": "0", "unit-MIN_NUM_FORMS": "0", "unit-MAX_NUM_FORMS": "50"}


@pytest.mark.req("ORG-1")
def test_several_classes_by_one_list(world: World) -> None:
    page = Visitor(world.a, "administrator").post_then_look("unit_new", {"names": "6 «А», 6б\n7А"})
    assert "Добавлено: 6А, 6Б, 7А." in page
    assert Unit.objects.get(organization=world.a.organization, name="6Б").parallel == 6


@pytest.mark.req("ORG-1")
def test_classes_as_parallels_and_letters(world: World) -> None:
    Visitor(world.a, "administrator").post_then_look("unit_new", {"first": "1", "last": "3", "letters": "а, Б"})
    names = Unit.objects.filter(organization=world.a.organization, parallel__lte=3).values_list("name", flat=True)
    assert list(names) == ["1А", "1Б", "2А", "2Б", "3А", "3Б"]


@pytest.mark.req("ORG-1")
def test_a_name_that_is_taken_is_refused_and_what_was_typed_stays(world: World) -> None:
    response = Visitor(world.a, "administrator").post("unit_new", {"names": "5А, 9Я"})
    assert response.status_code == 422
    assert "В этом году уже есть: 5А" in words(response)
    assert "5А, 9Я" in response.content.decode()
    assert not Unit.objects.filter(name="9Я").exists()


@pytest.mark.parametrize(
    "data",
    [{}, {"names": " ,;\n"}, {"first": "5"}, {"first": "7", "last": "5", "letters": "А"}, {"names": "я" * 101}],
)
def test_nothing_to_create_says_what_is_missing(world: World, data: dict[str, str]) -> None:
    response = Visitor(world.a, "administrator").post("unit_new", data)
    assert response.status_code == 422
    assert "error-summary" in response.content.decode()


@pytest.mark.req("ORG-1", "REG-7")
def test_groups_of_a_kindergarten_in_rows(world: World) -> None:
    Organization.objects.filter(pk=world.a.organization.pk).update(kind="kindergarten", labels={})
    visitor = Visitor(world.a, "administrator")
    form = visitor.see("unit_new")
    assert "Новая группа" in form
    assert "Возраст" in form
    data = {**ROWS, "unit-0-name": "Солнышко", "unit-0-age_group": "3–4 года", "unit-2-name": "Пчёлки"}
    page = visitor.client.post(visitor.url("unit_new") + "?kind=group", data, follow=True)
    assert "Добавлено: Солнышко, Пчёлки." in words(page)
    assert Unit.objects.get(name="Солнышко").age_group == "3–4 года"


def test_more_rows_keep_what_was_typed(world: World) -> None:
    visitor = Visitor(world.a, "administrator")
    data = {**ROWS, "unit-0-name": "Шахматы", "more": "1"}
    page = visitor.client.post(visitor.url("unit_new") + "?kind=circle", data).content.decode()
    assert 'value="Шахматы"' in page
    assert 'name="unit-4-name"' in page


def test_rows_refuse_a_taken_name_and_no_name_at_all(world: World) -> None:
    visitor = Visitor(world.a, "administrator")
    address = visitor.url("unit_new") + "?kind=circle"
    assert "Напишите хотя бы одно название" in words(visitor.client.post(address, ROWS))
    visitor.client.post(address, {**ROWS, "unit-0-name": "Шахматы"})
    again = visitor.client.post(address, {**ROWS, "unit-0-name": "шахматы"})
    assert again.status_code == 422
    assert "В этом году уже есть: шахматы" in words(again)
    assert visitor.client.post(address, {"unit-0-name": "x"}).status_code == 422


@pytest.mark.req("ORG-1")
def test_a_unit_is_renamed(world: World) -> None:
    visitor = Visitor(world.a, "administrator")
    unit = world.a.units["5А"]
    assert "6Г" in visitor.post_then_look("unit_edit", {"name": "6 г"}, pk=unit.pk)
    taken = visitor.post("unit_edit", {"name": "5Б"}, pk=unit.pk)
    assert taken.status_code == 422
    assert "уже есть: 5Б" in words(taken)


@pytest.mark.req("ORG-1")
def test_archiving_is_not_asked_about_but_can_be_undone(world: World) -> None:
    visitor = Visitor(world.a, "administrator")
    unit = world.a.units["5А"]
    page = visitor.client.post(visitor.url("unit_archive", pk=unit.pk), follow=True)
    assert "Класс 5А теперь в архиве" in words(page)
    assert Unit.objects.get(pk=unit.pk).archived_at
    back = visitor.client.post(undo_address(page.content.decode()), follow=True)
    assert "Класс 5А возвращён из архива" in words(back)
    assert Unit.objects.get(pk=unit.pk).archived_at is None


def test_the_archive_is_a_filter(world: World) -> None:
    archive_unit(actor=world.a.actor("administrator"), unit=world.a.units["5А"])
    visitor = Visitor(world.a, "administrator")
    assert "5А" not in visitor.see("units")
    assert "5А" in visitor.see("units", {"show": "archived"})
    assert "5А" not in Visitor(world.a, "teacher").see("units", {"show": "archived"})


@pytest.mark.req("ORG-3")
def test_classes_are_found_by_name_leader_and_lack_of_a_leader(world: World) -> None:
    visitor = Visitor(world.a, "administrator")
    assert "5Б" not in visitor.see("units", {"q": "ведущая"})
    assert "5А" in visitor.see("units", {"q": "ВЕДУЩАЯ"})
    unled = visitor.see("units", {"show": "unled"})
    assert "5Б" in unled
    assert "5А" not in unled
    assert "Ничего не найдено" in visitor.see("units", {"q": "нет такого"})


def test_a_live_search_answers_with_the_rows_only(world: World) -> None:
    visitor = Visitor(world.a, "administrator")
    headers = {"HX-Request": "true", "HX-Target": "results"}
    response = visitor.client.get(visitor.url("units"), {"q": "5Б"}, headers=headers)
    page = response.content.decode()
    assert page.lstrip().startswith('<div id="results"')
    assert "5Б" in page
    assert "5А" not in page
    assert "HX-Request" in response["Vary"]


@pytest.mark.req("ACC-4")
def test_parents_and_students_see_their_own_units_only(world: World) -> None:
    for name in ("parent", "student"):
        page = Visitor(world.a, name).see("units")
        assert "5А" in page
        assert "5Б" not in page
        assert "Педагоги" not in page


@pytest.mark.req("ACC-4", "ORG-3")
def test_what_each_role_sees_of_a_unit(world: World) -> None:
    unit = world.a.units["5А"].pk
    leader = Visitor(world.a, "leader").see("unit", pk=unit)
    assert "Зайцев Захар Львович" in leader
    assert "на платформе 1 из 2" in leader
    parent = Visitor(world.a, "parent").see("unit", pk=unit)
    assert "Ведущая Вера Викторовна" in parent
    assert "Ёжиков Пётр" in parent
    assert "Зайцева" not in parent
    student = Visitor(world.a, "student").see("unit", pk=unit)
    assert "Зайцева Зоя" in student
    assert "Зайцев Захар" not in student
    stranger = Visitor(world.a, "teacher").see("unit", pk=unit)
    assert "Ёжиков" not in stranger
    assert "Список видят те, кто здесь работает" in stranger


@pytest.mark.req("ORG-3", "ORG-5")
def test_a_leader_is_attached_with_the_order(world: World) -> None:
    visitor = Visitor(world.a, "administrator")
    unit, teacher = world.a.units["5Б"], world.a.people["teacher"]
    found = visitor.get("unit_enrol", {"part": "leader", "q": "учен"}, pk=unit.pk)
    assert "Учёный Устин" in words(found)
    data = {"part": "leader", "ids": [teacher.pk], "day": "2026-09-01", "order_number": "17-к"}
    page = visitor.post_then_look("unit_enrol", data, pk=unit.pk)
    assert "Добавлено: Учёный Устин Ильич — классный руководитель." in page
    row = Enrolment.objects.get(unit=unit, part=Part.LEADER)
    assert (row.order_number, str(row.since)) == ("17-к", "2026-09-01")


@pytest.mark.req("ORG-5")
def test_a_list_of_names_becomes_students(world: World) -> None:
    visitor = Visitor(world.a, "administrator")
    data = {"part": "student", "names": "Новиков Никита Нилович\n\n  Новикова   Нина \n"}
    page = visitor.post_then_look("unit_enrol", data, pk=world.a.units["5Б"].pk)
    assert "Добавлены 2 человека." in page
    assert "Новиков Никита Нилович" in page
    assert Person.objects.get(last_name="Новикова").roles.get().role == "student"


def test_a_namesake_is_pointed_out_before_a_double_is_made(world: World) -> None:
    visitor = Visitor(world.a, "administrator")
    data = {"part": "student", "names": "Зайцева Зоя Захаровна"}
    refused = visitor.post("unit_enrol", data, pk=world.a.units["5Б"].pk)
    assert refused.status_code == 422
    assert "Уже есть в списке: Зайцева Зоя" in words(refused)
    assert "Зайцева Зоя Захаровна" in refused.content.decode()
    visitor.post_then_look("unit_enrol", {**data, "same_name": "on"}, pk=world.a.units["5Б"].pk)
    assert Person.objects.filter(organization=world.a.organization, last_name="Зайцева").count() == 2


@pytest.mark.parametrize(
    "data",
    [
        {"part": "student"},
        {"part": "student", "ids": ["x", "99999999999999999999", "-1"]},
        {"part": "nobody", "ids": ["1"]},
        {"part": "student", "names": "Одно"},
        {"part": "student", "names": "\x00"},
        {"part": "student", "names": "я" * 10_000},
        {"part": "student", "names": "А Б\n" * 101},
        {"part": "student", "names": "Новый Ник", "day": "не день"},
        {"part": "student", "names": "Новый Ник", "day": "0001-01-01"},
        {"part": "student", "names": "Новый Ник", "order_number": "я" * 10_000},
    ],
)
def test_enrolling_with_nonsense_says_so(world: World, data: dict[str, object]) -> None:
    assert Visitor(world.a, "administrator").post("unit_enrol", data, pk=world.a.units["5А"].pk).status_code == 422


@pytest.mark.req("ORG-2")
def test_only_staff_enter_the_staff_unit(world: World) -> None:
    visitor = Visitor(world.a, "administrator")
    unit = world.a.units["staff"]
    page = visitor.see("unit", pk=unit.pk)
    assert "Ждущая Жанна Жоресовна" in page
    refused = visitor.post("unit_enrol", {"part": "student", "names": "Новый Ник"}, pk=unit.pk)
    assert refused.status_code == 422


@pytest.mark.req("ORG-5")
def test_leaving_with_an_order_stays_visible_and_can_be_undone(world: World) -> None:
    visitor = Visitor(world.a, "administrator")
    row = Enrolment.objects.get(person=world.a.people["student"], unit=world.a.units["5А"])
    assert "Выбытие из класса 5А" in visitor.see("enrolment_end", pk=row.pk)
    data = {"order_number": "5", "order_date": "01.11.2026"}
    response = visitor.client.post(visitor.url("enrolment_end", pk=row.pk), data, follow=True)
    assert "Выбытие записано: Ёжиков Пётр Ильич — 5А" in words(response)
    assert "Были в классе" in words(response)
    assert "Прежние классы" in visitor.see("person", pk=row.person_id)
    visitor.client.post(undo_address(response.content.decode()))
    assert Enrolment.objects.get(pk=row.pk).until is None


def test_leaving_before_it_began_is_refused_at_the_day(world: World) -> None:
    visitor = Visitor(world.a, "administrator")
    row = Enrolment.objects.get(person=world.a.people["student"], unit=world.a.units["5А"])
    response = visitor.post("enrolment_end", {"day": "2001-01-01"}, pk=row.pk)
    assert response.status_code == 422
    assert "раньше дня зачисления" in words(response)


def test_an_enrolment_opened_anew_cannot_be_reopened(world: World) -> None:
    visitor = Visitor(world.a, "administrator")
    student, unit = world.a.people["student"], world.a.units["5А"]
    row = Enrolment.objects.get(person=student, unit=unit)
    visitor.post("enrolment_end", pk=row.pk)
    enrol(actor=None, people=[student], unit=unit, part=Part.STUDENT)
    assert visitor.post("enrolment_reopen", pk=row.pk).status_code == 409


@pytest.mark.req("REG-7")
def test_each_kind_speaks_its_own_words(world: World) -> None:
    for kind, expected in {
        "kindergarten": ("Новая группа", "Воспитатель группы", "Воспитанники"),
        "college": ("Новая группа", "Куратор группы", "Студенты"),
        "supplementary": ("Новый кружок", "Руководитель кружка", "Обучающиеся"),
    }.items():
        Organization.objects.filter(pk=world.a.organization.pk).update(kind=kind)
        page = Visitor(world.a, "administrator").see("units")
        assert all(word in page for word in expected), kind


@pytest.mark.req("INV-2")
def test_a_leader_can_tick_the_own_class_only(world: World) -> None:
    page = Visitor(world.a, "leader").get("units").content.decode()
    assert f'name="unit" value="{world.a.units["5А"].pk}"' in page
    assert f'name="unit" value="{world.a.units["5Б"].pk}"' not in page


def test_an_empty_structure_teaches_how_to_begin(world: World) -> None:
    Unit.objects.filter(organization=world.a.organization, kind="class").delete()
    page = Visitor(world.a, "administrator").see("units")
    assert "Классов пока нет" in page
    assert "Классов пока нет" not in Visitor(world.a, "head").see("units")


@pytest.mark.parametrize("name", ["", "   ", "\x00", "я" * 10_000])
def test_a_wrong_name_of_a_unit_is_refused(world: World, name: str) -> None:
    visitor = Visitor(world.a, "administrator")
    assert visitor.post("unit_edit", {"name": name}, pk=world.a.units["5А"].pk).status_code == 422
    rows = {**ROWS, "unit-0-name": name, "unit-0-direction": name}
    assert visitor.client.post(visitor.url("unit_new") + "?kind=circle", rows).status_code == 422


@pytest.mark.parametrize("total", ["", "-1", "x", "999999", "\x00"])
def test_a_wrong_number_of_rows_breaks_nothing(world: World, total: str) -> None:
    visitor = Visitor(world.a, "administrator")
    address = visitor.url("unit_new") + "?kind=group"
    rows = {**ROWS, "unit-TOTAL_FORMS": total, "unit-0-name": "Солнышко"}
    assert visitor.client.post(address, rows).status_code in {302, 422}
    assert visitor.client.post(address, {**rows, "more": "1"}).status_code == 200
