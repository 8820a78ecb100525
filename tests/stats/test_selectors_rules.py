"""Norms are templates until they are switched on; rules and norms are written down (STAT-1, STAT-5)."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from common.errors import DomainError
from orgs.audit import sentence_of
from orgs.models import AuditEvent, Organization
from orgs.permissions import can_see_statistics
from stats.catalogue import NORM_TEMPLATES
from stats.models import Norm, StatsRules
from stats.selectors.rules import all_norms, norms_of, rules_of
from stats.services.rules import set_norm, set_rules
from tests.world import School, World

pytestmark = pytest.mark.req("STAT-5")


def lines(school: School) -> list[str]:
    """What the journal says of the statistics, the latest last."""
    events = AuditEvent.objects.filter(organization_id=school.organization.pk, action__contains="statistics")
    with translation.override("ru"):
        return [sentence_of(event, school.actor("head").words) for event in events.order_by("pk")]


def rules_as_they_are(school: School) -> tuple[bool, bool]:
    rules = rules_of(school.organization)
    return rules.weekly_letter, rules.without_doubtful


def test_every_norm_is_off_at_first(world: World) -> None:
    assert norms_of(world.a.organization) == {}
    found = all_norms(world.a.organization)
    assert {norm.figure: norm.percent for norm in found} == dict(NORM_TEMPLATES)
    assert not any(norm.is_on or norm.pk for norm in found)


def test_a_norm_is_switched_on_with_the_schools_own_per_cent(world: World) -> None:
    actor = world.a.actor("head")
    set_norm(actor=actor, figure="staff_active", percent=60, is_on=True)
    assert norms_of(world.a.organization) == {"staff_active": 60}
    assert norms_of(world.b.organization) == {}
    set_norm(actor=actor, figure="staff_active", percent=61, is_on=False)
    assert norms_of(world.a.organization) == {}
    [kept] = [norm for norm in all_norms(world.a.organization) if norm.figure == "staff_active"]
    assert (kept.percent, kept.is_on) == (61, False)
    assert lines(world.a) == [
        "установлена норма «Активные педагоги»: не менее 60 процентов",
        "отключена норма «Активные педагоги»",
    ]
    assert lines(world.b) == []


def test_saying_the_same_again_writes_nothing(world: World) -> None:
    actor = world.a.actor("head")
    set_norm(actor=actor, figure="staff_active", percent=75, is_on=False)  # as the template
    assert not Norm.objects.exists()
    for _time in range(2):
        set_norm(actor=actor, figure="staff_active", percent=75, is_on=True)
        set_rules(actor=actor, weekly_letter=False)
    assert len(lines(world.a)) == 2


@pytest.mark.parametrize(
    ("figure", "percent", "code"),
    [
        ("messages", 50, "norm_unknown"),
        ("", 50, "norm_unknown"),
        ("staff_active", 0, "percent_out_of_range"),
        ("staff_active", 101, "percent_out_of_range"),
        ("staff_active", -5, "percent_out_of_range"),
    ],
)
def test_what_is_no_norm_is_refused(world: World, figure: str, percent: int, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        set_norm(actor=world.a.actor("head"), figure=figure, percent=percent, is_on=True)
    assert refused.value.code == code
    assert not Norm.objects.exists()
    if code == "percent_out_of_range":
        assert {"percent", f"percent_{figure}"} == set(refused.value.fields)


def test_rules_are_changed_one_by_one(world: World) -> None:
    actor = world.a.actor("head")
    assert rules_as_they_are(world.a) == (True, False)
    assert rules_of(world.a.organization).pk is None
    set_rules(actor=actor, without_doubtful=True)
    assert rules_as_they_are(world.a) == (True, True)
    set_rules(actor=actor, weekly_letter=False)
    assert rules_as_they_are(world.a) == (False, True)
    assert rules_as_they_are(world.b) == (True, False)
    assert lines(world.a) == [
        "изменены настройки статистики: без сомнительных сообщений — да",
        "изменены настройки статистики: еженедельное письмо руководителю — нет",
    ]
    assert StatsRules.objects.count() == 1


@pytest.mark.req("STAT-1")
def test_what_administrators_see_by_their_role(world: World) -> None:
    assert can_see_statistics(world.a.actor("administrator"))
    set_rules(actor=world.a.actor("head"), administrators_see=False)
    assert not can_see_statistics(world.a.actor("administrator"))
    assert can_see_statistics(world.a.actor("head"))
    assert can_see_statistics(world.b.actor("administrator"))
    assert not Organization.objects.get(pk=world.a.organization.pk).administrators_see_statistics
    assert len(lines(world.a)) == 1
    set_rules(actor=world.a.actor("head"), administrators_see=True)
    assert can_see_statistics(world.a.actor("administrator"))


@pytest.mark.parametrize("deed", [rules_of, norms_of, all_norms])
def test_rules_and_norms_take_one_statement(world: World, deed: Any, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        deed(world.a.organization)
