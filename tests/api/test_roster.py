"""The roster over the API: a file from its upload to the dry run, the tables that leave (ORG-8, INT-3)."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from accounts.services import create_api_key
from orgs.models import Person
from roster.models import Load, Outcome
from tests.api.conftest import Api
from tests.files.samples import upload_of
from tests.roster.pages import CSV, checked, error, load_of, row
from tests.world import CAST, School, World
from works.models import State, Work
from works.services import running

pytestmark = pytest.mark.req("ORG-8", "INT-1")


@pytest.fixture
def school(world: World) -> School:
    return world.a


@pytest.fixture
def client(school: School, api: Api) -> Any:
    return api(school, "administrator")


def send(client: Any, content: str | bytes = CSV, name: str = "ученики.csv") -> Any:
    sent = content.encode() if isinstance(content, str) else content
    url = client.inside("roster/loads/")
    return client.post(url, {"file": upload_of(sent, name)}, format="multipart")


# --- Files ------------------------------------------------------------------------------------------------------------
def test_a_file_is_brought_and_described(client: Any) -> None:
    made = send(client)
    assert made.status_code == 201
    body = made.json()
    assert (body["format"], body["state"], body["delimiter"], body["heading_row"]) == ("csv", "read", ";", 1)
    assert body["headings"] == ["ФИО", "Класс", "Дата рождения", "Телефон"]
    assert body["columns"] == {"0": "full_name", "1": "unit", "2": "birth_date", "3": "phone"}
    assert body["summary"] is None
    assert client.get(client.inside(f"roster/loads/{body['id']}/")).json() == body
    [listed] = client.get(client.inside("roster/loads/")).json()["results"]
    assert listed["id"] == body["id"]
    assert "content" not in str(listed)


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "file_empty"), (b"%PDF-1.4", "file_wrong_type"), (b"PK\x03\x04" + b"\x00" * 99, "file_broken")],
)
def test_a_bad_file_is_refused_with_its_reason(client: Any, content: bytes, code: str) -> None:
    refused = send(client, content)
    assert refused.status_code == 400
    assert refused.json()["code"] == code
    assert refused.json()["fields"]["file"]


def test_without_a_file_the_field_is_named(client: Any) -> None:
    refused = client.post(client.inside("roster/loads/"), {}, format="multipart")
    assert refused.status_code == 400
    assert "file" in refused.json()["fields"]


def test_columns_and_options_are_changed(client: Any, school: School) -> None:
    load = load_of(school, "Кто;Где\nИванов Иван Иванович;5А\n")
    url = client.inside(f"roster/loads/{load.pk}/")
    changed = client.patch(url, {"columns": {"0": "full_name", "1": "unit"}, "skip_errors": True, "order_number": "7"})
    assert changed.status_code == 200
    assert changed.json()["columns"] == {"0": "full_name", "1": "unit"}
    assert (changed.json()["skip_errors"], changed.json()["order_number"]) == (True, "7")
    # Remembered for the next file.
    assert send(client, "Кто;Где\nПетров Пётр Петрович;5А\n").json()["columns"] == {"0": "full_name", "1": "unit"}


@pytest.mark.parametrize(
    "body",
    [
        {"columns": {"x": "full_name"}},
        {"columns": {"0": "nonsense"}},
        {"columns": {"99": "full_name"}},
        {"columns": {"0": "unit", "1": "unit"}},
        {"heading_row": -1},
        {"order_date": "вчера"},
        {"order_number": "9" * 41},
        {"encoding": "koi-nonsense"},
    ],
)
def test_what_cannot_be_said_is_refused(client: Any, school: School, body: dict[str, Any]) -> None:
    load = load_of(school)
    refused = client.patch(client.inside(f"roster/loads/{load.pk}/"), body)
    assert refused.status_code in (400, 409), refused.json()


def test_a_file_is_thrown_away(client: Any, school: School) -> None:
    load = checked(school, [row(2, "new")])
    assert client.delete(client.inside(f"roster/loads/{load.pk}/")).status_code == 204
    assert not Load.objects.exists()


# --- The check and bringing in ----------------------------------------------------------------------------------------
def test_a_file_is_checked_brought_in_and_undone(client: Any, school: School) -> None:
    before = Person.objects.filter(organization=school.organization).count()
    load = send(client).json()["id"]
    url = client.inside(f"roster/loads/{load}/")
    work = client.post(f"{url}check/")
    assert work.status_code == 202
    assert client.get(url).json()["state"] == "checking"
    assert client.post(f"{url}check/").json()["code"] == "load_busy"
    running.run(work.json()["id"])
    found = client.get(url).json()
    assert found["state"] == "checked"
    assert (found["summary"]["new"], found["summary"]["units"]) == (2, ["5В"])
    rows = client.get(f"{url}rows/").json()["results"]
    assert [(one["number"], one["outcome"], one["name"]) for one in rows] == [
        (2, "new", "Иванов Иван Иванович"),
        (3, "new", "Петрова Анна Ильинична"),
    ]
    brought = client.post(f"{url}import/")
    assert brought.status_code == 202
    running.run(brought.json()["id"])
    assert client.get(url).json()["state"] == "done"
    assert Person.objects.filter(organization=school.organization).count() == before + 2
    assert client.delete(url).json()["code"] == "load_brought_in"
    assert client.post(client.inside(f"works/{brought.json()['id']}/undo/")).json()["state"] == State.UNDONE
    assert client.get(url).json()["state"] == "undone"
    assert Person.objects.filter(organization=school.organization).count() == before


def test_what_is_not_checked_or_has_errors_is_not_brought_in(client: Any, school: School) -> None:
    load = load_of(school)
    url = client.inside(f"roster/loads/{load.pk}/import/")
    assert client.post(url).json()["code"] == "not_checked"
    wrong = checked(school, [row(2, "new"), row(3, "error", problems=[error()])])
    url = client.inside(f"roster/loads/{wrong.pk}/import/")
    assert client.post(url).json()["code"] == "load_has_errors"
    assert not Work.objects.exists()


def test_rows_are_narrowed_and_paged(client: Any, school: School) -> None:
    rows = [row(number, "new", f"Ёжиков Иван {number}") for number in range(2, 62)]
    load = checked(school, [*rows, row(90, "error", "Петров", problems=[error()], remarks=[error("A3", "Латиница")])])
    url = client.inside(f"roster/loads/{load.pk}/rows/")
    first = client.get(url).json()
    assert len(first["results"]) == 50
    assert first["next"]
    [wrong] = client.get(url, {"outcome": Outcome.ERROR}).json()["results"]
    assert wrong["problems"] == [
        {"code": "date_unknown", "cell": "C3", "message": "Это не дата: 32.13.2015"},
    ]
    assert [one["number"] for one in client.get(url, {"q": "ежиков 7"}).json()["results"]] == [7, 17, 27, 37, 47, 57]
    assert [one["number"] for one in client.get(url, {"outcome": "remarks"}).json()["results"]] == [90]
    assert client.get(url, {"outcome": "nonsense"}).status_code == 400


def test_a_page_of_rows_takes_the_same_queries_for_any_number(
    client: Any, school: School, django_assert_num_queries: Any
) -> None:
    people = list(Person.objects.filter(organization=school.organization)[:5])
    few = checked(school, [row(number, "new", person=people[number % 5]) for number in range(60)])
    many = checked(school, [row(number, "new", person=people[number % 5]) for number in range(600)])
    for load in (few, many):
        with django_assert_num_queries(6):
            client.get(client.inside(f"roster/loads/{load.pk}/rows/"))


# --- Who may ----------------------------------------------------------------------------------------------------------
@pytest.mark.req("ACC-4")
@pytest.mark.parametrize("who", [name for name in CAST if name != "administrator"])
def test_files_are_for_administrators(school: School, api: Api, who: str) -> None:
    load = checked(school, [row(2, "new")])
    client = api(school, who)
    assert client.get(client.inside("roster/loads/")).status_code == 403
    assert client.get(client.inside(f"roster/loads/{load.pk}/")).status_code == 404
    assert client.get(client.inside(f"roster/loads/{load.pk}/rows/")).status_code == 404
    assert client.get(client.inside("roster/export/roster/csv/")).status_code == 403


@pytest.mark.req("ACC-4")
def test_a_file_of_the_other_school_does_not_exist(world: World, api: Api) -> None:
    load = checked(world.b, [row(2, "new")])
    client = api(world.a, "administrator")
    url = client.inside(f"roster/loads/{load.pk}/")
    for answer in (
        client.get(url), client.get(f"{url}rows/"), client.patch(url, {"skip_errors": True}), client.delete(url),
        client.post(f"{url}check/"), client.post(f"{url}import/"),
    ):  # fmt: skip
        assert answer.status_code == 404
    assert client.get(client.inside("roster/loads/")).json()["results"] == []
    assert Load.objects.get().skip_errors is False


def test_a_key_that_only_reads_brings_nothing(school: School, api: Api) -> None:
    load = checked(school, [row(2, "new")])
    _key, raw = create_api_key(school.user("administrator"), "таблица", read_only=True)
    client = api(school)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {raw}")
    assert client.get(client.inside(f"roster/loads/{load.pk}/")).status_code == 200
    assert send(client).status_code == 403
    assert client.post(client.inside(f"roster/loads/{load.pk}/import/")).status_code == 403


# --- Tables that leave ------------------------------------------------------------------------------------------------
@pytest.mark.req("INT-3")
@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("table", ["roster", "students", "staff", "parents", "units", "families", "enrolments"])
def test_each_table_comes_in_each_form(client: Any, table: str, form: str) -> None:
    answer = client.get(client.inside(f"roster/export/{table}/{form}/"))
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    if form == "xlsx":
        assert load_workbook(BytesIO(answer.content)).worksheets[0].max_row > 1
    else:
        assert answer.content.startswith(b"\xef\xbb\xbf")


@pytest.mark.req("INT-3")
def test_oneroster_comes_as_a_zip_and_nothing_else_does(client: Any) -> None:
    assert client.get(client.inside("roster/export/oneroster/zip/")).content.startswith(b"PK")
    for path in ("oneroster/csv", "roster/zip", "nonsense/xlsx"):
        assert client.get(client.inside(f"roster/export/{path}/")).status_code == 404
