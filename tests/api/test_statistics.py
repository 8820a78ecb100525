"""The statistics over the API: figures, who sees them, curators (STAT-1 to STAT-7, INT-1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.services import create_api_key
from orgs.models import AuditEvent, Person
from outbox.models import Message
from stats.catalogue import FIGURES, NORM_TEMPLATES
from stats.models import (
    Curatorship,
    Norm,
    OrgDay,
    Period,
    PersonDay,
    Reached,
    ReachKind,
    RollupState,
    Span,
    StatsRules,
    UnitDay,
)
from stats.selectors.curators import COLUMNS
from stats.services.access import appoint_curator, end_curatorship, grant
from tests.api.client import CheckedClient
from tests.api.conftest import Api
from tests.orgs.pages import crowd, many_units
from tests.world import School, World, make_user, without_head

pytestmark = [pytest.mark.req("INT-1"), pytest.mark.usefixtures("noon")]

# A Wednesday; the week begins on the 16th.
NOON = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
TODAY, MONDAY = date(2026, 11, 18), date(2026, 11, 16)
ROSTER = {
    "staff_total": 40,
    "staff_joined": 30,
    "students_total": 500,
    "students_joined": 250,
    "families_total": 500,
    "families_joined": 498,
    "parents_total": 700,
    "parents_joined": 450,
}


@pytest.fixture
def noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def school(world: World) -> School:
    return world.a


def count_up(school: School) -> None:
    """What a roll-up would leave of two days of this week and one of the last."""
    organization = school.organization
    RollupState.objects.create(organization=organization, counted_at=NOON, first_day=date(2026, 1, 1), last_day=TODAY)
    for day, messages in ((date(2026, 11, 10), 50), (MONDAY, 100), (TODAY, 20)):
        OrgDay.objects.create(organization=organization, day=day, messages=messages, doubtful_messages=10, **ROSTER)
        UnitDay.objects.create(
            organization=organization,
            day=day,
            unit=school.units["5А"],
            messages=5,
            families_total=25,
            families_joined=5,
        )
    Period.objects.create(
        organization=organization, span=Span.WEEK, starts_on=MONDAY, staff_active=20, parents_active=3
    )
    Reached.objects.create(organization=organization, kind=ReachKind.POLL, thing_id=7, day=TODAY, asked=100, reached=60)
    Reached.objects.create(organization=organization, kind=ReachKind.READING, thing_id=1, day=TODAY, asked=9, reached=0)
    PersonDay.objects.create(
        organization=organization, day=TODAY, person=school.people["leader"], is_staff=True, came=True
    )


def get(client: CheckedClient, path: str = "", **query: Any) -> Any:
    answer = client.get(client.inside(f"statistics/{path}"), query)
    assert answer.status_code == 200, (answer.status_code, answer.content)
    return answer.json()


def by_key(figures: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {figure["key"]: figure for figure in figures}


# --- Figures --------------------------------------------------------------------------------------------------------
@pytest.mark.req("STAT-2", "STAT-3")
def test_the_overview(school: School, api: Api) -> None:
    count_up(school)
    client = api(school, "head")
    found = get(client)
    assert found["period"] == {"kind": "week", "first": "2026-11-16", "last": "2026-11-22"}
    assert found["counted_at"].startswith("2026-11-18T12:00:00+03:00")
    assert [figure["key"] for figure in found["figures"]] == [figure.key for figure in FIGURES]
    figures = by_key(found["figures"])
    assert (figures["staff_active"]["numerator"], figures["staff_active"]["denominator"]) == (20, 40)
    assert (figures["messages"]["amount"], figures["staff_active"]["amount"]) == (120, 0.5)
    without = get(client, doubtful="without")
    assert (without["without_doubtful"], by_key(without["figures"])["messages"]["amount"]) == (True, 100)
    StatsRules.objects.create(organization=school.organization, without_doubtful=True)
    assert get(client)["without_doubtful"] is True
    assert get(client, doubtful="with")["without_doubtful"] is False


@pytest.mark.req("STAT-2")
def test_of_one_unit(school: School, api: Api, world: World) -> None:
    count_up(school)
    client, unit = api(school, "head"), school.units["5А"]
    found = get(client, unit=unit.pk)
    assert found["unit"] == {"id": unit.pk, "name": "5А"}
    assert [row["key"] for row in found["figures"]] == [figure.key for figure in FIGURES if figure.by_unit]
    assert by_key(found["figures"])["messages"]["amount"] == 10
    for nowhere in (world.b.units["5А"].pk, 2**62, "x"):
        refused = client.get(client.inside("statistics/"), {"unit": nowhere})
        assert (refused.status_code, "unit" in refused.json()["fields"]) == (400, True)
    refused = client.get(client.inside("statistics/figures/events/"), {"unit": unit.pk})
    assert (refused.status_code, refused.json()["code"]) == (400, "figure_not_by_unit")


@pytest.mark.req("STAT-5")
def test_every_figure_in_words(school: School, api: Api) -> None:
    client = api(school, "head")
    known = get(client, "catalogue/")
    assert [figure["key"] for figure in known] == [figure.key for figure in FIGURES]
    assert all(figure["name"] and figure["formula"] and figure["numerator"] for figure in known)
    assert next(figure for figure in known if figure["key"] == "students_active")["people"] is None


@pytest.mark.req("STAT-5")
def test_one_figure_with_what_stands_behind_it(school: School, api: Api) -> None:
    count_up(school)
    client = api(school, "head")
    found = get(client, "figures/poll_turnout/")
    assert found["figure"]["measure"] == "share"
    assert (found["value"]["numerator"], found["value"]["denominator"], found["value"]["amount"]) == (60, 100, 0.6)
    assert [(thing["kind"], thing["id"], thing["asked"], thing["share"]) for thing in found["things"]] == [
        ("poll", 7, 100, 0.6)
    ]
    assert get(client, "figures/staff_active/")["things"] == []
    assert client.get(client.inside("statistics/figures/nonsense/")).status_code == 404


@pytest.mark.req("STAT-5")
def test_the_people_behind_a_figure(school: School, api: Api) -> None:
    count_up(school)
    client = api(school, "head")

    def names(**query: Any) -> list[str]:
        return [row["full_name"].split()[0] for row in get(client, "figures/staff_active/people/", **query)["results"]]

    assert names() == ["Ведущая"]
    assert names(state="missing") == ["Админова", "Главный", "Ждущая", "Учёный"]
    page = get(client, "figures/staff_active/people/", state="missing", limit=3)
    assert [row["full_name"].split()[0] for row in client.get(page["next"]).json()["results"]] == ["Учёный"]
    refused = client.get(client.inside("statistics/figures/messages_of_mars/people/"))
    assert refused.status_code == 404
    nobody = client.get(client.inside("statistics/figures/students_active/people/"))
    assert (nobody.status_code, nobody.json()["code"]) == (404, "figure_without_people")


@pytest.mark.req("STAT-5", "STAT-1")
def test_whoever_may_not_see_people_sees_neither_names_nor_few(school: School, api: Api) -> None:
    count_up(school)
    grant(actor=school.actor("head"), person=school.people["teacher"])
    client = api(school, "teacher")
    figures = by_key(get(client)["figures"])
    # Three parents were active.
    hidden = figures["parents_active"]
    assert (hidden["is_hidden"], hidden["numerator"], hidden["amount"]) == (True, 0, None)
    assert figures["staff_active"]["numerator"] == 20
    assert by_key(get(api(school, "head"))["figures"])["parents_active"]["numerator"] == 3
    for path in ("figures/staff_active/people/", "staff-report/"):
        assert client.get(client.inside(f"statistics/{path}")).status_code == 403
    assert client.post(client.inside("statistics/figures/staff_active/remind/")).status_code == 403


@pytest.mark.req("STAT-6")
def test_weeks_units_invitations_attention_and_staff(school: School, api: Api) -> None:
    count_up(school)
    Norm.objects.create(organization=school.organization, figure="staff_joined", percent=95, is_on=True)
    client = api(school, "head")
    weeks = get(client, "trend/", weeks=3)["weeks"]
    assert [week["monday"] for week in weeks] == ["2026-11-02", "2026-11-09", "2026-11-16"]
    assert (weeks[2]["amounts"]["messages"], weeks[1]["amounts"]["messages"]) == (120, 50)
    assert get(client, "trend/", until="2026-11-15")["weeks"][-1]["monday"] == "2026-11-09"
    assert get(client, "trend/", until="2027-11-15")["weeks"][-1]["monday"] == "2026-11-16"
    [row] = get(client, "units/")["units"]
    cell = row["cells"]["families_joined"]
    assert (row["unit"]["name"], cell["joined"], cell["total"], cell["share"]) == ("5А", 5, 25, 0.2)
    stages = get(client, "funnel/")["stages"]
    assert [stage["key"] for stage in stages] == ["made", "delivered", "opened", "joined", "expired", "annulled"]
    findings = get(client, "attention/")["findings"]
    unmet = next(finding for finding in findings if finding["kind"] == "norm_unmet")
    assert (unmet["figure"], unmet["number"], unmet["total"]) == ("staff_joined", 75, 95)
    assert "75" in unmet["words"]
    staff = get(client, "staff-report/")["staff"]
    assert [row["person"]["full_name"].split()[0] for row in staff] == [
        "Админова", "Ведущая", "Главный", "Ждущая", "Учёный",
    ]  # fmt: skip
    assert next(row for row in staff if row["person"]["id"] == school.people["leader"].pk)["days_active"] == 1


PERIODS = [
    ({"period": "fortnight"}, "period_unknown"),
    ({"period": "week", "on": "1999-12-31"}, "period_unknown"),
    ({"period": "custom", "first": "2026-11-20", "last": "2026-11-01"}, "period_backwards"),
    ({"period": "custom", "first": "2020-01-01", "last": "2026-11-01"}, "period_too_long"),
    ({"period": "week", "on": "вчера"}, "invalid"),
    ({"on": "9999-12-31"}, "period_unknown"),
    ({"first": "0001-01-01", "last": "0001-01-02"}, "period_unknown"),
]
PLACES = (
    "",
    "figures/staff_active/",
    "figures/staff_active/people/",
    "units/",
    "funnel/",
    "attention/",
    "staff-report/",
)


@pytest.mark.req("STAT-2")
@pytest.mark.parametrize(("query", "code"), PERIODS)
def test_a_period_that_is_none(school: School, api: Api, query: dict[str, str], code: str) -> None:
    client = api(school, "head")
    for place in PLACES:
        refused = client.get(client.inside(f"statistics/{place}"), query)
        assert (refused.status_code, refused.json()["code"]) == (400, code), place
        assert refused.json()["fields"]


@pytest.mark.parametrize("query", [{"weeks": 0}, {"weeks": 10**9}, {"until": "0001-01-01"}, {"doubtful": "maybe"}])
def test_a_trend_that_is_none(school: School, api: Api, query: dict[str, Any]) -> None:
    client = api(school, "head")
    assert client.get(client.inside("statistics/trend/"), query).status_code == 400


# --- Reminding ------------------------------------------------------------------------------------------------------
@pytest.mark.req("STAT-6")
def test_those_who_are_missing_are_reminded_once_a_day(school: School, api: Api) -> None:
    count_up(school)
    for name in ("leader", "teacher", "administrator"):
        Person.objects.filter(pk=school.people[name].pk).update(email=f"{name}@example.org")
    client = api(school, "head")
    remind = client.inside("statistics/figures/staff_active/remind/")
    first, second = client.post(remind).json(), client.post(remind).json()
    assert first["told"] == Message.objects.filter(organization_id=school.organization.pk).count() == 2
    assert (second["told"], second["already"]) == (0, 2)
    refused = client.post(client.inside("statistics/figures/messages/remind/"))
    assert (refused.status_code, refused.json()["code"]) == (409, "figure_not_reminded")
    _key, raw = create_api_key(school.user("head"), "чтение", read_only=True)
    bare = api(school)
    bare.credentials(HTTP_AUTHORIZATION=f"Bearer {raw}")
    assert bare.post(remind).json()["code"] == "read_only_key"


# --- Rules and norms ------------------------------------------------------------------------------------------------
@pytest.mark.req("STAT-5")
def test_rules_and_norms_are_the_administrations(school: School, api: Api) -> None:
    head, administrator = api(school, "head"), api(school, "administrator")
    assert get(head, "rules/") == {"weekly_letter": True, "without_doubtful": False}
    norms = get(administrator, "norms/")
    assert {norm["figure"]: norm["percent"] for norm in norms} == dict(NORM_TEMPLATES)
    assert not any(norm["is_on"] for norm in norms)
    rules, address = head.inside("statistics/rules/"), head.inside("statistics/norms/")
    assert head.put(rules, {"weekly_letter": False}).json() == {"weekly_letter": False, "without_doubtful": False}
    body = {"norms": [{"figure": "staff_active", "percent": 80, "is_on": True}]}
    changed = head.put(address, body, format="json").json()
    assert next(norm for norm in changed if norm["figure"] == "staff_active") == body["norms"][0]
    assert Norm.objects.get().percent == 80
    for wrong in (
        {"norms": [body["norms"][0] | {"percent": 0}]},
        {"norms": [body["norms"][0] | {"figure": "messages"}]},
        {"norms": "all"},
        {},
    ):
        assert head.put(address, wrong, format="json").status_code == 400
    grant(actor=school.actor("head"), person=school.people["teacher"])
    teacher = api(school, "teacher")
    assert get(teacher, "norms/") == changed
    assert teacher.put(rules, {"weekly_letter": True}).status_code == 403
    assert teacher.put(address, body, format="json").status_code == 403
    assert administrator.put(rules, {"weekly_letter": True}).json()["weekly_letter"] is True
    assert not Norm.objects.exclude(organization=school.organization).exists()


# --- Who sees -------------------------------------------------------------------------------------------------------
@pytest.mark.req("STAT-1")
def test_the_head_grants_and_takes_back(school: School, api: Api, world: World) -> None:
    head, teacher = api(school, "head"), api(school, "teacher")
    access, person = head.inside("statistics/access/"), school.people["teacher"].pk
    assert teacher.get(teacher.inside("statistics/")).status_code == 403
    given = head.post(f"{access}grant/", {"person": person})
    assert given.status_code == 201
    assert [(row["person"]["id"], row["granted_by"]) for row in given.json()["granted"]] == [
        (person, "Главный Глеб Георгиевич")
    ]
    assert get(teacher, "access/")["can_grant"] is False
    get(teacher)
    before = AuditEvent.objects.count()
    assert head.post(f"{access}grant/", {"person": person}).status_code == 201
    assert AuditEvent.objects.count() == before
    for _twice in range(2):
        assert head.post(f"{access}revoke/", {"person": person}).status_code == 204
    assert AuditEvent.objects.count() == before + 1
    assert teacher.get(teacher.inside("statistics/")).status_code == 403
    for who, code in (
        ("student", "right_for_staff"),
        ("waiting_teacher", "right_needs_account"),
        ("head", "sees_by_role"),
    ):
        refused = head.post(f"{access}grant/", {"person": school.people[who].pk})
        assert (refused.status_code, refused.json()["code"]) == (409, code)
    for verb in ("grant", "revoke"):
        assert head.post(f"{access}{verb}/", {"person": world.b.people["teacher"].pk}).status_code == 400


@pytest.mark.req("STAT-1")
def test_administrators_see_as_the_head_says(school: School, api: Api) -> None:
    head, administrator = api(school, "head"), api(school, "administrator")
    access = head.inside("statistics/access/")
    assert {row["role"] for row in get(administrator, "access/")["by_role"]} == {"head", "administrator"}
    assert administrator.put(access, {"administrators_see": False}).status_code == 403
    said = head.put(access, {"administrators_see": False}).json()
    assert (said["administrators_see"], [row["role"] for row in said["by_role"]]) == (False, ["head"])
    assert administrator.get(administrator.inside("statistics/")).status_code == 403
    assert get(administrator, "access/")["can_grant"] is False
    without_head(school)
    assert administrator.put(access, {"administrators_see": True}).json()["can_grant"] is True
    get(administrator)


# --- Curators -------------------------------------------------------------------------------------------------------
@pytest.fixture
def curator(world: World, api: Api) -> CheckedClient:
    user = make_user("+79006000000", "Надзорова Нина Никитична")
    for school in (world.a, world.b):
        appoint_curator(user=user, organization=school.organization, authority="Управление образования")
    return api(None, user)


ORGANIZATIONS = "/api/v1/curator/organizations/"


@pytest.mark.req("STAT-7")
def test_a_curator_reads_sums(world: World, curator: CheckedClient, api: Api) -> None:
    count_up(world.a)
    Norm.objects.create(organization=world.a.organization, figure="staff_joined", percent=95, is_on=True)
    found = curator.get(ORGANIZATIONS).json()
    assert [row["slug"] for row in found["organizations"]] == ["a", "b"]
    assert found["counted_at"] is None
    figures = by_key(found["organizations"][0]["figures"])
    assert tuple(figures) == COLUMNS
    assert (figures["messages"]["amount"], figures["staff_joined"]["amount"]) == (120, 0.75)
    assert figures["parents_active"]["is_hidden"] is True
    assert by_key(found["totals"])["messages"]["numerator"] == 120
    assert [row["slug"] for row in curator.get(ORGANIZATIONS, {"search": "ШКОЛА 2"}).json()["organizations"]] == ["b"]
    assert curator.get(ORGANIZATIONS, {"search": "лицей"}).json()["organizations"] == []
    one = curator.get(f"{ORGANIZATIONS}a/").json()
    assert (one["slug"], by_key(one["figures"])["messages"]["amount"]) == ("a", 120)
    assert by_key(one["figures"])["parents_active"]["is_hidden"] is True
    assert {figure["norm"] for figure in one["figures"]} == {None}
    for query, code in PERIODS:
        for address in (ORGANIZATIONS, f"{ORGANIZATIONS}a/"):
            assert curator.get(address, query).json()["code"] == code
    assert by_key(curator.get(ORGANIZATIONS, {"doubtful": "without"}).json()["totals"])["messages"]["amount"] == 100


@pytest.mark.req("STAT-7", "STAT-1")
def test_the_organization_reads_who_curates_it(world: World, curator: CheckedClient, api: Api) -> None:
    [row] = get(api(world.a, "head"), "access/")["curators"]
    assert (row["name"], row["authority"]) == ("Надзорова Нина Никитична", "Управление образования")
    end_curatorship(curatorship=Curatorship.objects.get(organization=world.a.organization))
    assert get(api(world.a, "head"), "access/")["curators"] == []
    assert curator.get(f"{ORGANIZATIONS}a/").status_code == 404
    assert [row["slug"] for row in curator.get(ORGANIZATIONS).json()["organizations"]] == ["b"]
    assert curator.get("/api/v1/o/b/statistics/").status_code == 404
    assert api(world.a, "head").get(ORGANIZATIONS).status_code == 404
    assert api().get(ORGANIZATIONS).status_code == 401


# --- Weight ---------------------------------------------------------------------------------------------------------
WEIGHT = [
    ("", 12),
    ("catalogue/", 6),
    ("figures/reading_reach/", 14),
    ("figures/staff_active/people/?state=missing", 8),
    ("trend/", 8),
    ("units/", 7),
    ("funnel/", 7),
    ("attention/", 14),
    ("staff-report/", 9),
    ("rules/", 6),
    ("norms/", 6),
    ("access/", 10),
]


def cost(client: CheckedClient, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


@pytest.mark.req("STAT-2")
@pytest.mark.parametrize(("path", "most"), WEIGHT)
def test_the_number_of_queries_does_not_grow(school: School, api: Api, path: str, most: int) -> None:
    count_up(school)
    client = api(school, "head")
    address = client.inside(f"statistics/{path}")
    few = cost(client, address)
    crowd(school, 60)
    many_units(school, 10)
    people = Person.objects.filter(organization=school.organization, last_name__startswith="Массов")
    PersonDay.objects.bulk_create(
        PersonDay(organization=school.organization, day=MONDAY, person=person, is_staff=True, came=True)
        for person in people
    )
    Reached.objects.bulk_create(
        Reached(organization=school.organization, kind=kind, thing_id=100 + n, day=TODAY, asked=50, reached=n)
        for kind in (ReachKind.READING, ReachKind.POST)
        for n in range(20)
    )
    assert cost(client, address) == few <= most
