"""Writing, changing, deleting, pinning (CHAT-4)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from chats import permissions
from chats.models import Chat, Mention, Message, Template, Writers
from chats.selectors.chats import list_of
from chats.selectors.messages import (
    changes_after,
    following,
    latest,
    pinned_in,
    read_by_others,
    readers_of,
    search,
)
from chats.selectors.windows import window_around, window_on
from chats.services import reading
from chats.services.chats import ChatChanges, change_chat
from chats.services.messages import delete, edit, pin
from common.errors import DomainError
from tests.chats.cast import chat_of, general, say, seen
from tests.world import School


@pytest.fixture
def chat(school: School) -> Chat:
    return chat_of(school, Template.UNIT_PARENTS)


def unread(school: School, name: str, chat: Chat) -> int:
    return seen(school, name, chat).unread  # type: ignore[attr-defined]


@pytest.mark.req("CHAT-4")
def test_a_message_takes_the_next_number_and_counts_as_unread_for_others(school: School, chat: Chat) -> None:
    first, second = say(school, "parent", chat, "Раз"), say(school, "leader", chat, "Два")
    assert (first.number, second.number) == (1, 2)
    assert (first.ordinal, second.ordinal) == (1, 2)
    assert unread(school, "parent", chat) == 1
    assert unread(school, "leader", chat) == 0


@pytest.mark.req("CHAT-4")
def test_sending_again_with_the_same_key_makes_one_message(school: School, chat: Chat) -> None:
    key = uuid4()
    first = say(school, "parent", chat, "Один раз", client_key=key)
    again = say(school, "parent", chat, "Один раз", client_key=key)
    assert again == first
    assert Message.objects.filter(chat=chat).count() == 1
    assert seen(school, "parent", chat).last_event == 1


@pytest.mark.req("CHAT-4")
def test_markup_is_escaped_and_links_work(school: School, chat: Chat) -> None:
    message = say(school, "parent", chat, "<script>alert(1)</script> **важно** https://example.org/a")
    assert "<script" not in message.html
    assert "<strong>важно</strong>" in message.html
    assert 'href="https://example.org/a"' in message.html


@pytest.mark.req("CHAT-4")
def test_answers_belong_to_the_chat(school: School, chat: Chat) -> None:
    question = say(school, "parent", chat, "Когда собрание?")
    answer = say(school, "leader", chat, "В четверг", reply_to=question.pk)
    assert answer.reply_to == question
    elsewhere = say(school, "leader", general(school), "Общее")
    with pytest.raises(DomainError) as refused:
        say(school, "leader", chat, "Ответ", reply_to=elsewhere.pk)
    assert refused.value.code == "reply_elsewhere"


@pytest.mark.req("CHAT-4")
def test_people_of_the_chat_can_be_mentioned_others_not(school: School, chat: Chat) -> None:
    parent, teacher = school.people["parent"], school.people["teacher"]
    message = say(school, "leader", chat, f"@[{parent.pk}] и @[{teacher.pk}], прошу ответить")
    assert [mention.person for mention in Mention.objects.filter(message=message)] == [parent]
    assert f'data-person="{parent.pk}"' in message.html
    assert f'data-person="{teacher.pk}"' not in message.html
    assert list_of(school.actor("parent")).get(pk=chat.pk).mentioned == 1  # type: ignore[attr-defined]
    reading.mark_read(actor=school.actor("parent"), chat=seen(school, "parent", chat), number=message.number)
    assert list_of(school.actor("parent")).get(pk=chat.pk).mentioned == 0  # type: ignore[attr-defined]


@pytest.mark.req("CHAT-4")
def test_everybody_is_called_by_staff_only(school: School, chat: Chat) -> None:
    assert say(school, "leader", chat, "@all завтра выходной").mentions_all
    assert not say(school, "parent", chat, "@all продам гараж").mentions_all


@pytest.mark.req("CHAT-4")
def test_ten_thousand_mentions_are_refused(school: School, chat: Chat) -> None:
    with pytest.raises(DomainError) as refused:
        say(school, "leader", chat, "".join(f"@[{number}]" for number in range(1, 600)))
    assert refused.value.code in {"mentions_many", "text_too_long"}


@pytest.mark.req("CHAT-4")
def test_editing_leaves_a_trace_and_takes_a_new_event(school: School, chat: Chat) -> None:
    message = say(school, "parent", chat, "Пять рублей")
    changed = edit(actor=school.actor("parent"), chat=seen(school, "parent", chat), message=message, text="Шесть")
    assert (changed.text, changed.number, changed.event) == ("Шесть", 1, 2)
    assert changed.edited_at is not None


@pytest.mark.req("CHAT-4")
def test_the_window_of_editing_closes(school: School, chat: Chat) -> None:
    message = say(school, "parent", chat)
    mine = seen(school, "parent", chat)
    actor = school.actor("parent")
    assert permissions.can_edit(actor, mine, message)
    assert permissions.can_delete(actor, mine, message)
    assert not permissions.can_edit(school.actor("leader"), seen(school, "leader", chat), message)
    message.created_at -= timedelta(days=2)
    assert not permissions.can_edit(actor, mine, message)
    assert not permissions.can_delete(actor, mine, message)
    # A moderator may at any time.
    assert permissions.can_delete(school.actor("leader"), seen(school, "leader", chat), message)


@pytest.mark.req("CHAT-4")
def test_deleting_leaves_no_words_behind(school: School, chat: Chat) -> None:
    message = say(school, "parent", chat, "Лишнее слово")
    deleted = delete(actor=school.actor("parent"), chat=seen(school, "parent", chat), message=message)
    assert deleted.deleted_at is not None
    assert (deleted.text, deleted.html, deleted.search_text) == ("", "", "")
    assert not search(school.actor("parent"), "лишнее").exists()
    with pytest.raises(DomainError):
        edit(actor=school.actor("parent"), chat=seen(school, "parent", chat), message=message, text="Опять")


@pytest.mark.req("CHAT-4")
def test_pinned_ones_stand_on_top(school: School, chat: Chat) -> None:
    first, second = say(school, "leader", chat, "Первое"), say(school, "leader", chat, "Второе")
    leader = school.actor("leader")
    for message in (first, second):
        pin(actor=leader, chat=seen(school, "leader", chat), message=message, pinned=True)
    assert pinned_in(chat) == [second, first]
    pin(actor=leader, chat=seen(school, "leader", chat), message=second, pinned=False)
    assert pinned_in(chat) == [first]
    assert not permissions.can_pin(school.actor("parent"), seen(school, "parent", chat))


@pytest.mark.req("CHAT-4")
def test_read_marks_move_forward_only_and_show_who_read(school: School, chat: Chat) -> None:
    message = say(school, "leader", chat, "Прочтите")
    assert read_by_others(chat, school.people["leader"].pk) == 0
    parent = school.actor("parent")
    assert reading.mark_read(actor=parent, chat=seen(school, "parent", chat), number=1) == 0
    reading.mark_read(actor=parent, chat=seen(school, "parent", chat), number=0)
    assert list(readers_of(chat, message)) == [school.people["parent"]]
    assert read_by_others(chat, school.people["leader"].pk) == 1
    assert unread(school, "parent", chat) == 0


@pytest.mark.req("CHAT-4")
def test_a_mark_far_beyond_the_end_counts_as_the_end(school: School, chat: Chat) -> None:
    say(school, "leader", chat)
    reading.mark_read(actor=school.actor("parent"), chat=seen(school, "parent", chat), number=10**15)
    say(school, "leader", chat)
    assert unread(school, "parent", chat) == 1


@pytest.mark.req("CHAT-4")
def test_pages_by_number(school: School, chat: Chat) -> None:
    for number in range(1, 8):
        say(school, "leader", chat, f"№ {number}")
    assert [m.number for m in latest(chat, limit=3)] == [5, 6, 7]
    assert [m.number for m in latest(chat, before=5, limit=3)] == [2, 3, 4]
    assert [m.number for m in following(chat, after=5)] == [6, 7]
    assert [m.number for m in window_around(chat, number=4, limit=4).messages] == [2, 3, 4, 5]


@pytest.mark.req("CHAT-4")
def test_a_day_is_found_in_the_organizations_clock(school: School, chat: Chat) -> None:
    earlier, message = say(school, "leader", chat), say(school, "leader", chat)
    zone = school.organization.zone
    moment = timezone.now().astimezone(zone).replace(year=2026, month=9, day=2, hour=0, minute=30)
    Message.objects.filter(pk=earlier.pk).update(created_at=moment - timedelta(hours=1))
    Message.objects.filter(pk=message.pk).update(created_at=moment)
    assert window_on(chat, moment.date(), limit=1).messages == [message]
    assert window_on(chat, moment.date() - timedelta(days=1), limit=1).messages == [earlier]


@pytest.mark.req("CHAT-4")
def test_what_came_after_an_event(school: School, chat: Chat) -> None:
    first, second = say(school, "leader", chat, "Раз"), say(school, "leader", chat, "Два")
    edit(actor=school.actor("leader"), chat=seen(school, "leader", chat), message=first, text="Раз!")
    chat = seen(school, "leader", chat)
    changes = changes_after(chat, 1)
    assert [(m.pk, m.event) for m in changes.messages] == [(second.pk, 2), (first.pk, 3)]
    assert (changes.last_event, changes.has_more) == (3, False)
    assert changes_after(chat, 3).messages == []


@pytest.mark.req("CHAT-4")
def test_far_behind_comes_in_pieces(school: School, chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chats.selectors.messages.MOST_CHANGES", 2)
    for number in range(5):
        say(school, "leader", chat, f"{number}")
    chat = seen(school, "leader", chat)
    known, numbers = 0, []
    while True:
        changes = changes_after(chat, known)
        numbers += [m.number for m in changes.messages]
        known = changes.last_event
        if not changes.has_more:
            break
    assert numbers == [1, 2, 3, 4, 5]


@pytest.mark.req("CHAT-4")
def test_search_finds_words_in_ones_own_chats_only(school: School, chat: Chat) -> None:
    say(school, "leader", chat, "Ёлка стоит в **актовом** зале")
    found = search(school.actor("parent"), "елка актовом")
    assert [m.text for m in found] == ["Ёлка стоит в **актовом** зале"]
    assert not search(school.actor("student"), "елка").exists()
    assert not search(school.actor("parent"), "ёлка в спортзале").exists()
    assert not search(school.actor("parent"), "   ").exists()


@pytest.mark.req("CHAT-4")
@pytest.mark.postgresql
def test_search_knows_russian_word_forms(school: School, chat: Chat) -> None:
    say(school, "leader", chat, "Родительские собрания пройдут в четверг")
    assert search(school.actor("parent"), "родительское собрание").count() == 1


@pytest.mark.req("CHAT-9")
@pytest.mark.parametrize(("writers", "code"), [(Writers.STAFF, "staff_only"), (Writers.MODERATORS, "moderators_only")])
def test_a_read_only_chat(school: School, chat: Chat, writers: str, code: str) -> None:
    leader = school.actor("leader")
    change_chat(actor=leader, chat=seen(school, "leader", chat), changes=ChatChanges(writers=writers))
    assert say(school, "leader", chat)
    with pytest.raises(DomainError) as refused:
        say(school, "parent", chat)
    assert (refused.value.code, refused.value.status) == (code, 403)


@pytest.mark.req("CHAT-9")
def test_slow_mode_makes_members_wait_but_not_moderators(school: School, chat: Chat) -> None:
    leader = school.actor("leader")
    change_chat(actor=leader, chat=seen(school, "leader", chat), changes=ChatChanges(slow_seconds=60))
    say(school, "parent", chat)
    with pytest.raises(DomainError) as refused:
        say(school, "parent", chat)
    assert (refused.value.code, refused.value.status) == ("slow_mode", 429)
    assert say(school, "leader", chat)
    assert say(school, "leader", chat)
    Message.objects.filter(chat=chat).update(created_at=timezone.now() - timedelta(seconds=61))
    assert say(school, "parent", chat)


def test_an_empty_message_is_refused(school: School, chat: Chat) -> None:
    for nothing in ("", "   \n ", "\u200b\u202e"):
        with pytest.raises(DomainError) as refused:
            say(school, "parent", chat, nothing)
        assert refused.value.code == "text_empty"


def test_a_hundred_kilobytes_are_refused(school: School, chat: Chat) -> None:
    with pytest.raises(DomainError) as refused:
        say(school, "parent", chat, "я" * 100_000)
    assert refused.value.code == "text_too_long"
    assert Message.objects.filter(chat=chat).count() == 0


def test_urgent_is_a_right(school: School, chat: Chat) -> None:
    assert say(school, "leader", chat, is_urgent=True).is_urgent
    assert not say(school, "parent", chat, is_urgent=True).is_urgent
