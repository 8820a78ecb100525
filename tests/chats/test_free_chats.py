"""Chats opened by people: templates, free ones, their lists and links (CHAT-2, INV-10)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chats import permissions, tokens
from chats.models import Chat, ChatLink, ChatMember, Message, Template
from chats.obstacles import obstacle
from chats.selectors.chats import chats_of, find_chat, members_of
from chats.selectors.safety import link_into
from chats.services.chats import ChatChanges, ChatData, archive_chat, change_chat, create_chat, restore_chat
from chats.services.members import (
    add_members,
    join_by_link,
    leave,
    make_link,
    remove_member,
    revoke_link,
    set_moderator,
    set_owner,
)
from common.errors import DomainError
from orgs.models import Audience, AuditEvent, Role
from orgs.services import people
from tests.chats.cast import say, seen
from tests.world import School, World


@pytest.fixture
def school(world: World) -> School:
    return world.a


@pytest.fixture
def council(school: School) -> Chat:
    """The head's chat with the parents' council: one parent so far."""
    data = ChatData("Родительский комитет", template=Template.PARENTS_COUNCIL, people=[school.people["parent"].pk])
    return create_chat(actor=school.actor("head"), data=data)


@pytest.mark.req("CHAT-2")
def test_a_template_with_chosen_people(school: School, council: Chat) -> None:
    assert set(members_of(council)) == {school.people["head"], school.people["parent"]}
    assert say(school, "parent", council, "Спасибо за приглашение!")
    assert find_chat(school.actor("leader"), council.pk) is None


@pytest.mark.req("CHAT-2", "CHAT-8")
def test_the_heads_chat_with_all_staff_follows_the_staff(school: School) -> None:
    data = ChatData("Все сотрудники", template=Template.ALL_STAFF, circles=[(Audience.STAFF, None)])
    chat = create_chat(actor=school.actor("head"), data=data)
    assert find_chat(school.actor("teacher"), chat.pk) is not None
    people.end_role(actor=school.actor("administrator"), person=school.people["teacher"], role=Role.TEACHER)
    assert school.people["teacher"] not in members_of(chat)
    assert not chat.shows_readers


@pytest.mark.req("CHAT-2")
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (ChatData("  "), "chat_title_required"),
        (ChatData("Х", template=Template.GENERAL), "chat_template_unknown"),
        (ChatData("Х", template=Template.PERSONAL), "chat_template_unknown"),
        (ChatData("Х", people=[10**9]), "chat_people_unknown"),
        (ChatData("Х", circles=[("aliens", None)]), "circle_unknown"),
        (ChatData("Х", circles=[(Audience.STUDENTS, 10**9)]), "circle_unknown"),
        (ChatData("Х", people=range(1, 1002)), "chat_people_many"),
    ],
)
def test_what_cannot_be_is_refused(school: School, data: ChatData, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        create_chat(actor=school.actor("head"), data=data)
    assert refused.value.code == code


@pytest.mark.req("ACC-4", "CHAT-8")
def test_people_and_units_of_another_school_are_unknown(world: World) -> None:
    actor = world.a.actor("head")
    for data in (
        ChatData("Х", people=[world.b.people["parent"].pk]),
        ChatData("Х", circles=[(Audience.STUDENTS, world.b.units["5А"].pk)]),
    ):
        with pytest.raises(DomainError):
            create_chat(actor=actor, data=data)


@pytest.mark.req("CHAT-8")
def test_who_is_taken_out_keeps_nothing(school: School, council: Chat) -> None:
    say(school, "parent", council)
    remove_member(actor=school.actor("head"), chat=council, person=school.people["parent"])
    assert find_chat(school.actor("parent"), council.pk) is None
    add_members(actor=school.actor("head"), chat=council, people=[school.people["parent"]])
    assert find_chat(school.actor("parent"), council.pk) is not None
    assert ChatMember.objects.filter(chat=council, person=school.people["parent"]).count() == 2


def test_one_may_leave_but_the_owner_names_another_first(school: School, council: Chat) -> None:
    leave(actor=school.actor("parent"), chat=council)
    assert council not in chats_of(school.actor("parent"))
    with pytest.raises(DomainError) as refused:
        leave(actor=school.actor("head"), chat=council)
    assert refused.value.code == "chat_owner_stays"
    set_owner(actor=school.actor("head"), chat=council, person=school.people["leader"])
    leave(actor=school.actor("head"), chat=council)
    assert permissions.can_moderate(school.actor("leader"), seen(school, "leader", council))


@pytest.mark.req("CHAT-9")
def test_only_staff_moderate(school: School, council: Chat) -> None:
    head = school.actor("head")
    with pytest.raises(DomainError) as refused:
        set_moderator(actor=head, chat=council, person=school.people["parent"], moderates=True)
    assert refused.value.code == "moderator_not_staff"
    add_members(actor=head, chat=council, people=[school.people["teacher"]])
    assert not permissions.can_moderate(school.actor("teacher"), seen(school, "teacher", council))
    set_moderator(actor=head, chat=council, person=school.people["teacher"], moderates=True)
    assert permissions.can_moderate(school.actor("teacher"), seen(school, "teacher", council))


@pytest.mark.req("CHAT-3")
def test_students_write_only_while_somebody_of_the_staff_is_there(school: School) -> None:
    data = ChatData("Совет обучающихся", template=Template.STUDENTS_COUNCIL, people=[school.people["student"].pk])
    chat = create_chat(actor=school.actor("leader"), data=data)
    assert say(school, "student", chat)
    people.end_role(actor=school.actor("administrator"), person=school.people["leader"], role=Role.TEACHER)
    Chat.objects.filter(pk=chat.pk).update(owner=None)
    ChatMember.objects.filter(chat=chat).exclude(person=school.people["student"]).delete()
    assert obstacle(school.actor("student"), seen(school, "student", chat)) == "no_staff"


@pytest.mark.req("CHAT-9")
def test_a_chat_always_has_somebody_who_answers_for_it(school: School) -> None:
    chat = create_chat(actor=school.actor("leader"), data=ChatData("Экскурсия", people=[school.people["parent"].pk]))
    people.end_role(actor=school.actor("administrator"), person=school.people["leader"], role=Role.TEACHER)
    chat.refresh_from_db()
    assert chat.owner == school.people["administrator"]
    assert school.people["administrator"] in members_of(chat)


@pytest.mark.req("CHAT-9")
def test_an_archived_chat_can_be_read_not_written_in(school: School, council: Chat) -> None:
    say(school, "parent", council)
    archive_chat(actor=school.actor("head"), chat=council)
    assert obstacle(school.actor("parent"), seen(school, "parent", council)) == "archived"
    restore_chat(actor=school.actor("head"), chat=council)
    assert say(school, "parent", council)


@pytest.mark.req("CHAT-9", "ORG-12")
def test_changes_are_seen_in_the_chat_and_in_the_journal(school: School, council: Chat) -> None:
    head = school.actor("head")
    changes = ChatChanges(title="Совет родителей", purpose="Подготовка праздников")
    change_chat(actor=head, chat=seen(school, "head", council), changes=changes)
    assert Message.objects.filter(chat=council, notice__code="renamed").exists()
    event = AuditEvent.objects.filter(action="chat.changed").get()
    assert "назначение" in event.details["rules"]


@pytest.mark.req("INV-10", "INV-11")
def test_a_link_lets_the_organizations_people_in(school: School, council: Chat) -> None:
    link = make_link(actor=school.actor("head"), chat=council)
    assert tokens.read(tokens.make(link.pk)) == link.pk
    join_by_link(actor=school.actor("leader"), link=link)
    join_by_link(actor=school.actor("leader"), link=link)
    link.refresh_from_db()
    assert link.uses == 1
    assert find_chat(school.actor("leader"), council.pk) is not None


@pytest.mark.req("INV-10", "INV-11")
def test_dead_links_let_nobody_in(school: School, council: Chat) -> None:
    head = school.actor("head")
    old = make_link(actor=head, chat=council)
    new = make_link(actor=head, chat=council)
    late = timezone.now() - timedelta(minutes=1)
    for link in (old, new):
        if link == new:
            ChatLink.objects.filter(pk=new.pk).update(expires_at=late)
        with pytest.raises(DomainError) as refused:
            join_by_link(actor=school.actor("leader"), link=link)
        assert (refused.value.code, refused.value.status) == ("chat_link_dead", 410)
    assert link_into(council) is None
    revoke_link(actor=head, chat=council)
    assert find_chat(school.actor("leader"), council.pk) is None


@pytest.mark.req("INV-10", "ACC-4")
def test_no_link_lets_another_school_in(world: World, council: Chat) -> None:
    link = make_link(actor=world.a.actor("head"), chat=council)
    with pytest.raises(DomainError):
        join_by_link(actor=world.b.actor("administrator"), link=link)
    assert set(members_of(council)) == {world.a.people["head"], world.a.people["parent"]}


@pytest.mark.req("INV-11")
@pytest.mark.parametrize("forged", ["", "1", "1-", "1-AAAA", "x-y", "1:2", "-", "99999999999999999999-a", "1-\u0430"])
def test_a_forged_token_is_nothing(forged: str) -> None:
    assert tokens.read(forged) is None
