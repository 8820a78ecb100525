"""The roster: found, filtered, changed for many at once."""

import pytest

from orgs.models import Enrolment, Person, Role, RoleAssignment
from orgs.services.people import set_roles
from tests.orgs.pages import Visitor, crowd, undo_address, words
from tests.world import World


def held(person: Person) -> set[str]:
    return set(RoleAssignment.objects.filter(person=person, until=None).values_list("role", flat=True))


@pytest.mark.req("ORG-7")
@pytest.mark.parametrize("text", ["ежиков", "ЁЖИК", "  пётр   ёж ", "Ильич Пет"])
def test_any_part_of_the_name_is_found_whatever_the_case_and_yo(world: World, text: str) -> None:
    page = Visitor(world.a, "administrator").see("people", {"q": text})
    assert "Ёжиков Пётр Ильич" in page
    assert "Белкин" not in page


@pytest.mark.req("ORG-7")
@pytest.mark.parametrize(
    ("data", "seen", "unseen"),
    [
        ({"role": "head"}, "Главный", "Ёжиков"),
        ({"role": "student", "joined": "no"}, "Белкин", "Ёжиков Пётр"),
        ({"joined": "yes"}, "Ёжиков Пётр", "Белкин Борис Богданович Ученик"),
        ({"family": "no_parent"}, "Никто не найден", "Ёжиков"),
        ({"family": "no_child"}, "Никто не найден", "Ёжикова"),
        ({"family": "no_unit"}, "Никто не найден", "Ёжиков"),
        ({"former": "1"}, "Никто не найден", "Ёжиков"),
    ],
)
def test_filters(world: World, data: dict[str, str], seen: str, unseen: str) -> None:
    page = Visitor(world.a, "administrator").see("people", data)
    assert seen in page
    assert unseen not in page


def test_the_unit_filter_holds_parents_too(world: World) -> None:
    page = Visitor(world.a, "administrator").see("people", {"unit": str(world.a.units["5А"].pk)})
    assert "Ёжикова Роза" in page
    assert "Белкин Борис" not in page


@pytest.mark.req("ORG-5")
def test_former_people_are_found_when_asked_for(world: World) -> None:
    set_roles(actor=world.a.actor("administrator"), person=world.a.people["student"], roles=[])
    visitor = Visitor(world.a, "administrator")
    assert "Никто не найден" in visitor.see("people", {"q": "Ёжиков Пётр"})
    assert "Ёжиков Пётр" in visitor.see("people", {"former": "1"})


def test_fifty_a_page_and_the_count(world: World) -> None:
    crowd(world.a, 30)
    visitor = Visitor(world.a, "administrator")
    first = visitor.see("people")
    assert "1–50 из 71" in first
    assert "51–71 из 71" in visitor.see("people", {"page": "2"})
    assert "51–71 из 71" in visitor.see("people", {"page": "999999999999999999999"})
    assert "1–50 из 71" in visitor.see("people", {"page": "нет"})


@pytest.mark.req("ACC-4")
def test_a_teacher_finds_staff_and_the_own_class_only(world: World) -> None:
    page = Visitor(world.a, "leader").see("people")
    assert "Ёжиков Пётр" in page
    assert "Главный Глеб" in page
    assert "Белкин" not in page
    assert "data-bulk-bar" not in Visitor(world.a, "leader").get("people").content.decode()


def test_many_are_enrolled_at_once(world: World) -> None:
    visitor = Visitor(world.a, "administrator")
    ids = [world.a.people[name].pk for name in ("student", "classmate")]
    data = {
        "ids": ids,
        "action": "enrol",
        "unit": world.a.units["5Б"].pk,
        "part": "student",
        "next": "/o/a/people/?q=ё",
    }
    response = visitor.client.post(visitor.url("people_bulk"), data)
    assert response["Location"] == "/o/a/people/?q=%D1%91"
    assert "5Б: добавлены 2 человека." in visitor.see("people")
    assert Enrolment.objects.filter(unit=world.a.units["5Б"], person__in=ids, until=None).count() == 2


@pytest.mark.req("ORG-4")
def test_a_role_is_given_to_many_and_taken_after_asking(world: World) -> None:
    visitor = Visitor(world.a, "administrator")
    teachers = [world.a.people["leader"], world.a.people["teacher"]]
    data = {"ids": [person.pk for person in teachers], "role": "head"}
    assert "«директор» назначена: 2 человека" in visitor.post_then_look("people_bulk", {**data, "action": "give_role"})
    asked = visitor.post("people_bulk", {**data, "action": "take_role"})
    assert Role.HEAD in held(teachers[1])
    assert "Снять роль «директор»" in words(asked)
    assert Role.HEAD in held(teachers[0])
    page = visitor.post_then_look("people_bulk", {**data, "action": "take_role", "confirmed": "yes"})
    assert "«директор» снята: 2 человека" in page
    assert Role.HEAD not in held(teachers[0])


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"action": "enrol"},
        {"ids": ["1"], "action": "nothing"},
        {"ids": ["x", "9" * 30]},
        {"action": "enrol", "unit": "9" * 30, "part": "student"},
        {"action": "enrol", "unit": "1", "part": "boss"},
        {"action": "give_role", "role": "administrator"},
        {"action": "take_role", "role": "tsar"},
        {"action": "take_role", "role": "administrator", "confirmed": "yes"},
        {"action": "give_role", "role": "teacher\x00", "next": "https://evil.example.org/"},
    ],
)
def test_bulk_nonsense_changes_nothing_and_says_so(world: World, data: dict[str, object]) -> None:
    visitor = Visitor(world.a, "administrator")
    before = RoleAssignment.objects.count()
    response = visitor.client.post(
        visitor.url("people_bulk"), {"ids": [world.a.people["teacher"].pk], **data}, follow=True
    )
    assert response.redirect_chain[-1][0] == "/o/a/people/"
    assert "notice-error" in response.content.decode()
    assert RoleAssignment.objects.count() == before


@pytest.mark.req("ORG-4")
def test_a_new_person_with_roles_and_a_class(world: World) -> None:
    visitor = Visitor(world.a, "administrator")
    data = {
        "last_name": "Новикова",
        "first_name": "Нина",
        "phone": "8 (912) 345-67-89",
        "roles": ["teacher", "parent"],
        "unit": world.a.units["5Б"].pk,
    }
    page = visitor.post_then_look("person_new", data)
    assert "Теперь в списке: Новикова Нина." in page
    person = Person.objects.get(last_name="Новикова")
    assert person.phone == "+79123456789"
    assert held(person) == {"teacher", "parent"}
    assert person.enrolments.filter(unit=world.a.units["5Б"], part="teacher").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"last_name": ""},
        {"last_name": "я" * 10_000},
        {"first_name": "a\x00b"},
        {"phone": "12"},
        {"email": "не почта"},
        {"birth_date": "99.99.9999"},
        {"roles": ["administrator"]},
        {"roles": []},
        {"unit": "9" * 30},
        {"last_name": "Ёжиков", "first_name": "Пётр", "patronymic": "Ильич"},
    ],
)
def test_a_wrong_field_is_named_and_nothing_typed_is_lost(world: World, wrong: dict[str, object]) -> None:
    data = {"last_name": "Новикова", "first_name": "Нина", "patronymic": "Особая", "roles": ["parent"], **wrong}
    response = Visitor(world.a, "administrator").post("person_new", data)
    assert response.status_code == 422
    page = response.content.decode()
    assert "error-summary" in page
    assert str(data["patronymic"]) in page
    assert not Person.objects.filter(last_name="Новикова").exists()


def test_a_namesake_is_added_when_told_to(world: World) -> None:
    data = {"last_name": "Ёжиков", "first_name": "Пётр", "patronymic": "Ильич", "roles": ["student"], "same_name": "on"}
    assert Visitor(world.a, "administrator").post("person_new", data).status_code == 302


@pytest.mark.parametrize("name", ["people", "units", "journal", "rights"])
@pytest.mark.parametrize("text", ["\x00", "я" * 10_000, "%_\\'\"<script>", "   "])
def test_any_search_answers(world: World, name: str, text: str) -> None:
    nonsense = {"q": text, "page": text[:50], "unit": text[:50], "role": text[:50], "person": "9" * 40, "about": "x"}
    assert Visitor(world.a, "administrator").get(name, nonsense).status_code == 200


def test_nobody_is_led_away_to_another_host(world: World) -> None:
    visitor = Visitor(world.a, "administrator")
    evil = "https://evil.example.org/"
    assert visitor.post("people_bulk", {"next": evil})["Location"] == "/o/a/people/"
    data = {"ids": [world.a.people["teacher"].pk], "action": "take_role", "role": "teacher", "next": evil}
    assert evil not in visitor.post("people_bulk", data).content.decode()


@pytest.mark.req("ORG-4")
def test_giving_a_role_to_many_is_undone_for_those_who_did_not_hold_it(world: World) -> None:
    visitor = Visitor(world.a, "administrator")
    head, teacher = world.a.people["head"], world.a.people["teacher"]
    data = {"ids": [head.pk, teacher.pk], "role": "head", "action": "give_role"}
    page = visitor.client.post(visitor.url("people_bulk"), data, follow=True).content.decode()
    visitor.client.post(undo_address(page))
    assert Role.HEAD in held(head)
    assert Role.HEAD not in held(teacher)
