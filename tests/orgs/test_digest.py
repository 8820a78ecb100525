"""The daily letter: one a person and day, whatever was missed (CHAT-4)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from orgs import digest
from orgs.digest import Line, Part, send_digests
from orgs.letters import daily_digest
from orgs.models import Organization, Role
from orgs.services.people import end_role
from orgs.telling import email_of
from outbox import models as outbox
from outbox.rendering import Obsolete
from tests.accounts.devices import add_device
from tests.orgs.pages import crowd
from tests.world import School, World, make_user

EVENING = datetime(2026, 11, 20, 15, 5, tzinfo=UTC)  # 18:05 in Moscow
URL = "https://school.example.org/o/a/"


@pytest.fixture
def parts(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`parts(chats, channels)` lets two floors tell so much was missed, and in these lines."""

    def made(*found: tuple[dict[int, int], list[Line]]) -> None:
        given = [
            Part(f"Раздел {number}", lambda _where, _since, m=missed: m, lambda _actor, _since, rows=lines: rows)
            for number, (missed, lines) in enumerate(found, 1)
        ]
        monkeypatch.setattr(digest, "_parts", lambda: given)

    return made


@pytest.fixture
def parent(world: World) -> int:
    """The id of a parent who can be reached by e-mail."""
    User.objects.filter(pk=world.a.user("parent").pk).update(email="rosa@example.org")
    return world.a.people["parent"].pk


def letters() -> list[outbox.Message]:
    return list(outbox.Message.objects.filter(template="daily_digest").order_by("pk"))


@pytest.mark.req("CHAT-4")
def test_what_several_floors_tell_comes_in_one_letter(world: World, parts: Any, parent: int) -> None:
    parts(({parent: 2}, [Line("5А · родители", 2, f"{URL}chats/1/")]), ({parent: 1}, [Line("Новости", 1, URL)]))
    assert send_digests(EVENING) == 1
    assert send_digests(EVENING + timedelta(minutes=30)) == 0
    (letter,) = letters()
    assert letter.recipient == "rosa@example.org"
    words = daily_digest(letter.context, "")
    assert words.subject == "Непрочитанное за сегодня: Школа № 1"
    assert "Раздел 1\n— 5А · родители: 2\n  https://school.example.org/o/a/chats/1/\n\nРаздел 2\n— Нов" in words.text
    assert "Роза Павловна" in words.text
    assert words.text.count("\n\n\n") == 0
    for text in (words.text, words.html):
        assert "/account/notifications/" in text


@pytest.mark.req("CHAT-4")
def test_the_next_day_brings_the_next_letter(world: World, parts: Any, parent: int) -> None:
    parts(({parent: 1}, []))
    assert send_digests(EVENING) == 1
    assert send_digests(EVENING + timedelta(days=1)) == 1


@pytest.mark.req("CHAT-4")
def test_each_organization_has_its_own_evening(world: World, parts: Any, parent: int) -> None:
    parts(({parent: 1}, []))
    Organization.objects.filter(pk=world.a.organization.pk).update(time_zone="Asia/Vladivostok")
    assert send_digests(EVENING) == 0
    assert send_digests(EVENING - timedelta(hours=7)) == 1


@pytest.mark.req("CHAT-4")
@pytest.mark.parametrize("why", ["device", "switched off", "nothing missed", "no address", "of another school"])
def test_no_letter(world: World, parts: Any, parent: int, why: str) -> None:
    user = world.a.user("parent")
    missed = {parent: 3}
    if why == "device":
        add_device(user)
    if why == "switched off":
        User.objects.filter(pk=user.pk).update(digest="none")
    if why == "nothing missed":
        missed = {parent: 0}
    if why == "no address":
        User.objects.filter(pk=user.pk).update(email="")
    if why == "of another school":
        missed = {world.b.people["parent"].pk: 3}
        User.objects.filter(pk=world.b.user("parent").pk).update(email="b@example.org")
        Organization.objects.filter(pk=world.b.organization.pk).update(time_zone="Asia/Vladivostok")
    parts((missed, []))
    assert send_digests(EVENING) == 0


@pytest.mark.req("CHAT-4")
@pytest.mark.parametrize("why", ["read meanwhile", "left", "gone"])
def test_a_letter_that_is_no_longer_true_does_not_leave(world: World, parts: Any, parent: int, why: str) -> None:
    context = {"person": parent, "since": EVENING.isoformat()}
    lines = [Line("Новости", 1, URL)] if why != "read meanwhile" else []
    parts(({parent: 1}, lines))
    if why == "gone":
        context["person"] = 2**62
    if why == "left":
        end_role(actor=world.a.actor("administrator"), person=world.a.people["parent"], role=Role.PARENT)
        parts(({parent: 1}, []))
    with pytest.raises(Obsolete):
        daily_digest(context, "")


def test_a_long_letter_tells_how_much_it_left_out(world: World, parts: Any, parent: int) -> None:
    parts(({parent: 1}, [Line(f"Чат {number}", 1, URL) for number in range(23)]))
    words = daily_digest({"person": parent, "since": EVENING.isoformat()}, "")
    assert "Чат 19" in words.text
    assert "Чат 20" not in words.text
    assert "и ещё 3" in words.text
    assert "и ещё 3" in words.html


def test_what_people_call_things_is_no_markup(world: World, parts: Any, parent: int) -> None:
    parts(({parent: 1}, [Line("<b>5А</b> & Ко", 1, URL)]))
    words = daily_digest({"person": parent, "since": EVENING.isoformat()}, "")
    assert "<b>5А</b> & Ко: 1" in words.text
    assert "<b>5А</b>" not in words.html


@pytest.mark.req("CHAT-4")
def test_letters_to_many_cost_the_same(world: World, parts: Any, parent: int) -> None:
    parts(({parent: 1}, []))
    with CaptureQueriesContext(connection) as few:
        send_digests(EVENING)
    everybody = reachable(world.a, 40)
    parts((dict.fromkeys(everybody, 1), []))
    with CaptureQueriesContext(connection) as many:
        assert send_digests(EVENING + timedelta(days=1)) == 40
    assert len(many) == len(few)


def reachable(school: School, count: int) -> list[int]:
    """The ids of so many people with an account and an address."""
    crowd(school, count)
    people = list(school.organization.people.filter(last_name__startswith="Массова", patronymic="")[:count])
    for number, person in enumerate(people):
        person.user = make_user(f"+7900700{number:04}")
        person.email = f"{number}@example.org"
        person.save(update_fields=["user", "email"])
    return [person.pk for person in people]


def test_the_schools_address_goes_before_the_accounts(world: World, parent: int) -> None:
    person = world.a.people["parent"]
    person.user = User.objects.get(pk=person.user_id)
    assert email_of(person) == "rosa@example.org"
    person.email = "school@example.org"
    assert email_of(person) == "school@example.org"
    assert email_of(world.a.people["waiting_parent"]) == ""
