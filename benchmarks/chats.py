"""Writing and reading messages over HTTP on PostgreSQL: `python -m benchmarks.chats`.

The floor is what PostgreSQL does alone for the same: the numbered insert with its read mark, and the page of fifty, by
pgbench on the same tables in the same run.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import partial
from http.client import HTTPConnection

from benchmarks import harness
from benchmarks.joining import get, make_session

ROOMS, MESSAGES, SENDS, READS = (30, 1000, 5000), 1_000_000, 600, 800
CLIENTS = (1, 8)

SEND_FLOOR = """
BEGIN;
UPDATE chats_chat SET last_event = last_event + 1, message_count = message_count + 1,
  last_message_number = last_event + 1, last_message_at = now() WHERE id = CHAT RETURNING last_event AS number \\gset
INSERT INTO chats_message (organization_id, chat_id, number, event, ordinal, kind, author_id, text, html, search_text,
  fingerprint, has_files, mentions_all, is_urgent, created_at)
  VALUES (1, CHAT, :number, :number, :number, 'text', PERSON, 'Доброе утро', 'Доброе утро', 'доброе утро', 0, false,
  false, false, now());
INSERT INTO chats_memberstate (organization_id, chat_id, person_id, read_number, read_count, read_at, notify)
  VALUES (1, CHAT, PERSON, :number, :number, now(), 'all')
  ON CONFLICT (chat_id, person_id) DO UPDATE SET read_number = EXCLUDED.read_number;
COMMIT;
"""
READ_FLOOR = """
SELECT m.*, p.* FROM chats_message m LEFT JOIN orgs_person p ON p.id = m.author_id
  WHERE m.chat_id = CHAT ORDER BY m.number DESC LIMIT 50;
"""
# A year of a lively school, all in one chat.
FILL = """
INSERT INTO chats_message (organization_id, chat_id, number, event, ordinal, kind, author_id, text, html, search_text,
  fingerprint, has_files, mentions_all, is_urgent, created_at)
SELECT %s, %s, n, n, n, 'text', %s, 'Сообщение ' || n, 'Сообщение ' || n, 'сообщение ' || n, 0, false, false, false,
  now() - (%s - n) * interval '20 seconds' FROM generate_series(1, %s) n
"""


def main() -> None:
    """Prepare, measure, print the table."""
    harness.prepare_environment()
    import django

    django.setup()
    school = make_school()
    rooms = {size: make_room(school, size) for size in ROOMS}
    long = make_long_chat(school)
    floor = harness.pgbench(floor_of(SEND_FLOOR, make_room(school, 1), school), max(CLIENTS))
    read_floor = harness.pgbench(floor_of(READ_FLOOR, long, school), max(CLIENTS))
    with harness.server() as process:
        send_to = {size: partial(send, path=messages_of(chat)) for size, chat in rooms.items()}
        harness.run_clients(jobs(school, send_to[30], 60), 4)
        for size in ROOMS:
            for clients in CLIENTS:
                done = harness.run_clients(jobs(school, send_to[size], SENDS), clients)
                harness.report(f"sending, room of {size}, {clients} clients", *done, floor if clients > 1 else None)
        for name, query in {"last 50": "", "first 50": "?before=51", "middle": f"?before={MESSAGES // 2}"}.items():
            look = partial(get, path=messages_of(long) + query)
            for clients in CLIENTS:
                done = harness.run_clients(jobs(school, look, READS), clients)
                title = f"{name} of {MESSAGES:,}, {clients} clients"
                harness.report(title, *done, read_floor if clients > 1 else None)
        for name, path in {"list of chats": "/api/v1/o/bench/chats/", "changes": changes_of(long)}.items():
            done = harness.run_clients(jobs(school, partial(get, path=path), READS), max(CLIENTS))
            harness.report(f"{name}, {max(CLIENTS)} clients", *done)
        print("memory of the web workers, MB:", harness.memory_of_workers(process))


def floor_of(script: str, chat: int, school: dict) -> str:
    """The script of pgbench for one chat."""
    return script.replace("CHAT", str(chat)).replace("PERSON", str(school["people"][0]))


def jobs(school: dict, job: Callable[..., None], times: int) -> Sequence[Callable[[HTTPConnection], None]]:
    """Share the work among the signed-in people, as it is in life."""
    sessions = school["sessions"]
    return [partial(job, session=sessions[place % len(sessions)]) for place in range(times)]


def messages_of(chat: int) -> str:
    return f"/api/v1/o/bench/chats/{chat}/messages/"


def changes_of(chat: int) -> str:
    return f"/api/v1/o/bench/chats/{chat}/changes/?after={MESSAGES - 1}"


def make_school() -> dict:
    """A school with 5,000 people in it, twenty of whom are staff and write."""
    from django.contrib.auth.hashers import make_password

    from accounts.models import User
    from orgs.actor import load_actor
    from orgs.models import Person, Role, RoleAssignment
    from orgs.services.organization import OrganizationData, create_organization
    from orgs.services.people import PersonData

    data = OrganizationData(kind="school", name="Школа", short_name="Школа", slug="bench")
    organization = create_organization(data=data, administrator=PersonData("А", "А", phone="+79990000000"))
    password = make_password(None)
    users = User.objects.bulk_create(
        User(phone=f"+7900{number:07d}", password=password) for number in range(1, max(ROOMS) + 1)
    )
    people = Person.objects.bulk_create(
        Person(organization=organization, user=user, last_name="Иванов", first_name="Имя", search_name="иванов имя")
        for user in users
    )
    RoleAssignment.objects.bulk_create(
        RoleAssignment(organization=organization, person=person, role=Role.TEACHER if place < 20 else Role.PARENT)
        for place, person in enumerate(people)
    )
    return {
        "organization": organization,
        "people": [person.pk for person in people],
        "actor": load_actor(users[0].pk, "bench"),
        "sessions": [make_session(str(user.phone)) for user in users[:20]],
    }


def make_room(school: dict, size: int) -> int:
    """A chat with `size` chosen members."""
    from chats.models import Chat, ChatMember

    chat = Chat.objects.create(organization=school["organization"], title=f"Комната {size}")
    ChatMember.objects.bulk_create(
        ChatMember(organization=school["organization"], chat=chat, person_id=person)
        for person in school["people"][: max(size, 20)]
    )
    return chat.pk


def make_long_chat(school: dict) -> int:
    """A chat with a million messages."""
    from django.db import connection

    from chats.models import Chat

    chat = make_room(school, 30)
    with connection.cursor() as cursor:
        values = [school["organization"].pk, chat, school["people"][0], MESSAGES, MESSAGES]
        cursor.execute(FILL, values)
        cursor.execute("ANALYZE")
    Chat.objects.filter(pk=chat).update(
        last_event=MESSAGES, message_count=MESSAGES, last_message_number=MESSAGES, changed_event=0
    )
    return chat


def send(connection: HTTPConnection, *, session: str, path: str) -> None:
    """Send one message as the page does."""
    csrf = "a" * 32
    headers = {
        "Cookie": f"sessionid={session}; csrftoken={csrf}",
        "X-CSRFToken": csrf,
        "Content-Type": "application/json",
        "Host": f"127.0.0.1:{harness.PORT}",
        "Origin": f"http://127.0.0.1:{harness.PORT}",
    }
    connection.request("POST", path, json.dumps({"text": "Доброе утро! Собрание в **четверг**."}), headers)
    response = connection.getresponse()
    body = response.read()
    assert response.status == 201, (response.status, body[:2000].decode())


if __name__ == "__main__":
    main()
