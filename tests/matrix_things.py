"""What the addresses of the permission matrix point at: everything of school a, mostly of its class 5А."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.urls import get_resolver

from accounts.services import create_api_key
from files.services import upload
from invitations import tokens
from orgs.models import Enrolment, Part
from orgs.services.administration import offer_handover
from tests import (
    matrix_channels,
    matrix_documents,
    matrix_meetings,
    matrix_movement,
    matrix_readings,
    matrix_registration,
    matrix_requests,
    matrix_roster,
    matrix_stats,
    matrix_support,
    matrix_works,
)
from tests.accounts.devices import add_device
from tests.accounts.exports import ready_export
from tests.files.samples import upload_of
from tests.invitations.conftest import link_of
from tests.matrix_chats import ChatThings
from tests.world import World

# Apps with a table of their own.
APPS = (
    matrix_channels,
    matrix_documents,
    matrix_meetings,
    matrix_movement,
    matrix_readings,
    matrix_registration,
    matrix_requests,
    matrix_roster,
    matrix_stats,
    matrix_support,
    matrix_works,
)
# Which thing `pk` names, by a word of the route.
_KEYS = (
    ("api_files", "upload"),
    ("unit", "unit"),
    ("enrolment", "enrolment"),
    ("handover", "offer"),
    ("invitation", "link"),
    ("account_data", "export"),
    ("key", "key"),
    ("device", "device"),
    ("administrator", "administrator"),
    ("person", "student"),
    ("people", "student"),
)


class Things:
    """Fills the address of any route."""

    def __init__(self, world: World) -> None:
        self.school = school = world.a
        self.made: dict[str, Any] = {}
        self.link = link_of(school)
        link, student = self.link, school.people["student"]
        # The student's own administrator offers the duty to the leader of 5А.
        offer = offer_handover(actor=school.actor("administrator"), person=school.people["leader"], stays=True)
        enrolment = Enrolment.objects.get(person=student, part=Part.STUDENT)
        key, _raw = create_api_key(school.user("administrator"), "for the matrix")
        self.ids = {
            "unit": school.units["5А"].pk,
            "enrolment": enrolment.pk,
            "offer": offer.pk,
            "link": link.pk,
            "key": key.pk,
            "export": ready_export(school.user("administrator")).pk,
            "device": add_device(school.user("administrator")).pk,
            "administrator": school.people["administrator"].pk,
            "student": student.pk,
            # The student's own, hung on nothing yet.
            "upload": upload(actor=school.actor("student"), upload=upload_of(b"hello", "a.txt")).pk,
        }
        self.values: dict[str, Any] = {
            "slug": school.slug,
            "unit_id": self.ids["unit"],
            "unit": self.ids["unit"],
            "child_id": student.pk,
            "person": student.pk,
            "enrolment": enrolment.pk,
            "parent": school.people["parent"].pk,
            "role": "parent",
            "token": tokens.make_token(link.pk, link.generation),
            "version": 1,
            "use_id": 1,
        }

    def of_app(self, route: str) -> Any:
        """What the routes of an app with a table of its own are about; made for its routes only."""
        for module in APPS:
            if route.startswith(module.PREFIXES):
                if module.__name__ not in self.made:
                    self.made[module.__name__] = module.Things(self.school)
                return self.made[module.__name__]
        return None

    @cached_property
    def chats(self) -> ChatThings:
        """Made for routes of chats only."""
        return ChatThings(self.school)

    def fill(self, route: str) -> dict[str, Any]:
        """Return the values of the route's parameters."""
        return {name: self._value(name, route) for name in _parameters_of(route)}

    def _value(self, name: str, route: str) -> Any:
        things = self.of_app(route)
        if things is not None and name != "slug":
            return things.value(name, route)
        if "api_chat" in route and name in ("pk", "message"):
            return self.chats.pk(route) if name == "pk" else self.chats.message_id(route)
        if route.startswith("chats:") and name != "slug":
            return self.chats.of_page(name, route)
        return self._pk(route) if name == "pk" else self.values[name]

    @staticmethod
    def has_numbers(route: str) -> bool:
        """Whether the address has a number in it."""
        return bool(
            set(_parameters_of(route))
            - {"slug", "token", "role", "kind", "key", "table", "form", "ending", "guide", "picture"}
        )

    def _pk(self, route: str) -> int:
        return next((self.ids[thing] for word, thing in _KEYS if word in route), 1)


def _parameters_of(route: str) -> list[str]:
    *namespaces, name = route.split(":")
    resolver = get_resolver()
    for namespace in namespaces:
        resolver = resolver.namespace_dict[namespace][1]
    [(_pattern, parameters), *_] = next(iter(resolver.reverse_dict.getlist(name)))[0]
    return list(parameters)
