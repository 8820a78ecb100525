"""The pages of the next school year as people see them (ORG-9)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from movement.models import YearPlan
from movement.selectors.years.plan import stored_plan, target_of_unit
from orgs.models import AcademicYear
from tests.movement.year_cast import lived_in, more_classes, plan
from tests.orgs.pages import Visitor, crowd, many_units, words
from tests.world import School, World
from works.models import State, Work
from works.services import running

pytestmark = pytest.mark.req("ORG-9")

JUNE = datetime(2027, 6, 1, 10, tzinfo=ZoneInfo("Europe/Moscow"))


class Planner(Visitor):
    """The administrator before the summer."""

    def url(self, name: str, **values: Any) -> str:
        return reverse(f"movement:{name}", kwargs={"slug": self.school.slug, **values})


@pytest.fixture
def school(world: World) -> School:
    return lived_in(world.a)


@pytest.fixture
def planner(school: School) -> Planner:
    return Planner(school, "administrator")


YEAR = {"name": "2027/2028", "starts_on": "2027-09-01", "ends_on": "2028-08-31", "order_number": "77"}


def test_before_june_the_page_explains(planner: Planner) -> None:
    page = planner.see("year")
    assert "До конца года ещё далеко" in page
    assert 'value="2027/2028"' in planner.get("year").content.decode()


def test_the_home_page_offers_it_from_june_on(school: School) -> None:
    visitor = Visitor(school, "administrator")
    assert "Перейти на 2027/2028 учебный год" not in visitor.see("home")
    with time_machine.travel(JUNE, tick=False):
        assert "Перейти на 2027/2028 учебный год" in Visitor(school, "administrator").see("home")
        assert "Перейти на 2027/2028" not in Visitor(school, "head").see("home")


def test_the_draft_survives(planner: Planner, school: School) -> None:
    answer = planner.post("year", YEAR)
    assert answer.headers["Location"] == planner.url("year_units")
    unit = school.units["5А"]
    sent = {f"fate-{unit.pk}": "promote", f"name-{unit.pk}": "6 «Альфа»", "new": "1А, 1Б\n10А"}
    answer = planner.post("year_units", sent)
    assert answer.headers["Location"] == planner.url("year_people")
    content = planner.get("year_units").content.decode()
    assert 'value="6 «Альфа»"' in content
    assert "1А, 1Б, 10А" in content
    assert YearPlan.objects.get().changed_by == school.people["administrator"]
    page = planner.see("year_check")
    assert "№ 77" in page
    assert "6 «Альфа»" in page


def test_the_usual_is_filled_in(planner: Planner) -> None:
    content = planner.get("year_units").content.decode()
    assert 'value="6А"' in content
    assert 'value="graduate" selected' in content
    assert 'value="stay" selected' in content


def test_a_name_that_is_too_long_comes_back(planner: Planner, school: School) -> None:
    unit = school.units["5А"]
    answer = planner.post("year_units", {f"fate-{unit.pk}": "promote", f"name-{unit.pk}": "6" * 101})
    assert answer.status_code == 422
    assert "6" * 101 in answer.content.decode()


def test_students_with_whom_it_is_otherwise(planner: Planner, school: School) -> None:
    more_classes(school, "4А")
    unit, person = school.units["5А"], school.people["classmate"]
    target = target_of_unit(school.units["4А"].pk)
    content = planner.get("year_people", {"unit": unit.pk}).content.decode()
    assert f'value="repeat:{target}"' in content
    address = planner.url("year_people") + f"?unit={unit.pk}"
    answer = planner.client.post(address, {f"person-{person.pk}": f"repeat:{target}"}, follow=True)
    assert "Зайцева Зоя Захаровна 5А второй год в 5А" in words(answer)
    planner.client.post(address, {f"person-{person.pk}": ""})
    assert stored_plan(school.organization)["people"] == {}


def test_the_check_shows_everything(planner: Planner, school: School) -> None:
    plan(school, people={school.people["classmate"].pk: {"fate": "conditional"}}, new=["1А"])
    page = planner.see("year_check")
    assert "6А" in page
    assert "Зайцева Зоя Захаровна условно" in page
    assert "9А 1 выпускник" in page
    assert "1А: руководителя не будет" in page
    assert "disabled" not in planner.get("year_check").content.decode().split('id="go"')[1]


def test_what_prevents_it_is_said_first(planner: Planner, school: School) -> None:
    plan(school, units={school.units["5Б"].pk: {"fate": "close"}})
    page = planner.see("year_check")
    assert "Сначала исправьте" in page
    assert "Белкин Борис Богданович" in page
    assert not Work.objects.exists()
    planner.post("year_check")
    assert not Work.objects.exists()


def test_it_is_begun_and_told(planner: Planner, school: School) -> None:
    answer = planner.post("year_check")
    work = Work.objects.get()
    assert answer.headers["Location"].endswith(f"/works/{work.pk}/")
    assert "Перевод идёт" in planner.see("year")
    running.run(work.pk)
    work.refresh_from_db()
    assert work.state == State.DONE, work.error_message
    page = words(planner.client.get(answer.headers["Location"]))
    assert "Переведены 3" in page
    assert "Выпустились 1" in page
    assert "Вы перешли на 2027/2028" in planner.see("year")
    assert AcademicYear.objects.get(organization=school.organization, is_current=True).name == "2027/2028"


def test_the_draft_can_be_begun_anew(planner: Planner, school: School) -> None:
    plan(school, name="иной")
    planner.post("year_drop")
    assert not YearPlan.objects.exists()


def test_a_head_does_not_pass(school: School) -> None:
    assert Planner(school, "head").get("year").status_code == 403


@pytest.mark.parametrize("route", ["year", "year_units", "year_people", "year_check"])
def test_thirty_classes_cost_the_queries_of_three(
    planner: Planner, school: School, django_assert_max_num_queries: Any, route: str
) -> None:
    crowd(school, 40)
    many_units(school, 20)
    with django_assert_max_num_queries(16):
        planner.get(route)
