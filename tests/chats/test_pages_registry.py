"""The registry: every chat with who answers for it, never its words; the door into one."""

import pytest
from django.utils import timezone

from chats.models import Chat, ChatMember, Inspection, Report, Template
from chats.selectors.chats import find_chat
from chats.services.chats import archive_chat, personal_chat
from tests.chats.cast import chat_of, say
from tests.chats.pages import ChatVisitor, free_chat, queries_of, words
from tests.orgs.pages import many_units
from tests.world import School, World


@pytest.mark.req("CHAT-9")
def test_the_registry_names_owner_purpose_moderators_and_people(school: School) -> None:
    free_chat(school, purpose="Билеты и автобус", people=("teacher", "parent"))
    page = ChatVisitor(school, "administrator").see("registry")
    assert "Поездка в музей" in page
    assert "Свободный чат · Билеты и автобус" in page
    assert "Ведущая Вера Викторовна" in page
    assert "по выбору: 3 человека" in page
    assert "5А · родители" in page
    assert "5А: родители, классный руководитель" in page
    assert "Общий чат" in page


@pytest.mark.req("CHAT-9")
def test_neither_words_nor_personal_messages_are_in_it(school: School) -> None:
    chat = personal_chat(actor=school.actor("parent"), person=school.people["leader"])
    say(school, "parent", chat, "Секретное слово")
    say(school, "leader", chat_of(school, Template.UNIT_PARENTS), "Секретное слово")
    page = ChatVisitor(school, "administrator").see("registry")
    assert "Секретное" not in page
    assert f"/chats/{chat.pk}/" not in ChatVisitor(school, "administrator").get("registry").content.decode()
    for name in ("head", "leader", "parent", "student"):
        assert ChatVisitor(school, name).get("registry").status_code == 403, name


@pytest.mark.parametrize(
    ("data", "seen", "unseen"),
    [
        ({"q": "РОДИТЕЛИ 5а"}, "5А · родители", "5Б · родители"),
        ({"q": "ведущая"}, "Поездка в музей", "Общий чат"),
        ({"kind": "general"}, "Общий чат", "Поездка"),
        ({"kind": "unit"}, "5Б · родители", "Поездка"),
        ({"kind": "head"}, "Родительский комитет", "Поездка"),
        ({"kind": "free"}, "Поездка", "5Б ·"),
        ({"state": "unowned"}, "Ничей чат", "Поездка"),
        ({"state": "silent"}, "Давний чат", "Поездка"),
        ({"state": "archived"}, "Закрытый чат", "Поездка"),
        ({"state": "reported"}, "Спорный чат", "Поездка"),
        ({"q": "нет такого"}, "Таких чатов нет", "Поездка"),
    ],
)
def test_the_registry_is_narrowed(school: School, data: dict[str, str], seen: str, unseen: str) -> None:
    free_chat(school)
    free_chat(school, owner="head", template=Template.PARENTS_COUNCIL, title="Родительский комитет", people=("parent",))
    Chat.objects.filter(pk=free_chat(school, title="Ничей чат").pk).update(owner=None)
    month_ago = timezone.now() - timezone.timedelta(days=31)
    Chat.objects.filter(pk=free_chat(school, title="Давний чат", owner="head").pk).update(last_message_at=month_ago)
    archive_chat(actor=school.actor("leader"), chat=free_chat(school, title="Закрытый чат"))
    disputed = free_chat(school, title="Спорный чат", owner="head", people=("parent",))
    message = say(school, "parent", disputed)
    Report.objects.create(
        organization=school.organization,
        chat=disputed,
        message=message,
        reporter=school.people["leader"],
        reason="insult",
        reported_text="…",
    )
    rows = ChatVisitor(school, "administrator").see("registry", data)
    rows = rows[rows.index("В архиве") :]
    assert seen in rows
    assert unseen not in rows


@pytest.mark.req("CHAT-9")
def test_a_look_asks_for_the_reason_and_tells_the_chat(school: School) -> None:
    chat = chat_of(school, Template.UNIT_PARENTS)
    administrator = ChatVisitor(school, "administrator")
    assert "Все в чате прочтут" in administrator.see("look", chat_id=chat.pk)
    assert administrator.post("look", {"reason": "  "}, chat_id=chat.pk).status_code == 422
    assert find_chat(school.actor("administrator"), chat.pk) is None
    answer = administrator.post("look", {"reason": "Обращение № 7 от 3 марта"}, chat_id=chat.pk)
    assert answer["Location"] == f"/o/a/chats/{chat.pk}/"
    seen = find_chat(school.actor("administrator"), chat.pk)
    assert seen is not None
    assert not seen.is_member  # type: ignore[attr-defined]
    Inspection.objects.update(expires_at=timezone.now())
    assert find_chat(school.actor("administrator"), chat.pk) is None


@pytest.mark.req("CHAT-9")
def test_personal_messages_are_not_looked_into(school: School) -> None:
    chat = personal_chat(actor=school.actor("parent"), person=school.people["leader"])
    for name in ("administrator", "head"):
        visitor = ChatVisitor(school, name)
        for page in ("look", "info", "change", "archive", "owner", "link", "members_add"):
            assert visitor.get(page, chat_id=chat.pk).status_code == 404, (name, page)
        assert visitor.post("look", {"reason": "Любопытство"}, chat_id=chat.pk).status_code == 404
    assert not Inspection.objects.exists()


@pytest.mark.req("CHAT-9")
def test_leaders_and_teachers_look_into_nothing(school: School) -> None:
    chat = chat_of(school, Template.UNIT_PARENTS, "5Б")
    assert ChatVisitor(school, "leader").post("look", {"reason": "Хочу"}, chat_id=chat.pk).status_code == 404
    own = chat_of(school, Template.UNIT_PARENTS)
    assert ChatVisitor(school, "leader").post("look", {"reason": "Хочу"}, chat_id=own.pk).status_code == 403


def test_a_chat_is_archived_and_restored_from_the_registry(school: School) -> None:
    chat = free_chat(school)
    administrator = ChatVisitor(school, "administrator")
    administrator.post("archive", chat_id=chat.pk)
    assert "Поездка в музей" in administrator.see("registry", {"state": "archived"})
    back = {"next": "/o/a/chats/registry/?state=archived"}
    assert administrator.post("restore", back, chat_id=chat.pk)["Location"] == back["next"]
    assert "Поездка в музей" in administrator.see("registry")


@pytest.mark.req("CHAT-9")
def test_the_registrys_keeper_makes_no_way_in_for_oneself(school: School) -> None:
    chat = free_chat(school)
    administrator = ChatVisitor(school, "administrator")
    me = school.people["administrator"].pk
    assert administrator.post("owner", {"person": me}, chat_id=chat.pk).status_code == 422
    assert administrator.post("members_add", {"people": [me], "do": "add"}, chat_id=chat.pk).status_code == 422
    for page in ("link", "link_revoke"):
        assert administrator.post(page, {"days": "7"}, chat_id=chat.pk).status_code == 403, page
    assert find_chat(school.actor("administrator"), chat.pk) is None
    # Another owner is named all the same.
    teacher = school.people["teacher"].pk
    assert administrator.post("owner", {"person": teacher}, chat_id=chat.pk).status_code == 302


def test_an_empty_registry_teaches(world: World) -> None:
    assert "Включите общий чат" in ChatVisitor(world.a, "administrator").see("registry")


@pytest.mark.parametrize("data", [{}, {"q": "чат"}], ids=["all", "found"])
def test_the_number_of_queries_is_the_same_for_3_and_for_300(school: School, data: dict[str, str]) -> None:
    administrator = ChatVisitor(school, "administrator")
    free_chat(school, title="Первый чат", people=("teacher",))
    few = queries_of(administrator, "registry", data)
    many_units(school, 60)
    for number in range(55):
        free_chat(school, title=f"Чат {number}", people=("teacher", "parent"))
    ChatMember.objects.filter(person=school.people["teacher"]).update(is_moderator=True)
    assert queries_of(administrator, "registry", data) <= few <= 12
    assert "1–50 из" in words(administrator.get("registry", data))
