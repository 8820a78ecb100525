"""A whole load is undone in one step; what prevents it is named."""

from typing import Any

import pytest
from django.apps import apps

from common.errors import DomainError
from invitations.services import JoinAnswers, redeem
from orgs.models import AuditEvent, Person, Role, Unit
from orgs.services.people import PersonData, add_person, link_account, tie_parent, update_person
from orgs.services.structure import enrol
from tests.chats.cast import chat_of, say
from tests.invitations.conftest import link_of
from tests.roster.engine_cast import done, parent, person_of, staff, student
from tests.world import World, make_user
from works.services import undoing

pytestmark = pytest.mark.req("ORG-8")
# Everything that can happen: new people and units, a transfer, new and known parents, new data, roles.
ROWS = [
    student(2, "Новый Никита", "7Я", parents=(parent("Новая Нина", "+79001110001"), parent("Новый Олег"))),
    student(3, "Белкин Борис", "5А", parents=(parent("Новая Нина", "+79001110001"),)),
    student(4, "Зайцева Зоя", "5А", email="z@example.org", parents=(parent("Зайцев Захар", email="f@example.org"),)),
    staff(5, "Ждущая Жанна", "7Я", "leader", position="учитель физики"),
    staff(6, "Новикова Надежда", roles=frozenset({Role.HEAD})),
]


def roster_rows() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table but the journal and what the works, the files and the statistics keep for themselves."""
    kept = {}
    for model in apps.get_models():
        if model._meta.app_label in {"works", "roster", "stats", "sessions", "admin"} or model is AuditEvent:
            continue
        kept[model._meta.label] = list(model._default_manager.order_by("pk").values())
    return kept


def test_undoing_leaves_every_table_as_it_was(world: World) -> None:
    before = roster_rows()
    work = done(world.a, ROWS, order_number="5")
    assert roster_rows() != before
    undoing.undo(actor=world.a.actor("administrator"), work=work)
    assert roster_rows() == before


def test_undoing_brings_back_those_who_left(world: World) -> None:
    rows = [student(2, "Ёжиков Пётр Ильич", "5А"), staff(3, "Ведущая Вера Викторовна")]
    before = roster_rows()
    from roster.services import loads
    from tests.roster.engine_cast import checked, file_of
    from works.services import running

    actor = world.a.actor("administrator")
    load = checked(world.a, rows, removes_missing=True)
    loads.set_options(actor=actor, load=load, removal_confirmed=True)
    with file_of(rows):
        work = loads.bring_in(actor=actor, load=load)
        running.run(work.pk)
    work.refresh_from_db()
    assert work.outcome["leaving"] > 0
    undoing.undo(actor=actor, work=work)
    assert roster_rows() == before


def test_the_journal_tells_of_the_undoing(world: World) -> None:
    work = done(world.a, ROWS)
    undoing.undo(actor=world.a.actor("administrator"), work=work)
    event = AuditEvent.objects.order_by("-pk")[0]
    assert (event.action, event.details) == ("roster.undone", {"file": "Список.xlsx"})
    assert event.actor_id == world.a.people["administrator"].pk


def test_undone_once(world: World) -> None:
    work, actor = done(world.a, ROWS), world.a.actor("administrator")
    undoing.undo(actor=actor, work=work)
    with pytest.raises(DomainError, match="already_undone"):
        undoing.undo(actor=actor, work=work)


def joined(world: World) -> str:
    link_account(person=person_of(world.a, "новый никита"), user_id=make_user("+79005550001").pk)
    return "Новый Никита"


def joined_by_a_link(world: World) -> str:
    user = make_user("+79001110001")
    answers = JoinAnswers("Новая", "Нина", child_name="Белкин Борис")
    redeem(user=user, invitation=link_of(world.a), generation=1, answers=answers)
    return "Новая Нина"


def corrected(world: World) -> str:
    person = person_of(world.a, "новый никита")
    update_person(actor=world.a.actor("administrator"), person=person, data=PersonData("Новый", "Никита", "Ильич"))
    return "Новый Никита Ильич"


def corrected_who_was_there(world: World) -> str:
    person = Person.objects.get(pk=world.a.people["classmate"].pk)
    data = PersonData("Зайцева", "Зоя", "Захаровна", email="other@example.org")
    update_person(actor=world.a.actor("administrator"), person=person, data=data)
    return "Зайцева Зоя Захаровна"


def somebody_else_in_the_new_unit(world: World) -> str:
    person = add_person(organization=world.a.organization, actor=None, data=PersonData("Иной", "Игорь"), roles=[])
    unit = Unit.objects.get(organization=world.a.organization, name="7Я")
    enrol(actor=None, people=[person], unit=unit, part="student")
    return "student"


def a_child_more(world: World) -> str:
    mother = person_of(world.a, "новая нина")
    tie_parent(actor=None, parent=mother, child=world.a.people["student"])
    return str(mother.pk)


@pytest.mark.parametrize(
    "deed",
    [joined, joined_by_a_link, corrected, corrected_who_was_there, somebody_else_in_the_new_unit, a_child_more],
)
def test_what_has_happened_since_prevents_the_undoing_and_is_named(world: World, deed: Any) -> None:
    work = done(world.a, ROWS)
    name = deed(world)
    before = roster_rows()
    found = undoing.obstacles(work)
    assert any(name in one for obstacle in found for one in obstacle.names), found
    with pytest.raises(DomainError, match="undo_prevented"):
        undoing.undo(actor=world.a.actor("administrator"), work=work)
    assert roster_rows() == before


def test_a_message_in_the_chat_of_a_new_unit_prevents_it(world: World) -> None:
    from chats.models import Template
    from chats.services import system

    rules = {"switched_on": [Template.UNIT_PARENTS]}
    system.change_rules(actor=world.a.actor("administrator"), rules=rules)
    work = done(world.a, ROWS)
    unit = Unit.objects.get(organization=world.a.organization, name="7Я")
    enrol(actor=None, people=[world.a.people["leader"]], unit=unit, part="leader")
    world.a.units["7Я"] = unit
    assert chat_of(world.a, Template.UNIT_PARENTS, "7Я") is not None
    say(world.a, "leader", chat_of(world.a, Template.UNIT_PARENTS, "7Я"), "Здравствуйте!")
    with pytest.raises(DomainError, match="undo_prevented"):
        undoing.undo(actor=world.a.actor("administrator"), work=work)


def test_chats_of_new_units_that_nobody_used_go_with_them(world: World) -> None:
    from channels_app.services.system import give_units_channels
    from chats.models import Template
    from chats.services import system

    actor = world.a.actor("administrator")
    system.change_rules(actor=actor, rules={"switched_on": [Template.UNIT_PARENTS]})
    give_units_channels(actor=actor, wanted=True)
    before = roster_rows()
    work = done(world.a, ROWS)
    undoing.undo(actor=actor, work=work)
    assert roster_rows() == before
