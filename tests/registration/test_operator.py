"""The operator's queue (REG-2, REG-3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from accounts.models import User
from orgs.models import Organization
from registration.models import Application, Deletion, State
from registration.services.deleting import plan_deletion
from tests.registration.cast import OTHER_INN, PDF, application, approved, returned
from tests.world import World, make_user

pytestmark = [pytest.mark.req("REG-2")]
LIST = "admin:registration_application_changelist"


@pytest.fixture
def operator(world: World) -> Client:
    client = Client()
    client.force_login(world.operator, backend="accounts.backends.AuthenticationBackend")
    return client


def step(name: str, made: Application) -> str:
    return reverse(f"admin:registration_application_{name}", args=[made.pk])


def text_of(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_the_queue_is_found_by_name_inn_and_number(world: World, operator: Client) -> None:
    first = application()
    application(inn=OTHER_INN, short_name="Сад «Берёзка»", name="Детский сад", municipality="Реж")
    page = text_of(operator.get(reverse(LIST)))
    assert "Школа № 77" in page
    assert "Сад «Берёзка»" in page
    for words in ("школа 77", "ШКОЛА", first.inn, str(first.pk)):
        found = text_of(operator.get(reverse(LIST), {"q": words}))
        assert "Школа № 77" in found, words
    assert "Школа № 77" not in text_of(operator.get(reverse(LIST), {"q": "березка"}))
    assert "Школа № 77" not in text_of(operator.get(reverse(LIST), {"state": "approved"}))


def test_the_menu_tells_how_many_wait(world: World, operator: Client) -> None:
    from registration.operator import waiting

    assert waiting(None) == ""  # type: ignore[arg-type]
    application()
    assert waiting(None) == "1"  # type: ignore[arg-type]
    assert text_of(operator.get("/admin/"))


@pytest.mark.parametrize("count", [3, 60])
def test_the_queue_costs_the_same_whatever_its_length(
    world: World, operator: Client, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        application(short_name=f"Школа № {number}", email=f"{number}@example.org")
    operator.get(reverse(LIST))
    with django_assert_num_queries(6):
        operator.get(reverse(LIST))


def test_one_page_holds_what_a_decision_needs(world: World, operator: Client) -> None:
    made = application()
    application(short_name="Лицей", name="Лицей")
    page = text_of(operator.get(step("change", made)))
    for words in ("Орехова", "приказ.pdf", "Возможно, такая организация уже есть", "Лицей", "тот же ИНН", "подана"):
        assert words in page, words
    for words in ("Взять на рассмотрение", "Одобрить", "Вернуть с замечаниями", "Отклонить"):
        assert words in page, words
    done = text_of(operator.get(step("change", approved(world, inn=OTHER_INN))))
    assert "Взять на рассмотрение" not in done
    assert operator.get(reverse("admin:registration_application_change", args=[10**9])).status_code == 404
    assert operator.get("/admin/registration/application/x/change/").status_code == 404


def test_the_order_is_a_file_to_be_saved(world: World, operator: Client) -> None:
    answer = operator.get(step("order", application()))
    assert answer.content == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.req("REG-3", "REG-4")
def test_the_whole_way_in_the_tool(world: World, operator: Client) -> None:
    made = application()
    operator.post(step("review", made), {"revision": 1})
    made.refresh_from_db()
    assert (made.state, made.reviewer) == (State.ON_REVIEW, world.operator)
    assert text_of(operator.get(step("approve", made)))
    page = text_of(operator.post(step("approve", made), {"revision": 2}, follow=True))
    assert "Организация создана" in page
    assert Organization.objects.filter(inn=made.inn).exists()
    again = text_of(operator.post(step("approve", made), {"revision": 2}, follow=True))
    assert "тем временем изменилась" in again
    assert Organization.objects.filter(inn=made.inn).count() == 1


@pytest.mark.parametrize(("name", "state"), [("return", State.RETURNED), ("reject", State.REJECTED)])
def test_a_no_needs_words(world: World, operator: Client, name: str, state: str) -> None:
    made = application()
    assert text_of(operator.get(step(name, made)))
    assert operator.post(step(name, made), {"revision": 1, "text": " "}).status_code == 422
    sent = {"revision": 1, "text": "Приказ не подписан", "fields_to_correct": ["order"]}
    assert "Приказ не подписан" in text_of(operator.post(step(name, made), sent, follow=True))
    made.refresh_from_db()
    assert made.state == state
    assert made.events.latest("id").fields == (["order"] if name == "return" else [])


def test_nobody_adds_changes_or_deletes_past_the_steps(world: World, operator: Client) -> None:
    made = returned(world)
    assert operator.get("/admin/registration/application/add/").status_code == 403
    assert operator.post(f"/admin/registration/application/{made.pk}/delete/").status_code == 403
    operator.post(step("change", made), {"state": "approved"})
    made.refresh_from_db()
    assert made.state == State.RETURNED


def test_a_helper_looks_and_does_not_decide(world: World, browse: Callable[[User | None], Client]) -> None:
    helper = make_user("+79006000009", "Помощник", is_staff=True)
    made = application()
    client = browse(helper)
    assert client.get(step("change", made)).status_code == 403
    assert client.get(step("order", made)).status_code == 403
    helper.user_permissions.add(Permission.objects.get(codename="view_application"))
    assert client.get(step("change", made)).status_code == 200
    assert "Одобрить" not in client.get(step("change", made)).content.decode()
    for name in ("review", "approve", "return", "reject"):
        assert client.post(step(name, made), {"revision": 1, "text": "x"}).status_code == 403
    made.refresh_from_db()
    assert made.state == State.SUBMITTED


@pytest.mark.req("REG-5")
def test_the_operator_sees_and_cancels_deletions(world: World, operator: Client) -> None:
    deletion = plan_deletion(actor=world.a.actor("administrator"), typed_name="Школа № 1")
    page = reverse("admin:registration_deletion_changelist")
    assert "Школа № 1" in text_of(operator.get(page, {"state": "pending"}))
    sent = {"action": "action_cancel", "_selected_action": [deletion.pk]}
    for _again in range(2):
        assert operator.post(page, sent, follow=True).status_code == 200
    deletion = Deletion.objects.get()
    assert not deletion.is_pending
    assert deletion.cancelled_name == str(world.operator)
    assert "Школа № 1" not in text_of(operator.get(page, {"state": "pending"}))
    assert text_of(operator.get(reverse("admin:registration_deletion_change", args=[deletion.pk])))
