"""Movement, notices and consents over the API (ORG-5, ORG-6, ORG-11)."""

from __future__ import annotations

from typing import Any

import pytest

from orgs.models import Part
from tests.api.conftest import Api
from tests.movement.cast import consent_of, notice_of
from tests.movement.test_moving import units_of
from tests.world import School, World

pytestmark = pytest.mark.req("ORG-5", "ORG-6", "ORG-11", "INT-1")


@pytest.fixture
def school(world: World) -> School:
    return world.a


def transfer(school: School, **more: Any) -> dict[str, Any]:
    values = {"what": "transfer", "people": [school.people["student"].pk], "unit": school.units["5Б"].pk}
    return {**values, "order_number": "15", "order_date": "2026-11-20", **more}


def test_a_movement_is_looked_at_carried_out_and_undone(school: School, api: Api) -> None:
    client = api(school, "administrator")
    told = client.post(client.inside("movement/preview/"), transfer(school)).json()
    assert "5Б" in told["sentence"]
    assert units_of(school.people["student"]) == ["5А"]
    work = client.post(client.inside("movement/"), transfer(school)).json()
    assert work["state"] == "done"
    assert work["can_be_undone"]
    assert units_of(school.people["student"]) == ["5Б"]
    listed = client.get(client.inside("movement/"), {"kind": "moved"}).json()
    assert [(row["person"]["full_name"], row["unit_from"], row["unit_to"]) for row in listed["results"]] == [
        ("Ёжиков Пётр Ильич", "5А", "5Б")
    ]
    client.post(client.inside(f"works/{work['id']}/undo/"), {})
    assert units_of(school.people["student"]) == ["5А"]


def test_pages_by_number(school: School, api: Api) -> None:
    client = api(school, "head")
    first = client.get(client.inside("movement/"), {"limit": 2}).json()
    assert (first["count"], len(first["results"])) == (3, 2)
    assert len(client.get(client.inside("movement/"), {"limit": 2, "page": 2}).json()["results"]) == 1


def test_what_cannot_be_done_says_why(school: School, api: Api) -> None:
    client = api(school, "administrator")
    answer = client.post(client.inside("movement/"), transfer(school, unit=school.units["5А"].pk))
    assert (answer.status_code, answer.json()["code"]) == (409, "already_there")


def test_a_notice_goes_its_way(school: School, api: Api) -> None:
    head, administrator = api(school, "head"), api(school, "administrator")
    body = {"kind": "hire", "newcomer": {"last_name": "Новикова", "first_name": "Нина"}, "order_number": "7"}
    made = head.post(head.inside("movement/notices/"), body).json()
    url = head.inside(f"movement/notices/{made['id']}/")
    assert made["state"] == "sent"
    assert "Новикова Нина" in made["sentence"]
    returned = administrator.post(f"{url}return/", {"answer": "Нужна должность"}).json()
    assert (returned["state"], returned["answer"]) == ("returned", "Нужна должность")
    body["newcomer"] = {"last_name": "Новикова", "first_name": "Нина", "position": "учитель"}
    assert head.put(url, body).json()["state"] == "sent"
    done = administrator.post(f"{url}carry-out/", {}).json()
    assert done["state"] == "done"
    assert done["work"]
    again = administrator.post(f"{url}done/", {})
    assert (again.status_code, again.json()["code"]) == (409, "notice_decided")


def test_notices_are_listed_and_withdrawn(school: School, api: Api) -> None:
    notice = notice_of(school)
    head = api(school, "head")
    listed = head.get(head.inside("movement/notices/"), {"state": "sent", "q": "ежик"}).json()["results"]
    assert [row["id"] for row in listed] == [notice.pk]
    assert head.post(head.inside(f"movement/notices/{notice.pk}/withdraw/"), {}).json()["state"] == "withdrawn"


def test_consents_are_recorded_and_listed(school: School, api: Api) -> None:
    leader = api(school, "leader")
    child, parent = school.people["student"].pk, school.people["parent"].pk
    url = leader.inside(f"consents/children/{child}/")
    row = leader.post(url, {"decision": "refusal", "channel": "по телефону", "parent": parent}).json()
    assert (row["decision"], row["parent"]["id"]) == ("refusal", parent)
    listed = leader.get(leader.inside("consents/"), {"unreached": True}).json()
    assert {family["child"]["full_name"]: family["channels"] for family in listed["results"]} == {
        "Ёжиков Пётр Ильич": ["по телефону"],
        "Зайцева Зоя Захаровна": [],
    }
    count = leader.post(leader.inside(f"consents/units/{school.units['5А'].pk}/"), {"decision": "consent"}).json()
    assert count == {"count": 1}
    assert len(leader.get(url).json()["results"]) == 1


def test_a_parent_decides(school: School, api: Api) -> None:
    consent_of(school)
    parent = api(school, "parent")
    url = parent.inside(f"consents/children/{school.people['student'].pk}/own/")
    row = parent.post(url, {"decision": "other_channel", "channel": "по телефону"}).json()
    assert row["is_electronic"]
    refused = parent.post(url, {"decision": "other_channel"})
    assert (refused.status_code, refused.json()["code"]) == (400, "channel_required")


def test_a_new_leader_over_the_api(school: School, api: Api) -> None:
    client = api(school, "administrator")
    body = {
        "what": "enrol",
        "people": [school.people["teacher"].pk],
        "unit": school.units["5А"].pk,
        "part": "leader",
        "replaces_leader": True,
    }
    assert client.post(client.inside("movement/"), body).status_code == 201
    assert units_of(school.people["leader"], Part.LEADER) == []
