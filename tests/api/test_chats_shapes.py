"""What is built by hand holds exactly what the description promises."""

from typing import Any

import pytest
from rest_framework import serializers

from chats.api import serializers as described
from chats.detail import detail_shape
from chats.models import Chat, Template
from chats.selectors.chats import last_messages_of, list_of
from chats.selectors.messages import parts_of
from chats.services.messages import Draft, send
from chats.shapes import chat_shape, listed_shape, message_shape
from polls.services import PollData
from tests.api.test_chats_messages import upload
from tests.chats.cast import chat_of, say, seen, switch_on
from tests.world import School, World

pytestmark = pytest.mark.req("INT-1")


@pytest.fixture
def school(world: World) -> School:
    switch_on(world.a)
    return world.a


@pytest.fixture
def chat(school: School) -> Chat:
    return chat_of(school, Template.UNIT_PARENTS)


def compare(shape: Any, serializer: serializers.BaseSerializer[Any], place: str = "") -> None:
    """Fail unless `shape` has the fields of `serializer`, all the way down."""
    if isinstance(serializer, serializers.ListSerializer):
        assert shape, f"{place} is empty: nothing is compared"
        for row in shape:
            compare(row, serializer.child, place)  # type: ignore[arg-type]
        return
    fields = serializer.fields  # type: ignore[attr-defined]
    assert set(shape) == set(fields), place
    for name, field in fields.items():
        if isinstance(field, serializers.BaseSerializer):
            assert shape[name] is not None, f"{place}.{name} is empty: nothing is compared"
            compare(shape[name], field, f"{place}.{name}")


def test_messages(school: School, chat: Chat) -> None:
    first = say(school, "parent", chat)
    draft = Draft(
        reply_to=first.pk, file_ids=[upload(school, "leader").pk], poll=PollData("Когда?", ["Сегодня", "Завтра"])
    )
    message = send(actor=school.actor("leader"), chat=seen(school, "leader", chat), draft=draft)
    compare(message_shape(message, parts_of([message]), "a"), described.ChatMessage())


def test_chats(school: School, chat: Chat) -> None:
    say(school, "parent", chat)
    Chat.objects.filter(pk=chat.pk).update(owner=school.people["leader"], writers="staff")
    parent = school.actor("parent")
    mine = seen(school, "parent", chat)
    compare(chat_shape(mine, parent.words), described.Chat())
    compare(detail_shape(parent, mine), described.ChatDetail())
    [listed] = [row for row in list_of(parent) if row.pk == chat.pk]
    compare(listed_shape(listed, last_messages_of([listed])[chat.pk], parent.words), described.ListedChat())
