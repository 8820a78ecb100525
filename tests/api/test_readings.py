"""Required reading over the API (CHAN-4, DOC-1)."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orgs.models import Audience
from orgs.selectors.organizations import today_in
from readings.models import Confirmation, ParentsConfirm
from readings.services import giving
from tests.api.conftest import Api
from tests.readings.cast import given, second_parent
from tests.readings.test_progress import crowd
from tests.world import School, World

pytestmark = pytest.mark.req("CHAN-4", "DOC-1")


@pytest.fixture
def school(world: World) -> School:
    return world.a


def listed(client: Any, path: str = "readings/", **query: str) -> list[dict[str, Any]]:
    return client.get(client.inside(path), query).json()["results"]


def test_a_parent_sees_and_confirms(school: School, api: Api) -> None:
    reading, client = given(school, due_in=3), api(school, "parent")
    [row] = listed(client, state="waiting")
    assert (row["id"], row["path"], row["is_done"], row["confirmed_at"]) == (reading.pk, "documents/12/", False, None)
    path = client.inside(f"readings/{reading.pk}/confirm/")
    first, second = client.post(path), client.post(path)
    assert (first.status_code, first.json()) == (200, second.json())
    assert listed(client, state="waiting") == []
    assert listed(client, state="done")[0]["confirmed_at"]
    assert client.get(client.inside("readings/"), {"state": "nonsense"}).status_code == 400


def test_codes_of_what_cannot_be_confirmed(school: School, api: Api) -> None:
    reading = given(school)
    path = f"readings/{reading.pk}/confirm/"
    head, teacher, parent = (api(school, name) for name in ("head", "teacher", "parent"))
    assert head.post(head.inside(path)).json()["code"] == "reading_not_asked"
    assert teacher.post(teacher.inside(path)).status_code == 404
    giving.close(actor=None, reading=reading)
    answer = parent.post(parent.inside(path))
    assert (answer.status_code, answer.json()["code"]) == (409, "reading_closed")
    assert parent.post(parent.inside(f"readings/{2**63}/confirm/")).status_code == 404


def test_progress_and_people(school: School, api: Api) -> None:
    second_parent(school)
    unit = school.units["5А"].pk
    reading = given(school, (Audience.PARENTS, unit), (Audience.LEADERS, None), parents=ParentsConfirm.FAMILY)
    client = api(school, "head")
    parent = api(school, "parent")
    parent.post(parent.inside(f"readings/{reading.pk}/confirm/"))
    shown = client.get(client.inside(f"readings/{reading.pk}/")).json()
    assert shown["count"] == {"asked": 3, "confirmed": 1}
    assert [(group["key"], group["asked"]) for group in shown["groups"]] == [("staff", 1), (str(unit), 2)]
    assert shown["circles"][0]["unit"]["name"] == "5А"
    people = f"readings/{reading.pk}/people/"
    [done] = listed(client, people, state="confirmed")
    assert done["confirmed_by"]["full_name"] == "Ёжикова Роза Павловна"
    assert done["children"][0]["units"] == "5А"
    assert len(done["people"]) == 2
    assert len(listed(client, people, state="waiting")) == 2
    assert len(listed(client, people, unit="staff")) == 1
    assert len(listed(client, people, q="зайцев")) == 1
    page = client.get(client.inside(people), {"limit": "1", "page": "2"}).json()
    assert (page["count"], len(page["results"])) == (3, 1)
    for bad in ({"unit": "x"}, {"unit": "9" * 30}, {"state": "x"}, {"q": "ё" * 201}):
        assert client.get(client.inside(people), bad).status_code == 400
    assert client.get(client.inside(people), {"page": "9" * 30}).status_code == 404


def test_paper_reminding_and_the_deadline(school: School, api: Api) -> None:
    reading, client = given(school), api(school, "administrator")
    base, person = f"readings/{reading.pk}/", school.people["waiting_parent"].pk
    noted = client.put(client.inside(f"{base}paper/{person}/"))
    assert noted.json()["is_on_paper"] is True
    for _twice in range(2):
        assert client.delete(client.inside(f"{base}paper/{person}/")).status_code == 204
    assert not Confirmation.objects.exists()
    teacher = client.put(client.inside(f"{base}paper/{school.people['teacher'].pk}/"))
    assert (teacher.status_code, teacher.json()["code"]) == (409, "person_not_asked")
    assert client.post(client.inside(f"{base}remind/")).json() == {"count": 2}
    again = client.post(client.inside(f"{base}remind/"))
    assert (again.status_code, again.json()["code"]) == (429, "reminded_recently")
    today = today_in(school.organization).isoformat()
    assert client.patch(client.inside(base), {"due_on": today}).json()["due_on"] == today
    past = client.patch(client.inside(base), {"due_on": "2020-01-01"})
    assert (past.status_code, past.json()["code"], list(past.json()["fields"])) == (400, "reading_due_past", ["due_on"])
    for bad in ({}, {"due_on": "soon"}, {"due_on": 10**30}):
        assert client.patch(client.inside(base), bad).status_code == 400
    assert client.post(client.inside(f"{base}close/")).json()["closed_at"]
    assert client.post(client.inside(f"{base}reopen/")).json()["closed_at"] is None


def test_the_register_is_of_those_who_gave_out(world: World, api: Api) -> None:
    school = world.a
    given(school)
    own = given(school, (Audience.PARENTS, school.units["5А"].pk), by="leader")
    given(world.b)
    assert [row["id"] for row in listed(api(school, "leader"), "readings/given/")] == [own.pk]
    rows = listed(api(school, "head"), "readings/given/", state="open", q="ПРИКАЗ")
    assert len(rows) == 2
    assert rows[0]["count"] == {"asked": 2, "confirmed": 0}
    parent = api(school, "parent")
    assert parent.get(parent.inside("readings/given/")).status_code == 403


def test_another_school_is_closed(world: World, api: Api) -> None:
    reading, client = given(world.a), api(world.b, "administrator")
    base = f"readings/{reading.pk}/"
    for path in (base, f"{base}people/"):
        assert client.get(client.inside(path)).status_code == 404
    for path in ("confirm/", "remind/", "close/", "reopen/"):
        assert client.post(client.inside(base + path)).status_code == 404
    other = given(world.b)
    person = world.a.people["parent"].pk
    assert client.put(client.inside(f"readings/{other.pk}/paper/{person}/")).status_code == 404


def test_as_many_queries_for_many(school: School, api: Api) -> None:
    reading = given(school, (Audience.EVERYONE, None))
    head, parent = api(school, "head"), api(school, "parent")
    asks = [
        (head, "readings/given/"),
        (head, f"readings/{reading.pk}/"),
        (head, f"readings/{reading.pk}/people/"),
        (parent, "readings/"),
    ]
    counts = []
    for more in (3, 200):
        crowd(school, more)
        for _number in range(0 if more == 3 else 20):
            given(school, (Audience.EVERYONE, None))
        found = []
        for client, path in asks:
            client.get(client.inside(path))
            with CaptureQueriesContext(connection) as captured:
                assert client.get(client.inside(path)).status_code == 200
            found.append(len(captured))
        counts.append(found)
    assert counts[0] == counts[1]
