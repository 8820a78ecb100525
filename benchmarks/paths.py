"""The five hottest paths and the floor of every page, in one process: `python -m benchmarks.paths [--people 1500]`.

Processor's milliseconds, statements and milliseconds in the database for one request; see benchmarks/request.py.
"""

from __future__ import annotations

import argparse
import json
from urllib.parse import urlencode

from benchmarks import demo
from benchmarks.joining import make_session, word
from benchmarks.request import CSRF, Ask, Stack

TIMES = 60
OWN = f"/o/{demo.SLUG}/"
API = f"/api/v1/o/{demo.SLUG}/"


def main() -> None:
    """Prepare, measure, print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--people", type=int, default=1500)
    parser.add_argument("--times", type=int, default=TIMES)
    parser.add_argument("--profile", help="the path to profile: part of its name")
    parser.add_argument("--again", action="store_true", help="on the database of the former run")
    arguments = parser.parse_args()
    sessions = demo.prepare(arguments.people, again=arguments.again)
    stack = Stack()
    for name, asks in paths(sessions, arguments.times).items():
        if arguments.profile and arguments.profile in name:
            profile(stack, asks)
        elif not arguments.profile:
            cost = stack.cost(asks)
            print(
                f"{name:34} {cost.cpu:7.2f} ms CPU {cost.statements:3} statements {cost.in_database:6.2f} ms SQL",
                flush=True,
            )


def profile(stack: Stack, asks: list[Ask]) -> None:
    """Print where the time of a path goes."""
    import cProfile
    import pstats

    stack.cost(asks[:5])
    profiler = cProfile.Profile()
    profiler.enable()
    for ask in asks[5:]:
        stack.answer(ask)
    profiler.disable()
    pstats.Stats(profiler).sort_stats("cumulative").print_stats(110)


def paths(sessions: dict[str, str], times: int = TIMES) -> dict[str, list[Ask]]:
    """The requests of each path by its name."""
    from chats.models import Chat
    from orgs.models import Unit

    units = Unit.objects.filter(organization__slug=demo.SLUG, archived_at=None)
    unit, joined = units.get(name="7А"), units.get(name="6А")  # a class that stays as it is, one that grows
    chat = Chat.objects.get(unit__in=units.filter(name="5А"), template="unit_parents")
    looks = {
        "floor: a page with nothing on it": ("teacher", "/account/keys/"),
        "class list, page": ("administrator", f"{OWN}units/{unit.pk}/"),
        "class list, API": ("administrator", f"{API}units/{unit.pk}/members/?part=student"),
        "people, page": ("administrator", f"{OWN}people/"),
        "last 50 messages": ("teacher", f"{API}chats/{chat.pk}/messages/"),
        "chat, page": ("parent", f"{OWN}chats/{chat.pk}/"),
        "list of chats": ("teacher", f"{API}chats/"),
        "home, parent": ("parent", OWN),
        "home, teacher": ("teacher", OWN),
        "home, administrator": ("administrator", OWN),
        "feed, parent": ("parent", f"{OWN}channels/"),
        "feed, API": ("parent", f"{API}channels/feed/"),
        "head's page, week": ("head", f"{OWN}statistics/"),
        "head's page, quarter": ("head", f"{OWN}statistics/?period=quarter"),
    }
    text = json.dumps({"text": "Доброе утро! Собрание в **четверг**."}).encode()
    send = Ask(sessions["teacher"], f"{API}chats/{chat.pk}/messages/", "POST", text, "application/json", 201)
    found = {"joining by a link": joins(joined, times), "sending a message": [send] * times}
    return found | {name: [Ask(sessions[role], path)] * times for name, (role, path) in looks.items()}


def joins(unit: object, times: int) -> list[Ask]:
    """Newcomers with sessions of their own, and one link."""
    from functools import partial

    from accounts.models import User
    from invitations import tokens
    from invitations.services import LinkTerms, create_links
    from orgs.actor import load_actor
    from sferum_admin.demo import known

    administrator = User.objects.get(phone=known.SCHOOL_ADMINISTRATOR.phone)
    make = partial(create_links, actor=load_actor(administrator.pk, demo.SLUG), role="student")
    link = make(units=[unit], terms=LinkTerms(max_uses=1000))[0]
    path = f"/join/{tokens.make_token(link.pk, 1)}/"
    first = User.objects.count()
    bodies = [
        urlencode({"csrfmiddlewaretoken": CSRF, "last_name": "Новиков", "first_name": word(number), "patronymic": ""})
        for number in range(first, first + times)
    ]
    return [
        Ask(make_session(f"+7901{number:07d}"), path, "POST", body.encode(), status=302)
        for number, body in enumerate(bodies, first)
    ]


if __name__ == "__main__":
    main()
