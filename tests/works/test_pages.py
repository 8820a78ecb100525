"""The page of a long work."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from orgs.models import Person
from tests.works.conftest import begun, finished
from tests.world import School, World, make_user
from works.models import State, Work

pytestmark = pytest.mark.req("ORG-8", "ORG-9")
Browse = Callable[..., Client]


def page(school: School, work: Work, name: str = "detail") -> str:
    return reverse(f"works:{name}", args=[school.slug, work.pk])


@pytest.fixture
def client_of_administrator(school: School, browse: Browse) -> Client:
    return browse(school.user("administrator"))


def test_a_work_under_way_shows_how_far_it_is(school: School, client_of_administrator: Client) -> None:
    work = begun(school)
    Work.objects.filter(pk=work.pk).update(state=State.RUNNING, step="reading", done=30, total=120)
    text = client_of_administrator.get(page(school, work)).content.decode()
    assert "Reading" in text
    assert "30 из 120 (25 %)" in text
    assert 'hx-trigger="load delay:1s"' in text
    assert "Страницу можно закрыть: работа продолжится." in text


def test_the_part_with_the_bar_asks_for_itself_until_the_end(school: School, client_of_administrator: Client) -> None:
    work = finished(school)
    headers = {"HX-Request": "true", "HX-Target": "work"}
    part = client_of_administrator.get(page(school, work), headers=headers).content.decode()
    assert "<html" not in part
    assert "hx-trigger" not in part
    assert "People" in part
    assert "Отменить всё" in part


def test_a_work_is_stopped(school: School, client_of_administrator: Client) -> None:
    work = begun(school)
    text = client_of_administrator.post(page(school, work, "cancel"), follow=True).content.decode()
    assert "Остановлено" in text
    assert "Ничего не изменилось." in text
    again = client_of_administrator.post(page(school, work, "cancel"), follow=True).content.decode()
    assert "Работа уже закончена." in again


def test_a_failure_says_why(school: School, client_of_administrator: Client) -> None:
    text = client_of_administrator.get(page(school, finished(school, breaks="rule"))).content.decode()
    assert "Не получилось" in text
    assert "No luck today." in text
    assert "Отменить всё" not in text


def test_undoing_is_asked_about_and_done(school: School, client_of_administrator: Client) -> None:
    work = finished(school)
    assert "станет прежним" in client_of_administrator.get(page(school, work, "undo")).content.decode()
    assert Person.objects.filter(last_name="Носов").exists()
    text = client_of_administrator.post(page(school, work, "undo"), follow=True).content.decode()
    assert "Всё стало как было." in text
    assert not Person.objects.filter(last_name="Носов").exists()
    assert "уже нельзя отменить" in client_of_administrator.get(page(school, work, "undo")).content.decode()


def test_what_prevents_the_undoing_is_named(school: School, client_of_administrator: Client) -> None:
    work = finished(school)
    Person.objects.filter(last_name="Носов").update(user=make_user("+79005550001"))
    for answer in (
        client_of_administrator.get(page(school, work, "undo")),
        client_of_administrator.post(page(school, work, "undo")),
    ):
        text = answer.content.decode()
        assert "Это уже нельзя отменить" in text
        assert "Носов Нестор" in text
    assert Person.objects.filter(last_name="Носов").exists()


def test_the_other_school_sees_nothing(school: School, world: World, browse: Browse) -> None:
    work = finished(school)
    stranger = browse(world.b.user("administrator"))
    assert stranger.get(page(world.b, work)).status_code == 404
    assert stranger.post(page(world.b, work, "undo")).status_code == 404


def test_one_query_more_or_less_for_any_number(
    school: School, client_of_administrator: Client, django_assert_max_num_queries: Any
) -> None:
    work = finished(school, names=[f"Новый{letter} Нил" for letter in "абвгдежзик"])
    with django_assert_max_num_queries(9):
        client_of_administrator.get(page(school, work))
