"""The feed of channels and publishing over HTTP on PostgreSQL: `python -m benchmarks.channels`.

The floor of a page is one statement written by hand for the same twenty posts, by pgbench in the same run; that of
publishing the post, the channel's mark and the journal's line in one transaction.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from http.client import HTTPConnection
from time import perf_counter

from benchmarks import harness
from benchmarks.joining import get, make_session

POSTS = int(os.environ.get("BENCH_POSTS", "10000"))
READERS = int(os.environ.get("BENCH_READERS", "2000"))
TOLD = int(os.environ.get("BENCH_TOLD", "5000"))
TIMES = int(os.environ.get("BENCH_TIMES", "400"))
CHANNELS, CLIENTS = 30, (1, 8)
FEED = "/api/v1/o/bench/channels/feed/"

FILL = """
INSERT INTO channels_app_post (organization_id, channel_id, author_id, editor_id, title, text, html, search_text,
  created_at, published_at, revision, view_count, comment_count, reactions)
SELECT %s, channel.id, %s, %s, 'Запись ' || n, 'Текст ' || n, 'Текст ' || n, 'запись ' || n || ' текст ' || n,
  now() - n * interval '10 minutes', now() - n * interval '10 minutes', 1, 0, 0, '{}'
FROM generate_series(1, %s) n
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM channels_app_channel WHERE archived_at IS NULL)
  channel ON channel.place = n %% %s
"""
READ_FLOOR = """
SELECT p.*, a.*, r.kind, v.id IS NOT NULL AS seen FROM channels_app_post p
  LEFT JOIN orgs_person a ON a.id = p.author_id
  LEFT JOIN channels_app_reaction r ON r.post_id = p.id AND r.person_id = PERSON
  LEFT JOIN channels_app_postview v ON v.post_id = p.id AND v.person_id = PERSON
  WHERE p.organization_id = ORGANIZATION AND p.channel_id IN (CHANNELS) AND p.published_at IS NOT NULL
    AND p.deleted_at IS NULL ORDER BY p.published_at DESC, p.id DESC LIMIT 21;
"""


def main() -> None:
    """Prepare, measure, print the table."""
    harness.prepare_environment()
    import django

    django.setup()
    school = make_school()
    places = places_of(school)
    floor = harness.pgbench(floor_of(school), max(CLIENTS), 4)
    in_one_process(school, places)
    with harness.server() as process:
        harness.run_clients(jobs(school, FEED, 40), 4)
        for name, path in places.items():
            for clients in CLIENTS:
                done = harness.run_clients(jobs(school, path, TIMES), clients)
                title = f"{name} of {POSTS:,} posts, {clients} clients"
                harness.report(title, *done, floor if clients > 1 else None)
        print("memory of the web workers, MB:", harness.memory_of_workers(process))
    publishing(school)


def make_school() -> dict:
    """A school whose parents read thirty channels full of posts."""
    from django.contrib.auth.hashers import make_password
    from django.db import connection

    from accounts.models import User
    from channels_app.models import Channel, ChannelAudience
    from orgs.models import Person, Role, RoleAssignment
    from orgs.services.organization import OrganizationData, create_organization
    from orgs.services.people import PersonData

    data = OrganizationData(kind="school", name="Школа", short_name="Школа", slug="bench")
    organization = create_organization(data=data, administrator=PersonData("А", "А", phone="+79990000000"))
    password = make_password(None)
    users = User.objects.bulk_create(User(phone=f"+7900{n:07d}", password=password) for n in range(1, READERS + 1))
    people = Person.objects.bulk_create(
        Person(organization=organization, user=user, last_name="Иванов", first_name="Имя", search_name="иванов имя")
        for user in users
    )
    RoleAssignment.objects.bulk_create(
        RoleAssignment(organization=organization, person=person, role=Role.PARENT) for person in people
    )
    more = Channel.objects.bulk_create(
        Channel(organization=organization, title=f"Канал {number}") for number in range(CHANNELS - 2)
    )
    ChannelAudience.objects.bulk_create(
        ChannelAudience(organization=organization, channel=channel, audience="everyone") for channel in more
    )
    author = Person.objects.get(organization=organization, roles__role=Role.ADMINISTRATOR)
    with connection.cursor() as cursor:
        cursor.execute(FILL, [organization.pk, author.pk, author.pk, POSTS, CHANNELS])
        cursor.execute("ANALYZE")
    return {
        "organization": organization,
        "people": [person.pk for person in people],
        "users": users,
        "author": author,
        "channels": list(Channel.objects.values_list("pk", flat=True)),
        "sessions": [make_session(str(user.phone)) for user in users[:20]],
    }


def floor_of(school: dict) -> str:
    """The script of pgbench for one reader's first page."""
    channels = ", ".join(map(str, school["channels"]))
    script = READ_FLOOR.replace("CHANNELS", channels).replace("ORGANIZATION", str(school["organization"].pk))
    return script.replace("PERSON", str(school["people"][0]))


def places_of(school: dict) -> dict[str, str]:
    """The addresses of the first page, of one in the middle, and of the last."""
    from channels_app.models import Post

    order = list(Post.objects.order_by("-published_at", "-pk").values_list("published_at", "pk"))
    found = {"first page": FEED}
    for name, place in {"middle": POSTS // 2, "last page": POSTS - 21}.items():
        moment, pk = order[place]
        found[name] = f"{FEED}?after={moment:%Y%m%dT%H%M%S.%f}Z{pk}"
    return found


def jobs(school: dict, path: str, times: int) -> list[Callable[[HTTPConnection], None]]:
    """Share the work among the signed-in people, as it is in life."""
    sessions = school["sessions"]
    return [partial(get, path=path, session=sessions[place % len(sessions)]) for place in range(times)]


def in_one_process(school: dict, places: dict[str, str]) -> None:
    """The same pages without a server between: what Django and the database take."""
    from django.conf import settings
    from django.test import Client

    from accounts.services.rules import accept_rules

    accept_rules(school["users"][0], settings.RULES_VERSION)
    client = Client(headers={"host": f"127.0.0.1:{harness.PORT}"})
    client.force_login(school["users"][0], backend="accounts.backends.AuthenticationBackend")
    for name, path in places.items():
        seconds = []
        for _time in range(max(20, TIMES // 4)):
            start = perf_counter()
            answer = client.get(path)
            seconds.append(perf_counter() - start)
            assert answer.status_code == 200, answer.content[:500]
        harness.report(f"{name} of {POSTS:,} posts, one process", len(seconds) / sum(seconds), seconds)


def publishing(school: dict) -> None:
    """A post for everybody, and the job that tells them afterwards."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from accounts.models import PushDevice, User
    from channels_app.selectors.channels import find_channel
    from channels_app.services.notifying import notify
    from channels_app.services.posts import PostDraft
    from channels_app.services.publishing import publish_now
    from orgs.actor import actor_of
    from orgs.models import Person, Role, RoleAssignment

    organization, actor = school["organization"], actor_of(school["author"])
    users = User.objects.bulk_create(User(phone=f"+7901{n:07d}", password="!") for n in range(TOLD - READERS))
    people = Person.objects.bulk_create(
        Person(organization=organization, user=user, last_name="Новый", first_name="Имя", search_name="новый имя")
        for user in users
    )
    RoleAssignment.objects.bulk_create(
        RoleAssignment(organization=organization, person=person, role=Role.PARENT) for person in people
    )
    PushDevice.objects.bulk_create(
        PushDevice(
            user=user, session_key=f"bench-{user.pk}", endpoint=f"https://push.example/{user.pk}", p256dh="p", auth="a"
        )
        for user in [*school["users"], *users]
    )
    channel = find_channel(actor, school["channels"][0])
    assert channel is not None
    seconds = []
    for number in range(50):
        start = perf_counter()
        post = publish_now(actor=actor, channel=channel, draft=PostDraft(text=f"Собрание {number}"))
        seconds.append(perf_counter() - start)
    harness.report(f"publishing to {TOLD:,} readers", len(seconds) / sum(seconds), seconds)
    with CaptureQueriesContext(connection) as queries:
        start = perf_counter()
        told = notify(post.pk)
        spent = perf_counter() - start
    print(f"telling {told:,} devices: {spent:.2f} s, {len(queries)} statements")


if __name__ == "__main__":
    main()
