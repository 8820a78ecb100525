"""Organization, words, years, units over the API."""

import pytest

from orgs.models import AuditEvent, Organization, Unit
from tests.api.conftest import Api
from tests.world import World

pytestmark = pytest.mark.req("INT-1")


def names(response) -> list[str]:
    return [row["name"] for row in response.json()["results"]]


@pytest.mark.req("ORG-4")
def test_my_organizations(world: World, api: Api) -> None:
    mine = api(None, world.both).get("/api/v1/organizations/").json()
    assert [(row["slug"], row["roles"]) for row in mine] == [("a", ["parent"]), ("b", ["parent"])]


@pytest.mark.req("REG-5")
def test_details_are_read_by_members_and_changed_by_administrators(world: World, api: Api) -> None:
    assert api(world.a, "parent").get("/api/v1/o/a/").json()["short_name"] == "Школа № 1"
    administrator = api(world.a, "administrator")
    changed = administrator.patch("/api/v1/o/a/", {"phone": "  (3012) 21-00-00 ", "time_zone": "Asia/Irkutsk"})
    assert changed.status_code == 200
    assert (changed.json()["phone"], changed.json()["time_zone"]) == ("(3012) 21-00-00", "Asia/Irkutsk")
    assert changed.json()["short_name"] == "Школа № 1"
    assert api(world.a, "head").patch("/api/v1/o/a/", {"phone": "1"}).status_code == 403


@pytest.mark.req("REG-5")
def test_what_is_not_a_detail_cannot_be_set(world: World, api: Api) -> None:
    before = Organization.objects.values().get(slug="a")
    body = {
        "slug": "stolen",
        "kind": "college",
        "id": world.b.organization.pk,
        "logo_version": 9,
        "labels": {"unit": "x"},
    }
    assert api(world.a, "administrator").patch("/api/v1/o/a/", body).status_code == 200
    assert Organization.objects.values().get(slug="a") == before


@pytest.mark.req("REG-7")
def test_own_words(world: World, api: Api) -> None:
    client = api(world.a, "administrator")
    assert client.get(client.inside("labels/")).json()["own"].get("teacher", "") == ""
    set_ = client.put(client.inside("labels/"), {"teacher": "наставник"})
    assert set_.json()["in_use"]["teacher"] == "наставник"
    assert client.put(client.inside("labels/"), {}).json()["in_use"]["teacher"] != "наставник"


def test_academic_years(world: World, api: Api) -> None:
    years = api(world.a, "student").get("/api/v1/o/a/academic-years/").json()["results"]
    assert [year["is_current"] for year in years] == [True]


@pytest.mark.req("ORG-1")
def test_units_are_created_several_at_once(world: World, api: Api) -> None:
    client = api(world.a, "administrator")
    body = {"units": [{"kind": "class", "name": "10 «а»"}, {"kind": "circle", "name": "Шахматы", "direction": "спорт"}]}
    created = client.post(client.inside("units/"), body)
    assert created.status_code == 201
    assert [(row["name"], row["parallel"], row["letter"]) for row in created.json()] == [
        ("10А", 10, "А"),
        ("Шахматы", None, ""),
    ]
    # 5А stands before 10А, the words come last.
    assert names(client.get(client.inside("units/")))[:3] == ["5А", "5Б", "10А"]
    assert names(client.get(client.inside("units/"), {"kind": "circle"})) == ["Шахматы"]
    assert names(client.get(client.inside("units/"), {"search": "ШАХ"})) == ["Шахматы"]


@pytest.mark.req("ORG-1")
def test_one_taken_name_refuses_them_all(world: World, api: Api) -> None:
    client = api(world.a, "administrator")
    body = {"units": [{"kind": "class", "name": "7А"}, {"kind": "class", "name": "5а"}]}
    refused = client.post(client.inside("units/"), body)
    assert (refused.status_code, refused.json()["code"]) == (409, "unit_exists")
    assert not Unit.objects.filter(name="7А").exists()


@pytest.mark.req("ORG-1", "REG-7")
def test_units_of_another_kind_of_organization_are_refused(world: World, api: Api) -> None:
    Organization.objects.filter(slug="a").update(kind="kindergarten")
    client = api(world.a, "administrator")
    refused = client.post(client.inside("units/"), {"units": [{"kind": "class", "name": "1А"}]})
    assert (refused.status_code, list(refused.json()["fields"])) == (400, ["units"])
    staff = client.post(client.inside("units/"), {"units": [{"kind": "staff", "name": "Ещё педагоги"}]})
    assert staff.status_code == 400


@pytest.mark.req("ORG-1")
def test_rename_archive_restore(world: World, api: Api) -> None:
    client = api(world.a, "administrator")
    unit = client.inside(f"units/{world.a.units['5А'].pk}/")
    assert client.patch(unit, {"name": "5В", "letter": "В"}).json()["name"] == "5В"
    assert client.post(unit + "archive/").json()["archived_at"]
    assert "5В" not in names(client.get(client.inside("units/")))
    assert names(client.get(client.inside("units/"), {"archived": "true"})) == ["5В"]
    assert api(world.a, "head").get(unit).status_code == 404
    assert client.post(unit + "restore/").json()["archived_at"] is None
    assert AuditEvent.objects.filter(unit_id=world.a.units["5А"].pk, actor_name__startswith="Админова").count() == 3


@pytest.mark.req("ORG-2")
def test_of_the_system_unit_only_the_name_changes(world: World, api: Api) -> None:
    client = api(world.a, "administrator")
    unit = client.inside(f"units/{world.a.units['staff'].pk}/")
    assert client.patch(unit, {"name": "Наши педагоги"}).json()["name"] == "Наши педагоги"
    assert client.patch(unit, {"parallel": 5}).json()["code"] == "staff_unit"
    assert client.post(unit + "archive/").json()["code"] == "staff_unit"


@pytest.mark.req("ORG-3", "ORG-5")
def test_enrol_and_end(world: World, api: Api) -> None:
    client = api(world.a, "administrator")
    members = client.inside(f"units/{world.a.units['5Б'].pk}/members/")
    student = world.a.people["student"].pk
    body = {"people": [student, student], "part": "student", "order_number": "12-к", "order_date": "2026-09-01"}
    assert client.post(members, body).json() == {"count": 1}
    assert client.post(members, body).json() == {"count": 0}
    rows = client.get(members, {"part": "student"}).json()["results"]
    mine = next(row for row in rows if row["person"]["id"] == student)
    assert mine["order_number"] == "12-к"
    ended = client.post(f"{members}{mine['id']}/end/", {"order_number": "13-к"})
    assert ended.json()["until"]
    assert student not in [row["person"]["id"] for row in client.get(members).json()["results"]]
    assert client.post(f"{members}{mine['id']}/end/", {}).status_code == 404
    history = client.get(client.inside(f"people/{student}/history/")).json()
    assert [row["unit"]["name"] for row in history if row["until"]] == ["5Б"]


@pytest.mark.req("ACC-4")
def test_members_are_those_the_reader_may_see(world: World, api: Api) -> None:
    path = f"units/{world.a.units['5А'].pk}/members/"

    def seen(who: str) -> set[str]:
        client = api(world.a, who)
        rows = client.get(client.inside(path)).json()["results"]
        return {row["person"]["full_name"].split()[0] for row in rows}

    assert seen("leader") == {"Ведущая", "Ёжиков", "Зайцева"}
    assert seen("parent") == {"Ведущая", "Ёжиков"}
    assert seen("teacher") == {"Ведущая"}


def test_a_day_before_the_enrolment_began_is_refused(world: World, api: Api) -> None:
    client = api(world.a, "administrator")
    members = client.inside(f"units/{world.a.units['5А'].pk}/members/")
    row = client.get(members).json()["results"][0]
    refused = client.post(f"{members}{row['id']}/end/", {"day": "1999-01-01"})
    assert (refused.status_code, refused.json()["code"]) == (400, "ends_before_start")


def test_times_are_in_the_clock_of_the_organization(world: World, api: Api) -> None:
    Organization.objects.filter(slug="a").update(time_zone="Asia/Vladivostok")
    created = api(world.a, "student").get("/api/v1/o/a/").json()["created_at"]
    assert created.endswith("+10:00")
    assert api(world.b, "student").get("/api/v1/o/b/").json()["created_at"].endswith("+03:00")
