"""Long work over the API."""

from __future__ import annotations

import pytest

from orgs.models import Person
from tests.api.conftest import Api, api
from tests.works.conftest import begun, finished
from tests.world import School, World, make_user

__all__ = ["api"]

pytestmark = pytest.mark.req("ORG-8", "ORG-9", "INT-1")


def test_the_api_says_what_the_page_says(school: School, world: World, api: Api) -> None:
    client = api(school, "administrator")
    work = finished(school)
    [listed] = client.get(client.inside("works/")).json()["results"]
    assert (listed["id"], listed["state"], listed["lines"]) == (work.pk, "done", [{"title": "People", "number": 2}])
    address = client.inside(f"works/{work.pk}/")
    assert client.get(f"{address}obstacles/").json() == {"obstacles": []}
    assert client.post(f"{address}undo/").json()["state"] == "undone"
    again = client.post(f"{address}undo/")
    assert (again.status_code, again.json()["code"]) == (409, "already_undone")
    waiting = begun(school)
    assert client.post(client.inside(f"works/{waiting.pk}/cancel/")).json()["state"] == "cancelled"
    stranger = api(world.b, "administrator")
    assert stranger.get(stranger.inside(f"works/{work.pk}/")).status_code == 404


def test_obstacles_over_the_api(school: School, api: Api) -> None:
    client = api(school, "administrator")
    work = finished(school)
    Person.objects.filter(last_name="Носов").update(user=make_user("+79005550001"))
    [obstacle] = client.get(client.inside(f"works/{work.pk}/obstacles/")).json()["obstacles"]
    assert (obstacle["count"], obstacle["names"]) == (1, ["Носов Нестор"])
    assert client.post(client.inside(f"works/{work.pk}/undo/")).status_code == 409
