"""Who is told of a message, when, and in which words (CHAT-4, CHAT-9, ACC-6)."""

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Digest, PushDevice
from chats.letters import chat_message, chat_report
from chats.models import Chat, Template
from chats.services import reading
from chats.services.messages import delete
from chats.services.notifying import notify, tell_moderators
from chats.services.safety import report
from chats.services.system import change_rules
from orgs.digest import send_digests
from orgs.letters import daily_digest
from orgs.models import Role
from orgs.services import people
from outbox import models as outbox
from outbox.rendering import Obsolete
from tests.accounts.devices import add_device
from tests.chats.cast import chat_of, say, seen
from tests.world import School

NIGHT = datetime(2026, 11, 21, 20, 30, tzinfo=UTC)  # 23:30 in Moscow
MORNING = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)  # 7:00


@pytest.fixture
def chat(school: School) -> Chat:
    return chat_of(school, Template.UNIT_PARENTS)


def device(school: School, name: str) -> PushDevice:
    """A browser of `name` that shows notifications."""
    return add_device(school.user(name))


def pushes() -> list[outbox.Message]:
    return list(outbox.Message.objects.filter(channel="push").order_by("pk"))


@pytest.mark.req("CHAT-4", "ACC-6")
def test_members_with_a_device_are_told_but_not_the_author(school: School, chat: Chat) -> None:
    own, others = device(school, "leader"), device(school, "parent")
    message = say(school, "leader", chat, "Завтра **экскурсия**")
    assert notify(message.pk) == 1
    assert [push.recipient for push in pushes()] == [str(others.pk)] != [str(own.pk)]
    words = chat_message(pushes()[0].context, "")
    assert words.subject == "5А · родители"
    assert words.text == "Вера Викторовна: Завтра экскурсия"
    assert words.url.endswith(f"/o/a/chats/{chat.pk}/")


@pytest.mark.req("CHAT-4")
def test_telling_twice_is_once(school: School, chat: Chat) -> None:
    device(school, "parent")
    message = say(school, "leader", chat)
    notify(message.pk)
    notify(message.pk)
    assert len(pushes()) == 1


@pytest.mark.req("CHAT-4")
@pytest.mark.parametrize(("choice", "plain", "named"), [("all", 1, 1), ("mentions", 0, 1), ("none", 0, 0)])
def test_each_chooses_what_to_be_told_of(school: School, chat: Chat, choice: str, plain: int, named: int) -> None:
    device(school, "parent")
    parent = school.people["parent"]
    reading.set_notify(actor=school.actor("parent"), chat=seen(school, "parent", chat), notify=choice)
    assert notify(say(school, "leader", chat, "Всем привет").pk) == plain
    assert notify(say(school, "leader", chat, f"@[{parent.pk}], привет").pk) == named
    assert notify(say(school, "leader", chat, "@all собрание").pk) == named


@pytest.mark.req("CHAT-4")
def test_what_was_read_or_deleted_meanwhile_is_not_told(school: School, chat: Chat) -> None:
    device(school, "parent")
    message = say(school, "leader", chat)
    notify(message.pk)
    context = pushes()[0].context
    reading.mark_read(actor=school.actor("parent"), chat=seen(school, "parent", chat), number=message.number)
    with pytest.raises(Obsolete):
        chat_message(context, "")
    assert notify(message.pk) == 0
    other = say(school, "leader", chat)
    notify(other.pk)
    delete(actor=school.actor("leader"), chat=seen(school, "leader", chat), message=other)
    with pytest.raises(Obsolete):
        chat_message(pushes()[-1].context, "")


@pytest.mark.req("CHAT-8")
def test_who_left_meanwhile_is_not_told(school: School, chat: Chat) -> None:
    device(school, "parent")
    notify(say(school, "leader", chat).pk)
    people.end_role(actor=school.actor("administrator"), person=school.people["parent"], role=Role.PARENT)
    with pytest.raises(Obsolete):
        chat_message(pushes()[0].context, "")


@pytest.mark.req("CHAT-9")
def test_at_night_one_push_waits_for_the_morning_and_tells_how_much(school: School, chat: Chat) -> None:
    device(school, "parent")
    rules = {"quiet_from": time(22), "quiet_until": time(7)}
    change_rules(actor=school.actor("administrator"), rules=rules)
    with time_machine.travel(NIGHT, tick=False):
        for text in ("Раз", "Два", "Три"):
            notify(say(school, "leader", chat, text).pk)
        assert [push.next_attempt_at for push in pushes()] == [MORNING]
    assert chat_message(pushes()[0].context, "").text == "3 новых сообщения"


@pytest.mark.req("CHAT-9")
def test_an_urgent_one_does_not_wait(school: School, chat: Chat) -> None:
    device(school, "parent")
    rules = {"quiet_from": time(22), "quiet_until": time(7)}
    change_rules(actor=school.actor("administrator"), rules=rules)
    with time_machine.travel(NIGHT, tick=False):
        notify(say(school, "leader", chat, "Школа закрыта", is_urgent=True).pk)
        assert [push.next_attempt_at for push in pushes()] == [NIGHT]


@pytest.mark.req("CHAT-9")
def test_moderators_learn_of_a_report(school: School, chat: Chat) -> None:
    own = device(school, "leader")
    message = say(school, "parent", chat, "Грубость")
    row = report(actor=school.actor("leader"), chat=seen(school, "leader", chat), message=message, reason="insult")
    assert tell_moderators(row.pk) == 1
    assert tell_moderators(row.pk) == 0
    push = outbox.Message.objects.get(template="chat_report")
    assert (push.channel, push.recipient) == ("push", str(own.pk))
    assert "Грубость" not in chat_report(push.context, "").text


@pytest.mark.req("CHAT-9")
def test_nobody_learns_of_a_report_about_oneself(school: School, chat: Chat) -> None:
    device(school, "leader")
    message = say(school, "leader", chat, "Грубость")
    row = report(actor=school.actor("parent"), chat=seen(school, "parent", chat), message=message, reason="insult")
    tell_moderators(row.pk)
    assert not outbox.Message.objects.filter(template="chat_report").exists()


EVENING = datetime(2026, 11, 20, 15, 5, tzinfo=UTC)  # 18:05 in Moscow


@pytest.fixture
def letter(school: School, chat: Chat) -> None:
    """The parent has an e-mail and missed a message at noon."""
    school.people["parent"].email = "rosa@example.org"
    school.people["parent"].save()
    with time_machine.travel(EVENING - timedelta(hours=6), tick=False):
        say(school, "leader", chat, "Секретные слова")


@pytest.mark.req("CHAT-4")
def test_who_has_no_device_gets_a_letter_in_the_evening(school: School, letter: None) -> None:
    assert send_digests(EVENING) == 1
    assert send_digests(EVENING) == 0
    message = outbox.Message.objects.get(template="daily_digest")
    assert message.recipient == "rosa@example.org"
    words = daily_digest(message.context, "")
    assert "Чаты\n— 5А · родители: 1\n" in words.text
    assert "Секретные слова" not in words.text + words.html


@pytest.mark.req("CHAT-4")
@pytest.mark.parametrize("why", ["device", "switched off", "read", "not evening"])
def test_no_letter(school: School, chat: Chat, letter: None, why: str) -> None:
    now = EVENING
    if why == "device":
        device(school, "parent")
    if why == "switched off":
        user = school.user("parent")
        user.digest = Digest.NONE
        user.save()
    if why == "read":
        reading.mark_read(actor=school.actor("parent"), chat=seen(school, "parent", chat), number=1)
    if why == "not evening":
        now = EVENING - timedelta(hours=1)
    assert send_digests(now) == 0


@pytest.mark.req("CHAT-4")
def test_what_was_read_before_the_letter_left_is_not_in_it(school: School, chat: Chat, letter: None) -> None:
    send_digests(EVENING)
    reading.mark_read(actor=school.actor("parent"), chat=seen(school, "parent", chat), number=1)
    with pytest.raises(Obsolete):
        daily_digest(outbox.Message.objects.get(template="daily_digest").context, "")


@pytest.mark.req("CHAT-4")
def test_a_chat_of_which_one_wants_to_hear_less_is_not_in_the_letter(school: School, chat: Chat, letter: None) -> None:
    reading.set_notify(actor=school.actor("parent"), chat=seen(school, "parent", chat), notify="mentions")
    assert send_digests(EVENING) == 0


@pytest.mark.req("CHAT-4")
def test_telling_costs_the_same_for_any_number_of_members(school: School, chat: Chat) -> None:
    device(school, "parent")
    message = say(school, "leader", chat)
    with CaptureQueriesContext(connection) as few:
        notify(message.pk)
    for _number in range(10):
        device(school, "parent")
    again = say(school, "leader", chat)
    with CaptureQueriesContext(connection) as many:
        assert notify(again.pk) == 11
    assert len(many) == len(few)
