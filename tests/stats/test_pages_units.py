"""One unit opened (STAT-2), and the norms and settings (STAT-5)."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

from orgs.models import AuditEvent, Unit
from stats.catalogue import NORM_TEMPLATES
from stats.models import Norm, StatsRules
from tests.meetings.pages import sent
from tests.stats.pages import StatsVisitor, count_school, grant, today_of
from tests.world import School, World


@pytest.fixture
def school(world: World) -> School:
    return world.a


@pytest.fixture
def counted(school: School) -> School:
    count_school(school, today_of(school))
    return school


@pytest.fixture
def today(school: School) -> date:
    return today_of(school)


@pytest.mark.req("STAT-2")
def test_a_unit_shows_its_own_figures(counted: School) -> None:
    unit = counted.units["5А"]
    page = StatsVisitor(counted, "head").see("unit", unit_id=unit.pk)
    assert "Подключено семей 80 % 20 из 25" in page
    assert "Подключено педагогов 50 % 1 из 2" in page
    assert "Сообщения" in page
    # What cannot be asked of a unit does not stand there.
    assert "Молчащие" not in page
    html = StatsVisitor(counted, "head").html("unit", unit_id=unit.pk)
    assert f"/statistics/figures/families_joined/?unit={unit.pk}&amp;people=missing#people" in html


def test_another_schools_unit_is_not_there(world: World, counted: School) -> None:
    assert StatsVisitor(counted, "head").get("unit", unit_id=world.b.units["5А"].pk).status_code == 404
    assert StatsVisitor(counted, "head").get("unit", unit_id=2**62).status_code == 404


def test_a_unit_of_the_archive_keeps_its_past(counted: School) -> None:
    unit = counted.units["5А"]
    Unit.objects.filter(pk=unit.pk).update(archived_at=timezone.now())
    page = StatsVisitor(counted, "head").html("unit", unit_id=unit.pk)
    assert "20 из 25" in page.replace("\u00a0", " ")
    # Its own page is not there for the head any more.
    assert f'/units/{unit.pk}/"' not in page.replace("/statistics/units/", "")


@pytest.mark.req("STAT-5")
def test_a_unit_hides_small_cells_from_those_who_see_no_names(counted: School) -> None:
    grant(counted, "leader")
    page = StatsVisitor(counted, "leader").see("unit", unit_id=counted.units["5А"].pk)
    assert "Подключено педагогов скрыто" in page
    assert "Подключено семей 80 %" in page
    assert "Кого нет" not in page


@pytest.mark.req("STAT-5")
def test_norms_are_templates_until_they_are_switched_on(counted: School) -> None:
    visitor = StatsVisitor(counted, "head")
    page = visitor.html("settings")
    form = sent(page)
    assert form["percent_staff_active"] == "75"
    assert not [name for name in form if name.startswith("on_")]
    visitor.post("settings", {**form, "on_staff_active": "on", "percent_staff_active": "70"})
    norm = Norm.objects.get(organization=counted.organization)
    assert (norm.figure, norm.percent, norm.is_on) == ("staff_active", 70, True)
    assert "норма 70 %: выполнена" in visitor.see("overview")
    assert sent(visitor.html("settings"))["percent_staff_active"] == "70"
    visitor.post("settings", {**form, "percent_staff_active": "70"})
    assert "норма" not in visitor.see("overview")
    # Switched off, the own per cent is kept.
    assert sent(visitor.html("settings"))["percent_staff_active"] == "70"


@pytest.mark.req("STAT-5")
@pytest.mark.parametrize("percent", ["0", "101", "-5", "", "x", "7.5", "9" * 30])
def test_a_norm_is_one_to_a_hundred_per_cent(counted: School, percent: str) -> None:
    visitor = StatsVisitor(counted, "head")
    form = {**sent(visitor.html("settings")), "on_staff_active": "on", "percent_staff_active": percent}
    answer = visitor.post("settings", {**form, "without_doubtful": "on", "on_parents_active": "on"})
    assert answer.status_code == 422
    assert f'value="{percent}"' in answer.content.decode() or not percent
    assert not Norm.objects.filter(organization=counted.organization).exists()
    assert not StatsRules.objects.filter(organization=counted.organization, without_doubtful=True).exists()


@pytest.mark.req("STAT-5", "STAT-6")
def test_rules_are_kept_and_noted(counted: School) -> None:
    visitor = StatsVisitor(counted, "administrator")
    form = sent(visitor.html("settings"))
    assert "weekly_letter" in form
    assert "without_doubtful" not in form
    page = visitor.post_then_look("settings", {**_percents(form), "without_doubtful": "on"})
    assert "Нормы и настройки сохранены." in page
    rules = StatsRules.objects.get(organization=counted.organization)
    assert (rules.weekly_letter, rules.without_doubtful) == (False, True)
    lines = AuditEvent.objects.filter(organization_id=counted.organization.pk, action="statistics.rules_changed")
    assert lines.count() == 1
    assert "Без сомнительных сообщений" in visitor.see("overview")


def _percents(form: dict[str, str]) -> dict[str, str]:
    return {f"percent_{key}": form[f"percent_{key}"] for key in NORM_TEMPLATES}


@pytest.mark.req("STAT-1")
def test_norms_are_the_administrations_to_set(world: World, counted: School) -> None:
    grant(counted, "leader")
    assert StatsVisitor(counted, "leader").get("settings").status_code == 403
    assert StatsVisitor(counted, "leader").post("settings", {"percent_staff_active": "5"}).status_code == 403
    assert StatsVisitor(counted, "teacher").get("settings").status_code == 403
    assert not Norm.objects.exists()


def test_the_other_school_keeps_its_norms(world: World, counted: School) -> None:
    Norm.objects.create(organization=world.b.organization, figure="staff_active", percent=33, is_on=True)
    visitor = StatsVisitor(counted, "head")
    form = sent(visitor.html("settings"))
    assert form["percent_staff_active"] == "75"
    visitor.post("settings", {**form, "on_staff_active": "on", "percent_staff_active": "60"})
    assert Norm.objects.get(organization=world.b.organization).percent == 33
