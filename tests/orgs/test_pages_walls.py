"""Walls and weight of the organization's pages: other schools, forbidden things, the number of queries."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from orgs.models import Enrolment
from orgs.services.administration import offer_handover
from tests.orgs.pages import Visitor, crowd, many_units
from tests.world import School, World

# Every page that names something, with the method and what it names.
THINGS = [
    ("get", "unit", "unit"),
    ("get", "unit_edit", "unit"),
    ("post", "unit_archive", "unit"),
    ("post", "unit_restore", "unit"),
    ("get", "unit_enrol", "unit"),
    ("get", "enrolment_end", "enrolment"),
    ("post", "enrolment_reopen", "closed"),
    ("get", "person", "person"),
    ("get", "person_edit", "person"),
    ("get", "person_roles", "person"),
    ("get", "person_tie", "person"),
    ("post", "person_untie", "person"),
    ("post", "administrator_remove", "administrator"),
    ("get", "handover_answer", "offer"),
    ("post", "handover_withdraw", "offer"),
]
PLAIN = [
    "home",
    "units",
    "unit_new",
    "people",
    "person_new",
    "journal",
    "rights",
    "settings",
    "labels",
    "administrators",
]


def things_of(school: School) -> dict[str, int]:
    closed = Enrolment.objects.get(person=school.people["teacher"], unit=school.units["5Б"])
    Enrolment.objects.filter(pk=closed.pk).update(until=closed.since)
    offer = offer_handover(actor=school.actor("administrator"), person=school.people["leader"], stays=True)
    return {
        "unit": school.units["5А"].pk,
        "enrolment": Enrolment.objects.get(person=school.people["student"]).pk,
        "closed": closed.pk,
        "person": school.people["student"].pk,
        "administrator": school.people["administrator"].pk,
        "offer": offer.pk,
    }


@pytest.mark.req("ACC-4", "REG-3")
def test_nothing_of_another_school_is_there_for_its_neighbours(world: World) -> None:
    things = things_of(world.b)
    intruder = Visitor(world.a, "administrator")
    for method, name, thing in THINGS:
        address = intruder.url(name, pk=things[thing])
        assert getattr(intruder.client, method)(address).status_code == 404, name


@pytest.mark.req("ACC-4", "REG-3")
def test_another_schools_addresses_are_as_if_they_did_not_exist(world: World) -> None:
    things = things_of(world.b)
    client = Visitor(world.a, "administrator").client
    for name in PLAIN:
        assert client.get(reverse(f"orgs:{name}", args=["b"])).status_code == 404, name
    for method, name, thing in THINGS:
        assert getattr(client, method)(reverse(f"orgs:{name}", args=["b", things[thing]])).status_code == 404, name
    for name in ("people_bulk", "right_revoke", "right_grant_again"):
        assert client.post(reverse(f"orgs:{name}", args=["b"])).status_code == 404, name


@pytest.mark.req("ACC-4")
def test_strangers_are_led_to_sign_in_and_back(world: World) -> None:
    response = Client().get("/o/a/people/")
    assert response["Location"] == "/signin/?next=/o/a/people/"


@pytest.mark.req("ACC-4")
def test_visible_but_not_theirs_to_change_is_forbidden(world: World) -> None:
    things = things_of(world.a)
    leader = Visitor(world.a, "leader")
    for method, name, thing in THINGS:
        if name in {"unit", "person", "handover_answer", "administrator_remove"}:
            continue
        assert getattr(leader.client, method)(leader.url(name, pk=things[thing])).status_code == 403, name
    for name in set(PLAIN) - {"home", "units", "people"}:
        assert leader.get(name).status_code == 403, name


@pytest.mark.req("ACC-4")
def test_the_roster_is_not_for_parents_and_students(world: World) -> None:
    for name in ("parent", "student"):
        visitor = Visitor(world.a, name)
        assert visitor.get("people").status_code == 403
        assert visitor.get("unit", pk=world.a.units["5Б"].pk).status_code == 404
        assert visitor.get("person", pk=world.a.people["other_student"].pk).status_code == 404


def test_an_impossible_number_is_not_found(world: World) -> None:
    visitor = Visitor(world.a, "administrator")
    for _method, name, _thing in THINGS:
        assert visitor.client.post(visitor.url(name, pk=10**30)).status_code == 404, name


def queries_of(visitor: Visitor, name: str, **values: int) -> int:
    visitor.get(name, **values)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert visitor.get(name, **values).status_code == 200
    return len(queries)


# name of the page, who looks, how many queries it may cost with the session, the user and the actor
WEIGHT = [
    # Eleven at most are for what upper floors tell: invitations 3, readings 1, meetings 2, channels 3, chats 2.
    ("home", "administrator", 24),
    ("home", "leader", 20),
    ("home", "parent", 13),
    ("units", "administrator", 6),
    ("units", "leader", 8),
    ("unit", "administrator", 11),
    ("unit", "leader", 12),
    ("people", "administrator", 10),
    ("person", "administrator", 15),
    ("journal", "administrator", 10),
    # One of them asks whether a head has an account, whose the right to the statistics is.
    ("rights", "administrator", 10),
]


@pytest.mark.parametrize(("name", "who", "most"), WEIGHT)
def test_the_number_of_queries_is_the_same_for_3_and_for_300(world: World, name: str, who: str, most: int) -> None:
    visitor = Visitor(world.a, who)
    values = {"unit": {"pk": world.a.units["5А"].pk}, "person": {"pk": world.a.people["student"].pk}}.get(name, {})
    few = queries_of(visitor, name, **values)
    crowd(world.a, 300)
    many_units(world.a, 40)
    assert queries_of(visitor, name, **values) == few
    assert few <= most
