"""Reports, mutes, looks into chats, the registry, the rules, over the API (CHAT-9)."""

from typing import Any

import pytest

from chats.models import Chat, Inspection, Message, Report, Template
from chats.services.chats import ChatData, create_chat, personal_chat
from chats.services.members import set_moderator
from orgs.models import AuditEvent
from tests.api.client import CheckedClient
from tests.api.conftest import Api
from tests.chats.cast import chat_of, general, say, switch_on
from tests.world import CAST, School, World

pytestmark = pytest.mark.req("CHAT-9")


@pytest.fixture
def school(world: World) -> School:
    switch_on(world.a)
    return world.a


@pytest.fixture
def chat(school: School) -> Chat:
    """Students of 5А with the unit's staff."""
    return chat_of(school, Template.UNIT_STUDENTS)


def report(client: CheckedClient, message: Message, **body: Any) -> Any:
    path = client.inside(f"chats/{message.chat_id}/messages/{message.pk}/report/")
    return client.post(path, {"reason": "insult", **body})


def queue(client: CheckedClient, **query: str) -> list[dict[str, Any]]:
    return client.get(client.inside("chat-reports/"), query).json()["results"]


# --- Reports ----------------------------------------------------------------------------------------------------------
def test_a_report_reaches_those_who_decide_and_nobody_else(school: School, api: Api) -> None:
    chat = chat_of(school, Template.UNIT_PARENTS)
    message = say(school, "leader", chat, "Грубость")
    parent = api(school, "parent")
    assert report(parent, message, comment="Обидно").status_code == 204
    assert report(parent, message).status_code == 204
    assert Report.objects.count() == 1
    # The leader moderates the chat, but wrote the message.
    for who in CAST:
        rows = queue(api(school, who))
        assert len(rows) == (1 if who in ("head", "administrator") else 0), who
    [row] = queue(api(school, "head"), state="open")
    assert (row["reason"], row["comment"], row["reported_text"]) == ("insult", "Обидно", "Грубость")
    assert row["message"]["author"]["id"] == school.people["leader"].pk
    assert row["reporter"]["id"] == school.people["parent"].pk
    assert row["chat"]["title"] == "5А · родители"
    assert queue(api(school, "head"), state="decided") == []


def test_own_and_deleted_messages_cannot_be_reported(school: School, chat: Chat, api: Api) -> None:
    client = api(school, "student")
    message = say(school, "student", chat)
    assert report(client, message).status_code == 403
    leader = api(school, "leader")
    assert report(leader, message, reason="boring").status_code == 400
    client.delete(client.inside(f"chats/{chat.pk}/messages/{message.pk}/"))
    assert report(leader, message).status_code == 403


@pytest.mark.parametrize("decision", ["dismissed", "removed", "warned", "muted"])
def test_a_moderator_decides_once(school: School, chat: Chat, api: Api, decision: str) -> None:
    message = say(school, "student", chat, "Дурак")
    report(api(school, "leader"), message)
    other = say(school, "leader", chat, "Спокойно")
    client, author = api(school, "head"), api(school, "student")
    [row] = queue(client)
    path = client.inside(f"chat-reports/{row['id']}/decide/")
    body = {"decision": decision, "answer": "Так нельзя", "mute_hours": 24}
    assert client.post(path, {**body, "answer": " "}).status_code == 400
    assert client.post(path, {**body, "mute_hours": 5}).status_code == 400
    decided = client.post(path, body).json()
    assert (decided["decision"], decided["answer"]) == (decision, "Так нельзя")
    assert decided["decided_by"]["id"] == school.people["head"].pk
    late = client.post(path, body)
    assert (late.status_code, late.json()["code"]) == (409, "report_decided")
    assert [row["id"] for row in queue(client, state="decided")] == [row["id"]]
    shown = author.get(author.inside(f"chats/{chat.pk}/messages/{message.pk}/")).json()
    assert (shown["text"] == "Дурак") is (decision == "dismissed")
    assert shown["removed_by_moderator"] is (decision != "dismissed")
    written = author.post(author.inside(f"chats/{chat.pk}/messages/"), {"text": "Ещё", "reply_to": other.pk})
    assert written.status_code == (403 if decision == "muted" else 201)


def test_named_moderators_see_the_queue_of_their_chats_only(school: School, chat: Chat, api: Api) -> None:
    people = [school.people[name].pk for name in ("teacher", "student")]
    free = create_chat(actor=school.actor("leader"), data=ChatData(title="Шахматы", people=people[1:]))
    set_moderator_of(school, free)
    inside, outside = say(school, "student", free, "Раз"), say(school, "student", chat, "Два")
    for message in (inside, outside):
        report(api(school, "leader"), message)
    assert [row["message"]["id"] for row in queue(api(school, "teacher"))] == [inside.pk]
    assert {row["message"]["id"] for row in queue(api(school, "leader"))} == {inside.pk, outside.pk}


def set_moderator_of(school: School, chat: Chat) -> None:
    chat.members.create(organization=school.organization, person=school.people["teacher"])
    set_moderator(actor=school.actor("leader"), chat=chat, person=school.people["teacher"], moderates=True)


def test_a_moderator_removes_a_message_with_a_reason(school: School, chat: Chat, api: Api) -> None:
    message = say(school, "student", chat, "Реклама")
    client, student = api(school, "leader"), api(school, "student")
    path = client.inside(f"chats/{chat.pk}/messages/{message.pk}/remove/")
    assert student.post(path, {"reason": "Сам"}).status_code == 403
    assert client.post(path, {}).status_code == 400
    removed = client.post(path, {"reason": "Реклама"}).json()
    assert (removed["text"], removed["removed_by_moderator"]) == ("", True)
    assert client.post(path, {"reason": "Реклама"}).status_code == 403
    notices = student.get(student.inside(f"chats/{chat.pk}/messages/")).json()["messages"]
    assert [row["kind"] for row in notices] == ["text", "notice"]
    assert "Реклама" in notices[1]["text"]


# --- Mutes ------------------------------------------------------------------------------------------------------------
def test_a_mute_stops_writing_until_it_is_lifted(school: School, chat: Chat, api: Api) -> None:
    leader, student = api(school, "leader"), api(school, "student")
    path = leader.inside(f"chats/{chat.pk}/mutes/")
    person = school.people["student"].pk
    body = {"person": person, "hours": 24, "reason": "Ссора"}
    assert leader.post(path, {**body, "hours": 3}).status_code == 400
    assert leader.post(path, {**body, "person": school.people["parent"].pk}).status_code == 400
    made = leader.post(path, body)
    assert (made.status_code, made.json()["person"]["id"]) == (201, person)
    assert [row["reason"] for row in leader.get(path).json()] == ["Ссора"]
    refused = student.post(student.inside(f"chats/{chat.pk}/messages/"), {"text": "А я"})
    assert (refused.status_code, refused.json()["code"]) == (403, "muted")
    me = student.get(student.inside(f"chats/{chat.pk}/")).json()["me"]
    assert (me["may_write"], bool(me["muted_until"])) == (False, True)
    assert student.get(path).status_code == 403
    assert leader.delete(f"{path}{person}/").status_code == 204
    assert leader.delete(f"{path}{person}/").status_code == 204
    assert leader.get(path).json() == []
    assert student.post(student.inside(f"chats/{chat.pk}/messages/"), {"text": "А я"}).status_code == 201


# --- Looks ------------------------------------------------------------------------------------------------------------
def test_a_look_needs_a_reason_and_is_shown_to_the_chat(school: School, chat: Chat, api: Api) -> None:
    client, student = api(school, "administrator"), api(school, "student")
    path = client.inside(f"chats/{chat.pk}/inspect/")
    assert client.get(client.inside(f"chats/{chat.pk}/")).status_code == 404
    for reason in ("", " \u200b "):
        answer = client.post(path, {"reason": reason})
        assert (answer.status_code, answer.json()["code"]) == (400, "explanation_required")
    looked = client.post(path, {"reason": "Обращение родителя"})
    assert (looked.status_code, looked.json()["me"]["is_member"]) == (201, False)
    [notice] = student.get(student.inside(f"chats/{chat.pk}/messages/")).json()["messages"]
    assert school.people["administrator"].full_name in notice["text"]
    assert "Обращение родителя" in notice["text"]
    assert AuditEvent.objects.filter(action="chat.inspected").count() == 1
    for who, status in (("student", 403), ("leader", 403), ("teacher", 404), ("parent", 404)):
        other = api(school, who)
        assert other.post(other.inside(f"chats/{chat.pk}/inspect/"), {"reason": "Так"}).status_code == status, who


def test_nobody_looks_into_a_chat_they_are_in(school: School, api: Api) -> None:
    client = api(school, "head")
    answer = client.post(client.inside(f"chats/{general(school).pk}/inspect/"), {"reason": "Так"})
    assert (answer.status_code, answer.json()["code"]) == (409, "already_in_chat")
    assert not Inspection.objects.exists()


def test_personal_messages_are_opened_by_a_report_only(school: School, chat: Chat, api: Api) -> None:
    personal = personal_chat(actor=school.actor("student"), person=school.people["leader"])
    message = say(school, "leader", personal, "Личное")
    elsewhere = say(school, "leader", chat, "Общее")
    client = api(school, "head")
    path = client.inside(f"chats/{personal.pk}/inspect/")
    assert client.post(path, {"reason": "Подозрение"}).status_code == 404
    for reported in (message, elsewhere):
        report(api(school, "student"), reported)
    by_message = {row["message"]["id"]: row["id"] for row in queue(client)}
    assert client.post(path, {"report": by_message[elsewhere.pk]}).status_code == 400
    assert client.post(path, {"report": by_message[message.pk]}).status_code == 201
    assert client.get(client.inside(f"chats/{personal.pk}/messages/")).status_code == 200


# --- Registry ---------------------------------------------------------------------------------------------------------
def test_the_registry_tells_everything_but_what_is_said(school: School, api: Api) -> None:
    free = create_chat(
        actor=school.actor("leader"),
        data=ChatData(title="Поход", people=[school.people["head"].pk], circles=[("parents", school.units["5А"].pk)]),
    )
    set_moderator_of(school, free)
    personal_chat(actor=school.actor("parent"), person=school.people["leader"])
    client = api(school, "administrator")
    rows = {row["id"]: row for row in client.get(client.inside("chat-registry/")).json()["results"]}
    assert set(rows) == set(Chat.objects.exclude(template=Template.PERSONAL).values_list("pk", flat=True))
    row = rows[free.pk]
    assert (row["title"], row["owner"]["id"], row["chosen_count"]) == ("Поход", school.people["leader"].pk, 3)
    assert {person["id"] for person in row["moderators"]} == {school.people[n].pk for n in ("leader", "teacher")}
    assert row["circles"] == [{"audience": "parents", "unit": {"id": school.units["5А"].pk, "name": "5А"}}]
    assert "last_message" not in row
    parents = rows[chat_of(school, Template.UNIT_PARENTS).pk]
    assert [person["id"] for person in parents["moderators"]] == [school.people["leader"].pk]
    client.post(client.inside(f"chats/{free.pk}/archive/"))
    assert free.pk not in {row["id"] for row in client.get(client.inside("chat-registry/")).json()["results"]}
    archived = client.get(client.inside("chat-registry/"), {"archived": True}).json()["results"]
    assert [row["id"] for row in archived] == [free.pk]
    for who in CAST[1:]:
        other = api(school, who)
        assert other.get(other.inside("chat-registry/")).status_code == 403, who


# --- Rules ------------------------------------------------------------------------------------------------------------
@pytest.mark.req("CHAT-1", "CHAT-3")
def test_the_administrator_changes_the_rules(world: World, api: Api) -> None:
    client = api(world.a, "administrator")
    path = client.inside("chat-rules/")
    before = client.get(path).json()
    assert (before["switched_on"], before["contacts"]) == ([], {})
    assert before["contacts_in_use"]["parent"]["teacher"] == "own_units"
    body = {
        "switched_on": ["general", "unit_parents"],
        "contacts": {"parent": {"parent": "own_units"}, "teacher": {"student": "everyone"}},
        "quiet_from": "21:00:00",
        "quiet_until": "07:00:00",
        "edit_minutes": 15,
        "retention_days": 365,
    }
    after = client.patch(path, body).json()
    assert {name: after[name] for name in body} == body
    assert after["contacts_in_use"]["parent"]["parent"] == "own_units"
    # The safe mode holds all the same.
    assert after["contacts_in_use"]["teacher"]["student"] == "own_units"
    assert client.get(path).json() == after
    parent = api(world.a, "parent")
    titles = [row["title"] for row in parent.get(parent.inside("chats/")).json()["results"]]
    assert sorted(titles) == ["5А · родители", "Общий чат"]
    assert client.patch(path, {"quiet_from": None, "quiet_until": None}).json()["quiet_from"] is None


@pytest.mark.parametrize(
    "body",
    [
        {"switched_on": ["personal"]},
        {"switched_on": "general"},
        {"switched_on": ["general"] * 9},
        {"contacts": {"parent": {"nobody": "everyone"}}},
        {"contacts": {"parent": "everyone"}},
        {"contacts": {"parent": {"parent": "sometimes"}}},
        {"contacts": []},
        {"quiet_from": "21:00"},
        {"quiet_from": "25:00", "quiet_until": "26:00"},
        {"edit_minutes": -1},
        {"edit_minutes": 10**30},
        {"retention_days": 0},
    ],
    ids=str,
)
def test_rules_that_make_no_sense_are_refused(world: World, api: Api, body: dict[str, Any]) -> None:
    client = api(world.a, "administrator")
    before = client.get(client.inside("chat-rules/")).json()
    assert client.patch(client.inside("chat-rules/"), body).status_code == 400
    assert client.get(client.inside("chat-rules/")).json() == before


def test_only_the_administrator_sees_and_changes_the_rules(world: World, api: Api) -> None:
    for who in CAST[1:]:
        client = api(world.a, who)
        assert client.get(client.inside("chat-rules/")).status_code == 403, who
        assert client.patch(client.inside("chat-rules/"), {"safe_mode": False}).status_code == 403, who
