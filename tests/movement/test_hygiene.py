"""The check of the data: what is found, and what puts it right (ORG-7)."""

from __future__ import annotations

from datetime import date, timedelta
from time import perf_counter
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from movement.models import Dismissal
from movement.selectors.duplicates import Candidate, Sign, find_pairs, is_one_letter_apart
from movement.selectors.hygiene import findings_of
from movement.selectors.hygiene.data import better_name
from orgs.models import Enrolment, Guardianship, Part, Person, Role, RoleAssignment, Unit
from orgs.services.people import PersonData, add_person, end_role, tie_parent
from orgs.services.structure import class_from_name, create_units, enrol
from tests.movement.year_cast import student
from tests.orgs.pages import Visitor, crowd, words
from tests.world import School, World

pytestmark = pytest.mark.req("ORG-7")


@pytest.fixture
def school(world: World) -> School:
    return world.a


class Checker(Visitor):
    """The administrator who checks the data."""

    def url(self, name: str, **values: Any) -> str:
        return reverse(f"movement:{name}", kwargs={"slug": self.school.slug, **values})


@pytest.fixture
def checker(school: School) -> Checker:
    return Checker(school, "administrator")


def keys(school: School, group: str) -> list[str]:
    found = findings_of(school.organization, timezone.now(), only=group)
    return [finding.key for finding in found.groups[group].findings]


def person(school: School, *names: str, roles: tuple[str, ...] = (), **values: Any) -> Person:
    data = PersonData(*names, **values)
    return add_person(organization=school.organization, actor=None, data=data, roles=roles)


def test_people_without_a_role(school: School) -> None:
    nobody = person(school, "Ничей", "Иван")
    former = person(school, "Бывший", "Иван", roles=(Role.TEACHER,))
    end_role(actor=None, person=former, role=Role.TEACHER)
    assert keys(school, "no_role") == [str(nobody.pk)]


def test_in_two_classes_at_once(school: School, checker: Checker) -> None:
    classmate, both = school.people["classmate"], school.units["5Б"]
    enrol(actor=None, people=[classmate], unit=both, part=Part.STUDENT)
    assert len(keys(school, "two_units")) == 1
    page = checker.see("hygiene")
    assert "Оставить в 5А" in page
    sent = {"action": "keep", "person": classmate.pk, "unit": school.units["5А"].pk}
    assert "остаётся: 5А" in checker.post_then_look("hygiene_fix", sent)
    units = Enrolment.objects.filter(person=classmate, until=None).values_list("unit__name", flat=True)
    assert list(units) == ["5А"]
    assert keys(school, "two_units") == []


def test_students_in_no_class_are_enrolled_right_there(school: School, checker: Checker) -> None:
    lost = person(school, "Потеряев", "Пётр", roles=(Role.STUDENT,))
    assert keys(school, "no_unit") == [str(lost.pk)]
    sent = {"action": "enrol", "person": lost.pk, "unit": school.units["5Б"].pk}
    assert "зачислен" in checker.post_then_look("hygiene_fix", sent)
    assert Enrolment.objects.filter(person=lost, unit=school.units["5Б"], until=None).exists()


def test_units_nobody_leads_and_nobody_learns_in(school: School, checker: Checker) -> None:
    unit = create_units(organization=school.organization, actor=None, units=[class_from_name("8Г")])[0]
    assert str(unit.pk) in keys(school, "no_leader")
    assert keys(school, "empty_unit") == []
    Unit.objects.filter(pk=unit.pk).update(created_at=timezone.now() - timedelta(days=30))
    assert keys(school, "empty_unit") == [str(unit.pk)]
    assert "В архиве: 8Г" in checker.post_then_look("hygiene_fix", {"action": "archive", "unit": unit.pk})
    assert keys(school, "empty_unit") == []


def test_families(school: School) -> None:
    orphan = student(school, "5А", "Сироткин")
    childless = person(school, "Бездетов", "Иван", roles=(Role.PARENT,))
    assert keys(school, "no_parent") == [str(orphan.pk)]
    assert keys(school, "no_child") == [str(childless.pk)]


def test_a_phone_of_two_who_are_no_family(school: School) -> None:
    phone = school.people["parent"].phone
    Person.objects.filter(pk=school.people["student"].pk).update(phone=phone)
    assert keys(school, "shared_phone") == []
    Person.objects.filter(pk=school.people["teacher"].pk).update(phone=phone)
    assert len(keys(school, "shared_phone")) == 1


def test_birth_dates(school: School, checker: Checker) -> None:
    classmate = school.people["classmate"]
    for day, is_wrong in (
        (timezone.localdate() + timedelta(days=3), True),
        (date(1986, 1, 1), True),
        (timezone.localdate() - timedelta(days=365 * 11 + 3), False),
    ):
        Person.objects.filter(pk=classmate.pk).update(birth_date=day)
        assert (keys(school, "birth_date") == [str(classmate.pk)]) is is_wrong, day
    sent = {"action": "birth_date", "person": classmate.pk, "birth_date": "2100-01-01"}
    checker.post("hygiene_fix", sent)
    checker.post("hygiene_fix", {**sent, "birth_date": "2015-03-04"})
    classmate.refresh_from_db()
    assert classmate.birth_date == date(2015, 3, 4)
    checker.post("hygiene_fix", {**sent, "birth_date": "нет"})
    classmate.refresh_from_db()
    assert classmate.birth_date == date(2015, 3, 4)


@pytest.mark.parametrize(
    ("written", "better"),
    [
        ("ИВАНОВА", "Иванова"),
        ("иванов", "Иванов"),
        ("РИМСКИЙ-КОРСАКОВ", "Римский-Корсаков"),
        ("Ивaнов", "Иванов"),  # a Latin a
        ("Иванов", "Иванов"),
        ("Smith", "Smith"),
        ("", ""),
    ],
)
def test_names_as_they_are_usually_written(written: str, better: str) -> None:
    assert better_name(written) == better


def test_names_are_corrected_at_once(school: School, checker: Checker) -> None:
    loud = student(school, "5А", "КРИКУНОВ", "ИВАН")
    assert keys(school, "names") == [str(loud.pk)]
    checker.post("hygiene_fix", {"action": "name", "person": loud.pk})
    loud.refresh_from_db()
    assert (loud.full_name, loud.search_name) == ("Крикунов Иван Ильич", "крикунов иван ильич")


def test_on_the_roster_for_long_without_joining(school: School) -> None:
    long_ago = timezone.now() - timedelta(days=61)
    Person.objects.filter(pk=school.people["classmate"].pk).update(created_at=long_ago)
    Person.objects.filter(pk=school.people["student"].pk).update(created_at=long_ago)
    assert keys(school, "not_joined") == [str(school.people["classmate"].pk)]


def test_conditional_transfers_are_settled_within_a_year(school: School, checker: Checker) -> None:
    rows = Enrolment.objects.filter(person=school.people["classmate"])
    rows.update(is_conditional=True)
    assert keys(school, "conditional") == []
    rows.update(since=timezone.localdate() - timedelta(days=366))
    row = rows.get()
    assert keys(school, "conditional") == [str(row.pk)]
    assert "Отмечено" in checker.post_then_look("hygiene_fix", {"action": "settle", "enrolment": row.pk})
    assert keys(school, "conditional") == []


def test_one_administrator(school: School) -> None:
    assert keys(school, "one_administrator") == ["all"]
    RoleAssignment.objects.create(
        organization=school.organization, person=school.people["head"], role=Role.ADMINISTRATOR
    )
    assert keys(school, "one_administrator") == []


# --- Doubles ----------------------------------------------------------------------------------------------------------
BORN = date(2014, 5, 6)


@pytest.mark.parametrize(
    ("one", "other", "sign"),
    [
        (Candidate(1, "иванов иван", BORN), Candidate(2, "иванов иван", BORN), Sign.SAME_BIRTH_DATE),
        (Candidate(1, "иванов иван", None, "+79"), Candidate(2, "иванов иван", BORN, "+79"), Sign.SAME_PHONE),
        (Candidate(1, "иванов иван", BORN), Candidate(2, "иван иванов", BORN), Sign.SWAPPED),
        (Candidate(1, "иванов иван", BORN), Candidate(2, "ивонов иван", BORN), Sign.ONE_LETTER),
        (Candidate(1, "иванов иван", BORN), Candidate(2, "ивановв иван", BORN), Sign.ONE_LETTER),
        (Candidate(1, "иванова анна ильинична"), Candidate(2, "иванова анна ильинична"), Sign.SAME_NAME),
        (Candidate(1, "иванов иван"), Candidate(2, "иванов иван"), None),
        (Candidate(1, "иванов иван", BORN), Candidate(2, "иванов иван", date(2015, 5, 6)), None),
        (Candidate(1, "иванов иван", BORN), Candidate(2, "петров иван", BORN), None),
        (
            Candidate(1, "иванов иван", BORN, record_number="1"),
            Candidate(2, "иванов иван", BORN, record_number="2"),
            None,
        ),
    ],
)
def test_who_may_be_one(one: Candidate, other: Candidate, sign: Sign | None) -> None:
    found = find_pairs([one, other], {})
    assert [pair.sign for pair in found] == ([sign] if sign else [])


def test_a_letter_apart_with_the_same_parents() -> None:
    people = [Candidate(1, "иванов иван"), Candidate(2, "иваноф иван"), Candidate(3, "иванов пётр")]
    assert [(pair.first, pair.second) for pair in find_pairs(people, {1: {9}, 2: {9}, 3: {9}})] == [(1, 2)]


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [("кот", "кит", True), ("кот", "коты", True), ("кот", "кот", False), ("кот", "ток", False), ("", "а", True)],
)
def test_one_letter(one: str, other: str, near: bool) -> None:
    assert is_one_letter_apart(one, other) is is_one_letter_apart(other, one) is near


def test_doubles_lead_to_the_merging(school: School, checker: Checker) -> None:
    first = school.people["student"]
    second = student(school, "5А", "Ежиков", "Петр")
    tie_parent(actor=None, parent=school.people["parent"], child=second)
    page = checker.get("hygiene").content.decode()
    address = checker.url("merge") + f"?kept={first.pk}&amp;gone={second.pk}"
    assert address in page
    look = checker.see("merge", {"kept": first.pk, "gone": second.pk})
    assert "Один и тот же человек?" in look
    answer = checker.client.post(
        checker.url("merge") + f"?kept={first.pk}&gone={second.pk}", {"first_name": "gone"}, follow=True
    )
    assert "теперь один человек" in words(answer)
    assert "Отменить" in words(answer)
    second.refresh_from_db()
    assert second.merged_into == first
    # Whoever has kept the address of the past row comes to the one that stays.
    assert Visitor(school, "administrator").get("person", pk=second.pk).status_code == 302
    assert "Недавно объединены" in checker.see("merge")


def test_what_cannot_be_merged_is_said(school: School, checker: Checker) -> None:
    parent, child = school.people["parent"], school.people["student"]
    assert "Это родитель и ребёнок" in checker.see("merge", {"kept": parent.pk, "gone": child.pk})
    checker.client.post(checker.url("merge") + f"?kept={parent.pk}&gone={child.pk}")
    child.refresh_from_db()
    assert child.merged_into is None


def test_two_are_chosen_by_their_names(school: School, checker: Checker) -> None:
    first = school.people["student"]
    assert "Ёжиков Пётр Ильич" in checker.see("merge", {"q": "ежиков"})
    page = checker.see("merge", {"kept": first.pk, "q": "зайцева"})
    assert "С кем Ёжиков Пётр Ильич — один и тот же человек?" in page
    assert "Зайцева Зоя" in page


# --- The page ---------------------------------------------------------------------------------------------------------
def test_a_finding_that_is_no_problem_is_put_aside_and_back(school: School, checker: Checker) -> None:
    orphan = student(school, "5А", "Сироткин")
    sent = {"group": "no_parent", "key": str(orphan.pk)}
    assert "Больше не показываем" in checker.post_then_look("hygiene_dismiss", sent)
    assert keys(school, "no_parent") == []
    checker.post("hygiene_dismiss", sent)
    assert Dismissal.objects.count() == 1
    assert "Сироткин" in checker.see("hygiene", {"hidden": "yes"})
    checker.post("hygiene_dismiss", {**sent, "again": "yes"})
    assert keys(school, "no_parent") == [str(orphan.pk)]


def test_nonsense_is_refused_kindly(school: School, checker: Checker) -> None:
    assert "Такого замечания нет" in checker.post_then_look("hygiene_dismiss", {"group": "no", "key": "1"})
    assert checker.post("hygiene_fix", {"action": "no"}).status_code == 302
    assert checker.post("hygiene_fix", {"action": "name", "person": "no"}).status_code == 404


def test_all_of_a_group_page_by_page(school: School, checker: Checker) -> None:
    crowd(school, 60)
    Guardianship.objects.all().delete()
    page = checker.see("hygiene")
    assert "Показать все" in page
    whole = checker.see("hygiene", {"show": "no_parent"})
    assert "Массов000" in whole
    assert "1–50 из" in whole


def test_three_and_three_hundred_cost_the_same(
    school: School, checker: Checker, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(14):
        checker.get("hygiene")
    crowd(school, 300)
    with django_assert_max_num_queries(14):
        checker.get("hygiene")


def test_two_thousand_people_are_checked_quickly(school: School) -> None:
    crowd(school, 1000)
    Person.objects.filter(organization=school.organization).update(birth_date=date(1900, 1, 1))
    begun = perf_counter()
    findings_of(school.organization, timezone.now())
    assert perf_counter() - begun < 3


def test_a_head_does_not_check(school: School) -> None:
    assert Checker(school, "head").get("hygiene").status_code == 403
