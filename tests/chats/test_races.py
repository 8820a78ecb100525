"""What only real threads on PostgreSQL can show."""

from uuid import uuid4

import pytest

from chats.models import SYSTEM_TEMPLATES, Chat, ChatMember, Message, Template
from chats.selectors.messages import changes_after
from chats.services.chats import ChatData, create_chat, personal_chat
from chats.services.members import join_by_link, make_link
from chats.services.safety import Verdict, decide, report
from chats.services.system import change_rules
from common.errors import DomainError
from tests.chats.cast import chat_of, say, seen, switch_on
from tests.threads import at_once
from tests.world import School, build_school

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def school() -> School:
    return build_school("a", 1)


@pytest.mark.req("CHAT-4")
def test_numbers_have_no_gaps_and_no_doubles(school: School) -> None:
    switch_on(school)
    chat = chat_of(school, Template.UNIT_PARENTS)
    names = ["parent", "leader"] * 10
    outcomes = at_once([lambda name=name: say(school, name, chat, name) for name in names])
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    rows = list(Message.objects.filter(chat=chat).order_by("number").values_list("number", "ordinal"))
    assert rows == [(number, number) for number in range(1, 21)]


@pytest.mark.req("CHAT-4")
def test_who_reads_while_others_write_misses_nothing(school: School) -> None:
    switch_on(school)
    chat = chat_of(school, Template.UNIT_PARENTS)

    def read() -> list[int]:
        known, seen_numbers = 0, []
        while known < 30:
            changes = changes_after(Chat.objects.get(pk=chat.pk), known)
            seen_numbers += [message.number for message in changes.messages]
            known = changes.last_event
        return seen_numbers

    def write() -> list[int]:
        return [say(school, "leader", chat).number for _time in range(10)]

    outcomes = at_once([read, write, write, write])
    assert outcomes[0] == list(range(1, 31))


@pytest.mark.req("CHAT-4")
def test_the_same_key_twenty_times_at_once_is_one_message(school: School) -> None:
    switch_on(school)
    chat = chat_of(school, Template.UNIT_PARENTS)
    key = uuid4()
    outcomes = at_once([lambda: say(school, "parent", chat, client_key=key)] * 20)
    assert len(set(outcomes)) == 1
    assert Message.objects.filter(chat=chat).count() == 1
    assert Chat.objects.get(pk=chat.pk).last_event == 1


@pytest.mark.req("CHAT-3")
def test_both_begin_at_once_one_chat(school: School) -> None:
    parent, leader = school.actor("parent"), school.actor("leader")
    outcomes = at_once(
        [
            lambda: personal_chat(actor=parent, person=leader.person),
            lambda: personal_chat(actor=leader, person=parent.person),
        ]
        * 5
    )
    assert len(set(outcomes)) == 1
    assert Chat.objects.count() == 1


@pytest.mark.req("INV-10")
def test_a_double_click_on_a_link_makes_one_member(school: School) -> None:
    chat = create_chat(actor=school.actor("head"), data=ChatData("Поход"))
    link = make_link(actor=school.actor("head"), chat=chat)
    outcomes = at_once([lambda: join_by_link(actor=school.actor("leader"), link=link)] * 10)
    assert set(outcomes) == {chat}
    assert ChatMember.objects.filter(chat=chat, person=school.people["leader"], until=None).count() == 1
    link.refresh_from_db()
    assert link.uses == 1


@pytest.mark.req("CHAT-9")
def test_two_moderators_decide_once(school: School) -> None:
    switch_on(school)
    chat = chat_of(school, Template.UNIT_PARENTS)
    message = say(school, "parent", chat)
    row = report(actor=school.actor("leader"), chat=seen(school, "leader", chat), message=message, reason="insult")
    verdict = Verdict("removed", "Правила")
    outcomes = at_once(
        [lambda name=name: decide(actor=school.actor(name), report=row, verdict=verdict) for name in ("leader", "head")]
    )
    refused = [outcome for outcome in outcomes if isinstance(outcome, DomainError)]
    assert [outcome.code for outcome in refused] == ["report_decided"]
    assert Message.objects.filter(chat=chat, notice__code="removed").count() == 1


@pytest.mark.req("CHAT-1")
def test_switching_on_at_once_makes_each_chat_once(school: School) -> None:
    def switch() -> object:
        return change_rules(actor=school.actor("administrator"), rules={"switched_on": list(SYSTEM_TEMPLATES)})

    outcomes = at_once([switch] * 5)
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert Chat.objects.count() == 7
