"""What the API lists is what the pages' selectors give, for every role; and a long list costs what a short one does."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from invitations.selectors import invitations_visible_to
from invitations.services import LinkTerms, create_links
from orgs.models import Part, Role, Unit
from orgs.permissions import can_see_people
from orgs.selectors.people import PeopleFilter, filter_people, people_visible_to
from orgs.selectors.units import units_visible_to
from orgs.services.administration import grant_right
from orgs.services.people import PersonData, add_person, tie_parent
from orgs.services.structure import UnitData, create_units, enrol
from tests.api.conftest import Api
from tests.world import CAST, World

pytestmark = pytest.mark.req("INT-1", "ACC-4")


@pytest.fixture
def links(world: World) -> None:
    for who, units in (("administrator", ["5А", "5Б", "staff"]), ("leader", ["5А"])):
        role = Role.TEACHER if "staff" in units else Role.PARENT
        chosen = [world.a.units[name] for name in units]
        create_links(actor=world.a.actor(who), units=chosen, role=role, terms=LinkTerms())


@pytest.mark.parametrize("who", CAST)
def test_the_lists_are_those_of_the_selectors(world: World, api: Api, links: None, who: str) -> None:
    actor, client = world.a.actor(who), api(world.a, who)

    def listed(path: str) -> list[int]:
        return [row["id"] for row in client.get(client.inside(path), {"limit": 200}).json()["results"]]

    assert listed("units/") == list(units_visible_to(actor).filter(archived_at=None).values_list("pk", flat=True))
    if can_see_people(actor):
        people = filter_people(people_visible_to(actor), PeopleFilter())
        assert listed("people/") == list(people.values_list("pk", flat=True))
    if client.get(client.inside("invitations/")).status_code == 200:
        assert listed("invitations/") == list(invitations_visible_to(actor).values_list("pk", flat=True))


def grow(world: World, count: int) -> None:
    """Add `count` people, units, links and events to school a."""
    organization, administrator = world.a.organization, world.a.actor("administrator")
    rows = [UnitData("circle", f"Кружок {number}") for number in range(count)]
    units = create_units(organization=organization, actor=administrator, units=rows)
    unit = Unit.objects.select_related("organization").get(pk=world.a.units["5А"].pk)
    people = []
    for number in range(count):
        data = PersonData("Новиков", f"Номер{number:03}", phone="")
        people.append(add_person(organization=organization, actor=administrator, data=data, roles=[]))
    enrol(actor=administrator, people=people, unit=unit, part=Part.STUDENT)
    for child in people[:3]:
        tie_parent(actor=administrator, parent=world.a.people["parent"], child=child)
    for circle in units[:10]:
        grant_right(actor=administrator, person=world.a.people["leader"], codename="invite_into_unit", unit=circle)
    create_links(actor=administrator, units=units, role="parent", terms=LinkTerms())


# Session, user, actor (two): four before anything is listed.
PATHS = {
    "units/": 6,
    "people/": 8,
    "people/?search=новиков&role=student": 8,
    "units/{unit}/members/": 6,
    "invitations/": 6,
    "invitations/counts/": 5,
    "journal/": 5,
    "administrators/": 8,
    "rights/": 7,
    "handovers/": 5,
}


def test_a_long_list_takes_as_many_queries_as_a_short_one(world: World, api: Api) -> None:
    client = api(world.a, "administrator")

    def counts() -> dict[str, int]:
        found = {}
        for path in PATHS:
            address = client.inside(path.format(unit=world.a.units["5А"].pk))
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(address, {} if "?" in path else {"limit": 200}).status_code == 200
            found[path] = len(queries)
        return found

    grow(world, 3)
    assert counts() == PATHS
    grow_more(world)
    assert counts() == PATHS


def grow_more(world: World) -> None:
    Unit.objects.filter(name__startswith="Кружок").delete()
    grow(world, 200)


@pytest.mark.parametrize("who", ["leader", "parent", "student"])
def test_a_page_of_one_person_takes_few_queries(
    world: World, api: Api, who: str, django_assert_max_num_queries: Callable
) -> None:
    client = api(world.a, who)
    with django_assert_max_num_queries(16):
        assert client.get(client.inside(f"people/{world.a.people['student'].pk}/")).status_code == 200


def test_pages_hold_every_row_once(world: World, api: Api) -> None:
    grow(world, 12)
    client = api(world.a, "administrator")
    seen, address = [], client.inside("people/?limit=5")
    while address:
        page = client.get(address).json()
        seen += [row["id"] for row in page["results"]]
        address = page["next"]
    people = filter_people(people_visible_to(world.a.actor("administrator")), PeopleFilter())
    assert seen == list(people.values_list("pk", flat=True))
