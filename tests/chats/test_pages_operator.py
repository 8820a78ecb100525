"""The operator's tool: chats are there, their words are not."""

from collections.abc import Callable

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import User
from chats.models import Message, Report, Template
from chats.services.chats import personal_chat
from chats.services.safety import inspect, report
from tests.chats.cast import chat_of, say
from tests.chats.pages import free_chat
from tests.world import School, World

Browse = Callable[[User | None], Client]


@pytest.mark.req("CHAT-9")
def test_the_operator_reads_no_messages(world: World, school: School, browse: Browse) -> None:
    chat = chat_of(school, Template.UNIT_PARENTS)
    message = say(school, "parent", chat, "Секретное слово")
    report(actor=school.actor("leader"), chat=chat, message=message, reason="other", comment="Секретное слово")
    inspect(actor=school.actor("administrator"), chat=chat, reason="Обращение № 7")
    own = free_chat(school, title="Секретное слово", purpose="Секретное слово")
    operator = browse(world.operator)
    pages = [reverse(f"admin:chats_{name}_changelist") for name in ("chat", "inspection")]
    pages += [reverse("admin:chats_chat_change", args=[pk]) for pk in (chat.pk, own.pk)]
    for page in pages:
        answer = operator.get(page)
        assert answer.status_code == 200, page
        assert "Секретное" not in answer.content.decode(), page
    assert Message not in admin.site._registry
    assert Report not in admin.site._registry
    assert operator.post(reverse("admin:chats_chat_delete", args=[chat.pk])).status_code == 403


@pytest.mark.req("CHAT-9")
def test_the_operator_does_not_see_who_writes_to_whom(world: World, school: School, browse: Browse) -> None:
    chat = personal_chat(actor=school.actor("parent"), person=school.people["leader"])
    operator = browse(world.operator)
    assert f"№ {chat.pk}<" not in operator.get(reverse("admin:chats_chat_changelist")).content.decode()
    assert operator.get(reverse("admin:chats_chat_change", args=[chat.pk])).status_code == 302
