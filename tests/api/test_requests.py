"""Requests to join over the API: the applicant, the queue, the rules, the confirmation of staff (INV-6, INV-9)."""

from typing import Any

import pytest

from invitations.models import JoinRequest, RequestState
from invitations.tokens import make_token
from orgs.models import Person, Role, Verification
from tests.api.conftest import Api
from tests.invitations.applicants import ask, stranger
from tests.invitations.conftest import link_of
from tests.world import World

PARENT = {"unit": "5А", "child_name": "Зайцева Зоя"}
OWN = "/api/v1/join/requests/"


def wish(world: World, **more: Any) -> dict[str, Any]:
    unit = world.a.units["5А"].pk
    names = {"last_name": "Новичкова", "first_name": "Нина", "child_name": "Зайцева Зоя"}
    return {"organization": "a", "role": "parent", "unit": unit, **names, **more}


@pytest.mark.req("INV-6")
def test_asking_following_and_taking_back(world: World, api: Api) -> None:
    client = api(None, stranger())
    sent = client.post(OWN, wish(world))
    assert sent.status_code == 201
    assert (sent.json()["state"], sent.json()["unit"]) == ("pending", "5А")
    assert client.post(OWN, wish(world)).json()["code"] == "request_waiting"
    assert [row["id"] for row in client.get(OWN).json()] == [sent.json()["id"]]
    taken = client.post(f"{OWN}{sent.json()['id']}/withdraw/")
    assert taken.json()["state"] == "withdrawn"
    assert client.post(f"{OWN}{sent.json()['id']}/withdraw/").json()["code"] == "request_decided"


@pytest.mark.req("INV-6")
def test_a_closed_or_unknown_organization_and_a_foreign_unit(world: World, api: Api) -> None:
    client = api(None, stranger())
    assert client.post(OWN, wish(world, organization="nothing")).status_code == 404
    assert client.post(OWN, wish(world, unit=world.b.units["5А"].pk)).status_code == 400
    administrator = api(world.a, "administrator")
    rules = administrator.patch(administrator.inside("join-rules/"), {"is_open": False})
    assert rules.json() == {"is_open": False, "staff_review": "unknown", "days_until_stale": 14}
    assert client.post(OWN, wish(world)).status_code == 404
    assert administrator.patch(administrator.inside("join-rules/"), {"days_until_stale": 1}).status_code == 400


@pytest.mark.req("INV-6")
def test_the_queue_with_its_matches_and_an_acceptance(world: World, api: Api) -> None:
    request = ask(world.a, Role.TEACHER, "Ждущая Жанна")
    ask(world.a, Role.PARENT, **PARENT)
    client = api(world.a, "administrator")
    rows = client.get(client.inside("requests/"), {"state": "pending"}).json()["results"]
    assert [row["role"] for row in rows] == ["teacher", "parent"]
    assert rows[0]["candidates"][0]["person"]["id"] == world.a.people["waiting_teacher"].pk
    assert rows[1]["children"][0]["id"] == world.a.people["classmate"].pk
    one = client.get(client.inside(f"requests/{request.pk}/")).json()
    assert one["is_certain"] is False
    accepted = client.post(client.inside(f"requests/{request.pk}/accept/"), {})
    assert accepted.json()["state"] == "accepted"
    assert Person.objects.get(user=request.user) == world.a.people["waiting_teacher"]
    assert client.post(client.inside(f"requests/{request.pk}/accept/"), {}).json()["code"] == "request_decided"


@pytest.mark.req("INV-6")
def test_an_acceptance_can_correct_everything(world: World, api: Api) -> None:
    request = ask(world.a, Role.TEACHER, "Новикова Нина")
    client = api(world.a, "administrator")
    address = client.inside(f"requests/{request.pk}/accept/")
    unit, child = world.a.units["5Б"].pk, world.a.people["other_student"].pk
    assert client.post(address, {"role": "parent", "unit": unit, "person": None}).status_code == 400
    foreign = {"role": "parent", "unit": unit, "child": world.b.people["other_student"].pk}
    assert client.post(address, foreign).status_code == 400
    assert client.post(address, {"role": "parent", "unit": unit, "child": child}).status_code == 200
    assert Person.objects.get(user=request.user).child_links.get().child_id == child


@pytest.mark.req("INV-6", "INV-2")
def test_a_leader_answers_for_the_own_class_only(world: World, api: Api) -> None:
    mine, other = ask(world.a, Role.PARENT, **PARENT), ask(world.a, Role.STUDENT, "Новиков Нил", unit="5Б")
    client = api(world.a, "leader")
    found = client.get(client.inside("requests/")).json()["results"]
    assert [row["id"] for row in found] == [mine.pk]
    assert client.post(client.inside(f"requests/{other.pk}/accept/"), {}).status_code == 404
    refused = client.post(client.inside(f"requests/{mine.pk}/accept/"), {"role": "teacher"})
    assert refused.status_code == 403
    rejected = client.post(client.inside(f"requests/{mine.pk}/reject/"), {"reason": "Не знаем вас"})
    assert (rejected.json()["state"], rejected.json()["reason"]) == ("rejected", "Не знаем вас")


@pytest.mark.req("INV-6")
def test_many_answers_at_once(world: World, api: Api) -> None:
    certain = ask(world.a, Role.STUDENT, "Зайцева Зоя", unit="5А")
    doubtful = ask(world.a, Role.TEACHER, "Новиков Нил")
    client, both = api(world.a, "administrator"), [certain.pk, doubtful.pk]
    address = client.inside("requests/answers/")
    done = client.post(address, {"requests": both, "answer": "accept"}).json()
    assert done == {"answered": [certain.pk], "left": [doubtful.pk]}
    assert client.post(address, {"requests": both, "answer": "reject"}).status_code == 400
    done = client.post(address, {"requests": both, "answer": "reject", "reason": "Нет приказа"}).json()
    assert done == {"answered": [doubtful.pk], "left": [certain.pk]}


@pytest.mark.req("INV-9")
def test_an_unknown_teacher_is_told_that_the_request_waits(world: World, api: Api) -> None:
    token = make_token(link_of(world.a, role=Role.TEACHER, unit="staff").pk, 1)
    answer = api(None, stranger()).post("/api/v1/join/", {"token": token, "last_name": "Новиков", "first_name": "Нил"})
    assert answer.status_code == 202
    assert answer.json()["state"] == "pending"
    assert JoinRequest.objects.get().state == RequestState.PENDING


@pytest.mark.req("INV-9")
def test_the_confirmation_of_staff(world: World, api: Api) -> None:
    client, leader = api(world.a, "administrator"), world.a.people["leader"]
    people = client.get(client.inside("verification/"), {"state": "confirmed"}).json()["results"]
    assert leader.pk in [row["person"]["id"] for row in people]
    address = client.inside(f"verification/{leader.pk}/")
    gone = client.post(f"{address}withdraw/", {"reason": "Уволена"}).json()
    assert (gone["state"], gone["reason"], gone["roles"]) == ("withdrawn", "Уволена", [])
    back = client.post(f"{address}confirm/").json()
    assert (back["state"], back["roles"]) == ("confirmed", ["teacher"])
    assert client.post(f"{address}confirm/").json()["code"] == "nothing_to_give_back"
    assert Person.objects.get(pk=leader.pk).verification == Verification.CONFIRMED
