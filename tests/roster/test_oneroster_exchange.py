"""OneRoster 1.2 CSV: what we write we read again as the same people, and what others write is understood (INT-3)."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.errors import DomainError
from orgs.models import Part, Person, Role, UnitKind
from orgs.services.people import PersonData, add_person, tie_parent
from orgs.services.structure import UnitData, create_units, enrol
from roster.oneroster.format import COLUMNS
from roster.oneroster.reading import records_of
from roster.oneroster.writing import oneroster_of
from roster.reading.tables import format_of, read_table
from roster.records import BadRow, RosterRecord
from tests.world import School, World

TODAY = date(2026, 11, 21)

pytestmark = pytest.mark.req("INT-3")


def files_of(content: bytes) -> dict[str, list[dict[str, str]]]:
    """The rows of each file of a ZIP."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    return {
        name.removesuffix(".csv"): list(csv.DictReader(io.StringIO(archive.read(name).decode())))
        for name in archive.namelist()
    }


def packed(folder: str = "", **files: str) -> bytes:
    """A ZIP of another system: CSV texts by name, and the manifest."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(f"{folder}manifest.csv", "propertyName,value\r\noneroster.version,1.2\r\n")
        for name, text in files.items():
            archive.writestr(f"{folder}{name}.csv", text)
    return made.getvalue()


def read(content: bytes) -> list[RosterRecord]:
    records = records_of(content, today=TODAY)
    assert not [record for record in records if isinstance(record, BadRow)], records
    return [record for record in records if isinstance(record, RosterRecord)]


def places(records: list[RosterRecord]) -> set[tuple[str, str, str]]:
    return {(record.name.full, record.unit, record.part) for record in records}


# --- What we write ----------------------------------------------------------------------------------------------------
def test_the_files_follow_the_standard(world: World) -> None:
    files = files_of(oneroster_of(world.a.organization))
    assert set(files) == {"manifest", *COLUMNS}
    manifest = {row["propertyName"]: row["value"] for row in files["manifest"]}
    assert manifest["oneroster.version"] == "1.2"
    assert (manifest["file.users"], manifest["file.demographics"]) == ("bulk", "absent")
    for name, columns in COLUMNS.items():
        assert tuple(files[name][0]) == columns
    users = {row["sourcedId"] for row in files["users"]}
    classes = {row["sourcedId"] for row in files["classes"]}
    assert {row["userSourcedId"] for row in files["roles"]} == users
    assert {row["classSourcedId"] for row in files["enrollments"]} <= classes
    assert {row["userSourcedId"] for row in files["enrollments"]} <= users
    primaries = [row["userSourcedId"] for row in files["roles"] if row["roleType"] == "primary"]
    assert sorted(primaries) == sorted(users)
    assert {row["orgSourcedId"] for row in files["roles"]} == {row["sourcedId"] for row in files["orgs"]}


def test_a_file_without_rows_is_absent(world: World) -> None:
    world.a.organization.units.exclude(kind=UnitKind.STAFF).delete()
    files = files_of(oneroster_of(world.a.organization))
    manifest = {row["propertyName"]: row["value"] for row in files["manifest"]}
    assert "enrollments" not in files
    assert manifest["file.enrollments"] == manifest["file.classes"] == "absent"


def test_birth_dates_stay_here(world: World) -> None:
    Person.objects.filter(pk=world.a.people["student"].pk).update(birth_date=date(2014, 5, 6))
    archive = zipfile.ZipFile(io.BytesIO(oneroster_of(world.a.organization)))
    assert not [name for name in archive.namelist() if b"2014-05-06" in archive.read(name)]


def test_no_formula_is_exported(world: World) -> None:
    Person.objects.filter(pk=world.a.people["student"].pk).update(position="=1+1", record_number="@SUM(A1)")
    content = oneroster_of(world.a.organization)
    row = next(row for row in files_of(content)["users"] if row["familyName"] == "Ёжиков")
    assert (row["identifier"], row["metadata.position"]) == ("'@SUM(A1)", "'=1+1")
    again = next(record for record in read(content) if record.name.last_name == "Ёжиков")
    assert (again.record_number, again.position) == ("@SUM(A1)", "=1+1")


def add_family(school: School, number: int) -> None:
    child = add_person(
        organization=school.organization, actor=None, data=PersonData(f"Новый{number}", "Новик"), roles=[]
    )
    parent = add_person(
        organization=school.organization, actor=None, data=PersonData(f"Новая{number}", "Новика"), roles=[Role.PARENT]
    )
    enrol(actor=None, people=[child], unit=school.units["5А"], part=Part.STUDENT)
    tie_parent(actor=None, parent=parent, child=child)


def test_the_queries_do_not_grow_with_the_people(world: World) -> None:
    with CaptureQueriesContext(
        connection,
    ) as few:
        oneroster_of(world.a.organization)
    for number in range(12):
        add_family(world.a, number)
    with CaptureQueriesContext(connection) as many:
        content = oneroster_of(world.a.organization)
    assert len(few) == len(many) == 6
    assert len(files_of(content)["users"]) > 24


# --- There and back ---------------------------------------------------------------------------------------------------
def expected(school: School) -> set[tuple[object, ...]]:
    """The people of a school as a file can tell them."""
    people = Person.objects.filter(organization=school.organization, roles__until=None, merged_into=None).distinct()
    return {
        (
            person.pk,
            (person.last_name, person.first_name, person.patronymic),
            frozenset(person.roles.filter(until=None).values_list("role", flat=True)) - {Role.ADMINISTRATOR},
            frozenset(
                person.enrolments.filter(until=None)
                .exclude(unit__kind=UnitKind.STAFF)
                .values_list("unit__name", "part")
            ),
            (person.phone, person.email, person.position, person.record_number),
            frozenset(
                link.parent.full_name for link in person.parent_links.filter(until=None).select_related("parent")
            ),
        )
        for person in people
    }


def told(records: list[RosterRecord]) -> set[tuple[object, ...]]:
    """The same of what was read; the records of one person joined."""
    joined: dict[int | None, list[RosterRecord]] = {}
    for record in records:
        joined.setdefault(record.platform_id, []).append(record)
    return {
        (
            key,
            (rows[0].name.last_name, rows[0].name.first_name, rows[0].name.patronymic),
            rows[0].roles,
            frozenset((row.unit, row.part) for row in rows if row.unit),
            (rows[0].phone, rows[0].email, rows[0].position, rows[0].record_number),
            frozenset(parent.name.full for row in rows for parent in row.parents),
        )
        for key, rows in joined.items()
    }


def test_what_was_written_is_read_as_the_same_people(world: World) -> None:
    circle = UnitData(UnitKind.CIRCLE, "Шахматы, «дебют»")
    (unit,) = create_units(organization=world.a.organization, actor=None, units=[circle])
    enrol(actor=None, people=[world.a.people["student"]], unit=unit, part=Part.STUDENT)
    enrol(actor=None, people=[world.a.people["leader"]], unit=unit, part=Part.TEACHER)
    content = oneroster_of(world.a.organization)
    assert format_of(content, "roster.zip") == "oneroster"
    assert told(read(content)) == expected(world.a)


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20).map(
    lambda text: text.strip()
)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(last=NAMES, first=NAMES, patronymic=st.one_of(st.just(""), NAMES), position=NAMES, phone=st.booleans())
def test_any_name_comes_back(world: World, last: str, first: str, patronymic: str, position: str, phone: bool) -> None:
    data = PersonData(last, first, patronymic, position=position, phone="+79161234567" if phone else "")
    try:
        person = add_person(organization=world.a.organization, actor=None, data=data, roles=[Role.TEACHER])
    except DomainError:
        return
    assert told(read(oneroster_of(world.a.organization))) == expected(world.a)
    person.delete()


# --- What others write ------------------------------------------------------------------------------------------------
USERS = (
    "sourcedId,status,dateLastModified,enabledUser,username,givenName,familyName,middleName,identifier,email,phone,"
    "agentSourcedIds,unknownColumn\r\n"
)
ROLES = "sourcedId,status,userSourcedId,roleType,role,orgSourcedId\r\n"
CLASSES = "sourcedId,status,title,classType\r\n"
ENROLLMENTS = "sourcedId,status,classSourcedId,userSourcedId,role,primary,endDate\r\n"


def test_the_file_of_another_system() -> None:
    content = packed(
        users=USERS
        + "u1,,,true,u1,Иван,Петров,Ильич,Л-1,ivan@example.ru,8 900 123-45-67,u3,x\r\n"
        + "u2,,,true,u2,Мария,Учителева,Павловна,,,,,\r\n"
        + "u3,,,true,u3,Анна,Петрова,Львовна,,,+7 900 123 45 68,,\r\n"
        + "u4,tobedeleted,,true,u4,Бывший,Борис,,,,,,\r\n"
        + "u5,,,true,u5,Админ,Адамова,,,,,,\r\n",
        roles=ROLES
        + "r1,,u1,primary,student,o\r\nr2,,u2,primary,teacher,o\r\nr3,,u3,primary,guardian,o\r\n"
        + "r4,,u5,primary,siteAdministrator,o\r\n",
        classes=CLASSES + "c1,,5А,homeroom\r\nc2,,5А Алгебра,scheduled\r\nc3,tobedeleted,5Б,homeroom\r\n",
        enrollments=ENROLLMENTS
        + "e1,,c1,u1,student,,\r\ne2,,c2,u1,student,,\r\ne3,,c1,u2,teacher,true,\r\ne4,,c3,u2,teacher,,\r\n"
        + "e5,,c1,u4,student,,\r\n",
    )
    ivan, mary, anna, admin = read(content)
    assert (ivan.number, ivan.name.full, ivan.unit, ivan.part) == (2, "Петров Иван Ильич", "5А", Part.STUDENT)
    assert (ivan.phone, ivan.email, ivan.record_number, ivan.platform_id) == (
        "+79001234567",
        "ivan@example.ru",
        "Л-1",
        None,
    )
    assert [(parent.name.full, parent.phone) for parent in ivan.parents] == [("Петрова Анна Львовна", "+79001234568")]
    assert (mary.roles, mary.unit, mary.part) == ({Role.TEACHER}, "5А", Part.LEADER)
    assert (mary.record_number, anna.roles) == ("u2", {Role.PARENT})
    assert admin.roles == {Role.TEACHER}
    assert [remark.code for remark in admin.remarks] == ["role_administrator"]


def test_version_1_1_names_the_role_with_the_user() -> None:
    content = packed(
        users="sourcedId,role,familyName,givenName\r\nu1,student,Петров,Иван\r\n",
        classes=CLASSES + "c1,,5А,scheduled\r\nc2,,Хор,scheduled\r\n",
        enrollments=ENROLLMENTS + "e1,,c1,u1,student,,\r\ne2,,c2,u1,student,,\r\ne3,,c2,u1,student,,2020-01-01\r\n",
    )
    records = read(content)
    assert places(records) == {("Петров Иван", "5А", "student"), ("Петров Иван", "Хор", "student")}
    assert [record.number for record in records] == [2, 3]


def test_parents_may_name_their_children() -> None:
    content = packed(
        users="sourcedId,role,familyName,givenName,agentSourcedIds\r\nu1,student,Петров,Иван,\r\n"
        'u2,student,Петрова,Ия,\r\nu3,parent,Петрова,Анна,"u1,u2"\r\n',
    )
    records = read(content)
    assert [[parent.name.full for parent in record.parents] for record in records] == [["Петрова Анна"]] * 2


def test_a_folder_inside_and_another_encoding_are_tolerated() -> None:
    users = "sourcedId,role,familyName,givenName\r\nu1,student,Петров,Иван\r\n"
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("Выгрузка/manifest.csv", "propertyName,value\r\n")
        archive.writestr("Выгрузка/Users.csv", users.encode("cp1251"))
    assert [record.name.full for record in read(made.getvalue())] == ["Петров Иван"]


def test_what_cannot_be_taken_is_told_with_its_cell() -> None:
    content = packed(
        users="sourcedId,role,familyName,givenName,phone\r\nu1,student,,,\r\nu2,wizard,Петров,Иван,123\r\n"
        "u3,student,Петров,И.,\r\n",
    )
    rows = records_of(content, today=TODAY)
    found = [[(problem.code, problem.cell) for problem in row.problems] for row in rows if isinstance(row, BadRow)]
    assert found == [
        [("user_without_name", "C2")],
        [("role_unknown", "B3"), ("phone_invalid", "E3")],
        [("initials_only", "D4")],
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"sourcedId,familyName\r\n", "file_wrong_type"),
        (b"PK\x03\x04 broken", "file_broken"),
        (packed(), "file_broken"),
        (packed(users='sourcedId,familyName\r\n"u1\r\n' + "x" * 200_000), "file_broken"),
        (packed(users="sourcedId\r\n" + "u,\r\n" * 20_001), "file_too_large"),
    ],
    ids=["empty", "no archive", "half an archive", "no users", "no end of a quote", "too many"],
)
def test_what_is_no_oneroster_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        records_of(content, today=TODAY)
    assert refused.value.code == code


def test_a_table_of_people_is_something_else() -> None:
    with pytest.raises(DomainError, match="file_wrong_type"):
        read_table(packed(users="sourcedId\r\nu1\r\n"), file_name="people.xlsx")


CELLS = st.sampled_from(
    ["", "u1", "u2", "student", "parent", "Иванов", "true", "tobedeleted", "8900", "\x00", '"', "5А"]
)
TEXTS = st.lists(st.lists(CELLS, max_size=9).map(",".join), max_size=6).map("\r\n".join)


@settings(max_examples=60, deadline=None)
@given(users=TEXTS, roles=TEXTS, classes=TEXTS, enrollments=TEXTS)
def test_nonsense_never_crashes(users: str, roles: str, classes: str, enrollments: str) -> None:
    content = packed(
        users=USERS + users, roles=ROLES + roles, classes=CLASSES + classes, enrollments=ENROLLMENTS + enrollments
    )
    try:
        records = records_of(content, today=TODAY)
    except DomainError:
        return
    assert len({record.number for record in records}) == len(records)
