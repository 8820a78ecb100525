"""How many statements the busy addresses of chats take, whatever there is (CHAT-4)."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chats.models import Chat, Template
from chats.services.chats import ChatData, create_chat, personal_chat
from chats.services.messages import Draft, send
from chats.services.reading import mark_read, vote
from common.text import normalise
from files.models import FileKind
from orgs.models import Enrolment, Guardianship, Part, Person, Role, RoleAssignment
from polls.selectors import results_of
from polls.services import PollData
from tests.api.client import CheckedClient
from tests.api.conftest import Api
from tests.api.test_chats_messages import upload
from tests.chats.cast import chat_of, say, seen, switch_on
from tests.world import School, World

pytestmark = [pytest.mark.req("CHAT-4"), pytest.mark.req("INT-1")]

# Session, user, actor (two) and the chat itself stand before everything.
Count = Callable[[str, str, dict], int]


@pytest.fixture
def school(world: World) -> School:
    switch_on(world.a)
    return world.a


@pytest.fixture
def chat(school: School) -> Chat:
    return chat_of(school, Template.UNIT_PARENTS)


def enlarge(school: School, count: int) -> None:
    """Add `count` students with a parent each to 5А."""
    organization = school.organization
    people = Person.objects.bulk_create(
        Person(
            organization=organization,
            last_name="Новый",
            first_name=f"Номер{number:04}",
            search_name=normalise(f"Новый Номер{number:04}"),
        )
        for number in range(2 * count)
    )
    children, parents = people[:count], people[count:]
    RoleAssignment.objects.bulk_create(
        RoleAssignment(organization=organization, person=person, role=role)
        for group, role in ((children, Role.STUDENT), (parents, Role.PARENT))
        for person in group
    )
    Enrolment.objects.bulk_create(
        Enrolment(
            organization=organization,
            person=child,
            unit=school.units["5А"],
            part=Part.STUDENT,
            since=timezone.now().date(),
        )
        for child in children
    )
    Guardianship.objects.bulk_create(
        Guardianship(organization=organization, parent=parent, child=child)
        for parent, child in zip(parents, children, strict=True)
    )


def count(client: CheckedClient, method: str, path: str, body: dict | None = None) -> int:
    """Make a request that must succeed and return how many statements it took."""
    with CaptureQueriesContext(connection) as queries:
        answer = getattr(client, method)(client.inside(path), body)
    assert answer.status_code in (200, 201), answer.content
    return len(queries)


def test_sending_takes_as_many_statements_for_three_members_as_for_three_hundred(
    school: School, chat: Chat, api: Api
) -> None:
    client = api(school, "leader")
    first = say(school, "parent", chat)
    mention = f"@[{school.people['parent'].pk}], смотрите"

    def numbers() -> dict[str, int]:
        path = f"chats/{chat.pk}/messages/"
        return {
            "plain": count(client, "post", path, {"text": "Здравствуйте!"}),
            "answer": count(client, "post", path, {"text": "Да", "reply_to": first.pk}),
            "mention": count(client, "post", path, {"text": mention}),
            "files": count(client, "post", path, {"file_ids": [upload(school, "leader").pk for _ in range(10)]}),
            "all": count(
                client,
                "post",
                path,
                {"text": mention, "reply_to": first.pk, "file_ids": [upload(school, "leader").pk]},
            ),
        }

    # Five before it is asked whether one may write; then savepoint, place, message, read mark, end of the savepoint.
    expected = {"plain": 10, "answer": 11, "mention": 13, "files": 14, "all": 18}
    numbers()
    assert numbers() == expected
    enlarge(school, 300)
    assert numbers() == expected
    assert expected["plain"] <= 12


def test_a_page_of_messages_takes_as_many_queries_for_one_as_for_a_hundred(
    school: School, chat: Chat, api: Api
) -> None:
    client = api(school, "parent")
    leader = school.actor("leader")
    base = f"chats/{chat.pk}/"

    def write(number: int) -> None:
        files = [upload(school, "leader").pk, upload(school, "leader", FileKind.PICTURE, "а.jpg").pk]
        draft = Draft(
            text=f"Номер {number}",
            file_ids=files,
            poll=PollData("Когда?", ["Сегодня", "Завтра"], is_anonymous=number % 2 > 0),
        )
        message = send(actor=leader, chat=seen(school, "leader", chat), draft=draft)
        option = results_of([message.poll_id or 0])[message.poll_id or 0].options[0].id
        mine = seen(school, "parent", chat)
        vote(actor=school.actor("parent"), chat=mine, message=message, option_ids=[option])

    def numbers() -> dict[str, int]:
        pages = {
            "latest": "messages/?limit=100",
            "before": "messages/?before=1000000&limit=100",
            "after": "messages/?after=0&limit=100",
            "around": "messages/?around=1&limit=100",
            "date": "messages/?date=2026-01-01&limit=100",
            "changes": "changes/?after=0",
            "pinned": "pinned/",
            "files": "files/?limit=200",
            "search": "search/?q=номер&limit=200",
        }
        return {name: count(client, "get", base + path) for name, path in pages.items()}

    write(0)
    write(1)
    few = numbers()
    for number in range(2, 52):
        write(number)
    assert numbers() == few
    assert all(few[name] <= 9 for name in ("latest", "before", "after", "around", "date"))
    assert few == {
        "latest": 9,
        "before": 9,
        "after": 9,
        "around": 9,
        "date": 9,
        "changes": 10,
        "pinned": 6,
        "files": 6,
        "search": 8,
    }


def test_the_list_of_sixty_chats_takes_six_queries(school: School, api: Api) -> None:
    client = api(school, "leader")
    actor = school.actor("leader")
    assert count(client, "get", "chats/") == 6
    for number in range(56):
        made = create_chat(actor=actor, data=ChatData(title=f"Чат {number}", people=[school.people["student"].pk]))
        say(school, "student", made, f"@[{school.people['leader'].pk}] {number}")
    personal_chat(actor=actor, person=school.people["parent"])
    assert count(client, "get", "chats/") == 6
    rows = client.get(client.inside("chats/")).json()["results"]
    assert len(rows) == 61
    assert sum(row["mentioned"] for row in rows) == 56
    with_search = count(client, "get", "chats/search/?q=1")
    assert with_search == count(client, "get", "chats/search/?q=55")


def test_people_of_a_chat_take_as_many_queries_for_three_as_for_three_hundred(
    school: School, chat: Chat, api: Api
) -> None:
    client = api(school, "leader")
    base = f"chats/{chat.pk}/"
    message = say(school, "leader", chat)
    for who in ("parent",):
        mark_read(actor=school.actor(who), chat=seen(school, who, chat), number=message.number)

    def numbers() -> dict[str, int]:
        paths = ("", "members/?limit=200", f"messages/{message.pk}/readers/?limit=200")
        return {path.partition("?")[0]: count(client, "get", base + path) for path in paths}

    few = numbers()
    enlarge(school, 300)
    assert numbers() == few
    assert few == {"": 8, "members/": 13, f"messages/{message.pk}/readers/": 8}


def test_what_a_page_asks_all_day_is_short(school: School, chat: Chat, api: Api) -> None:
    client = api(school, "parent")
    base = f"chats/{chat.pk}/"
    message = say(school, "leader", chat)
    assert count(client, "post", f"{base}read/", {"number": message.number}) <= 10
    assert count(client, "get", f"{base}changes/?after={message.event}") <= 8
    assert count(client, "get", "chats/contacts/") <= 6


def test_the_registry_and_the_queue_take_as_many_queries_for_three_as_for_sixty(school: School, api: Api) -> None:
    client = api(school, "administrator")
    leader = school.actor("leader")

    def open_chats(number: int) -> None:
        for place in range(number):
            people = [school.people["student"].pk, school.people["head"].pk]
            made = create_chat(actor=leader, data=ChatData(title=f"Чат {place}", people=people))
            message = say(school, "student", made)
            reporter = api(school, "leader")
            path = f"chats/{made.pk}/messages/{message.pk}/report/"
            assert reporter.post(reporter.inside(path), {"reason": "other"}).status_code == 204

    def numbers() -> list[int]:
        return [count(client, "get", path) for path in ("chat-registry/?limit=200", "chat-reports/?limit=200")]

    open_chats(3)
    few = numbers()
    open_chats(30)
    assert numbers() == few == [9, 5]
