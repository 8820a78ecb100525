"""Presence: one row for each person and day, at most one write (STAT-2, STAT-4)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, resolve, reverse
from django.utils import timezone

from accounts.models import User
from accounts.services import create_api_key
from chats.models import Template
from orgs.models import Organization
from stats.middleware import AUTOMATIC, PRESENT, PresenceMiddleware
from stats.models import Presence
from stats.services.presence import note_presence
from tests.accounts.door import sign_in
from tests.chats.cast import chat_of, say, switch_on
from tests.stats.cast import at, move_to
from tests.world import School, World

pytestmark = pytest.mark.req("STAT-4", "STAT-2")

Browse = Callable[[User | None], Client]
# The row; the session inside a savepoint.
FIRST_OF_A_DAY = 4


@pytest.fixture
def arrive(browse: Browse) -> Browse:
    """A browser whose session remembers no day: the first request of a day comes from it."""

    def as_newcomer(user: User | None) -> Client:
        client = browse(user)
        session = client.session
        session.pop(PRESENT, None)
        session.save()
        return client

    return as_newcomer


def home(school: School) -> str:
    return reverse("orgs:home", args=[school.slug])


def api(school: School, path: str) -> str:
    return f"/api/v1/o/{school.slug}/{path}"


def statements(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def days() -> list[tuple[str, int, str]]:
    rows = Presence.objects.order_by("organization__slug", "person_id", "day")
    return [
        (slug, person, f"{day}") for slug, person, day in rows.values_list("organization__slug", "person_id", "day")
    ]


def test_only_the_first_request_of_a_day_writes(world: World, arrive: Browse) -> None:
    client = arrive(world.a.user("teacher"))
    before = timezone.now()
    costs = [statements(client, home(world.a)) for _time in range(3)]
    assert costs == [costs[1] + FIRST_OF_A_DAY, costs[1], costs[1]]
    row = Presence.objects.get()
    assert (row.person, row.organization) == (world.a.people["teacher"], world.a.organization)
    assert row.day == timezone.localdate(timezone.now(), world.a.organization.zone)
    assert before <= row.at <= timezone.now()


def test_the_api_by_a_session_counts_like_a_page(world: World, arrive: Browse) -> None:
    client = arrive(world.a.user("teacher"))
    costs = [statements(client, api(world.a, "people/")) for _time in range(2)]
    assert costs[0] == costs[1] + FIRST_OF_A_DAY
    assert Presence.objects.get().person == world.a.people["teacher"]
    assert statements(client, home(world.a)) == statements(client, home(world.a))


def test_a_key_is_not_a_person(world: World, arrive: Browse) -> None:
    _key, raw = create_api_key(world.a.user("teacher"), "schedule")
    headers = {"authorization": f"Bearer {raw}"}
    assert Client(headers=headers).get(api(world.a, "people/")).status_code == 200
    # Nor where a browser's session comes along.
    assert arrive(world.a.user("teacher")).get(api(world.a, "people/"), headers=headers).status_code == 200
    assert not Presence.objects.exists()


def test_two_devices_leave_one_row(world: World, arrive: Browse) -> None:
    phone, computer = arrive(world.a.user("parent")), arrive(world.a.user("parent"))
    phone.get(home(world.a))
    first = Presence.objects.get()
    assert statements(computer, home(world.a)) == statements(computer, home(world.a)) + FIRST_OF_A_DAY
    again = Presence.objects.get()
    assert (again.pk, again.at) == (first.pk, first.at)


def test_two_people_of_one_user_are_present_each_for_themselves(world: World, arrive: Browse) -> None:
    client = arrive(world.both)
    client.get(home(world.a))
    assert [row[0] for row in days()] == ["a"]
    client.get(home(world.b))
    client.get(home(world.a))
    assert [row[:2] for row in days()] == [
        ("a", world.a.people["both"].pk),
        ("b", world.b.people["both"].pk),
    ]
    assert statements(client, home(world.a)) == statements(client, home(world.a))


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Europe/Kaliningrad", ["2026-03-02", "2026-03-02", "2026-03-03"]),
        ("Europe/Moscow", ["2026-03-02", "2026-03-03", "2026-03-03"]),
        ("Asia/Kamchatka", ["2026-03-03", "2026-03-03", "2026-03-03"]),
    ],
)
def test_the_day_is_that_of_the_organization(world: World, arrive: Browse, zone: str, expected: list[str]) -> None:
    move_to(world.a, zone)
    found = []
    for moment in ("2026-03-02T20:59:59Z", "2026-03-02T21:00:00Z", "2026-03-02T22:00:00Z"):
        Presence.objects.all().delete()
        with time_machine.travel(moment, tick=False):
            arrive(world.a.user("head")).get(home(world.a))
        found.append(f"{Presence.objects.get().day}")
    assert found == expected


def test_one_session_over_two_midnights(world: World, arrive: Browse) -> None:
    client, person = arrive(world.a.user("head")), world.a.people["head"].pk
    for clock in ("2026-03-02 23:59:59", "2026-03-03 00:00:00", "2026-03-03 23:59:59", "2026-03-05 12:00:00"):
        with time_machine.travel(at(world.a, clock), tick=False):
            client.get(home(world.a))
    assert days() == [("a", person, "2026-03-02"), ("a", person, "2026-03-03"), ("a", person, "2026-03-05")]


def test_a_changed_zone_begins_another_day(world: World, arrive: Browse) -> None:
    client = arrive(world.a.user("head"))
    with time_machine.travel("2026-03-02T20:00:00Z", tick=False):
        client.get(home(world.a))
        move_to(world.a, "Asia/Kamchatka")
        client.get(home(world.a))
    assert [row[2] for row in days()] == ["2026-03-02", "2026-03-03"]


# --- What is nobody's coming ----------------------------------------------------------------------------------------
def test_a_page_left_open_does_not_come_the_next_day(world: World, arrive: Browse) -> None:
    switch_on(world.a)
    chat = chat_of(world.a, Template.UNIT_PARENTS)
    message = say(world.a, "leader", chat)
    client = arrive(world.a.user("parent"))
    for path in ("chats/", f"chats/{chat.pk}/", f"chats/{chat.pk}/changes/?after=0"):
        assert client.get(api(world.a, path)).status_code == 200
    read = client.post(api(world.a, f"chats/{chat.pk}/read/"), {"number": message.number}, "application/json")
    assert read.status_code == 200
    assert not Presence.objects.exists()
    assert PRESENT not in client.session
    # Opening another chat there is done by hand.
    assert client.get(api(world.a, f"chats/{chat.pk}/messages/")).status_code == 200
    assert Presence.objects.get().person == world.a.people["parent"]


@pytest.mark.parametrize(("method", "name"), sorted(AUTOMATIC))
def test_automatic_requests_are_named_as_the_addresses_are(method: str, name: str) -> None:
    for values in ({}, {"pk": 1}, {"chat_id": 1, "file_id": 1}):
        try:
            address = reverse(name, kwargs={"slug": "a", **values})
        except NoReverseMatch:
            continue
        found = resolve(address)
        actions: dict[str, Any] = getattr(found.func, "actions", {"get": "page"})
        assert found.view_name == name
        assert method.lower() in actions
        return
    pytest.fail(f"nothing is called {name}")


@pytest.mark.parametrize("headers", [{"sec-purpose": "prefetch"}, {"purpose": "prefetch"}])
def test_a_page_fetched_beforehand_was_not_opened(world: World, arrive: Browse, headers: dict[str, str]) -> None:
    arrive(world.a.user("head")).get(home(world.a), headers=headers)
    assert not Presence.objects.exists()


def test_strangers_and_pages_outside_leave_nothing(world: World, arrive: Browse) -> None:
    assert arrive(None).get(home(world.a)).status_code == 302
    teacher = arrive(world.a.user("teacher"))
    assert teacher.get(home(world.b)).status_code == 404
    assert teacher.get("/account/keys/").status_code == 200
    assert teacher.get("/healthz").status_code == 200
    assert not Presence.objects.exists()
    assert PRESENT not in teacher.session


def test_a_failure_and_a_session_that_ended_leave_nothing(world: World, arrive: Browse) -> None:
    client = arrive(world.a.user("teacher"))
    request = RequestFactory().get("/")
    request.actor = world.a.actor("teacher")  # type: ignore[attr-defined]
    request.resolver_match = resolve(home(world.a))
    request.session = client.session
    PresenceMiddleware(lambda _request: HttpResponse(status=500))(request)
    assert not Presence.objects.exists()
    request.session.flush()
    PresenceMiddleware(lambda _request: HttpResponse())(request)
    assert not Presence.objects.exists()


def test_who_may_not_see_a_page_has_come_all_the_same(world: World, arrive: Browse) -> None:
    assert arrive(world.a.user("parent")).get(reverse("orgs:journal", args=["a"])).status_code == 403
    assert Presence.objects.get().person == world.a.people["parent"]


def test_a_real_sign_in_comes_for_the_first_time(world: World) -> None:
    client = Client()
    sign_in(client, str(world.a.user("parent").phone))
    client.get(home(world.a))
    assert Presence.objects.get().person == world.a.people["parent"]


def test_noting_twice_is_once(world: World) -> None:
    person, today = world.a.people["head"], date(2026, 3, 2)
    for _time in range(2):
        with CaptureQueriesContext(connection) as queries:
            note_presence(person=person, day=today)
        assert len(queries) == 1
    note_presence(person=person, day=today + timedelta(days=1))
    assert Presence.objects.count() == 2


def test_a_person_of_another_school_cannot_be_noted_here(world: World) -> None:
    note_presence(person=world.b.people["head"], day=date(2026, 3, 2))
    assert Presence.objects.get().organization == Organization.objects.get(slug="b")
