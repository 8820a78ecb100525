"""The demonstration data: the same at every start, and as sound as what the services make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.db.models import Count, F, Max, Q
from django.utils import timezone

from accounts.models import User
from chats.models import Chat
from common.text import normalise
from invitations.models import Invitation, InvitationUse, State
from invitations.permissions import can_give
from orgs.actor import actor_of
from orgs.audit import sentence_of
from orgs.models import (
    STAFF_ROLES,
    AuditEvent,
    Enrolment,
    Guardianship,
    Organization,
    Part,
    Person,
    Role,
    RoleAssignment,
    Unit,
    UnitKind,
)
from orgs.selectors.organizations import memberships_of
from orgs.vocabulary import vocabulary_of
from outbox.models import Message, Status
from sferum_admin import demo
from sferum_admin.demo import known
from sferum_admin.demo.names import feminine, patronymic
from tests.orgs.test_prepared import CASES

SCHOOL, KINDERGARTEN, CENTRE = "shkola-14", "solnyshko", "tsdt"


@pytest.fixture(scope="module")
def august(django_db_setup: None, django_db_blocker: Any) -> Iterator[list[tuple[Any, ...]]]:
    """The demonstration data, made once for this module and rolled back after it.

    Gives the portrait of the same data made on a day when the school year has not begun yet.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        _clear_the_way()
        with time_machine.travel("2027-08-15T00:30:00Z", tick=False), transaction.atomic():
            demo.load(lambda line: None)
            connection.check_constraints()
            portrait = _portrait()
            transaction.set_rollback(True)
        _look_at_the_worst_moment()
        demo.load(lambda line: None)
        yield portrait
        transaction.set_rollback(True)


def _look_at_the_worst_moment() -> None:
    """PostgreSQL may look at a table when it holds nothing but what was rolled back, and then takes it for empty while
    a year of figures is counted: that must not take hours.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE stats_personday, stats_orgday, stats_unitday, stats_staffanswer, stats_period")


def _clear_the_way() -> None:
    """Another test's world may stand in this worker's database; the rollback brings it back."""
    Unit.objects.all().delete()
    Organization.objects.all().delete()


@pytest.fixture(autouse=True)
def _database(august: object, db: None) -> None:
    """Every test of this module looks at the loaded data."""


def _people(slug: str) -> Any:
    return Person.objects.filter(organization__slug=slug)


def _holders(slug: str, role: str) -> int:
    return RoleAssignment.objects.filter(organization__slug=slug, role=role, until=None).count()


@pytest.mark.req("REG-7")
def test_three_kinds_of_organizations_with_units_of_their_own() -> None:
    units = Unit.objects.active().teaching()
    found = Counter(units.values_list("organization__slug", "kind"))
    assert found == {(SCHOOL, "class"): 24, (KINDERGARTEN, "group"): 6, (CENTRE, "circle"): 12}
    assert len(set(Organization.objects.values_list("time_zone", flat=True))) == 3


def test_the_school_is_of_the_promised_size() -> None:
    assert 570 <= _holders(SCHOOL, Role.STUDENT) <= 630
    assert _holders(SCHOOL, Role.PARENT) > 700
    staff = RoleAssignment.objects.filter(organization__slug=SCHOOL, role__in=STAFF_ROLES, until=None)
    assert staff.values("person").distinct().count() == 45
    joined = _people(SCHOOL).filter(user__isnull=False).count() / _people(SCHOOL).count()
    assert 0.6 < joined < 0.72
    assert _holders(SCHOOL, Role.ADMINISTRATOR) == 1, "the warning about the only administrator is to be seen"


def test_the_kindergarten_has_children_without_accounts() -> None:
    assert 110 <= _holders(KINDERGARTEN, Role.STUDENT) <= 125
    children = _people(KINDERGARTEN).filter(roles__role=Role.STUDENT)
    assert not children.filter(user__isnull=False).exists()
    assert _people(KINDERGARTEN).filter(roles__role=Role.PARENT).filter(user__isnull=False).count() > 80


def test_children_of_the_centre_are_in_several_circles() -> None:
    several = (
        Enrolment.objects.filter(organization__slug=CENTRE, part=Part.STUDENT, until=None)
        .values("person")
        .annotate(circles=Count("unit"))
        .filter(circles__gte=2)
    )
    assert several.count() > 30


@pytest.mark.req("ORG-2")
def test_the_staff_unit_holds_all_staff_and_nobody_else() -> None:
    staff = set(RoleAssignment.objects.filter(role__in=STAFF_ROLES, until=None).values_list("person_id", flat=True))
    inside = Enrolment.objects.filter(unit__kind=UnitKind.STAFF, until=None)
    assert staff == set(inside.values_list("person_id", flat=True))
    assert set(inside.values_list("part", flat=True)) == {Part.TEACHER}


def test_every_part_in_a_unit_has_the_role_it_needs() -> None:
    needed = {Part.STUDENT: Role.STUDENT, Part.TEACHER: Role.TEACHER, Part.LEADER: Role.TEACHER}
    held = set(RoleAssignment.objects.filter(until=None).values_list("person_id", "role"))
    parts = Enrolment.objects.filter(until=None).exclude(unit__kind=UnitKind.STAFF)
    assert [row for row in parts if (row.person_id, needed[Part(row.part)]) not in held] == []
    assert not parts.filter(unit__archived_at__isnull=False).exists()


def test_roles_never_end_before_they_begin_and_nobody_of_the_roster_is_without_one() -> None:
    assert not Person.objects.filter(roles=None).exists()
    assert not RoleAssignment.objects.filter(since__gt=timezone.now()).exists()


@pytest.mark.req("ORG-10")
def test_every_child_has_a_family() -> None:
    students = Person.objects.filter(roles__role=Role.STUDENT, roles__until=None)
    assert not students.exclude(parent_links__until=None, parent_links__isnull=False).exists()
    families = Guardianship.objects.values("child").annotate(parents=Count("parent"))
    assert set(families.values_list("parents", flat=True)) >= {1, 2, 3}
    several = Guardianship.objects.values("parent").annotate(children=Count("child")).filter(children__gte=2)
    assert several.count() > 50


def test_search_names_follow_the_names() -> None:
    wrong = [person for person in Person.objects.all() if person.search_name != normalise(person.full_name)]
    assert wrong == []


def test_names_are_as_varied_as_in_life() -> None:
    people = Person.objects.all()
    assert people.filter(last_name__contains="-").exists()
    assert people.filter(last_name__contains="ё").exists()
    assert people.filter(patronymic="").count() > 20
    for surname in ("Галиуллин", "Цыренов"):
        assert people.filter(last_name__startswith=surname).exists()


@pytest.mark.parametrize(
    ("father", "son", "daughter"),
    [
        ("Сергей", "Сергеевич", "Сергеевна"),
        ("Юрий", "Юрьевич", "Юрьевна"),
        ("Дмитрий", "Дмитриевич", "Дмитриевна"),
        ("Игорь", "Игоревич", "Игоревна"),
        ("Илья", "Ильич", "Ильинична"),
        ("Наиль", "Наилевич", "Наилевна"),
        ("Зорикто", "Зориктоевич", "Зориктоевна"),
        ("Доржи", "Доржиевич", "Доржиевна"),
        ("Рустам", "Рустамович", "Рустамовна"),
    ],
)
def test_patronymics_follow_the_father(father: str, son: str, daughter: str) -> None:
    assert (patronymic(father, female=False), patronymic(father, female=True)) == (son, daughter)


def test_surnames_follow_the_woman() -> None:
    pairs = {"Соловьёв": "Соловьёва", "Сухово-Ковалёв": "Сухово-Ковалёва", "Покровский": "Покровская"}
    pairs |= {"Луговой": "Луговая", "Шевченко": "Шевченко", "Галиуллин": "Галиуллина"}
    assert {surname: feminine(surname) for surname in pairs} == pairs


def test_who_has_joined_is_a_confirmed_user_with_the_same_phone() -> None:
    joined = Person.objects.filter(user__isnull=False).select_related("user")
    assert [person for person in joined if person.user.phone != person.phone or not person.user.is_confirmed] == []
    assert not joined.filter(joined_at=None).exists()
    assert not Person.objects.filter(user=None, joined_at__isnull=False).exists()


def test_phones_belong_to_nobody_and_are_given_once() -> None:
    phones = Counter(Person.objects.exclude(phone="").values_list("organization_id", "phone"))
    assert max(phones.values()) == 1
    everywhere = Counter(phone for _organization, phone in phones)
    assert {phone for phone, count in everywhere.items() if count > 1} == {
        known.TEACHER_OF_TWO.phone,
        known.FAMILY_OF_TWO.phone,
    }
    assert all(phone.startswith("+7973000") for phone in everywhere)
    assert not Person.objects.exclude(email="").exclude(email__endswith="@example.org").exists()


@pytest.mark.req("ORG-5")
def test_movement_of_a_month_stays_visible() -> None:
    ended = Enrolment.objects.filter(until__isnull=False)
    assert ended.filter(unit__name="5Г", unit__archived_at__isnull=False, part=Part.STUDENT).count() == 11
    moved = Enrolment.objects.exclude(order_number="").filter(order_date__lte=F("since"))
    assert moved.count() >= 15
    returned = RoleAssignment.objects.values("person", "role").annotate(times=Count("pk")).filter(times=2)
    assert returned.filter(role=Role.STUDENT).count() == 1
    leaderless = Unit.objects.active().teaching().exclude(enrolments__part=Part.LEADER, enrolments__until=None)
    assert [unit.name for unit in leaderless] == ["7Б"]


@pytest.mark.req("INV-3", "INV-4")
def test_links_of_every_state_with_truthful_counters() -> None:
    now = timezone.now()
    for organization in Organization.objects.all():
        links = Invitation.objects.filter(organization=organization)
        assert {link.state_at(now) for link in links} == set(State), organization.slug
    counted = Invitation.objects.annotate(joined=Count("used_by"))
    assert not counted.exclude(uses=F("joined")).exists()
    in_time = Q(at__gte=F("invitation__created_at"), at__lte=F("invitation__expires_at"))
    assert not InvitationUse.objects.exclude(in_time).exists()
    assert not Invitation.objects.filter(expires_at__lte=now, revoked_at=None, expiry_recorded_at=None).exists()


def test_who_joined_joined_by_a_link_except_the_first_administrators() -> None:
    without = Person.objects.filter(user__isnull=False).exclude(joined_by__isnull=False)
    assert without.count() == 3
    assert not InvitationUse.objects.filter(person__user=None).exists()


def test_working_links_live_on_a_right() -> None:
    now = timezone.now()
    working = Invitation.objects.redeemable(now).select_related("unit", "student", "owner__organization")
    actors = {link.owner_id: actor_of(link.owner) for link in working}
    assert [link for link in working if not can_give(actors[link.owner_id], link)] == []
    assert len(actors) > 3, "leaders invite into their own classes too"


def test_the_outbox_shows_deliveries_and_nothing_waits() -> None:
    states = Counter(Message.objects.values_list("status", flat=True))
    assert states[Status.KEPT] > 50
    assert states[Status.FAILED] > 0
    assert states[Status.QUEUED] == 0


@pytest.mark.req("ORG-12")
def test_the_journal_tells_a_month_in_order() -> None:
    ours = Organization.objects.values("pk")
    events = list(AuditEvent.objects.filter(organization_id__in=ours).order_by("organization_id", "id"))
    for before, after in pairwise(events):
        assert before.organization_id != after.organization_id or before.at <= after.at
    assert max(event.at for event in events) < timezone.now()
    words = {place.pk: vocabulary_of(place) for place in Organization.objects.all()}
    bare = {event.action for event in events if sentence_of(event, words[event.organization_id]) == event.action}
    assert bare == set()
    assert len({event.action for event in events}) >= 18


def test_everything_lies_in_the_past() -> None:
    now = timezone.now()
    for model, name in (
        (Person, "created_at"),
        (Person, "joined_at"),
        (Invitation, "created_at"),
        (Message, "created_at"),
    ):
        newest: datetime = model.objects.aggregate(newest=Max(name))["newest"]  # type: ignore[attr-defined]
        assert newest < now


@pytest.mark.req("ACC-1", "ORG-4")
def test_those_who_are_announced_can_sign_in() -> None:
    announced = demo.who_can_sign_in()
    assert len({phone for phone, _description in announced}) == len(announced) >= 10
    for phone, _description in announced:
        user = User.objects.get(phone="+" + "".join(filter(str.isdigit, phone)))
        assert user.is_active
        assert user.is_confirmed
        assert user.is_superuser or memberships_of(user.pk) or user.curatorships.exists()
    in_two = [known.TEACHER_OF_TWO, known.FAMILY_OF_TWO]
    assert [len(memberships_of(User.objects.get(phone=person.phone).pk)) for person in in_two] == [2, 2]
    both = memberships_of(User.objects.get(phone=known.TEACHER_AND_PARENT.phone).pk)
    assert set(both[0].roles) == {Role.TEACHER, Role.PARENT}


def test_loading_again_changes_nothing() -> None:
    before = (Person.objects.count(), AuditEvent.objects.count(), User.objects.count())
    lines: list[str] = []
    demo.load(lines.append)
    assert lines == []
    assert (Person.objects.count(), AuditEvent.objects.count(), User.objects.count()) == before


def test_another_day_gives_the_same_people(august: list[tuple[Any, ...]]) -> None:
    assert _portrait() == august
    assert len(august) > 1200


def _portrait() -> list[tuple[Any, ...]]:
    person = ("organization__slug", "person__search_name", "person__phone", "person__user__phone")
    rows = Enrolment.objects.values_list(*person, "unit__name", "part", "order_number")
    return sorted(rows, key=str)


@pytest.mark.req("ACC-4")
@pytest.mark.parametrize("name", sorted(set(CASES) - {"contacts"}))
def test_prepared_questions_find_among_much_what_selectors_find(name: str) -> None:
    """The world of tests has few readings, events and proposals; here is a year of them."""
    asked, arguments = CASES[name]
    joined = Person.objects.filter(user__isnull=False).order_by("search_name")
    people = [*joined.filter(user__phone__in=[person.phone for person in known.EVERYBODY])]
    for role in Role.values:
        people += joined.filter(roles__role=role, roles__until=None).distinct()[:8]
    has_found = False
    for person in people:
        actor = actor_of(person)
        chat = (Chat.objects.filter(organization=actor.organization).latest("pk").pk,)
        given = chat if name == "chat" else arguments(None, actor)
        expected = asked.plain(actor, *given)
        assert asked(actor, *given) == expected, person.full_name
        has_found = has_found or bool(expected)
    assert has_found
