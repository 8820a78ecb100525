"""What each role sees, and that nobody sees another school."""

import pytest

from orgs.actor import load_actor
from orgs.models import Person, Role
from orgs.selectors.journal import journal_visible_to
from orgs.selectors.organizations import memberships_of
from orgs.selectors.people import PeopleFilter, filter_people, people_visible_to
from orgs.selectors.units import units_invitable_by, units_visible_to
from orgs.services.people import end_role
from tests.world import CAST, World


@pytest.mark.req("ACC-4")
@pytest.mark.parametrize(
    ("name", "units"),
    [
        ("administrator", {"5А", "5Б", "Педагоги"}),
        ("head", {"5А", "5Б", "Педагоги"}),
        ("leader", {"5А", "5Б", "Педагоги"}),
        ("student", {"5А"}),
        ("parent", {"5А"}),
    ],
)
def test_units_by_role(world: World, name: str, units: set[str]) -> None:
    assert {unit.name for unit in units_visible_to(world.a.actor(name))} == units


@pytest.mark.req("INV-2")
@pytest.mark.parametrize(
    ("name", "units"),
    [
        ("administrator", {"5А", "5Б", "Педагоги"}),
        ("head", {"5А", "5Б"}),
        ("leader", {"5А"}),
        ("teacher", {"5Б"}),
        ("student", set()),
        ("parent", set()),
    ],
)
def test_units_one_may_invite_into(world: World, name: str, units: set[str]) -> None:
    assert {unit.name for unit in units_invitable_by(world.a.actor(name))} == units


STAFF = {"Админова", "Главный", "Ведущая", "Учёный", "Ждущая"}


@pytest.mark.req("ACC-4")
@pytest.mark.parametrize(
    ("name", "people"),
    [
        ("administrator", STAFF | {"Ёжиков", "Ёжикова", "Зайцева", "Зайцев", "Белкин", "Обоева"}),
        ("head", STAFF | {"Ёжиков", "Ёжикова", "Зайцева", "Зайцев", "Белкин", "Обоева"}),
        ("leader", STAFF | {"Ёжиков", "Ёжикова", "Зайцева", "Зайцев"}),
        ("teacher", STAFF | {"Белкин", "Обоева"}),
        ("student", {"Ведущая", "Ёжиков", "Зайцева"}),
        ("parent", {"Ведущая", "Ёжиков", "Ёжикова"}),
    ],
)
def test_people_by_role(world: World, name: str, people: set[str]) -> None:
    assert {person.last_name for person in people_visible_to(world.a.actor(name))} == people


@pytest.mark.req("ACC-4", "REG-3")
@pytest.mark.parametrize("name", CAST)
def test_nobody_sees_another_school(world: World, name: str) -> None:
    actor = world.a.actor(name)
    assert load_actor(world.a.user(name).pk, "b") is None
    assert set(people_visible_to(actor).values_list("organization_id", flat=True)) == {world.a.organization.pk}
    assert set(units_visible_to(actor).values_list("organization_id", flat=True)) == {world.a.organization.pk}
    assert not journal_visible_to(actor).exclude(organization_id=world.a.organization.pk).exists()


@pytest.mark.req("ORG-4")
def test_one_user_is_two_people_in_two_schools(world: World) -> None:
    memberships = memberships_of(world.both.pk)
    assert [m.organization.slug for m in memberships] == ["a", "b"]
    assert memberships[0].role_names == ["родитель"]
    assert memberships[0].person_id != memberships[1].person_id


@pytest.mark.req("ACC-4")
def test_whoever_lost_every_role_is_a_stranger(world: World) -> None:
    end_role(actor=None, person=world.a.people["parent"], role=Role.PARENT)
    assert load_actor(world.a.user("parent").pk, "a") is None


def test_an_actor_costs_two_queries(world: World, django_assert_num_queries) -> None:
    with django_assert_num_queries(2):
        actor = load_actor(world.a.user("parent").pk, "a")
        assert actor is not None
        assert [child.first_name for child in actor.children] == ["Пётр"]
        assert actor.child_unit_ids == {world.a.units["5А"].pk}


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        (PeopleFilter(text="ежик"), ["Ёжиков", "Ёжикова"]),
        (PeopleFilter(text="ИЛЬИЧ пет"), ["Ёжиков"]),
        (PeopleFilter(role=Role.HEAD), ["Главный"]),
        (PeopleFilter(role=Role.STUDENT, joined=False), ["Белкин", "Зайцева"]),
        (PeopleFilter(without_parent=True), []),
        (PeopleFilter(former=True), []),
        (PeopleFilter(text="%_"), []),
    ],
)
def test_people_are_found(world: World, wanted: PeopleFilter, names: list[str]) -> None:
    people = filter_people(people_visible_to(world.a.actor("administrator")), wanted)
    assert [person.last_name for person in people] == names


def test_people_of_a_unit_are_its_staff_students_and_their_parents(world: World) -> None:
    wanted = PeopleFilter(unit_id=world.a.units["5А"].pk)
    people = filter_people(Person.objects.filter(organization=world.a.organization), wanted)
    assert {p.last_name for p in people} == {"Ведущая", "Ёжиков", "Ёжикова", "Зайцева", "Зайцев"}
