"""A curator sees the sums of several organizations side by side, and nothing else (STAT-7)."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import User
from accounts.services import remove_unconfirmed_users
from common.errors import DomainError
from orgs.audit import sentence_of
from orgs.models import AuditEvent, Organization
from stats.models import Curatorship, OrgDay, Period, PersonDay, Reached, ReachKind, RollupState, Span
from stats.periods import Days, PeriodKind, days_of
from stats.selectors.curators import COLUMNS, SideBySide, curated_organizations, side_by_side
from stats.services.access import appoint_curator, end_curatorship
from tests.matrix import all_routes
from tests.matrix_things import Things
from tests.orgs.pages import Visitor, words
from tests.world import School, World, make_user

pytestmark = [pytest.mark.req("STAT-7"), pytest.mark.usefixtures("noon")]

Browse = Callable[[User | None], Client]
# A Wednesday; the week begins on the 16th.
NOON = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
TODAY, MONDAY = date(2026, 11, 18), date(2026, 11, 16)
WEEK = days_of(PeriodKind.WEEK, TODAY)
ROSTER = {
    "staff_total": 40,
    "staff_joined": 30,
    "students_total": 500,
    "students_joined": 250,
    "families_total": 500,
    "families_joined": 400,
    "parents_total": 700,
    "parents_joined": 450,
}


@pytest.fixture
def noon() -> Any:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def curator(world: World) -> User:
    """Somebody of no school, who curates both."""
    user = make_user("+79006000000", "Надзорова Нина Никитична")
    for school in (world.a, world.b):
        appoint_curator(user=user, organization=school.organization, authority="Управление образования")
    return user


def counted(organization: Organization, day: date = TODAY, **numbers: int) -> OrgDay:
    RollupState.objects.update_or_create(organization=organization, defaults={"counted_at": NOON})
    return OrgDay.objects.create(organization=organization, day=day, **{**ROSTER, **numbers})


def active(organization: Organization, staff: int = 20, parents: int = 100, span: Span = Span.WEEK) -> None:
    first = MONDAY if span == Span.WEEK else MONDAY.replace(day=1)
    Period.objects.create(
        organization=organization, span=span, starts_on=first, staff_active=staff, parents_active=parents
    )


def read(school: School, *, asked: int, reached: int, thing: int = 1, day: date = TODAY) -> None:
    Reached.objects.create(
        organization=school.organization, kind=ReachKind.READING, thing_id=thing, day=day, asked=asked, reached=reached
    )


def shown(table: SideBySide, number: int = 0) -> dict[str, Any]:
    """The values of one organization: «30/40», a number, «hidden», or None."""
    return {key: said(value) for key, value in table.rows[number].values.items()}


def said(value: Any) -> Any:
    if value.is_hidden:
        return "hidden"
    return f"{value.numerator}/{value.denominator}" if value.denominator is not None else value.amount


def look(client: Client, query: str = "") -> str:
    answer = client.get(reverse("stats:curator") + query)
    assert answer.status_code == 200, answer.status_code
    return words(answer)


# --- Appointing -----------------------------------------------------------------------------------------------------
def test_the_journal_of_the_organization_tells(world: World, curator: User) -> None:
    line = AuditEvent.objects.filter(organization_id=world.a.organization.pk).latest("id")
    vocabulary = world.a.actor("head").words
    expected = "куратору открыты сводные показатели: Надзорова Нина Никитична, Управление образования"
    assert sentence_of(line, vocabulary) == expected
    assert line.actor_id is None
    mine = Curatorship.objects.get(organization=world.a.organization)
    assert [end_curatorship(curatorship=mine), end_curatorship(curatorship=mine)] == [True, False]
    newest = AuditEvent.objects.filter(organization_id=world.a.organization.pk).latest("id")
    assert sentence_of(newest, vocabulary).startswith("куратору закрыты сводные показатели: Надзорова")
    assert "Надзорова" in Visitor(world.a, "head").see("journal")


def test_once_at_a_time(world: World, curator: User) -> None:
    with pytest.raises(DomainError) as refused:
        appoint_curator(user=curator, organization=world.a.organization, authority="Другое управление")
    assert refused.value.code == "curator_already"
    end_curatorship(curatorship=Curatorship.objects.get(organization=world.a.organization))
    appoint_curator(user=curator, organization=world.a.organization, authority="Другое управление")
    assert Curatorship.objects.filter(organization=world.a.organization).count() == 2


@pytest.mark.parametrize(
    ("name", "authority", "code"),
    [("", "Управление", "curator_needs_name"), ("Надзорова", "\u200b ", "curator_needs_authority")],
)
def test_the_organization_must_read_who_it_is(world: World, name: str, authority: str, code: str) -> None:
    before = AuditEvent.objects.count()
    with pytest.raises(DomainError) as refused:
        appoint_curator(user=make_user("+79006000001", name), organization=world.a.organization, authority=authority)
    assert refused.value.code == code
    assert AuditEvent.objects.count() == before


def test_a_curator_who_has_not_signed_in_yet_is_not_forgotten(world: World) -> None:
    user = User.objects.create(phone="+79006000002", display_name="Ещёнебывал", date_joined=NOON - timedelta(days=9))
    appoint_curator(user=user, organization=world.a.organization, authority="Управление")
    stranger = User.objects.create(phone="+79006000003", date_joined=NOON - timedelta(days=9))
    remove_unconfirmed_users(timezone.now())
    assert User.objects.filter(pk=user.pk).exists()
    assert not User.objects.filter(pk=stranger.pk).exists()


# --- Figures --------------------------------------------------------------------------------------------------------
def test_sums_of_each_organization(world: World) -> None:
    a, b = world.a.organization, world.b.organization
    counted(a, MONDAY, messages=100, doubtful_messages=10, events=1, staff_joined=10)
    counted(a, TODAY, messages=20, doubtful_messages=1, events=2)
    counted(a, MONDAY - timedelta(days=1), messages=5000)
    counted(b, TODAY, messages=7)
    active(a)
    active(b, staff=40, parents=0)
    read(world.a, asked=100, reached=60)
    read(world.a, asked=100, reached=40, thing=2, day=MONDAY)
    read(world.a, asked=100, reached=100, thing=3, day=MONDAY - timedelta(days=1))
    table = side_by_side([a, b], WEEK)
    assert shown(table) == {
        "staff_joined": "30/40",
        "staff_active": "20/40",
        "students_joined": "250/500",
        "families_joined": "400/500",
        "parents_active": "100/700",
        "messages": 120,
        "reading_reach": "100/200",
        "events": 3,
    }
    assert tuple(shown(table)) == COLUMNS
    assert shown(table, 1)["parents_active"] == "0/700"
    assert shown(table, 1)["reading_reach"] == "0/0"
    totals = {key: said(value) for key, value in table.totals.items()}
    assert totals["staff_active"] == "60/80"
    assert (totals["messages"], totals["events"], totals["reading_reach"]) == (127, 3, "100/200")
    assert table.rows[0].values["staff_active"].amount == 0.5
    assert shown(side_by_side([a, b], WEEK, without_doubtful=True))["messages"] == 109


def test_small_cells_are_hidden_and_cannot_be_subtracted(world: World) -> None:
    a, b = world.a.organization, world.b.organization
    counted(a, staff_total=30, staff_joined=27, students_total=4, students_joined=0, families_joined=3)
    counted(b)
    active(a, staff=4, parents=5)
    active(b)
    read(world.a, asked=3, reached=3)
    table = side_by_side([a, b], WEEK)
    hidden = {key for key, value in shown(table).items() if value == "hidden"}
    assert hidden == {"staff_joined", "staff_active", "students_joined", "families_joined", "reading_reach"}
    assert all(value.numerator == 0 for key, value in table.rows[0].values.items() if key in hidden)
    # The sum of both would give the hidden one away.
    assert said(table.totals["staff_joined"]) == "30/40"
    assert said(table.totals["parents_active"]) == "105/1400"


@pytest.mark.parametrize(
    ("days", "staff", "parents"),
    [
        (days_of(PeriodKind.DAY, TODAY), 6, 7),
        (days_of(PeriodKind.WEEK, TODAY), 12, 13),
        (days_of(PeriodKind.MONTH, TODAY), 14, 15),
        (days_of(PeriodKind.QUARTER, TODAY), 0, 0),
        (Days(PeriodKind.CUSTOM, TODAY, TODAY), 6, 7),
    ],
)
def test_people_are_counted_once_in_every_period(world: World, days: Days, staff: int, parents: int) -> None:
    a = world.a.organization
    counted(a, staff_active=6, parents_active=7)
    active(a, 12, 13)
    active(a, 14, 15, Span.MONTH)
    values = side_by_side([a], days).rows[0].values
    assert (values["staff_active"].numerator, values["parents_active"].numerator) == (staff, parents)


def test_a_period_of_ones_own_counts_people_from_their_days(world: World) -> None:
    a = world.a.organization
    counted(a, staff_total=5, parents_total=5)
    staff = [world.a.people[name] for name in ("administrator", "head", "leader", "teacher", "waiting_teacher")]
    for number, person in enumerate(staff):
        for day in (TODAY, MONDAY):
            is_teacher_today = day == TODAY
            PersonDay.objects.create(
                organization=a, person=person, day=day, is_staff=True, is_parent=is_teacher_today,
                came=number > 0, messages=int(number == 0),
            )  # fmt: skip
    # Only noted by others, or on another day: not active.
    extra = {"organization": a, "person": world.a.people["parent"], "is_parent": True}
    PersonDay.objects.create(**extra, day=TODAY, attended=1)
    PersonDay.objects.create(**extra, day=MONDAY - timedelta(days=1), came=True)
    theirs = world.b.people["teacher"]
    PersonDay.objects.create(organization=world.b.organization, person=theirs, day=TODAY, is_staff=True, came=True)
    values = shown(side_by_side([a], Days(PeriodKind.CUSTOM, MONDAY, TODAY)))
    assert (values["staff_active"], values["parents_active"]) == ("5/5", "5/5")


def test_a_roster_older_than_the_period_is_better_than_none(world: World) -> None:
    counted(world.a.organization, MONDAY - timedelta(days=3), staff_joined=20)
    counted(world.a.organization, TODAY + timedelta(days=7), staff_joined=40)
    values = shown(side_by_side([world.a.organization], WEEK))
    assert (values["staff_joined"], values["messages"]) == ("20/40", None)


def test_how_old_the_oldest_is(world: World) -> None:
    organizations = [world.a.organization, world.b.organization]
    counted(organizations[0])
    assert side_by_side(organizations, WEEK).counted_at is None
    counted(organizations[1])
    RollupState.objects.filter(organization=organizations[1]).update(counted_at=NOON - timedelta(hours=2))
    assert side_by_side(organizations, WEEK).counted_at == NOON - timedelta(hours=2)
    assert side_by_side([], WEEK).rows == []


# --- Pages ----------------------------------------------------------------------------------------------------------
def test_the_table_of_a_curator(world: World, curator: User, browse: Browse) -> None:
    counted(world.a.organization, messages=1234)
    counted(world.b.organization, messages=1)
    active(world.a.organization)
    client = Client()
    client.force_login(curator, backend="accounts.backends.AuthenticationBackend")
    page = look(client)
    assert "2 организации" in page
    assert page.index("Школа № 1") < page.index("Школа № 2") < page.index("Итого")
    assert "75 %" in page.replace("\u00a0", " ")
    assert "1 235" in page.replace("\u00a0", " ")
    assert "Школа № 1" not in look(client, "?q=ШКОЛА+2")
    assert "Таких организаций нет" in look(client, "?q=лицей")
    other = look(client, "?period=month&on=2026-10-05")
    assert "1 235" not in other.replace("\u00a0", " ")
    for nonsense in ("?period=x", "?on=x", "?period=custom&first=2026-11-20&last=2026-11-01", "?page=x", "?q=%00"):
        look(client, nonsense)


def test_norms_are_not_the_curators(world: World, curator: User, browse: Browse) -> None:
    counted(world.a.organization)
    from stats.models import Norm

    Norm.objects.create(organization=world.a.organization, figure="staff_joined", percent=95, is_on=True)
    page = browse(curator).get(reverse("stats:curator_organization", args=["a"]))
    assert page.status_code == 200
    assert "95" not in words(page)
    assert "95" not in words(browse(curator).get(reverse("stats:curator")))


def test_one_organization_by_itself(world: World, curator: User) -> None:
    client = Client()
    client.force_login(curator, backend="accounts.backends.AuthenticationBackend")
    address = reverse("stats:curator_organization", args=["a"])
    assert "скрыто" not in words(client.get(address))
    counted(world.a.organization, staff_total=30, staff_joined=27)
    page = client.get(address)
    assert "Школа № 1" in words(page)
    assert "скрыто" in words(page)
    assert "Школа № 2" not in words(page)
    names = {person.last_name for person in world.a.people.values()}
    assert not {name for name in names if name in words(page)}


def test_whoever_curates_nothing_finds_nothing(world: World, browse: Browse, curator: User) -> None:
    addresses = [reverse("stats:curator"), reverse("stats:curator_export")]
    addresses += [reverse("stats:curator_organization", args=[slug]) for slug in ("a", "nothing")]
    for user in (world.a.user("head"), world.operator, world.both):
        assert {browse(user).get(address).status_code for address in addresses} == {404}
    assert {browse(None).get(address).status_code for address in addresses} == {302}
    assert browse(curator).get(addresses[2]).status_code == 200
    Curatorship.objects.filter(user=curator, organization=world.a.organization).update(until=NOON)
    assert browse(curator).get(addresses[2]).status_code == 404
    assert "Школа № 1" not in words(browse(curator).get(addresses[0]))
    Curatorship.objects.filter(user=curator).update(until=NOON)
    assert {browse(curator).get(address).status_code for address in addresses} == {404}


# What anybody may open, and the curator's own.
PUBLIC = ("stats:curator", "api_curator", "channels:public", "invitations:apply")


@pytest.mark.req("ACC-4")
def test_a_curator_gets_nothing_inside_an_organization(world: World, curator: User, browse: Browse) -> None:
    things, client = Things(world), browse(curator)
    inside = []
    for route in sorted(all_routes()):
        if route.startswith(("admin:", "(")):
            continue
        try:
            values = things.fill(route)
        except KeyError:
            continue
        if "slug" in values and not route.startswith(PUBLIC):
            inside.append((route, reverse(route, kwargs=values)))
    found = [(route, address) for route, address in inside if address.startswith(("/o/", "/api/v1/o/"))]
    assert len(found) > 150
    for route, address in found:
        assert client.get(address).status_code in (404, 405), route


def test_the_table_as_a_spreadsheet(world: World, curator: User, browse: Browse) -> None:
    counted(world.a.organization, messages=1234, staff_joined=37)
    Organization.objects.filter(pk=world.b.organization.pk).update(short_name="=1+1")
    answer = browse(curator).get(reverse("stats:curator_export"))
    assert answer["Content-Disposition"].startswith("attachment")
    book = load_workbook(BytesIO(answer.content))
    assert len(book.sheetnames) == 2
    cells = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    flat = [value for row in cells for value in row if value is not None]
    assert 1234 in flat
    assert "=1+1" in flat
    assert book.worksheets[0]["A6"].data_type == "s"
    assert any("Надзорова" in str(value) for value in flat)
    assert 0.5 in flat
    formulas = [row[0].value for row in book.worksheets[1].iter_rows()]
    assert len(formulas) == len(COLUMNS)


def test_names_are_sorted_as_people_do(world: World, curator: User) -> None:
    Organization.objects.filter(pk=world.b.organization.pk).update(short_name="Школа № 10")
    Organization.objects.filter(pk=world.a.organization.pk).update(short_name="Школа № 9")
    names = [organization.short_name for organization in curated_organizations(curator.pk)]
    assert names == ["Школа № 9", "Школа № 10"]
    assert [one.short_name for one in curated_organizations(curator.pk, " шкОла 9 ")] == ["Школа № 9"]


def many(user: User, count: int) -> None:
    organizations = Organization.objects.bulk_create(
        Organization(slug=f"s-{number}", kind="school", name=f"Школа {number}", short_name=f"Лицей № {number}")
        for number in range(count)
    )
    Curatorship.objects.bulk_create(
        Curatorship(organization=organization, user=user, authority="Управление") for organization in organizations
    )
    OrgDay.objects.bulk_create(
        OrgDay(organization=organization, day=TODAY, messages=1, **ROSTER) for organization in organizations
    )


@pytest.mark.parametrize("query", ["", "?period=quarter", "?period=day"])
def test_two_hundred_cost_as_much_as_two(curator: User, browse: Browse, query: str) -> None:
    client, address = browse(curator), reverse("stats:curator") + query

    def cost() -> int:
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    few = cost()
    many(curator, 200)
    assert cost() == few
    # The session, the user, the organizations, and five of sums.
    assert few == 8


def test_fifty_a_page_and_the_total_of_all(curator: User, browse: Browse) -> None:
    many(curator, 60)
    client = browse(curator)
    first, second = (client.get(reverse("stats:curator"), {"page": page}).content.decode() for page in (1, 2))

    def names(page: str) -> list[str]:
        return re.findall(r'<a class="table-main-link"[^>]*>([^<]+)</a>', html.unescape(page))

    assert (len(names(first)), len(names(second))) == (50, 12)
    assert names(first)[:2] == ["Лицей № 0", "Лицей № 1"]
    totals = [page.partition("<tfoot>")[2].partition("</tfoot>")[0] for page in (first, second)]
    assert totals[0] == totals[1]
    assert "60" in words(client.get(reverse("stats:curator"))).partition("Итого")[2]


# --- The entrance ---------------------------------------------------------------------------------------------------
def entrance(client: Client) -> HttpResponse:
    return client.get("/")


def test_a_curator_of_no_organization_lands_on_the_table(curator: User, browse: Browse) -> None:
    client = browse(curator)
    assert entrance(client).headers["Location"] == reverse("stats:curator")
    choice = client.get("/?choose")
    assert reverse("stats:curator") in choice.content.decode()


def test_a_curator_who_works_in_a_school_chooses(world: World, browse: Browse) -> None:
    head = world.a.user("head")
    assert entrance(browse(head)).headers["Location"] == "/o/a/"
    appoint_curator(user=head, organization=world.b.organization, authority="Совет директоров")
    client = Client()
    client.force_login(head, backend="accounts.backends.AuthenticationBackend")
    page = words(entrance(client))
    assert "Школа № 1" in page
    assert "Статистика куратора Сводные показатели 1 организации" in page
    assert client.get("/o/b/").status_code == 404
