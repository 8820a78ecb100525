"""Who is in a chat follows from the structure, at once and both ways (CHAT-1, CHAT-8)."""

import pytest

from chats.models import Chat, ChatAudience, Template
from chats.selectors.chats import chats_of, find_chat, list_of, members_of
from chats.selectors.titles import title_of
from chats.services.system import change_rules
from orgs.models import Audience, Enrolment, Part, Role, UnitKind
from orgs.selectors.audiences import is_meant, people_in, rules_matching
from orgs.services import people, structure
from orgs.services.structure import UnitData, create_units
from tests.chats.cast import chat_of, general, say, switch_on
from tests.world import CAST, School, World


def titles(school: School, name: str) -> set[str]:
    actor = school.actor(name)
    return {title_of(chat, actor.words) for chat in list_of(actor)}


@pytest.mark.req("CHAT-1")
def test_nothing_exists_before_the_organization_switches_it_on(world: World) -> None:
    assert not Chat.objects.exists()
    switch_on(world.a)
    assert general(world.a)
    assert not Chat.objects.filter(organization=world.b.organization).exists()


@pytest.mark.req("CHAT-1", "CHAT-8")
def test_everybody_has_the_chats_of_their_place(school: School) -> None:
    everyone = {"Общий чат"}
    assert titles(school, "student") == everyone | {"5А · ученики"}
    assert titles(school, "parent") == everyone | {"5А · родители"}
    assert titles(school, "leader") == everyone | {"5А · ученики", "5А · родители", "5А · учителя"}
    assert titles(school, "teacher") == everyone | {"5Б · ученики", "5Б · учителя"}
    assert titles(school, "head") == titles(school, "administrator") == everyone


@pytest.mark.req("CHAT-1")
def test_a_new_class_has_its_chats_from_the_start(school: School) -> None:
    unit = create_units(organization=school.organization, actor=None, units=[UnitData(UnitKind.CLASS, "9В")])[0]
    assert Chat.objects.filter(unit=unit).count() == 3


@pytest.mark.req("CHAT-1")
def test_switching_off_hides_and_on_again_brings_the_messages_back(school: School) -> None:
    chat = chat_of(school, Template.UNIT_PARENTS)
    say(school, "parent", chat)
    administrator = school.actor("administrator")
    change_rules(actor=administrator, rules={"switched_on": [Template.GENERAL]})
    assert titles(school, "parent") == {"Общий чат"}
    assert find_chat(school.actor("parent"), chat.pk) is None
    switch_on(school)
    assert find_chat(school.actor("parent"), chat.pk).message_count == 1  # type: ignore[union-attr]


@pytest.mark.req("CHAT-8", "ORG-5")
def test_a_transferred_student_loses_the_old_chat_and_sees_the_new(school: School) -> None:
    student = school.people["student"]
    old, new = chat_of(school, Template.UNIT_STUDENTS), chat_of(school, Template.UNIT_STUDENTS, "5Б")
    administrator = school.actor("administrator")
    structure.end_enrolment(actor=administrator, enrolment=Enrolment.objects.get(person=student, until=None))
    structure.enrol(actor=administrator, people=[student], unit=school.units["5Б"], part=Part.STUDENT)
    assert find_chat(school.actor("student"), old.pk) is None
    assert find_chat(school.actor("student"), new.pk) is not None
    assert student not in members_of(old)
    assert student in members_of(new)
    # The parents follow the child.
    assert titles(school, "parent") == {"Общий чат", "5Б · родители"}


@pytest.mark.req("CHAT-8")
def test_who_loses_the_role_keeps_nothing(school: School) -> None:
    people.end_role(actor=school.actor("administrator"), person=school.people["leader"], role=Role.TEACHER)
    chat = chat_of(school, Template.UNIT_PARENTS)
    assert school.people["leader"] not in members_of(chat)
    assert school.people["leader"] not in members_of(general(school))


@pytest.mark.req("CHAT-8")
def test_an_archived_class_takes_its_chats_out_of_sight(school: School) -> None:
    administrator = school.actor("administrator")
    structure.archive_unit(actor=administrator, unit=school.units["5А"])
    assert titles(school, "student") == {"Общий чат"}
    structure.restore_unit(actor=administrator, unit=school.units["5А"])
    assert titles(school, "student") == {"Общий чат", "5А · ученики"}


@pytest.mark.req("CHAT-8", "ACC-4")
def test_another_school_sees_nothing(world: World) -> None:
    for school in (world.a, world.b):
        switch_on(school)
    for name in CAST:
        assert not set(chats_of(world.b.actor(name))) & set(Chat.objects.filter(organization=world.a.organization))


@pytest.mark.req("CHAT-8")
@pytest.mark.parametrize("unit", [None, "5А", "5Б"])
@pytest.mark.parametrize("audience", Audience.values)
def test_both_directions_of_an_audience_agree(world: World, audience: str, unit: str | None) -> None:
    school = world.a
    if unit and audience == Audience.ADMINISTRATION:
        pytest.skip("the administration belongs to no unit")
    switch_on(school)
    chat = general(school)
    ChatAudience.objects.filter(chat=chat).delete()
    rule = ChatAudience.objects.create(
        organization=school.organization, chat=chat, audience=audience, unit=school.units[unit] if unit else None
    )
    found = set(people_in(school.organization.pk, [rule]))
    for name, person in school.people.items():
        if not person.has_joined:
            continue
        matches = ChatAudience.objects.filter(rules_matching(school.actor(name)), pk=rule.pk).exists()
        assert matches == (person in found), name
        assert is_meant(school.actor(name), [(rule.audience, rule.unit_id)]) == matches, name
