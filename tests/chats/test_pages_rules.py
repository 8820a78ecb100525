"""«Правила чатов»: said, changed, undone."""

import html
import re
from datetime import time

import pytest
from django.utils import timezone

from chats.models import Chat, ChatRules, Message, Template
from chats.selectors.chats import chats_of
from chats.selectors.contacts import reachable_by
from chats.selectors.rules import rules_of
from orgs.models import AuditEvent, Organization
from tests.chats.cast import chat_of, say
from tests.chats.pages import ChatVisitor, hidden_fields, queries_of, words
from tests.orgs.pages import many_units, undo_address
from tests.world import School, World


def sent(visitor: ChatVisitor, **changes: object) -> dict[str, object]:
    """What the form of the page sends when nothing but `changes` is touched."""
    page = visitor.get("rules").content.decode()
    form: dict[str, object] = {}
    for name, options in re.findall(r'<select name="([^"]+)".*?>(.*?)</select>', page, re.S):
        chosen = re.search(r'value="([^"]*)" selected', options)
        assert chosen, name
        form[name] = chosen[1]
    for tag in re.findall(r"<input [^>]+>", page):
        name, value = (re.search(rf'{key}="([^"]*)"', tag) for key in ("name", "value"))
        if name and 'type="time"' in tag:
            form[name[1]] = value[1] if value else ""
        if name and 'type="checkbox"' in tag and "checked" in tag:
            form.setdefault(name[1], []).append(value[1] if value else "on")  # type: ignore[attr-defined]
    form.update(changes)
    return form


def rules_now(school: School) -> ChatRules:
    return rules_of(Organization.objects.select_related("chat_rules").get(pk=school.organization.pk))


@pytest.mark.req("CHAT-1")
def test_chats_are_switched_on_and_off_and_the_undo_puts_them_back(world: World) -> None:
    administrator = ChatVisitor(world.a, "administrator")
    page = administrator.client.post(
        administrator.url("rules"), sent(administrator, switched_on=["general", "unit_parents"]), follow=True
    )
    assert "Правила чатов сохранены" in words(page)
    assert chats_of(world.a.actor("parent")).count() == 2
    chat = chat_of(world.a, Template.UNIT_PARENTS)
    say(world.a, "leader", chat, "Собрание в пятницу")
    off = administrator.client.post(
        administrator.url("rules"), sent(administrator, switched_on=["general"]), follow=True
    )
    assert chats_of(world.a.actor("parent")).count() == 1
    administrator.client.post(undo_address(off.content.decode()))
    assert rules_now(world.a).switched_on == ["general", "unit_parents"]
    assert chats_of(world.a.actor("parent")).filter(pk=chat.pk).exists()
    assert Message.objects.filter(chat=chat, text="Собрание в пятницу").exists()


@pytest.mark.req("CHAT-3")
def test_who_may_write_to_whom_is_a_table_with_the_usual_marked(world: World) -> None:
    administrator = ChatVisitor(world.a, "administrator")
    page = administrator.see("rules")
    assert "классов своих детей · обычно" in page
    form = sent(administrator)
    assert form["parent-teacher"] == "own_units"
    assert len([name for name in form if "-" in name]) == 16
    parent, student = world.a.people["parent"], world.a.people["student"]
    administrator.post("rules", {**form, "parent-teacher": "everyone", "parent-administration": "nobody"})
    reachable = reachable_by(world.a.actor("parent"), rules_now(world.a))
    assert {person.last_name for person in reachable} == {"Ведущая", "Учёный", "Админова", "Главный"}
    assert rules_now(world.a).contacts == {"parent": {"teacher": "everyone", "administration": "nobody"}}
    administrator.post("rules", form)
    assert rules_now(world.a).contacts == {}
    assert parent.pk not in set(reachable_by(world.a.actor("student"), rules_now(world.a)).values_list("pk", flat=True))
    assert student.pk not in set(reachable_by(world.a.actor("parent"), rules_now(world.a)).values_list("pk", flat=True))


@pytest.mark.req("CHAT-9")
def test_safe_mode_quiet_hours_and_the_window_are_saved_and_undone(world: World) -> None:
    administrator = ChatVisitor(world.a, "administrator")
    form = sent(administrator, quiet_from="21:00", quiet_until="07:30", edit_minutes="15")
    del form["safe_mode"]
    page = administrator.client.post(administrator.url("rules"), form, follow=True)
    rules = rules_now(world.a)
    assert (rules.safe_mode, rules.quiet_from, rules.quiet_until) == (False, time(21), time(7, 30))
    assert rules.edit_minutes == 15
    administrator.client.post(undo_address(page.content.decode()))
    rules = rules_now(world.a)
    assert (rules.safe_mode, rules.quiet_from, rules.quiet_until, rules.edit_minutes) == (True, None, None, 24 * 60)


def test_what_cannot_be_keeps_what_was_typed(world: World) -> None:
    administrator = ChatVisitor(world.a, "administrator")
    answer = administrator.post("rules", sent(administrator, quiet_from="21:00", edit_minutes="60"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "и начало, и конец" in html.unescape(page)
    assert 'value="21:00"' in page
    assert '<option value="60" selected>' in page
    for wrong in (
        {"edit_minutes": "-1"},
        {"parent-student": "friends"},
        {"switched_on": ["free"]},
        {"quiet_from": "25"},
    ):
        assert administrator.post("rules", sent(administrator, **wrong)).status_code == 422, wrong
    # The administration has no classes of its own.
    assert administrator.post("rules", sent(administrator, **{"parent-administration": "own_units"})).status_code == 422
    assert not ChatRules.objects.exists()


@pytest.mark.req("CHAT-9")
def test_removing_old_messages_asks_first(school: School) -> None:
    administrator = ChatVisitor(school, "administrator")
    say(school, "leader", chat_of(school, Template.UNIT_PARENTS))
    Message.objects.update(created_at=timezone.now() - timezone.timedelta(days=100))
    asked = administrator.post("rules", sent(administrator, retention_days="90"))
    assert "будет навсегда удалено 1 сообщение старше 90 дн." in words(asked)
    assert rules_now(school).retention_days is None
    answer = administrator.post("rules", {**hidden_fields(asked), "confirmed": "yes"})
    assert answer.status_code == 302
    rules = rules_now(school)
    assert rules.retention_days == 90
    assert len(rules.switched_on) == 4
    assert Message.objects.exists()


def test_the_journal_tells_what_was_changed_in_words(world: World) -> None:
    administrator = ChatVisitor(world.a, "administrator")
    administrator.post("rules", sent(administrator, switched_on=["general"], edit_minutes="60"))
    event = AuditEvent.objects.get(action="chat.settings_changed")
    assert "[" not in event.details["rules"]
    assert "switched_on" not in event.details["rules"]


@pytest.mark.req("CHAT-9")
def test_the_rules_are_the_administrators(world: World) -> None:
    for name in ("head", "leader", "parent", "student"):
        assert ChatVisitor(world.a, name).get("rules").status_code == 403, name
        assert ChatVisitor(world.a, name).post("rules", {"switched_on": "general"}).status_code == 403, name
    assert not Chat.objects.exists()


def test_a_kindergarten_has_no_chats_of_students(world: World) -> None:
    Organization.objects.filter(pk=world.a.organization.pk).update(kind="kindergarten")
    administrator = ChatVisitor(world.a, "administrator")
    page = administrator.see("rules")
    assert "Родители каждой группы и её руководитель" in page
    assert "Обучающиеся каждой" not in page
    form = sent(administrator)
    assert not [name for name in form if "student" in name]
    assert administrator.post("rules", {**form, "parent-teacher": "everyone"}).status_code == 302
    assert rules_now(world.a).contacts == {"parent": {"teacher": "everyone"}}


def test_the_number_of_queries_does_not_grow_with_the_units(world: World) -> None:
    administrator = ChatVisitor(world.a, "administrator")
    few = queries_of(administrator, "rules")
    many_units(world.a, 60)
    assert queries_of(administrator, "rules") == few <= 6
