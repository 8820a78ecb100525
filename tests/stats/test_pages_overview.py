"""The head's page: this week large, twelve weeks, what needs attention, units, everything else (STAT-1, STAT-6)."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orgs.models import Organization, Unit
from stats.catalogue import BY_KEY
from stats.models import Norm, OrgDay, StatsRules, UnitDay
from stats.periods import monday_of
from stats.wording import span
from tests.stats.pages import ROSTER, UNIT_ROSTER, StatsVisitor, count_school, grant, more_units, today_of
from tests.world import School, World

LINK = re.compile(r'href="([^"]+)"')


@pytest.fixture
def school(world: World) -> School:
    return world.a


@pytest.fixture
def today(school: School) -> date:
    return today_of(school)


@pytest.fixture
def counted(school: School, today: date) -> School:
    count_school(school, today)
    return school


def links(page: str) -> list[str]:
    return [link.replace("&amp;", "&") for link in LINK.findall(page)]


@pytest.mark.req("STAT-1", "STAT-6")
def test_this_week_stands_large(counted: School) -> None:
    page = StatsVisitor(counted, "head").see("overview")
    assert "Показатели на 10:05" in page
    assert "эта неделя" in page
    # 31 of 41 is 75.609 %: cut, not rounded.
    assert "Активные педагоги 75,6 % 31 из 41" in page
    assert "Подключено семей 75 % 150 из 200 без изменений" in page
    assert "Активные родители 50 % 150 из 300" in page


@pytest.mark.req("STAT-6")
def test_a_week_is_laid_beside_the_week_before(counted: School, today: date) -> None:
    week = monday_of(today) - timedelta(days=7)
    page = StatsVisitor(counted, "head").see("overview", {"on": week.isoformat()})
    assert "Активные педагоги 78 % 32 из 41 ниже на 2,4 п. п." in page
    assert "Активные обучающиеся 50 % 100 из 200 без изменений" in page
    assert "было 80,4 %" in page
    assert f"Сравниваем с предыдущим периодом: {span(week - timedelta(days=7), week - timedelta(days=1))}" in page


@pytest.mark.req("STAT-6")
def test_every_figure_of_the_catalogue_leads_to_its_page(counted: School) -> None:
    page = StatsVisitor(counted, "head").html("overview")
    keys = set(re.findall(r"/statistics/figures/([a-z_]+)/", page))
    assert keys == set(BY_KEY)


@pytest.mark.req("STAT-6")
def test_links_keep_the_chosen_period(counted: School, today: date) -> None:
    before = monday_of(today) - timedelta(days=7)
    page = StatsVisitor(counted, "head").html("overview", {"period": "week", "on": before.isoformat()})
    kept = f"?period=week&on={before}"
    slug = counted.slug
    for path in ("figures/staff_active/", f"units/{counted.units['5А'].pk}/", "statistics.xlsx", "founder.pdf"):
        assert f"/o/{slug}/statistics/{path}{kept}" in links(page), path
    assert "эта неделя" not in page
    # Back to the present there is no period in the address.
    assert 'rel="next" href="?"' in page


@pytest.mark.req("STAT-6")
def test_nothing_lies_after_the_present(counted: School) -> None:
    visitor = StatsVisitor(counted, "head")
    for period in ("", "month", "quarter", "year"):
        page = visitor.html("overview", {"period": period})
        assert 'rel="prev"' in page
        assert 'rel="next"' not in page, period


@pytest.mark.req("STAT-6")
def test_two_days_of_ones_own(counted: School, today: date) -> None:
    start = today - timedelta(days=3)
    page = StatsVisitor(counted, "head").see(
        "overview", {"period": "custom", "first": start.isoformat(), "last": today.isoformat()}
    )
    assert "Сообщения 40" in page


@pytest.mark.req("STAT-6")
def test_days_the_wrong_way_round_are_told_and_kept(counted: School) -> None:
    page = StatsVisitor(counted, "head").html(
        "overview", {"period": "custom", "first": "2026-03-05", "last": "2026-03-01"}
    )
    assert "Последний день раньше первого." in page
    assert 'value="2026-03-05"' in page
    assert "эта неделя" in page


@pytest.mark.parametrize(
    "asked",
    [
        {"period": "x"},
        {"period": "\x00", "on": "\x00"},
        {"period": "custom"},
        {"period": "custom", "first": "x", "last": "9999-99-99"},
        {"period": "month", "on": "2026-13-45"},
        {"period": "week", "on": "0001-01-01"},
        {"period": "year", "on": "9999-12-31"},
        {"doubtful": "x"},
    ],
)
def test_nonsense_in_the_address_shows_a_page(counted: School, asked: dict[str, str]) -> None:
    assert "Активные педагоги" in StatsVisitor(counted, "head").see("overview", asked)


@pytest.mark.req("STAT-5")
def test_doubtful_messages_can_be_left_out(counted: School, today: date) -> None:
    days = (today - monday_of(today)).days + 1
    visitor = StatsVisitor(counted, "head")
    assert f"Сообщения {10 * days} без изменений" in visitor.see("overview")
    assert "?doubtful=without" in links(visitor.html("overview"))
    assert f"Сообщения {6 * days} без изменений" in visitor.see("overview", {"doubtful": "without"})
    StatsRules.objects.create(organization=counted.organization, without_doubtful=True)
    page = visitor.see("overview")
    assert f"Сообщения {6 * days} без изменений" in page
    assert "Без сомнительных сообщений" in page
    assert f"Сообщения {10 * days} без изменений" in visitor.see("overview", {"doubtful": "with"})


@pytest.mark.req("STAT-6")
def test_the_chart_and_its_table_say_the_same(counted: School) -> None:
    page = StatsVisitor(counted, "head").html("overview")
    found = re.search(r'<script id="trend-data" type="application/json">(.*?)</script>', page)
    assert found
    data = json.loads(found[1])
    assert len(data["labels"]) == 12
    lines = {line["name"]: line["data"] for line in data["series"]}
    assert lines["Активные педагоги"][-2:] == [78.0, 75.6]
    assert lines["Активные педагоги"][:9] == [None] * 9
    table = page[page.index('<table class="table stats-weeks">') :]
    row = table[table.index("<tbody>") : table.index("</tr>", table.index("<tbody>"))]
    assert "75,6" in row
    # No script and no handler stands in the page itself.
    assert not re.search(r"<script(?![^>]*(src=|application/json))", page)
    assert "style=" not in page[page.index("<main") :]


@pytest.mark.req("STAT-2", "STAT-6")
def test_the_heat_map_has_numbers_and_not_colours_alone(counted: School) -> None:
    page = StatsVisitor(counted, "head").html("overview")
    start = page.index('<table class="stats-heat">')
    table = page[start : page.index("</table>", start)]
    assert '<td class="heat-4">80 %<small>20 из 25</small></td>' in table.replace("\u00a0", " ")
    assert '<td class="heat-2">48 %<small>12 из 25</small></td>' in table.replace("\u00a0", " ")
    assert table.index("5А") < table.index("5Б")


@pytest.mark.req("STAT-6")
def test_what_needs_attention_can_be_reminded_of(counted: School) -> None:
    Norm.objects.create(organization=counted.organization, figure="staff_active", percent=90, is_on=True)
    visitor = StatsVisitor(counted, "head")
    assert "норма 90 %: не выполнена" in visitor.see("overview")
    assert f"/o/{counted.slug}/statistics/figures/staff_active/remind/" in links(visitor.html("overview"))


@pytest.mark.req("STAT-5")
def test_a_norm_that_is_off_says_nothing(counted: School) -> None:
    Norm.objects.create(organization=counted.organization, figure="staff_active", percent=90, is_on=False)
    assert "норма" not in StatsVisitor(counted, "head").see("overview")


@pytest.mark.req("STAT-5")
def test_whom_it_was_granted_sees_no_cell_that_names_somebody(counted: School) -> None:
    grant(counted, "leader")
    visitor = StatsVisitor(counted, "leader")
    page = visitor.see("overview")
    # One of two of the staff of a class: that would be a name.
    assert "···" in page
    assert "1 из 2" not in page
    assert "скрыто" in page
    assert "Напомнить" not in page
    assert "Нормы и настройки" not in page
    assert "Отчёт активности педагогов" not in page
    assert "Активные педагоги 75,6 %" in page
    assert "1 из 2" in StatsVisitor(counted, "head").see("overview")


@pytest.mark.req("STAT-1")
def test_without_the_right_there_is_no_page(counted: School) -> None:
    assert StatsVisitor(counted, "leader").get("overview").status_code == 403
    Organization.objects.filter(pk=counted.organization.pk).update(administrators_see_statistics=False)
    assert StatsVisitor(counted, "administrator").get("overview").status_code == 403
    assert StatsVisitor(counted, "head").get("overview").status_code == 200


def test_before_the_first_count_the_page_says_so(school: School) -> None:
    page = StatsVisitor(school, "head").see("overview")
    assert "Показатели считаются впервые" in page
    assert "Активные педагоги" not in page


def test_a_school_without_people_is_told_where_to_begin(school: School, today: date) -> None:
    count_school(school, today)
    nobody = dict.fromkeys([*ROSTER, "messages", "quiet_messages", "doubtful_messages", "posts"], 0)
    OrgDay.objects.filter(organization=school.organization).update(**nobody)
    UnitDay.objects.filter(organization=school.organization).delete()
    page = StatsVisitor(school, "head").see("overview")
    assert "Считать пока некого" in page
    assert "Сообщения" not in page


@pytest.mark.req("STAT-2")
def test_children_of_a_kindergarten_have_no_accounts_to_count(counted: School) -> None:
    Organization.objects.filter(pk=counted.organization.pk).update(kind="kindergarten")
    page = StatsVisitor(counted, "head").see("overview")
    assert "Группы: кто подключён" in page
    assert "Активные обучающиеся" not in page
    assert "Подключено обучающихся" not in page
    assert "Воспитанники" not in page
    assert "Подключено семей" in page


@pytest.mark.req("ACC-4")
def test_another_schools_figures_stay_there(world: World, counted: School, today: date) -> None:
    page = StatsVisitor(counted, "head").html("overview")
    count_school(world.b, today, staff_active=5, messages=77)
    Norm.objects.create(organization=world.b.organization, figure="staff_active", percent=99, is_on=True)
    again = StatsVisitor(counted, "head").html("overview")
    assert _figures(page) == _figures(again)


def _figures(page: str) -> str:
    """The page without what is drawn anew each time: the token against forgery."""
    return re.sub(r"\b[A-Za-z0-9]{64}\b", "", page)


@pytest.mark.req("STAT-6")
def test_twelve_statements_for_five_years_and_sixty_units(counted: School, today: date) -> None:
    more_units(counted, 58)
    units = list(Unit.objects.filter(organization=counted.organization).exclude(kind="staff"))
    assert len(units) == 60
    organization, known = counted.organization, today - timedelta(days=30)
    OrgDay.objects.bulk_create(
        OrgDay(organization=organization, day=known - timedelta(days=number), messages=10, **ROSTER)
        for number in range(5 * 365)
    )
    old = {unit.pk for unit in counted.units.values()}
    UnitDay.objects.bulk_create(
        UnitDay(organization=organization, day=today, unit=unit, **UNIT_ROSTER) for unit in units if unit.pk not in old
    )
    assert _statements(StatsVisitor(counted, "head"), "overview") <= 12
    for period in ({"period": "month"}, {"period": "year"}, {"period": "custom", "first": known, "last": today}):
        assert _statements(StatsVisitor(counted, "head"), "overview", period) <= 12
    grant(counted, "leader")
    assert _statements(StatsVisitor(counted, "leader"), "overview") <= 12


def _statements(visitor: StatsVisitor, name: str, data: dict[str, Any] | None = None) -> int:
    visitor.get(name, data)
    with CaptureQueriesContext(connection) as queries:
        assert visitor.get(name, data).status_code == 200
    return len(queries)
