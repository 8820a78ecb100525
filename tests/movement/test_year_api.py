"""The check of the data, merging and the next school year over the API; every answer is held against the schema."""

from __future__ import annotations

import pytest

from movement.models import YearPlan
from movement.selectors.years.plan import target_of_unit
from orgs.models import Person, Unit
from tests.api.conftest import Api, api
from tests.movement.year_cast import lived_in, student
from tests.world import School, World
from works.models import Work
from works.services import running, undoing

__all__ = ["api"]


@pytest.fixture
def school(world: World) -> School:
    return lived_in(world.a)


@pytest.mark.req("ORG-9")
def test_the_draft_is_read_changed_and_done(api: Api, school: School) -> None:
    client = api(school, "administrator")
    base = client.inside("next-year/")
    plan = client.get(base).json()
    fates = {row["unit"]: (row["fate"], row["name"]) for row in plan["units"]}
    assert fates[school.units["5А"].pk] == ("promote", "6А")
    assert (plan["name"], plan["new"]) == ("2027/2028", [])
    classmate = school.people["classmate"].pk
    place = {"person": classmate, "fate": "move", "target": target_of_unit(school.units["5Б"].pk)}
    answer = client.patch(base, {"people": [place], "new": ["1А"], "order_number": "77"}, format="json")
    assert answer.json()["people"] == [place]
    preview = client.get(f"{base}preview/").json()
    assert {row["name"]: row["students"] for row in preview["units"]} == {"1А": 0, "6А": 1, "6Б": 2, "Шахматы": 1}
    assert preview["leaving"] == 1
    assert {row["code"] for row in preview["problems"]} == {"no_leader"}
    started = client.post(f"{base}start/")
    assert started.status_code == 202
    running.run(started.json()["id"])
    assert Unit.objects.active().filter(name="6А").exists()
    assert client.delete(base).status_code == 204
    assert not YearPlan.objects.exists()


@pytest.mark.req("ORG-9")
def test_a_draft_that_names_others_is_refused(api: Api, school: School, world: World) -> None:
    client = api(school, "administrator")
    base = client.inside("next-year/")
    of_b = {"unit": world.b.units["5А"].pk, "fate": "close"}
    answer = client.patch(base, {"units": [of_b]}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_unit")
    stranger = {"person": world.b.people["student"].pk, "fate": "leave"}
    answer = client.patch(base, {"people": [stranger]}, format="json")
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_person")
    client.patch(base, {"units": [{"unit": school.units["5Б"].pk, "fate": "close"}]}, format="json")
    answer = client.post(f"{base}start/")
    assert (answer.status_code, answer.json()["code"]) == (409, "year_plan_broken")
    assert not Work.objects.exists()


@pytest.mark.req("ORG-7")
def test_findings_are_listed_put_aside_and_merged(api: Api, school: School, world: World) -> None:
    client = api(school, "administrator")
    base = client.inside("")
    kept, gone = school.people["student"], student(school, "5А", "Ежиков", "Петр")
    found = client.get(f"{base}hygiene/", {"group": "duplicates"}).json()["groups"]
    assert [row["people"][0]["id"] for row in found[0]["findings"]] == [kept.pk]
    key = {"group": "duplicates", "key": found[0]["findings"][0]["key"]}
    assert client.post(f"{base}hygiene/dismiss/", key, format="json").status_code == 204
    assert client.get(f"{base}hygiene/", {"group": "duplicates"}).json()["groups"][0]["count"] == 0
    assert client.post(f"{base}hygiene/restore/", key, format="json").status_code == 204
    assert client.get(f"{base}hygiene/").json()["groups"]
    of_b = {"kept": kept.pk, "gone": world.b.people["classmate"].pk}
    assert client.post(f"{base}merges/", of_b, format="json").status_code == 400
    answer = client.post(f"{base}merges/", {"kept": kept.pk, "gone": gone.pk, "from_gone": ["phone"]}, format="json")
    assert answer.status_code == 201
    assert Person.objects.get(pk=gone.pk).merged_into == kept
    assert len(client.get(f"{base}merges/").json()["results"]) == 1
    undoing.undo(actor=school.actor("administrator"), work=Work.objects.get())
    assert Person.objects.get(pk=gone.pk).merged_into is None
