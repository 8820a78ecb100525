"""Fingerprints tell repeated messages apart from others without anybody reading them (STAT-5)."""

import pytest
from django.test import override_settings

from chats.models import Chat, Message, Template
from chats.services.fingerprint import SHORTEST, fingerprint
from chats.services.messages import delete, edit, post_notice
from tests.chats.cast import chat_of, say, seen
from tests.world import School

pytestmark = pytest.mark.req("STAT-5")

LONG = "Завтра собрание в шесть часов, приходите все."
OTHER = "Завтра собрание в семь часов, приходите все."


@pytest.fixture
def chat(school: School) -> Chat:
    return chat_of(school, Template.UNIT_PARENTS)


def of(message: Message) -> int:
    return Message.objects.values_list("fingerprint", flat=True).get(pk=message.pk)


@pytest.mark.parametrize(
    "same",
    [
        LONG.upper(),
        f"  {LONG.replace(' ', '   ')}\n",
        LONG.replace("все", "всё"),
        LONG.replace("собрание", "соб\u200bрание"),
    ],
)
def test_what_reads_the_same_is_the_same(same: str) -> None:
    assert fingerprint(5, same) == fingerprint(5, LONG)


def test_other_words_and_other_people_differ() -> None:
    assert len({fingerprint(5, LONG), fingerprint(5, OTHER), fingerprint(6, LONG)}) == 3


def test_it_fits_the_column_and_is_never_taken_for_none() -> None:
    found = {fingerprint(author, LONG) for author in range(500)}
    assert len(found) == 500
    assert min(found) > 0
    assert max(found) < 2**63
    assert max(found) >= 2**61


def test_short_messages_have_none() -> None:
    assert fingerprint(5, "я" * (SHORTEST - 1)) == 0
    assert fingerprint(5, "я" * SHORTEST) != 0
    # Spaces do not make a short one long.
    assert fingerprint(5, "да" + " " * 40 + "да") == 0
    assert fingerprint(5, "") == 0


def test_without_the_key_it_cannot_be_made() -> None:
    own = fingerprint(5, LONG)
    with override_settings(SECRET_KEY="another key of another installation"):
        assert fingerprint(5, LONG) != own
    assert fingerprint(5, LONG) == own


def test_it_is_set_at_sending(school: School, chat: Chat) -> None:
    first, again = say(school, "parent", chat, LONG), say(school, "parent", chat, f"**{LONG}**")
    leader = say(school, "leader", chat, LONG)
    assert of(first) == of(again) == fingerprint(school.people["parent"].pk, LONG)
    assert of(leader) not in (0, of(first))
    assert of(say(school, "parent", chat, "Спасибо!")) == 0
    assert of(post_notice(chat, "joined")) == 0


def test_it_follows_an_edit(school: School, chat: Chat) -> None:
    message = say(school, "parent", chat, LONG)
    parent = school.actor("parent")
    edit(actor=parent, chat=seen(school, "parent", chat), message=message, text=OTHER)
    assert of(message) == fingerprint(parent.person.pk, OTHER)
    edit(actor=parent, chat=seen(school, "parent", chat), message=message, text="Отменили")
    assert of(message) == 0


def test_nothing_of_it_stays_after_a_deletion(school: School, chat: Chat) -> None:
    message = say(school, "parent", chat, LONG)
    assert of(message) != 0
    delete(actor=school.actor("leader"), chat=seen(school, "leader", chat), message=message)
    assert of(message) == 0
