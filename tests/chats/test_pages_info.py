"""A chat from outside: people, rules, moderators, pauses, archive, leaving."""

import pytest
from django.utils import timezone

from chats.models import Chat, ChatMember, MemberState, Message, Mute, Notify, Template
from chats.selectors.chats import members_of
from chats.services.chats import personal_chat
from chats.services.members import add_members, set_moderator
from chats.services.safety import inspect, mute
from chats.services.system import change_rules
from orgs.models import Person
from orgs.services.people import set_roles
from tests.chats.cast import chat_of, general, say, seen
from tests.chats.pages import ChatVisitor, free_chat, hidden_fields, queries_of, words
from tests.orgs.pages import crowd, undo_address
from tests.world import School, World


def has_member(chat: Chat, school: School, name: str) -> bool:
    return members_of(chat).filter(pk=school.people[name].pk).exists()


@pytest.mark.req("CHAT-1")
def test_members_see_what_the_chat_is_and_who_is_in_it(school: School) -> None:
    chat = chat_of(school, Template.UNIT_PARENTS)
    page = ChatVisitor(school, "parent").see("info", chat_id=chat.pk)
    assert "5А · родители" in page
    assert "Ведущая Вера Викторовна" in page
    assert "Зайцев Захар Львович" in page
    assert "ещё не на платформе" in page
    assert "Учёный" not in page
    assert "Мои уведомления" in page
    for secret in ("Изменить", "Добавить людей", "Ссылка в чат", "+7900"):
        assert secret not in page


@pytest.mark.req("CHAT-3")
def test_personal_messages_have_two_people_and_no_rules(school: School) -> None:
    chat = personal_chat(actor=school.actor("parent"), person=school.people["leader"])
    page = ChatVisitor(school, "parent").see("info", chat_id=chat.pk)
    assert "Ведущая Вера Викторовна" in page
    assert "2 человека" in page
    assert "Мои уведомления" in page
    for other in ("Отвечает", "Выйти", "Изменить", "Ссылка в чат", "На время запретить"):
        assert other not in page, other
    for name in ("change", "leave", "archive", "owner", "link", "members_add"):
        assert ChatVisitor(school, "leader").post(name, chat_id=chat.pk).status_code == 403, name


def test_names_lead_to_pages_the_reader_may_open(school: School) -> None:
    chat = chat_of(school, Template.UNIT_PARENTS)
    page = ChatVisitor(school, "parent").get("info", chat_id=chat.pk).content.decode()
    assert f"/o/a/people/{school.people['leader'].pk}/" in page
    assert f"/o/a/people/{school.people['waiting_parent'].pk}/" not in page


@pytest.mark.req("CHAT-9")
def test_a_chat_of_others_is_not_there(school: School) -> None:
    chat = chat_of(school, Template.UNIT_PARENTS)
    for name in ("student", "teacher", "both"):
        for page in ("info", "change", "leave", "archive", "owner", "link", "members_add", "look"):
            assert ChatVisitor(school, name).get(page, chat_id=chat.pk).status_code == 404, (name, page)


@pytest.mark.req("CHAT-9")
def test_the_registrys_keeper_changes_a_chat_but_does_not_read_it(school: School) -> None:
    chat = chat_of(school, Template.UNIT_PARENTS)
    say(school, "parent", chat, "Только для своих")
    administrator = ChatVisitor(school, "administrator")
    page = administrator.see("info", chat_id=chat.pk)
    assert "Ёжикова Роза Павловна" in page
    assert "Только для своих" not in page
    assert "К сообщениям" not in page
    assert "Мои уведомления" not in page
    sent = {"purpose": "Дела класса", "writers": "moderators", "slow_seconds": "60", "retention_days": "0"}
    assert administrator.post("change", sent, chat_id=chat.pk).status_code == 302
    chat.refresh_from_db()
    assert (chat.purpose, chat.writers, chat.slow_seconds) == ("Дела класса", "moderators", 60)
    assert administrator.post("notify", {"notify": "none"}, chat_id=chat.pk).status_code == 404


def test_the_owner_renames_and_what_was_typed_is_kept(world: World) -> None:
    chat = free_chat(world.a)
    leader = ChatVisitor(world.a, "leader")
    sent = {"title": "", "purpose": "Билеты", "writers": "staff", "slow_seconds": "30"}
    answer = leader.post("change", sent, chat_id=chat.pk)
    assert answer.status_code == 422
    assert "Билеты</textarea>" in answer.content.decode()
    assert leader.post("change", {**sent, "title": "Театр"}, chat_id=chat.pk).status_code == 302
    chat.refresh_from_db()
    assert (chat.title, chat.purpose, chat.writers, chat.slow_seconds) == ("Театр", "Билеты", "staff", 30)
    assert "Сообщения хранятся" not in leader.get("change", chat_id=chat.pk).content.decode()
    assert ChatVisitor(world.a, "parent").post("change", sent, chat_id=chat.pk).status_code == 403


@pytest.mark.req("CHAT-9")
def test_a_shorter_retention_says_how_many_messages_go(world: World) -> None:
    chat = free_chat(world.a)
    Message.objects.filter(chat=chat).update(created_at=timezone.now() - timezone.timedelta(days=40))
    administrator = ChatVisitor(world.a, "administrator")
    sent = {"title": "Музей", "purpose": "", "writers": "everyone", "slow_seconds": "0", "retention_days": "30"}
    asked = administrator.post("change", sent, chat_id=chat.pk)
    assert "будет навсегда удалено 1 сообщение старше 30 дн." in words(asked)
    chat.refresh_from_db()
    assert chat.retention_days is None
    assert (
        administrator.post("change", {**hidden_fields(asked), "confirmed": "yes"}, chat_id=chat.pk).status_code == 302
    )
    chat.refresh_from_db()
    assert (chat.title, chat.retention_days) == ("Музей", 30)
    # Nothing is asked when nothing would go.
    assert administrator.post("change", {**sent, "retention_days": "365"}, chat_id=chat.pk).status_code == 302


def test_notifications_are_mine_alone_and_can_be_put_back(school: School) -> None:
    chat = chat_of(school, Template.UNIT_PARENTS)
    parent = ChatVisitor(school, "parent")
    page = parent.client.post(parent.url("notify", chat_id=chat.pk), {"notify": "none"}, follow=True)
    assert MemberState.objects.get(chat=chat, person=school.people["parent"]).notify == Notify.NONE
    parent.client.post(undo_address(page.content.decode()))
    assert MemberState.objects.get(chat=chat, person=school.people["parent"]).notify == Notify.ALL
    assert parent.post("notify", {"notify": "loud"}, chat_id=chat.pk).status_code == 400


@pytest.mark.req("CHAT-2")
def test_people_are_found_ticked_and_added(world: World) -> None:
    chat = free_chat(world.a)
    leader = ChatVisitor(world.a, "leader")
    teacher = world.a.people["teacher"]
    found = leader.post("members_add", {"q": "учёный", "do": "find"}, chat_id=chat.pk)
    assert f'value="{teacher.pk}">' in found.content.decode()
    assert not has_member(chat, world.a, "teacher")
    answer = leader.post("members_add", {"do": "add"}, chat_id=chat.pk)
    assert answer.status_code == 422
    assert "отметьте галочками" in words(answer)
    page = leader.post_then_look("members_add", {"people": [teacher.pk], "do": "add"}, chat_id=chat.pk)
    assert "В чате теперь ещё 1 человек." in page
    assert has_member(chat, world.a, "teacher")
    # Whom the leader does not see comes into no list by a number.
    stranger = world.a.people["other_student"]
    assert leader.post("members_add", {"people": [stranger.pk], "do": "add"}, chat_id=chat.pk).status_code == 422
    # Who is in is not offered again.
    again = leader.post("members_add", {"q": "учёный", "do": "find"}, chat_id=chat.pk)
    assert "Больше никого с таким именем" in words(again)


@pytest.mark.req("CHAT-8")
def test_somebody_is_taken_out_and_brought_back(world: World) -> None:
    chat = free_chat(world.a, people=("teacher", "parent"))
    leader = ChatVisitor(world.a, "leader")
    person = world.a.people["parent"]
    url = leader.url("member_remove", chat_id=chat.pk, person_id=person.pk)
    page = leader.client.post(url, follow=True).content.decode()
    assert not has_member(chat, world.a, "parent")
    assert ChatVisitor(world.a, "parent").get("info", chat_id=chat.pk).status_code == 404
    leader.client.post(undo_address(page))
    assert has_member(chat, world.a, "parent")
    # Nobody comes in by that address who was never in.
    stranger = world.a.people["student"]
    assert leader.post("member_add", chat_id=chat.pk, person_id=stranger.pk).status_code == 404
    assert (
        ChatVisitor(world.a, "teacher").post("member_remove", chat_id=chat.pk, person_id=person.pk).status_code == 403
    )


@pytest.mark.req("CHAT-8")
def test_who_left_the_organization_is_in_no_chat(world: World) -> None:
    chat = free_chat(world.a, people=("teacher", "parent"))
    set_roles(actor=world.a.actor("administrator"), person=world.a.people["parent"], roles=[])
    assert not has_member(chat, world.a, "parent")
    assert "Ёжикова" not in ChatVisitor(world.a, "leader").see("info", chat_id=chat.pk)


def test_a_chat_that_was_switched_off_has_nothing_to_choose(school: School) -> None:
    chat = general(school)
    administrator = ChatVisitor(school, "administrator")
    assert "Мои уведомления" in administrator.see("info", chat_id=chat.pk)
    change_rules(actor=school.actor("administrator"), rules={"switched_on": []})
    page = administrator.see("info", chat_id=chat.pk)
    assert "Организация выключила такие чаты" in page
    assert "Мои уведомления" not in page
    assert ChatVisitor(school, "parent").get("info", chat_id=chat.pk).status_code == 404


def test_the_owner_stays_until_another_answers_for_the_chat(world: World) -> None:
    chat = free_chat(world.a, people=("teacher",))
    leader = ChatVisitor(world.a, "leader")
    assert leader.get("leave", chat_id=chat.pk)["Location"] == leader.url("info", chat_id=chat.pk)
    assert leader.post("owner", {}, chat_id=chat.pk).status_code == 422
    parent = world.a.people["parent"]
    assert leader.post("owner", {"person": parent.pk}, chat_id=chat.pk).status_code == 422
    page = leader.post_then_look("owner", {"person": world.a.people["teacher"].pk}, chat_id=chat.pk)
    assert "Учёный Устин Ильич теперь отвечает за чат." in page
    chat.refresh_from_db()
    assert chat.owner == world.a.people["teacher"]
    assert "Вы больше не увидите чат" in leader.see("leave", chat_id=chat.pk)
    assert leader.post("leave", chat_id=chat.pk).status_code == 302
    assert not has_member(chat, world.a, "leader")


@pytest.mark.req("CHAT-9")
def test_moderators_are_named_of_staff_only(world: World) -> None:
    chat = free_chat(world.a, people=("teacher", "parent"))
    leader = ChatVisitor(world.a, "leader")
    teacher, parent = (world.a.people[name].pk for name in ("teacher", "parent"))
    leader.post("member_moderator", {"moderates": "yes"}, chat_id=chat.pk, person_id=teacher)
    assert ChatMember.objects.get(chat=chat, person=teacher).is_moderator
    page = leader.post_then_look("member_moderator", {"moderates": "yes"}, chat_id=chat.pk, person_id=parent)
    assert not ChatMember.objects.get(chat=chat, person=parent).is_moderator
    assert "Модераторами чатов бывают только сотрудники" in page
    leader.post("member_moderator", {"moderates": "no"}, chat_id=chat.pk, person_id=teacher)
    assert not ChatMember.objects.get(chat=chat, person=teacher).is_moderator


@pytest.mark.req("CHAT-9")
def test_a_moderator_pauses_somebody_and_lifts_it(school: School) -> None:
    chat = chat_of(school, Template.UNIT_PARENTS)
    leader = ChatVisitor(school, "leader")
    person = school.people["parent"]
    where = {"chat_id": chat.pk, "person_id": person.pk}
    assert leader.post("member_mute", {"mute_hours": "24", "reason": ""}, **where).status_code == 422
    answer = leader.client.post(
        leader.url("member_mute", **where), {"mute_hours": "24", "reason": "Реклама"}, follow=True
    )
    assert "Реклама" in words(answer)
    assert Mute.objects.get(chat=chat).until > timezone.now()
    assert seen(school, "parent", chat).muted_until  # type: ignore[attr-defined]
    leader.client.post(undo_address(answer.content.decode()))
    assert not seen(school, "parent", chat).muted_until  # type: ignore[attr-defined]
    assert ChatVisitor(school, "parent").post("member_mute", **where).status_code == 403
    # The registry's keeper is no moderator of a chat they are not in.
    assert ChatVisitor(school, "administrator").get("member_mute", **where).status_code == 404


@pytest.mark.req("CHAT-9")
def test_members_learn_who_looked_into_the_chat(school: School) -> None:
    chat = chat_of(school, Template.UNIT_PARENTS)
    inspect(actor=school.actor("administrator"), chat=chat, reason="Обращение № 7")
    page = ChatVisitor(school, "parent").see("info", chat_id=chat.pk)
    assert "Кто просматривал чат" in page
    assert "Админова Анна Аркадьевна" in page
    assert "Обращение № 7" in page


def test_the_archive_asks_and_can_be_undone(world: World) -> None:
    chat = free_chat(world.a, people=("parent",))
    leader = ChatVisitor(world.a, "leader")
    assert "Писать в чате больше никто не сможет" in leader.see("archive", chat_id=chat.pk)
    page = leader.client.post(leader.url("archive", chat_id=chat.pk), follow=True)
    assert "Все в чате могут его читать, писать никто не может" in words(page)
    assert ChatVisitor(world.a, "parent").get("info", chat_id=chat.pk).status_code == 200
    leader.client.post(undo_address(page.content.decode()))
    chat.refresh_from_db()
    assert chat.archived_at is None
    assert ChatVisitor(world.a, "parent").post("archive", chat_id=chat.pk).status_code == 403


def test_a_chat_of_the_structure_is_neither_archived_nor_left(school: School) -> None:
    chat = chat_of(school, Template.UNIT_PARENTS)
    leader = ChatVisitor(school, "leader")
    for page in ("archive", "owner", "link", "members_add", "leave"):
        assert leader.post(page, chat_id=chat.pk).status_code == 403, page


@pytest.mark.parametrize("who", ["leader", "administrator"])
def test_the_number_of_queries_is_the_same_for_3_and_for_300(school: School, who: str) -> None:
    chat = free_chat(school, people=("teacher", "parent"))
    visitor = ChatVisitor(school, who)
    few = queries_of(visitor, "info", chat_id=chat.pk)
    crowd(school, 300)
    crowded = list(Person.objects.filter(search_name__startswith="массов"))
    ChatMember.objects.bulk_create(
        ChatMember(organization=school.organization, chat=chat, person=person) for person in crowded
    )
    for name in ("teacher", "parent"):
        mute(actor=school.actor("leader"), chat=chat, person=school.people[name], hours=1, reason="Пауза")
        inspect(actor=school.actor("administrator"), chat=chat, reason="Проверка")
    set_moderator(actor=school.actor("leader"), chat=chat, person=school.people["teacher"], moderates=True)
    add_members(actor=school.actor("leader"), chat=chat, people=[school.people["head"]])
    assert queries_of(visitor, "info", chat_id=chat.pk) <= few + 1
    assert few <= 28
    found = visitor.see("info", {"q": "массова001"}, chat_id=chat.pk)
    assert "1 человек" in found
