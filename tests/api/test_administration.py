"""Administrators, handover, rights, the journal over the API."""

import pytest

from orgs.services.administration import grant_right
from tests.api.conftest import Api
from tests.world import World, without_head

pytestmark = pytest.mark.req("INT-1")


@pytest.mark.req("REG-6")
def test_appoint_and_remove(world: World, api: Api) -> None:
    client = api(world.a, "administrator")
    administrators = client.inside("administrators/")
    leader = world.a.people["leader"].pk
    assert client.post(administrators, {"person": leader}).status_code == 201
    assert [row["last_name"] for row in client.get(administrators).json()["results"]] == ["Админова", "Ведущая"]
    assert client.delete(f"{administrators}{leader}/").status_code == 204
    assert client.delete(f"{administrators}{leader}/").status_code == 404
    refused = client.post(administrators, {"person": world.a.people["waiting_teacher"].pk})
    assert (refused.status_code, refused.json()["code"]) == (409, "appoint_after_joining")


@pytest.mark.req("REG-6")
def test_a_handover_is_accepted_by_the_successor_only(world: World, api: Api) -> None:
    giver, successor = api(world.a, "administrator"), api(world.a, "head")
    handovers = giver.inside("handovers/")
    offered = giver.post(handovers, {"person": world.a.people["head"].pk})
    assert (offered.status_code, offered.json()["state"]) == (201, "open")
    again = giver.post(handovers, {"person": world.a.people["leader"].pk})
    assert again.json()["code"] == "handover_open"
    offer = f"{handovers}{offered.json()['id']}/"
    assert giver.post(offer + "accept/").status_code == 403
    assert api(world.a, "leader").post(offer + "accept/").status_code == 404
    assert [row["state"] for row in successor.get(handovers).json()["results"]] == ["open"]
    assert successor.post(offer + "accept/").json()["state"] == "accepted"
    assert successor.post(offer + "decline/").json()["code"] == "handover_closed"
    # The giver did not stay: the duty is gone, and with it everything else here.
    assert giver.get(handovers).status_code == 404


@pytest.mark.req("REG-6")
def test_a_handover_is_declined_and_withdrawn(world: World, api: Api) -> None:
    giver, successor = api(world.a, "administrator"), api(world.a, "head")
    handovers = giver.inside("handovers/")
    body = {"person": world.a.people["head"].pk, "stays": True}
    first = giver.post(handovers, body).json()["id"]
    assert successor.post(f"{handovers}{first}/decline/").json()["state"] == "declined"
    second = giver.post(handovers, body).json()["id"]
    assert successor.post(f"{handovers}{second}/withdraw/").status_code == 403
    assert giver.post(f"{handovers}{second}/withdraw/").json()["state"] == "withdrawn"


@pytest.mark.req("ACC-4")
def test_rights_are_granted_and_taken_back(world: World, api: Api) -> None:
    client = api(world.a, "administrator")
    without_head(world.a)
    rights = client.inside("rights/")
    unit, teacher = world.a.units["5А"].pk, world.a.people["teacher"].pk
    right = {"person": teacher, "right": "invite_into_unit", "unit": unit}
    assert client.post(rights, right).status_code == 201
    assert client.post(rights, {"person": world.a.people["leader"].pk, "right": "view_statistics"}).status_code == 201
    assert [(row["right"], (row["unit"] or {}).get("name")) for row in client.get(rights).json()] == [
        ("view_statistics", None),
        ("invite_into_unit", "5А"),
    ]
    assert client.post(rights + "revoke/", right).status_code == 204
    assert len(client.get(rights).json()) == 1
    assert client.post(rights, {**right, "unit": None}).json()["code"] == "right_needs_unit"
    assert client.post(rights, {**right, "unit": world.b.units["5А"].pk}).status_code == 400
    assert client.post(rights, {**right, "right": "delete_unit"}).status_code == 400
    assert api(world.a, "teacher").get(rights).status_code == 403


@pytest.mark.req("STAT-1")
def test_the_right_to_the_statistics_is_not_the_administrators_while_there_is_a_head(world: World, api: Api) -> None:
    client = api(world.a, "administrator")
    rights = client.inside("rights/")
    grant_right(actor=world.a.actor("head"), person=world.a.people["leader"], codename="view_statistics")
    for path, who in ((rights, "teacher"), (f"{rights}revoke/", "leader")):
        right = {"person": world.a.people[who].pk, "right": "view_statistics"}
        assert client.post(path, right).status_code == 403
    assert [row["right"] for row in client.get(rights).json()] == ["view_statistics"]
    assert api(world.a, "head").get(rights).status_code == 403
    without_head(world.a)
    student = {"person": world.a.people["student"].pk, "right": "view_statistics"}
    assert client.post(rights, student).json()["code"] == "right_for_staff"


@pytest.mark.req("ORG-12")
def test_the_journal_speaks_in_sentences(world: World, api: Api) -> None:
    client = api(world.a, "administrator")
    unit = world.a.units["5А"].pk
    client.post(client.inside(f"units/{unit}/archive/"))
    newest = client.get(client.inside("journal/"), {"unit": unit}).json()["results"][0]
    assert (newest["action"], newest["actor"]["name"]) == ("unit.archived", "Админова Анна Аркадьевна")
    assert "5А" in newest["sentence"]
    student = world.a.people["student"].pk
    of_person = client.get(client.inside("journal/"), {"person": student}).json()["results"]
    assert {event["person"]["id"] for event in of_person} == {student}
    assert api(world.a, "leader").get(client.inside("journal/")).status_code == 403
    assert client.delete(client.inside("journal/")).status_code == 405


@pytest.mark.req("ORG-12", "INT-1")
def test_the_journal_is_narrowed_and_taken_away(world: World, api: Api) -> None:
    client = api(world.a, "administrator")
    student = world.a.people["student"]
    url = client.inside("journal/")
    movement = client.get(url, {"group": "movement", "person": student.pk}).json()["results"]
    assert {event["action"] for event in movement} == {"person.enrolled"}
    assert client.get(url, {"by_platform": True, "action": "organization.created"}).json()["results"]
    assert client.get(url, {"actor": student.pk}).json()["results"] == []
    assert client.get(url, {"since": "2999-01-01"}).json()["results"] == []
    assert client.get(url, {"order": "1-к", "unit": world.a.units["5А"].pk}).json()["results"] == []
    assert client.get(url, {"search": "ежиков", "until": "2999-01-01"}).json()["results"]
    assert client.get(url, {"group": "nonsense"}).status_code == 400
    response = client.get(client.inside("journal/csv/"), {"group": "movement"})
    lines = b"".join(response.streaming_content).decode().splitlines()
    assert lines[0].startswith("\ufeff")
    assert len(lines) > 2
    assert api(world.a, "leader").get(client.inside("journal/csv/")).status_code == 403
