"""The operator's queue and the deletion over the API (REG-2, REG-5, INT-1)."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.services import create_api_key
from orgs.models import Organization
from registration.models import Application, Deletion, State
from registration.tokens import make_token
from tests.api.client import CheckedClient
from tests.api.conftest import api, bare_client  # noqa: F401
from tests.registration.cast import PDF, application, approved, returned
from tests.world import World

pytestmark = [pytest.mark.req("REG-2", "INT-1")]
LIST = "/api/v1/registration/applications/"


@pytest.fixture
def operator(world: World, api: Any) -> CheckedClient:  # noqa: F811
    return api(None, world.operator)


def test_the_queue_is_searched_and_narrowed(operator: CheckedClient) -> None:
    made = application()
    application(short_name="Сад", name="Сад", inn="6601000006")
    rows = operator.get(LIST).json()["results"]
    assert [row["short_name"] for row in rows] == ["Сад", "Школа № 77"]
    assert [row["id"] for row in operator.get(LIST, {"q": "школа"}).json()["results"]] == [made.pk]
    assert operator.get(LIST, {"state": "approved"}).json()["results"] == []
    assert len(operator.get(LIST, {"state": "x"}).json()["results"]) == 2


@pytest.mark.parametrize("count", [3, 60])
def test_a_page_of_the_queue_costs_the_same(
    operator: CheckedClient, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        application(short_name=f"Школа № {number}", email=f"{number}@example.org")
    operator.get(LIST)
    with django_assert_num_queries(3):
        operator.get(LIST)


@pytest.mark.req("REG-3")
def test_the_whole_way(world: World, operator: CheckedClient) -> None:
    made = application()
    one = f"{LIST}{made.pk}/"
    assert operator.get(one).json()["order_name"] == "приказ.pdf"
    assert operator.post(f"{one}review/", {"revision": 1}).json()["state"] == "on_review"
    sent = {"revision": 2, "text": "Сверьте адрес", "fields_to_correct": ["address"]}
    answer = operator.post(f"{one}return/", sent).json()
    assert answer["steps"][-1]["fields_to_correct"] == ["address"]
    assert answer["steps"][-1]["operator"] == str(world.operator)
    assert operator.post(f"{one}approve/", {"revision": 3}).status_code == 409
    Application.objects.filter(pk=made.pk).update(state=State.SUBMITTED)
    answer = operator.post(f"{one}approve/", {"revision": 3}).json()
    assert Organization.objects.get(slug=answer["organization"]).inn == made.inn
    assert operator.post(f"{one}reject/", {"revision": 4, "text": "Нет"}).status_code == 409


@pytest.mark.parametrize("body", [{}, {"revision": 0}, {"revision": "x"}, {"revision": 1}, {"revision": 1, "text": ""}])
def test_a_no_needs_a_revision_and_words(operator: CheckedClient, body: dict[str, Any]) -> None:
    made = application()
    for step in ("return", "reject"):
        assert operator.post(f"{LIST}{made.pk}/{step}/", body).status_code == 400
    assert (
        operator.post(f"{LIST}{made.pk}/return/", {"revision": 1, "text": "x", "fields_to_correct": ["y"]}).status_code
        == 400
    )
    assert operator.get(f"{LIST}999999/").status_code == 404


def test_a_key_of_the_operator_works_and_one_of_a_school_does_not(world: World, bare_client: Any) -> None:  # noqa: F811
    made = application()
    _key, raw = create_api_key(world.operator, "intake", read_only=True)
    answer = bare_client.get(LIST, headers={"Authorization": f"Bearer {raw}"})
    assert answer.json()["results"][0]["id"] == made.pk
    write = bare_client.post(f"{LIST}{made.pk}/review/", {"revision": 1}, headers={"Authorization": f"Bearer {raw}"})
    assert write.status_code == 403
    _key, raw = create_api_key(world.a.user("administrator"), "school")
    assert bare_client.get(LIST, headers={"Authorization": f"Bearer {raw}"}).status_code == 403


def test_the_order_is_a_file(world: World, bare_client: Any) -> None:  # noqa: F811
    bare_client.force_login(world.operator, backend="accounts.backends.AuthenticationBackend")
    made = application()
    answer = bare_client.get(f"{LIST}{made.pk}/order/")
    assert answer.content == PDF
    assert answer.headers["Content-Disposition"].startswith("attachment")
    made.order.content.storage.delete(made.order.content.name)
    assert bare_client.get(f"{LIST}{made.pk}/order/").status_code == 404


def test_the_state_is_told_to_whoever_has_the_address(world: World, api: Any, settings: Any) -> None:  # noqa: F811
    made = returned(world)
    answer = api().get(f"/api/v1/registration/status/{make_token(made.pk)}/").json()
    assert (answer["state"], answer["steps"][-1]["text"]) == ("returned", "Сверьте адрес")
    assert {step["operator"] for step in answer["steps"]} == {None}
    settings.FAILED_TOKENS_PER_ADDRESS_PER_HOUR = 1
    statuses = [api().get("/api/v1/registration/status/1-x/").status_code for _try in range(2)]
    assert statuses == [404, 429]


@pytest.mark.req("REG-5")
def test_a_deletion_is_asked_for_and_cancelled(world: World, api: Any) -> None:  # noqa: F811
    client = api(world.a, "administrator")
    address = client.inside("deletion/")
    assert client.get(address).status_code == 404
    assert client.delete(address).status_code == 404
    assert client.post(address, {"short_name": "Не та"}).status_code == 400
    assert client.post(address, {"short_name": "Школа № 1"}).status_code == 201
    assert client.post(address, {"short_name": "Школа № 1"}).status_code == 409
    assert client.get(address).json()["requested_name"] == world.a.people["administrator"].full_name
    assert api(world.a, "head").get(address).status_code == 200
    assert api(world.a, "head").delete(address).status_code == 403
    assert client.delete(address).status_code == 204
    assert not Deletion.objects.get().is_pending


@pytest.mark.req("REG-5")
def test_an_organizations_details_hold_inn_and_municipality(world: World, api: Any) -> None:  # noqa: F811
    made = approved(world)
    assert made.organization is not None
    client = api(world.a, "administrator")
    answer = client.patch(client.inside(""), {"inn": "7701 000001", "municipality": "Реж"}).json()
    assert (answer["inn"], answer["municipality"]) == ("7701000001", "Реж")
    assert client.patch(client.inside(""), {"inn": "7701000002"}).status_code == 400
    assert client.patch(client.inside(""), {"inn": ""}).json()["inn"] == ""
