"""The queue of reports: seen by those who moderate, decided, and the next one comes up."""

import pytest
from django.utils import timezone

from chats.models import Chat, ChatMember, Inspection, Message, Mute, Report, Template
from chats.selectors.chats import find_chat
from chats.selectors.recipients import moderators_to_tell
from chats.services.chats import personal_chat
from chats.services.messages import edit
from chats.services.safety import report
from tests.chats.cast import chat_of, say, seen
from tests.chats.pages import ChatVisitor, free_chat, queries_of, words
from tests.orgs.pages import Visitor
from tests.world import School


def complain(school: School, name: str, chat: Chat, message: Message, **more: str) -> Report:
    more = {"reason": "insult", **more}
    return report(actor=school.actor(name), chat=chat, message=message, **more)


def parents(school: School) -> Chat:
    return chat_of(school, Template.UNIT_PARENTS)


def one(school: School, text: str = "Вы все неправы") -> Report:
    """A parent's message in the parents' chat of 5А, reported by its leader."""
    chat = parents(school)
    return complain(school, "leader", chat, say(school, "parent", chat, text))


@pytest.mark.req("CHAT-9")
def test_moderators_see_what_was_said_who_reported_and_why(school: School) -> None:
    chat = parents(school)
    message = say(school, "parent", chat, "Вы все неправы")
    row = complain(school, "leader", chat, message, comment="Так нельзя")
    edit(actor=school.actor("parent"), chat=seen(school, "parent", chat), message=message, text="Я пошутила")
    leader = ChatVisitor(school, "leader")
    queue = leader.see("reports")
    assert "Вы все неправы" in queue
    assert "Оскорбление или травля" in queue
    page = leader.see("report_detail", report_id=row.pk)
    for text in ("Вы все неправы", "Сейчас в нём: Я пошутила", "Ёжикова Роза Павловна", "Ведущая Вера", "Так нельзя"):
        assert text in page, text
    assert "Открыть в чате" in page


@pytest.mark.req("CHAT-9")
def test_the_queue_is_of_those_who_moderate(school: School) -> None:
    row = one(school)
    for name in ("administrator", "head", "leader"):
        assert ChatVisitor(school, name).get("report_detail", report_id=row.pk).status_code == 200, name
    assert ChatVisitor(school, "teacher").get("report_detail", report_id=row.pk).status_code == 404
    for name in ("parent", "student", "both"):
        assert ChatVisitor(school, name).get("reports").status_code == 403, name
        assert ChatVisitor(school, name).get("report_detail", report_id=row.pk).status_code == 404, name
        assert ChatVisitor(school, name).post("report_look", report_id=row.pk).status_code == 404, name


@pytest.mark.req("CHAT-9")
def test_nobody_decides_about_the_own_message_or_learns_who_reported_it(school: School) -> None:
    chat = parents(school)
    row = complain(school, "parent", chat, say(school, "leader", chat, "Молчите"))
    leader = ChatVisitor(school, "leader")
    assert "Ёжикова" not in leader.see("reports")
    assert leader.get("report_detail", report_id=row.pk).status_code == 404
    sent = {"decision": "dismissed", "answer": "Всё хорошо"}
    assert leader.post("report_detail", sent, report_id=row.pk).status_code == 404
    assert "Ёжикова" in ChatVisitor(school, "head").see("report_detail", report_id=row.pk)


@pytest.mark.req("CHAT-9")
def test_of_a_report_on_the_only_moderator_the_administration_learns(school: School) -> None:
    chat = parents(school)
    row = complain(school, "parent", chat, say(school, "leader", chat, "Молчите"))
    told = moderators_to_tell(row.chat, row.message.author_id)
    assert set(told) == {school.people[name].pk for name in ("administrator", "head")}
    other = one(school)
    assert set(moderators_to_tell(other.chat, other.message.author_id)) == {school.people["leader"].pk}


@pytest.mark.req("CHAT-9")
@pytest.mark.parametrize("decision", ["dismissed", "removed", "warned", "muted"])
def test_a_decision_is_explained_and_the_next_report_comes_up(school: School, decision: str) -> None:
    first, second = one(school), one(school, "И ещё раз")
    leader = ChatVisitor(school, "leader")
    sent = {"decision": decision, "mute_hours": "72", "answer": ""}
    refused = leader.post("report_detail", sent, report_id=first.pk)
    assert refused.status_code == 422
    assert "Поясните решение" in words(refused)
    assert f'value="{decision}" ' in refused.content.decode()
    answer = leader.post("report_detail", {**sent, "answer": "Правило 3"}, report_id=first.pk)
    assert answer["Location"] == leader.url("report_detail", report_id=second.pk)
    first.refresh_from_db()
    assert (first.decision, first.answer) == (decision, "Правило 3")
    assert (first.message.deleted_at is None) is (decision == "dismissed")
    assert Mute.objects.filter(chat=first.chat).exists() is (decision == "muted")
    last = leader.post("report_detail", {**sent, "answer": "Правило 3"}, report_id=second.pk)
    assert last["Location"] == leader.url("reports")
    assert "Жалоб нет" in leader.see("reports")
    assert "Правило 3" in leader.see("report_detail", report_id=first.pk)
    assert "Вы все неправы" in leader.see("reports", {"show": "decided"})


def test_a_decided_report_says_who_was_quicker(school: School) -> None:
    row = one(school)
    sent = {"decision": "removed", "mute_hours": "24", "answer": "Правило 3"}
    ChatVisitor(school, "head").post("report_detail", sent, report_id=row.pk)
    late = ChatVisitor(school, "leader").post("report_detail", {**sent, "decision": "dismissed"}, report_id=row.pk)
    assert late.status_code == 422
    assert "уже" in words(late)
    row.refresh_from_db()
    assert row.decision == "removed"


@pytest.mark.req("CHAT-9")
def test_what_stands_around_is_for_those_who_may_read_the_chat(school: School) -> None:
    chat = parents(school)
    for number in range(8):
        say(school, "leader", chat, f"До {number}")
    row = one(school)
    for number in range(8):
        say(school, "leader", chat, f"После {number}")
    leader = ChatVisitor(school, "leader").see("report_detail", report_id=row.pk)
    for near in ("До 3", "До 7", "После 0", "После 4"):
        assert near in leader, near
    for far in ("До 2", "После 5"):
        assert far not in leader, far
    head = ChatVisitor(school, "head")
    page = head.see("report_detail", report_id=row.pk)
    assert "До 7" not in page
    assert "Вас нет в этом чате" in page
    head.post("report_look", report_id=row.pk)
    look = Inspection.objects.get(chat=chat)
    assert look.report == row
    assert f"№ {row.pk}" in look.reason
    assert "До 7" in head.see("report_detail", report_id=row.pk)
    # Pressed again within the hour it is the same look.
    head.post("report_look", report_id=row.pk)
    assert Inspection.objects.count() == 1
    Inspection.objects.update(expires_at=timezone.now())
    assert "До 7" not in head.see("report_detail", report_id=row.pk)


@pytest.mark.req("CHAT-9", "CHAT-3")
def test_personal_messages_are_opened_by_a_report_only(school: School) -> None:
    chat = personal_chat(actor=school.actor("parent"), person=school.people["leader"])
    say(school, "parent", chat, "Первое слово")
    row = complain(school, "leader", chat, say(school, "parent", chat, "Второе слово"))
    head = ChatVisitor(school, "head")
    page = head.see("report_detail", report_id=row.pk)
    assert "Второе слово" in page
    assert "Первое слово" not in page
    assert find_chat(school.actor("head"), chat.pk) is None
    head.post("report_look", report_id=row.pk)
    assert "Первое слово" in head.see("report_detail", report_id=row.pk)
    assert ChatVisitor(school, "leader").get("report_detail", report_id=row.pk).status_code == 404


def test_mentions_are_names_in_the_queue(school: School) -> None:
    row = one(school, f"Где @[{school.people['leader'].pk}]?")
    page = ChatVisitor(school, "head").see("report_detail", report_id=row.pk)
    assert "Где @Ведущая Вера Викторовна?" in page


@pytest.mark.req("CHAT-9")
def test_the_home_page_tells_moderators_what_waits(school: School) -> None:
    one(school)
    assert "1 жалоба на сообщение ждёт решения" in Visitor(school, "leader").see("home")
    assert "жалоба" not in Visitor(school, "teacher").see("home")
    assert "жалоба" not in Visitor(school, "parent").see("home")


def test_the_home_page_tells_everybody_what_is_unread(school: School) -> None:
    chat = parents(school)
    say(school, "leader", chat, "Собрание в пятницу")
    page = Visitor(school, "parent").get("home")
    assert "1 непрочитанное сообщение" in words(page)
    assert f'href="/o/a/chats/{chat.pk}/"' in page.content.decode()
    ChatVisitor(school, "parent").post("notify", {"notify": "none"}, chat_id=chat.pk)
    assert "непрочитанн" not in Visitor(school, "parent").see("home")
    assert "непрочитанн" not in Visitor(school, "leader").see("home")


@pytest.mark.parametrize("who", ["administrator", "leader"])
def test_the_number_of_queries_is_the_same_for_3_and_for_300(school: School, who: str) -> None:
    chat = free_chat(school, owner="leader", people=("parent", "teacher"))
    ChatMember.objects.filter(chat=chat, person=school.people["teacher"]).update(is_moderator=True)
    visitor = ChatVisitor(school, who)
    rows = [complain(school, "teacher", chat, say(school, "parent", chat, f"Реплика {number}")) for number in range(3)]
    few = queries_of(visitor, "reports"), queries_of(visitor, "report_detail", report_id=rows[0].pk)
    place = chat.last_event + 100
    messages = Message.objects.bulk_create(
        Message(
            organization=school.organization,
            chat=chat,
            number=place + number,
            event=place + number,
            ordinal=number,
            author=school.people["parent"],
            text=f"Реплика {number}",
            html=f"Реплика {number}",
        )
        for number in range(300)
    )
    Report.objects.bulk_create(
        Report(
            organization=school.organization,
            chat=chat,
            message=message,
            reporter=school.people["teacher"],
            reason="insult",
            reported_text=message.text,
        )
        for message in messages
    )
    many = queries_of(visitor, "reports"), queries_of(visitor, "report_detail", report_id=rows[0].pk)
    assert many == few
    assert few[0] <= 10
    assert few[1] <= 12
    assert "1–50 из 303" in words(visitor.get("reports"))
