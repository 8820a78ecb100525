"""Reports, mutes, looks into chats, retention (CHAT-9)."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from chats import permissions
from chats.models import Chat, ChatRules, Decision, Inspection, Message, Mute, Reason, Report, Template
from chats.obstacles import obstacle
from chats.selectors.chats import find_chat
from chats.selectors.rules import quiet_ends
from chats.selectors.safety import moderated_by, registry_of, reports_visible_to
from chats.services.chats import ChatChanges, change_chat, personal_chat
from chats.services.messages import edit
from chats.services.safety import Verdict, decide, inspect, mute, remove_message, report, unmute
from chats.services.upkeep import remove_old_messages
from common.errors import DomainError
from orgs.models import AuditEvent
from orgs.services.administration import grant_right
from tests.chats.cast import chat_of, general, say, seen
from tests.world import School


@pytest.fixture
def chat(school: School) -> Chat:
    return chat_of(school, Template.UNIT_PARENTS)


@pytest.fixture
def reported(school: School, chat: Chat) -> Report:
    message = say(school, "parent", chat, "Грубое слово")
    leader = school.actor("leader")
    return report(actor=leader, chat=seen(school, "leader", chat), message=message, reason=Reason.INSULT)


@pytest.mark.req("CHAT-9")
def test_a_report_keeps_what_stood_there(school: School, chat: Chat, reported: Report) -> None:
    parent = school.actor("parent")
    edit(actor=parent, chat=seen(school, "parent", chat), message=reported.message, text="Ничего такого")
    reported.refresh_from_db()
    assert reported.reported_text == "Грубое слово"


@pytest.mark.req("CHAT-9")
def test_reporting_twice_is_once(school: School, chat: Chat, reported: Report) -> None:
    leader = school.actor("leader")
    again = report(actor=leader, chat=seen(school, "leader", chat), message=reported.message, reason=Reason.OTHER)
    assert again == reported


@pytest.mark.req("CHAT-9")
def test_the_queue_shows_moderators_their_chats_and_the_administration_all(school: School, reported: Report) -> None:
    assert list(reports_visible_to(school.actor("leader"))) == [reported]
    assert list(reports_visible_to(school.actor("administrator"))) == [reported]
    assert list(reports_visible_to(school.actor("head"))) == [reported]
    assert not reports_visible_to(school.actor("teacher")).exists()
    assert not reports_visible_to(school.actor("parent")).exists()


@pytest.mark.req("CHAT-9")
def test_a_granted_right_moderates_a_class(school: School, chat: Chat) -> None:
    teacher = school.people["teacher"]
    own = chat_of(school, Template.UNIT_STUDENTS, "5Б")
    assert own not in moderated_by(school.actor("teacher"))
    grant_right(actor=school.actor("administrator"), person=teacher, codename="moderate_chats", unit=school.units["5Б"])
    assert own in moderated_by(school.actor("teacher"))
    assert permissions.can_moderate(school.actor("teacher"), seen(school, "teacher", own))
    assert chat not in moderated_by(school.actor("teacher"))


@pytest.mark.req("CHAT-9")
def test_both_ways_of_asking_who_moderates_agree(school: School) -> None:
    for name in ("administrator", "head", "leader", "teacher", "parent", "student"):
        actor = school.actor(name)
        listed = set(moderated_by(actor))
        for chat in Chat.objects.filter(organization=school.organization):
            visible = find_chat(actor, chat.pk)
            may = visible is not None and permissions.can_moderate(actor, visible)
            assert may == (chat in listed), (name, chat)


@pytest.mark.req("CHAT-9", "ORG-12")
@pytest.mark.parametrize("decision", [Decision.REMOVED, Decision.WARNED, Decision.MUTED])
def test_a_decision_removes_the_message_and_everybody_reads_why(
    school: School, chat: Chat, reported: Report, decision: str
) -> None:
    verdict = Verdict(decision, "Правила общения")
    decide(actor=school.actor("leader"), report=reported, verdict=verdict)
    message = Message.objects.get(pk=reported.message_id)
    assert message.deleted_at is not None
    assert message.deleted_by == school.people["leader"]
    notice = Message.objects.filter(chat=chat).order_by("-number")[0]
    assert notice.notice["reason"] == "Правила общения"  # type: ignore[index]
    actions = set(AuditEvent.objects.filter(organization_id=school.organization.pk).values_list("action", flat=True))
    assert "chat.message_removed" in actions
    assert (obstacle(school.actor("parent"), seen(school, "parent", chat)) == "muted") == (decision == Decision.MUTED)


@pytest.mark.req("CHAT-9")
def test_a_dismissed_report_leaves_the_message(school: School, reported: Report) -> None:
    decide(actor=school.actor("leader"), report=reported, verdict=Verdict(Decision.DISMISSED, "Шутка"))
    assert Message.objects.get(pk=reported.message_id).deleted_at is None
    with pytest.raises(DomainError) as refused:
        decide(actor=school.actor("head"), report=reported, verdict=Verdict(Decision.REMOVED, "Нет"))
    assert refused.value.code == "report_decided"


@pytest.mark.req("CHAT-9")
@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        (Verdict("shot", "х"), "report_decision_unknown"),
        (Verdict(Decision.REMOVED, "  "), "explanation_required"),
        (Verdict(Decision.MUTED, "х", mute_hours=5), "mute_hours_unknown"),
    ],
)
def test_a_decision_needs_its_words(school: School, reported: Report, verdict: Verdict, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        decide(actor=school.actor("leader"), report=reported, verdict=verdict)
    assert refused.value.code == code
    reported.refresh_from_db()
    assert reported.decision == ""


@pytest.mark.req("CHAT-9")
def test_a_mute_ends_by_itself_or_is_lifted(school: School, chat: Chat) -> None:
    leader, parent = school.actor("leader"), school.people["parent"]
    mute(actor=leader, chat=chat, person=parent, hours=1, reason="Остыньте")
    with pytest.raises(DomainError) as refused:
        say(school, "parent", chat)
    assert refused.value.code == "muted"
    unmute(actor=leader, chat=chat, person=parent)
    assert say(school, "parent", chat)
    mute(actor=leader, chat=chat, person=parent, hours=1, reason="Ещё раз")
    Mute.objects.update(until=timezone.now() - timedelta(seconds=1))
    assert say(school, "parent", chat)


@pytest.mark.req("CHAT-9")
def test_a_moderator_removes_with_a_reason(school: School, chat: Chat) -> None:
    message = say(school, "parent", chat, "Реклама")
    leader = school.actor("leader")
    with pytest.raises(DomainError):
        remove_message(actor=leader, chat=chat, message=message, reason=" ")
    removed = remove_message(actor=leader, chat=chat, message=message, reason="Реклама запрещена")
    assert removed.deleted_by == school.people["leader"]


@pytest.mark.req("CHAT-9", "ORG-12")
def test_a_look_needs_a_reason_is_shown_and_ends(school: School, chat: Chat) -> None:
    administrator = school.actor("administrator")
    assert find_chat(administrator, chat.pk) is None
    with pytest.raises(DomainError) as refused:
        inspect(actor=administrator, chat=chat, reason="")
    assert refused.value.code == "explanation_required"
    inspect(actor=administrator, chat=chat, reason="Обращение родителя № 12")
    looked = seen(school, "administrator", chat)
    assert obstacle(administrator, looked) == "looking"
    assert not permissions.can_moderate(administrator, looked)
    notice = Message.objects.get(chat=chat)
    assert notice.notice["reason"] == "Обращение родителя № 12"  # type: ignore[index]
    assert AuditEvent.objects.filter(action="chat.inspected").exists()
    Inspection.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert find_chat(administrator, chat.pk) is None


@pytest.mark.req("CHAT-9")
def test_the_registry_knows_every_chat_but_the_personal_ones(school: School) -> None:
    personal = personal_chat(actor=school.actor("parent"), person=school.people["leader"])
    listed = set(registry_of(school.actor("administrator")))
    assert personal not in listed
    assert len(listed) == Chat.objects.filter(organization=school.organization).count() - 1


@pytest.mark.req("CHAT-9")
def test_messages_are_kept_as_long_as_the_chat_says(school: School, chat: Chat) -> None:
    leader = school.actor("leader")
    change_chat(actor=leader, chat=seen(school, "leader", chat), changes=ChatChanges(retention_days=30))
    old, new = say(school, "parent", chat, "Старое"), say(school, "parent", chat, "Новое")
    elsewhere = say(school, "parent", general(school), "Старое, но здесь хранится всё")
    past = timezone.now() - timedelta(days=31)
    Message.objects.filter(pk__in=[old.pk, elsewhere.pk]).update(created_at=past)
    assert remove_old_messages() == 1
    assert remove_old_messages() == 0
    assert list(Message.objects.filter(chat=chat, kind="text")) == [new]
    assert Message.objects.filter(pk=elsewhere.pk).exists()
    chat.refresh_from_db()
    assert chat.kept_after == old.number


@pytest.mark.req("CHAT-9")
@pytest.mark.parametrize(
    ("clock", "ends"),
    [("20:59", None), ("21:00", (1, "07:00")), ("23:30", (1, "07:00")), ("03:00", (0, "07:00")), ("07:00", None)],
)
def test_quiet_hours_over_midnight_in_the_organizations_clock(
    school: School, clock: str, ends: tuple[int, str] | None
) -> None:
    school.organization.time_zone = "Asia/Kamchatka"
    rules = ChatRules(organization=school.organization, quiet_from=time(21), quiet_until=time(7))
    zone = school.organization.zone
    day = datetime(2026, 11, 21, tzinfo=zone)
    now = datetime.combine(day.date(), time.fromisoformat(clock), tzinfo=zone)
    expected = None
    if ends is not None:
        expected = datetime.combine((day + timedelta(days=ends[0])).date(), time.fromisoformat(ends[1]), tzinfo=zone)
    assert quiet_ends(rules, now) == expected
