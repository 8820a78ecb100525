"""Every address of a school, asked by somebody who has no business there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db.models import Value
from django.db.models.functions import Concat
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from chats.models import Message
from orgs.models import Organization, Person, Unit
from stats.services.access import appoint_curator
from tests.matrix import all_routes
from tests.matrix_things import Things, _parameters_of
from tests.world import CAST, World, make_user

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
# Who looks: each role of school b, and the curator of another municipality.
VISITORS = (*CAST, "curator")
# Opened by whoever knows the secret in their address, or by anybody: tests/test_permission_matrix.py says so.
PUBLIC = {
    "channels:public_list",
    "channels:public_channel",
    "channels:public_feed",
    "channels:public_post",
    "invitations:apply",
    "invitations:apply_status",
    # The instructions of the software: of no school.
    "support:guest_guide",
    "support:picture",
}
# Nothing here may reach a visitor: every name of school a, and what was said there, carries this word.
MARK = "Тайнинск"
# An address that does not exist for anybody, and an address that takes no such method.
NOTHING = {404, 405}
# What an operator alone may do is refused to all others, whatever the number; so is what a visitor's role may not do.
REFUSED = NOTHING | {403}


@dataclass
class Finding:
    """What the visitors got."""

    asked: int = 0
    wrong: list[tuple[str, str, int]] = field(default_factory=list)


def mark_everything(world: World) -> None:
    """Let everything that school a says about itself carry a word that is found again in any answer."""
    ours = world.a.organization.pk
    Organization.objects.filter(pk=ours).update(name=f"{MARK} школа", short_name=f"{MARK} 1")
    Person.objects.filter(organization=ours).update(last_name=Concat(Value(MARK), "last_name"))
    Unit.objects.filter(organization=ours).update(name=Concat(Value(MARK), "name"))
    Message.objects.filter(organization=ours).update(text=Concat(Value(MARK), "text"))


def visitor(world: World, who: str) -> User:
    """Return the user who looks; a curator is appointed for school b."""
    if who != "curator":
        return world.b.user(who)
    user = make_user("+79005559999", "Кураторова Клара")
    appoint_curator(user=user, organization=world.b.organization, authority="Другой округ")
    return user


@cache
def routes() -> tuple[str, ...]:
    """Routes with something in their addresses, but for the operator's tool and for public pages and secrets."""
    found = (route for route in all_routes() if not route.startswith(("admin:", "(")) and route != "api_nothing")
    asked = [route for route in sorted(found) if set(_parameters_of(route)) - {"token"} and route not in PUBLIC]
    return tuple(asked)


@dataclass(frozen=True)
class Address:
    """One address of school a; `is_inside`: under its own slug, else one of its numbers elsewhere."""

    route: str
    path: str
    is_inside: bool


def addresses(world: World) -> Iterator[Address]:
    """Yield every address of school a, and each number of it under the slug of school b."""
    things = Things(world)
    for route in routes():
        values: dict[str, Any] = things.fill(route)
        yield Address(route, reverse(route, kwargs=values), "slug" in values)
        if "slug" in values and Things.has_numbers(route):
            yield Address(route, reverse(route, kwargs={**values, "slug": world.b.slug}), False)


def crawl(client: Client, found: list[Address], methods: Callable[[Address], Iterable[str]]) -> Finding:
    """Ask every address with its methods; collect whatever is more than «there is no such thing»."""
    finding = Finding()
    for address in found:
        for method in methods(address):
            response = client.generic(method, address.path, b"", content_type=_content_type(address.path))
            finding.asked += 1
            allowed = NOTHING if address.is_inside else REFUSED
            if response.status_code not in allowed or _reveals(response):
                finding.wrong.append((method, address.path, response.status_code))
    return finding


def _content_type(address: str) -> str:
    return "application/json" if address.startswith("/api/") else "application/x-www-form-urlencoded"


def _reveals(response: HttpResponse) -> bool:
    if getattr(response, "streaming", False):
        return True
    return MARK.encode() in response.content
