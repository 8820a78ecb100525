"""The operator appoints curators and sees whether the counting is right."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from orgs.models import AuditEvent, Organization
from orgs.selectors.rights import held_rights
from stats.models import Curatorship, Norm, RollupState, StatsRules
from stats.services.access import appoint_curator
from tests.world import World, make_user

OURS = [model for model in admin.site._registry if model._meta.app_label == "stats"]
ADD = "admin:stats_curatorship_add"


@pytest.fixture
def operator(world: World, browse: Callable[[User | None], Client]) -> Client:
    return browse(world.operator)


def form(world: World, **changes: Any) -> dict[str, Any]:
    return {
        "phone": "8 900 600-00-00",
        "name": "Надзорова Нина Никитична",
        "authority": "Управление образования",
        "organizations": [world.a.organization.pk, world.b.organization.pk],
        **changes,
    }


@pytest.mark.req("STAT-7")
def test_a_curator_is_appointed_over_several_organizations(world: World, operator: Client) -> None:
    assert operator.get(reverse(ADD)).status_code == 200
    assert operator.post(reverse(ADD), form(world)).status_code == 302
    user = User.objects.get(phone="+79006000000")
    assert (user.display_name, user.has_usable_password()) == ("Надзорова Нина Никитична", False)
    assert set(Curatorship.objects.filter(user=user, until=None).values_list("organization__slug", flat=True)) == {
        "a",
        "b",
    }
    actions = AuditEvent.objects.filter(action="right.curator_appointed").values_list("organization_id", flat=True)
    assert sorted(actions) == sorted([world.a.organization.pk, world.b.organization.pk])


@pytest.mark.req("STAT-7")
def test_of_somebody_known_the_name_stays(world: World, operator: Client) -> None:
    phone = str(world.a.user("head").phone)
    chosen = {"phone": phone, "name": "", "organizations": [world.b.organization.pk]}
    assert operator.post(reverse(ADD), form(world, **chosen)).status_code == 302
    assert Curatorship.objects.get().user == world.a.user("head")
    assert operator.post(reverse(ADD), form(world, **chosen | {"name": "Иной Иван"})).status_code == 200
    assert User.objects.get(phone=phone).display_name == world.a.user("head").display_name


@pytest.mark.req("STAT-7")
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"phone": "12"}, "phone"),
        ({"name": "\u200b"}, "name"),
        ({"authority": "\u200b"}, "authority"),
        ({"organizations": []}, "organizations"),
        ({"organizations": [10**9]}, "organizations"),
    ],
)
def test_mistakes_stand_at_their_fields(world: World, operator: Client, change: dict[str, Any], field: str) -> None:
    answer = operator.post(reverse(ADD), form(world, **change))
    assert list(answer.context["adminform"].form.errors) == [field]
    assert not Curatorship.objects.exists()
    assert not User.objects.filter(phone="+79006000000").exists()


@pytest.mark.req("STAT-7")
def test_nobody_is_appointed_twice(world: World, operator: Client) -> None:
    operator.post(reverse(ADD), form(world, organizations=[world.a.organization.pk]))
    again = operator.post(reverse(ADD), form(world))
    assert list(again.context["adminform"].form.errors) == ["organizations"]
    assert "Этот куратор уже видит: Школа № 1." in again.content.decode()
    assert Curatorship.objects.count() == 1


@pytest.mark.req("STAT-7", "ACC-4")
def test_ending_is_an_action_with_its_line_in_the_journal(world: World, operator: Client) -> None:
    operator.post(reverse(ADD), form(world))
    page = reverse("admin:stats_curatorship_changelist")
    chosen = Curatorship.objects.get(organization=world.a.organization)
    for _again in range(2):
        sent = operator.post(page, {"action": "action_end", "_selected_action": [chosen.pk]}, follow=True)
        assert sent.status_code == 200
    assert [row.until is None for row in Curatorship.objects.order_by("organization__slug")] == [False, True]
    assert AuditEvent.objects.filter(action="right.curator_ended").count() == 1
    assert operator.post(reverse("admin:stats_curatorship_delete", args=[chosen.pk])).status_code == 403
    change = reverse("admin:stats_curatorship_change", args=[chosen.pk])
    assert operator.get(change).status_code == 200
    assert operator.post(change, {"until": ""}).status_code == 403


@pytest.mark.req("STAT-7", "ACC-4")
def test_nobody_else_appoints(world: World, browse: Callable[[User | None], Client]) -> None:
    helper = make_user("+79006000009", "Помощник", is_staff=True)
    for user in (world.a.user("administrator"), helper):
        assert browse(user).post(reverse(ADD), form(world)).status_code in (302, 403)
    assert not Curatorship.objects.exists()


@pytest.mark.req("STAT-4")
def test_differences_come_first_and_are_found(world: World, operator: Client) -> None:
    values = {"counted_at": timezone.now(), "first_day": date(2026, 1, 1), "last_day": date(2026, 11, 18)}
    RollupState.objects.create(organization=world.a.organization, **values)
    RollupState.objects.create(organization=world.b.organization, difference=3, difference_total=7, **values)
    page = reverse("admin:stats_rollupstate_changelist")

    def listed(**query: str) -> list[str]:
        return [state.organization.slug for state in operator.get(page, query).context["cl"].result_list]

    assert listed() == ["b", "a"]
    assert listed(difference="now") == listed(difference="ever") == ["b"]
    RollupState.objects.filter(organization=world.b.organization).update(difference=0)
    assert (listed(difference="now"), listed(difference="ever")) == ([], ["b"])


@pytest.fixture
def rows(world: World) -> None:
    user = make_user("+79006000000", "Надзорова Нина Никитична")
    for school in (world.a, world.b):
        appoint_curator(user=user, organization=school.organization, authority="Управление")
        StatsRules.objects.create(organization=school.organization)
        RollupState.objects.create(organization=school.organization)
        Norm.objects.create(organization=school.organization, figure="staff_active", percent=75)


@pytest.mark.parametrize("model", OURS, ids=lambda model: model._meta.model_name)
def test_every_list_is_read_searched_and_opened(
    world: World, operator: Client, rows: None, model: type[Any], django_assert_max_num_queries: Callable[..., Any]
) -> None:
    name = f"admin:stats_{model._meta.model_name}"
    with django_assert_max_num_queries(7):
        assert operator.get(reverse(f"{name}_changelist")).context["cl"].result_count == 2
    found = operator.get(reverse(f"{name}_changelist"), {"q": "b"}).context["cl"].result_list
    assert [row.organization.slug for row in found] == ["b"]
    first = model.objects.first()
    assert operator.get(reverse(f"{name}_change", args=[first.pk])).status_code == 200
    assert operator.post(reverse(f"{name}_delete", args=[first.pk])).status_code == 403
    assert operator.post(reverse(f"{name}_change", args=[first.pk]), {}).status_code == 403


def test_the_counted_days_are_not_the_operators_to_read() -> None:
    """Who came on which day is the school's own."""
    assert {model._meta.model_name for model in OURS} == {"curatorship", "rollupstate", "statsrules", "norm"}


@pytest.mark.req("STAT-1", "ACC-4")
def test_families_get_no_statistics_from_the_operator_either(world: World, operator: Client) -> None:
    organization = Organization.objects.get(pk=world.a.organization.pk)
    for who, status in (("parent", 200), ("teacher", 302)):
        user = world.a.user(who)
        page = f"/admin/orgs/organization/{organization.pk}/permissions/user-manage/{user.pk}/"
        assert operator.post(page, {"permissions": ["view_statistics"]}).status_code == status, who
    assert [right.person.pk for right in held_rights(organization.pk)] == [world.a.people["teacher"].pk]
