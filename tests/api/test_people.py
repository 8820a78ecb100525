"""The roster over the API."""

import pytest

from orgs.models import Enrolment, Person, RoleAssignment
from tests.api.conftest import Api
from tests.world import World

pytestmark = pytest.mark.req("INT-1")


def found(client, **query) -> list[str]:
    rows = client.get(client.inside("people/"), query).json()["results"]
    return [row["last_name"] for row in rows]


@pytest.mark.req("ORG-7")
def test_the_roster_is_found_by_any_part_of_a_name(world: World, api: Api) -> None:
    client = api(world.a, "administrator")
    assert found(client, search="ЕЖИК") == ["Ёжиков", "Ёжикова"]
    assert found(client, search="петр ежик") == ["Ёжиков"]
    assert found(client, role="head") == ["Главный"]
    assert found(client, role="teacher", joined="false") == ["Ждущая"]
    # A unit is its members and the parents of its students.
    assert found(client, unit=world.a.units["5Б"].pk) == ["Белкин", "Обоева", "Учёный"]
    assert found(client, without_parent="true") == []
    assert found(client, former="true") == []


@pytest.mark.req("ACC-4")
def test_the_roster_is_for_staff(world: World, api: Api) -> None:
    for who in ("parent", "student"):
        client = api(world.a, who)
        assert client.get(client.inside("people/")).status_code == 403
    assert found(api(world.a, "teacher"), role="student") == ["Белкин"]


@pytest.mark.req("ORG-4")
def test_a_person_comes_on_the_roster(world: World, api: Api) -> None:
    client = api(world.a, "administrator")
    body = {
        "last_name": " Новый ",
        "first_name": "Никита",
        "phone": "8 (912) 345-67-89",
        "birth_date": "1980-05-01",
        "roles": ["teacher", "parent"],
    }
    created = client.post(client.inside("people/"), body)
    assert created.status_code == 201
    person = created.json()
    assert (person["full_name"], person["phone"], person["roles"]) == (
        "Новый Никита",
        "+79123456789",
        ["parent", "teacher"],
    )
    assert [unit["unit"]["name"] for unit in person["units"]] == [world.a.units["staff"].name]


@pytest.mark.req("ORG-4", "REG-6")
def test_nobody_is_written_into_the_roster_as_an_administrator(world: World, api: Api) -> None:
    client = api(world.a, "administrator")
    body = {"last_name": "Новый", "first_name": "Никита", "roles": ["administrator"]}
    refused = client.post(client.inside("people/"), body)
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["roles"])


@pytest.mark.req("ORG-7", "ACC-4")
def test_what_a_person_is_cannot_be_slipped_in(world: World, api: Api) -> None:
    person = world.a.people["waiting_teacher"]
    client = api(world.a, "administrator")
    body = {
        "id": world.b.people["head"].pk,
        "organization": world.b.organization.pk,
        "organization_id": world.b.organization.pk,
        "user": world.operator.pk,
        "user_id": world.operator.pk,
        "merged_into": world.a.people["head"].pk,
        "joined_at": "2020-01-01T00:00:00Z",
        "search_name": "не то",
        "roles": ["administrator"],
        "position": "Учитель физики",
    }
    assert client.patch(client.inside(f"people/{person.pk}/"), body).json()["position"] == "Учитель физики"
    now = Person.objects.get(pk=person.pk)
    assert (now.organization_id, now.user_id, now.merged_into_id, now.joined_at, now.search_name) == (
        person.organization_id,
        None,
        None,
        None,
        person.search_name,
    )
    assert set(RoleAssignment.objects.filter(person=person).values_list("role", flat=True)) == {"teacher"}


@pytest.mark.req("ORG-7")
def test_a_correction_reaches_the_search(world: World, api: Api) -> None:
    client = api(world.a, "administrator")
    client.patch(
        client.inside(f"people/{world.a.people['classmate'].pk}/"), {"last_name": "Лисицына", "email": "z@x.ru"}
    )
    assert found(client, search="лисиц") == ["Лисицына"]


@pytest.mark.req("ORG-4", "REG-6")
def test_roles_change_in_place(world: World, api: Api) -> None:
    client = api(world.a, "administrator")
    roles = client.inside(f"people/{world.a.people['teacher'].pk}/roles/")
    assert client.put(roles, {"roles": ["teacher", "parent", "administrator"]}).json()["roles"] == [
        "administrator",
        "parent",
        "teacher",
    ]
    own = client.inside(f"people/{world.a.people['administrator'].pk}/roles/")
    assert client.put(own, {"roles": ["teacher"]}).json()["roles"] == ["teacher"]
    # Whoever gave the duty away may not take it back alone.
    assert client.put(own, {"roles": ["administrator"]}).status_code == 403


@pytest.mark.req("REG-6")
def test_the_last_administrator_stays(world: World, api: Api) -> None:
    client = api(world.a, "administrator")
    own = world.a.people["administrator"].pk
    refused = client.put(client.inside(f"people/{own}/roles/"), {"roles": []})
    assert (refused.status_code, refused.json()["code"]) == (409, "last_administrator")
    removed = client.delete(client.inside(f"administrators/{own}/"))
    assert (removed.status_code, removed.json()["code"]) == (409, "last_administrator")


@pytest.mark.req("ORG-10")
def test_families_are_tied_and_untied(world: World, api: Api) -> None:
    client = api(world.a, "administrator")
    child = client.inside(f"people/{world.a.people['student'].pk}/")
    tied = client.post(child + "parents/", {"parent": world.a.people["waiting_parent"].pk})
    assert [row["full_name"].split()[0] for row in tied.json()["parents"]] == ["Ёжикова", "Зайцев"]
    second = child + f"parents/{world.a.people['waiting_parent'].pk}/"
    assert client.delete(second).status_code == 204
    assert client.delete(second).status_code == 404
    assert client.post(child + "parents/", {"parent": world.a.people["student"].pk}).json()["code"] == "wrong_family"
    foreign = client.post(child + "parents/", {"parent": world.b.people["parent"].pk})
    assert (foreign.status_code, list(foreign.json()["fields"])) == (400, ["parent"])


@pytest.mark.req("ACC-4")
def test_phones_are_shown_to_those_who_may_see_them(world: World, api: Api) -> None:
    leader = world.a.people["leader"]

    def phone(who: str) -> str | None:
        client = api(world.a, who)
        return client.get(client.inside(f"people/{leader.pk}/")).json()["phone"]

    assert phone("administrator") == phone("leader") == leader.phone
    assert phone("student") is phone("parent") is None


@pytest.mark.req("ACC-4")
def test_the_family_holds_only_people_the_reader_may_open(world: World, api: Api) -> None:
    classmate = world.a.people["classmate"].pk
    client = api(world.a, "student")
    seen = client.get(client.inside(f"people/{classmate}/")).json()
    assert (seen["parents"], seen["birth_date"]) == ([], None)
    client = api(world.a, "leader")
    assert [row["full_name"] for row in client.get(client.inside(f"people/{classmate}/")).json()["parents"]] == [
        "Зайцев Захар Львович"
    ]
    client = api(world.a, "parent")
    assert client.get(client.inside(f"people/{classmate}/")).status_code == 404


@pytest.mark.req("ORG-5", "ACC-4")
def test_the_past_is_for_the_administration_and_oneself(world: World, api: Api) -> None:
    teacher = world.a.people["leader"]
    Enrolment.objects.create(
        organization=world.a.organization,
        person=teacher,
        unit=world.a.units["5Б"],
        part="teacher",
        since="2025-09-01",
        until="2026-05-31",
    )

    def units(who: str) -> list[str]:
        client = api(world.a, who)
        return [row["unit"]["name"] for row in client.get(client.inside(f"people/{teacher.pk}/history/")).json()]

    for who in ("administrator", "head", "leader"):
        assert "5Б" in units(who), who
    assert "5Б" not in units("teacher")
    assert units("parent") == ["5А"]
