"""Personal messages: who may write to whom is the organization's rule (CHAT-3)."""

import pytest

from chats.models import Chat, ChatRules
from chats.obstacles import obstacle
from chats.selectors.contacts import find_contacts, may_correspond, reachable_by
from chats.selectors.rules import rules_of
from chats.services.chats import personal_chat
from chats.services.system import change_rules
from common.errors import DomainError
from orgs.models import Enrolment, Organization, Part, Role
from orgs.services import people, structure
from tests.chats.cast import say, seen
from tests.world import School, World, make_user


def reach_of(school: School, name: str) -> set[str]:
    """Who of the cast `name` may write to first."""
    organization = Organization.objects.select_related("chat_rules").get(pk=school.organization.pk)
    found = set(reachable_by(school.actor(name), rules_of(organization)))
    return {other for other, person in school.people.items() if person in found}


def allow(school: School, **contacts: dict[str, str]) -> None:
    change_rules(actor=school.actor("administrator"), rules={"contacts": contacts})


@pytest.mark.req("CHAT-3")
def test_the_default_rule(world: World) -> None:
    school = world.a
    assert reach_of(school, "parent") == {"leader", "administrator", "head"}
    assert reach_of(school, "student") == {"leader", "administrator", "head"}
    assert reach_of(school, "leader") == {"teacher", "administrator", "head", "student", "parent"}
    assert reach_of(school, "teacher") == {"leader", "administrator", "head", "both"}


@pytest.mark.req("CHAT-3", "CHAT-9")
def test_students_are_reached_from_their_units_only_in_the_safe_mode(world: World) -> None:
    school = world.a
    assert "student" not in reach_of(school, "administrator")
    change_rules(actor=school.actor("administrator"), rules={"safe_mode": False})
    assert "student" in reach_of(school, "administrator")


@pytest.mark.req("CHAT-3")
def test_the_organization_changes_the_rule(world: World) -> None:
    school = world.a
    allow(school, parent={"teacher": "everyone", "administration": "nobody"})
    # Staff of the administration are staff too, so «everyone of the staff» reaches them.
    assert reach_of(school, "parent") == {"leader", "teacher", "administrator", "head"}
    allow(school, parent={"teacher": "nobody", "administration": "nobody"})
    assert reach_of(school, "parent") == set()


@pytest.mark.req("CHAT-3")
def test_who_was_written_to_may_answer(world: World) -> None:
    school = world.a
    allow(school, parent={"teacher": "nobody"})
    chat = personal_chat(actor=school.actor("leader"), person=school.people["parent"])
    assert say(school, "leader", chat, "Добрый день!")
    assert say(school, "parent", chat, "Здравствуйте!")


@pytest.mark.req("CHAT-3")
def test_one_chat_for_two_whoever_begins(world: World) -> None:
    school = world.a
    first = personal_chat(actor=school.actor("parent"), person=school.people["leader"])
    assert personal_chat(actor=school.actor("leader"), person=school.people["parent"]) == first
    assert Chat.objects.filter(organization=school.organization).count() == 1
    assert seen(school, "parent", first).other_name.startswith("Ведущая Вера")  # type: ignore[attr-defined]


@pytest.mark.req("CHAT-3")
def test_who_may_not_write_is_told_so(world: World) -> None:
    with pytest.raises(DomainError) as refused:
        personal_chat(actor=world.a.actor("parent"), person=world.a.people["teacher"])
    assert (refused.value.code, refused.value.status) == ("contact_closed", 403)
    assert not Chat.objects.exists()


@pytest.mark.req("CHAT-3", "ACC-4")
def test_nobody_writes_into_another_school(world: World) -> None:
    with pytest.raises(DomainError):
        personal_chat(actor=world.a.actor("administrator"), person=world.b.people["administrator"])


@pytest.mark.req("CHAT-3", "CHAT-8")
def test_after_the_transfer_the_old_letters_can_be_read_but_not_continued(world: World) -> None:
    school = world.a
    chat = personal_chat(actor=school.actor("parent"), person=school.people["leader"])
    say(school, "parent", chat, "Пётр заболел")
    enrolment = Enrolment.objects.get(person=school.people["student"], until=None)
    structure.end_enrolment(actor=school.actor("administrator"), enrolment=enrolment)
    structure.enrol(actor=None, people=[school.people["student"]], unit=school.units["5Б"], part=Part.STUDENT)
    mine = seen(school, "parent", chat)
    assert obstacle(school.actor("parent"), mine) == "contact_closed"


@pytest.mark.req("CHAT-3")
def test_students_do_not_write_to_each_other(world: World) -> None:
    school = world.a
    friend = school.people["classmate"]
    friend.user = make_user("+79001000099")
    friend.save()
    assert not may_correspond(school.actor("student"), friend, ChatRules(organization=school.organization))


def test_contacts_are_found_by_any_part_of_the_name(world: World) -> None:
    school = world.a
    rules = ChatRules(organization=school.organization)
    found = find_contacts(school.actor("leader"), rules, "роза ежик")
    assert [person.full_name for person in found] == ["Ёжикова Роза Павловна"]
    assert not find_contacts(school.actor("leader"), rules, "такого нет").exists()


@pytest.mark.req("CHAT-3")
def test_somebody_without_a_role_is_out_of_reach(world: World) -> None:
    school = world.a
    people.end_role(actor=school.actor("administrator"), person=school.people["leader"], role=Role.TEACHER)
    assert "leader" not in reach_of(school, "parent")
