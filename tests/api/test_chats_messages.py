"""Messages over the API: reading, writing, changing, files, polls, what came since (CHAT-4, CHAT-5, CHAT-6)."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from chats.models import Chat, MemberState, Message, Template
from chats.services.chats import personal_chat
from chats.services.messages import delete, pin
from files.models import FileKind, StoredFile
from tests.api.client import CheckedClient
from tests.api.conftest import Api
from tests.chats.cast import chat_of, general, say, seen, switch_on
from tests.world import School, World

HUGE = 2**63


@pytest.fixture
def school(world: World) -> School:
    switch_on(world.a)
    return world.a


@pytest.fixture
def chat(school: School) -> Chat:
    """Parents of 5А with their leader."""
    return chat_of(school, Template.UNIT_PARENTS)


def address(client: CheckedClient, chat: Chat, path: str = "") -> str:
    return client.inside(f"chats/{chat.pk}/messages/{path}")


def write(client: CheckedClient, chat: Chat, text: str = "", **more: Any) -> dict[str, Any]:
    answer = client.post(address(client, chat), {"text": text, **more})
    assert answer.status_code == 201, answer.json()
    return answer.json()


def upload(school: School, who: str, kind: str = FileKind.DOCUMENT, name: str = "план.pdf") -> StoredFile:
    """A file that `who` has uploaded and hung on nothing yet."""
    size = {"width": 1200, "height": 800, "preview": "preview.webp"} if kind == FileKind.PICTURE else {}
    return StoredFile.objects.create(
        organization=school.organization,
        kind=kind,
        content=name,
        original_name=name,
        content_type="application/pdf",
        size=1024,
        sha256="0" * 64,
        uploaded_by=school.people[who],
        **size,  # type: ignore[arg-type]
    )


# --- Writing ----------------------------------------------------------------------------------------------------------
@pytest.mark.req("CHAT-4", "INT-1")
def test_a_message_is_written_and_read_by_the_others(school: School, chat: Chat, api: Api) -> None:
    leader, parent = api(school, "leader"), api(school, "parent")
    question = write(parent, chat, "Когда **собрание**?")
    answer = write(leader, chat, f"@[{school.people['parent'].pk}], в четверг", reply_to=question["id"])
    page = parent.get(address(parent, chat)).json()
    assert page["messages"] == [question, answer]
    assert (page["last_event"], page["has_before"], page["has_after"]) == (2, False, False)
    assert "<strong>собрание</strong>" in question["html"]
    assert answer["reply_to"] == {
        "id": question["id"],
        "number": 1,
        "author": question["author"],
        "snippet": "Когда собрание?",
    }
    assert parent.get(address(parent, chat, f"{answer['id']}/")).json() == answer


@pytest.mark.req("CHAT-4")
def test_sending_again_answers_with_the_message_that_is_there(school: School, chat: Chat, api: Api) -> None:
    client = api(school, "parent")
    file = upload(school, "parent")
    poll = {"question": "Когда?", "options": ["Сегодня", "Завтра"]}
    body = {"file_ids": [file.pk], "poll": poll, "client_key": str(uuid4())}
    first = write(client, chat, "Один раз", **body)
    Chat.objects.filter(pk=chat.pk).update(slow_seconds=3600)
    assert write(client, chat, "Один раз", **body) == first
    assert (first["client_key"], len(first["files"])) == (body["client_key"], 1)
    assert Message.objects.filter(chat=chat).count() == 1
    elsewhere = client.post(address(client, general(school)), {"text": "Иное", "client_key": body["client_key"]})
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (409, "client_key_used")
    # Keys of two people never meet.
    assert write(api(school, "leader"), chat, "Другое", client_key=body["client_key"])["id"] != first["id"]


@pytest.mark.req("CHAT-4", "CHAT-5", "CHAT-6")
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "text_empty"),
        ({"text": "\u200b \u202e"}, "text_empty"),
        ({"text": "я" * 4001}, "text_too_long"),
        ({"text": "x" * 100_000}, "text_too_long"),
        ({"text": " ".join(f"@[{n}]" for n in range(1, 2000))}, "text_too_long"),
        ({"text": " ".join(f"@[{n}]" for n in range(1, 200))}, "mentions_many"),
        ({"text": "Ответ", "reply_to": HUGE - 1}, "reply_elsewhere"),
        ({"file_ids": [HUGE - 1]}, "file_not_yours"),
        ({"file_ids": list(range(1, 12))}, "files_many"),
        ({"text": "a", "reply_to": HUGE}, "invalid"),
        ({"text": "a", "client_key": "x"}, "invalid"),
        ({"text": "a", "client_key": 2**200}, "invalid"),
        ({"text": ["a"]}, "invalid"),
        ({"text": "a", "poll": []}, "invalid"),
        ({"poll": {"question": "Да?", "options": ["Да"]}}, "poll_options_few"),
        ({"poll": {"question": "Да?", "options": [str(n) for n in range(50)]}}, "poll_options_many"),
        ({"poll": {"question": "Да?", "options": ["x"] * 1000}}, "invalid"),
        ({"poll": {"question": "\u200b", "options": ["Да", "Нет"]}}, "poll_question_required"),
    ],
)
def test_what_cannot_be_sent_is_refused(school: School, chat: Chat, api: Api, body: dict, code: str) -> None:
    client = api(school, "parent")
    answer = client.post(address(client, chat), body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert not Message.objects.filter(chat=chat).exists()


@pytest.mark.req("CHAT-4")
@pytest.mark.parametrize("method", ["post", "patch"])
@pytest.mark.parametrize(
    "value", [None, True, 0, -1, 1.5, 10**40, "", "\u0000", "\ud800", "x" * 5000, [], {}, ["x"], {"a": 1}], ids=repr
)
def test_bad_input_is_the_senders_error(school: School, chat: Chat, api: Api, method: str, value: object) -> None:
    client = api(school, "parent")
    message = say(school, "parent", chat)
    fields = ["text", "reply_to", "file_ids", "poll", "is_urgent", "client_key"] if method == "post" else ["text"]
    path = address(client, chat, "" if method == "post" else f"{message.pk}/")
    for field in fields:
        body = json.dumps({"text": "Хорошо", field: value})
        answer = client.generic(method.upper(), path, body, content_type="application/json")
        assert answer.status_code < 500, field


@pytest.mark.req("CHAT-9")
def test_slow_mode_lets_one_wait(school: School, chat: Chat, api: Api) -> None:
    client, moderator = api(school, "parent"), api(school, "leader")
    Chat.objects.filter(pk=chat.pk).update(slow_seconds=60)
    write(client, chat, "Раз")
    refused = client.post(address(client, chat), {"text": "Два"})
    assert (refused.status_code, refused.json()["code"]) == (429, "slow_mode")
    write(moderator, chat, "Раз")
    write(moderator, chat, "Два")


# --- Changing ---------------------------------------------------------------------------------------------------------
@pytest.mark.req("CHAT-4")
def test_the_author_edits_and_deletes_and_a_trace_stays(school: School, chat: Chat, api: Api) -> None:
    client, other = api(school, "parent"), api(school, "leader")
    message = write(client, chat, "Собрание в 17:00")
    path = address(client, chat, f"{message['id']}/")
    assert other.patch(path, {"text": "Я"}).status_code == 403
    edited = client.patch(path, {"text": "Собрание в 18:00"}).json()
    assert (edited["text"], edited["number"], edited["event"]) == ("Собрание в 18:00", 1, 2)
    assert edited["edited_at"]
    assert client.patch(path, {"text": " "}).status_code == 400
    trace = client.delete(path).json()
    assert (trace["text"], trace["html"], bool(trace["deleted_at"])) == ("", "", True)
    assert trace["removed_by_moderator"] is False
    again = client.delete(path)
    assert (again.status_code, again.json()) == (200, trace)
    assert client.patch(path, {"text": "Снова"}).status_code == 403


@pytest.mark.req("CHAT-4")
def test_the_time_for_changes_ends(school: School, chat: Chat, api: Api) -> None:
    client = api(school, "parent")
    message = say(school, "parent", chat)
    Message.objects.filter(pk=message.pk).update(created_at=timezone.now() - timedelta(hours=25))
    path = address(client, chat, f"{message.pk}/")
    assert client.patch(path, {"text": "Поздно"}).status_code == 403
    assert client.delete(path).status_code == 403


@pytest.mark.req("CHAT-4")
def test_moderators_pin_and_unpin(school: School, chat: Chat, api: Api) -> None:
    client, parent = api(school, "leader"), api(school, "parent")
    first, second = say(school, "parent", chat, "Раз"), say(school, "leader", chat, "Два")
    for message in (first, second):
        assert client.post(address(client, chat, f"{message.pk}/pin/")).json()["is_pinned"] is True
    assert parent.post(address(parent, chat, f"{first.pk}/pin/")).status_code == 403
    pinned = parent.get(parent.inside(f"chats/{chat.pk}/pinned/")).json()["messages"]
    assert [row["id"] for row in pinned] == [second.pk, first.pk]
    assert client.post(address(client, chat, f"{second.pk}/unpin/")).json()["is_pinned"] is False
    pinned = parent.get(parent.inside(f"chats/{chat.pk}/pinned/")).json()["messages"]
    assert [row["id"] for row in pinned] == [first.pk]


# --- Pages of messages ------------------------------------------------------------------------------------------------
@pytest.fixture
def talk(school: School, chat: Chat) -> list[int]:
    """Twelve messages; their numbers have gaps where the third was pinned and the fifth deleted."""
    for number in range(12):
        message = say(school, "parent", chat, f"Сообщение {number}")
        if number == 2:
            pin(actor=school.actor("leader"), chat=seen(school, "leader", chat), message=message, pinned=True)
        if number == 4:
            delete(actor=school.actor("leader"), chat=seen(school, "leader", chat), message=message)
    return list(Message.objects.filter(chat=chat).order_by("number").values_list("number", flat=True))


@pytest.mark.req("CHAT-4")
@pytest.mark.parametrize("limit", [1, 2, 5, 12, 100])
def test_walking_back_and_forth_finds_every_message_once(
    school: School, chat: Chat, talk: list[int], api: Api, limit: int
) -> None:
    client = api(school, "leader")

    def page(**query: int) -> dict[str, Any]:
        return client.get(address(client, chat), {"limit": limit, **query}).json()

    walked: list[int] = []
    found = page()
    assert found["has_after"] is False
    while True:
        numbers = [row["number"] for row in found["messages"]]
        assert len(numbers) <= limit
        walked = numbers + walked
        if not found["has_before"]:
            break
        found = page(before=walked[0])
        assert found["has_after"] is True
    assert walked == talk
    forth: list[int] = []
    while True:
        found = page(after=forth[-1] if forth else 0)
        forth += [row["number"] for row in found["messages"]]
        if not found["has_after"]:
            break
    assert forth == talk


@pytest.mark.req("CHAT-4")
@pytest.mark.parametrize("limit", [1, 2, 3, 5, 30])
@pytest.mark.parametrize("place", [0, 1, 4, 9, 14, 99])
def test_a_link_to_a_message_shows_it_with_its_surroundings(
    school: School, chat: Chat, talk: list[int], api: Api, limit: int, place: int
) -> None:
    client = api(school, "parent")
    found = client.get(address(client, chat), {"around": place, "limit": limit}).json()
    earlier = [number for number in talk if number < place]
    later = [number for number in talk if number >= place]
    before, after = limit // 2, limit - limit // 2
    expected = (earlier[-before:] if before else []) + later[:after]
    assert [row["number"] for row in found["messages"]] == expected
    assert found["has_before"] is (len(earlier) > before)
    assert found["has_after"] is (len(later) > after)


@pytest.mark.req("CHAT-4")
def test_a_day_is_one_of_the_organizations_clock(school: School, chat: Chat, api: Api) -> None:
    zone = school.organization.zone
    days = [datetime(2026, 9, 1, 23, 59, tzinfo=zone), datetime(2026, 9, 2, 0, 1, tzinfo=zone)]
    for day in days:
        message = say(school, "parent", chat, f"{day:%d.%m}")
        Message.objects.filter(pk=message.pk).update(created_at=day)
    client = api(school, "leader")

    def on(day: str) -> list[str]:
        return [row["text"] for row in client.get(address(client, chat), {"date": day}).json()["messages"]]

    assert on("2026-09-01") == on("2026-01-01") == ["01.09", "02.09"]
    assert on("2026-09-02") == ["02.09"]
    # After the last message: the latest.
    assert on("2027-01-01") == ["01.09", "02.09"]


@pytest.mark.req("CHAT-4")
@pytest.mark.parametrize(
    "query",
    [
        {"before": "x"},
        {"before": str(HUGE)},
        {"after": "-1"},
        {"around": "1.5"},
        {"date": "2026-13-01"},
        {"limit": "101"},
        {"limit": "0"},
        {"before": "1", "after": "2"},
    ],
    ids=str,
)
def test_a_bad_place_is_the_readers_error(school: School, chat: Chat, api: Api, query: dict[str, str]) -> None:
    client = api(school, "parent")
    assert client.get(address(client, chat), query).status_code == 400


# --- What came since --------------------------------------------------------------------------------------------------
@pytest.mark.req("CHAT-4")
def test_changes_bring_every_message_as_it_is_now(school: School, chat: Chat, talk: list[int], api: Api) -> None:
    client = api(school, "leader")

    def changes(after: int) -> dict[str, Any]:
        return client.get(client.inside(f"chats/{chat.pk}/changes/"), {"after": after}).json()

    everything = changes(0)
    page = client.get(address(client, chat), {"limit": 100}).json()
    by_number = sorted(everything["messages"], key=lambda row: row["number"])
    assert by_number == page["messages"]
    assert everything["last_event"] == page["last_event"] == 14
    assert [row["event"] for row in everything["messages"]] == sorted(row["event"] for row in page["messages"])
    assert everything["chat"] is None
    nothing = changes(14)
    assert (nothing["messages"], nothing["last_event"], nothing["has_more"]) == ([], 14, False)
    client.patch(client.inside(f"chats/{chat.pk}/"), {"slow_seconds": 30})
    changed = changes(14)
    assert (changed["chat"]["slow_seconds"], changed["last_event"], changed["messages"]) == (30, 15, [])
    # A client that knows more than there is (the server came back from a copy) is told where things stand.
    assert changes(99)["last_event"] == 15


@pytest.mark.req("CHAT-4")
def test_many_changes_come_in_portions(
    school: School, chat: Chat, talk: list[int], api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chats.selectors.messages.MOST_CHANGES", 5)
    client = api(school, "leader")
    known, seen_numbers = 0, []
    while True:
        found = client.get(client.inside(f"chats/{chat.pk}/changes/"), {"after": known}).json()
        known = found["last_event"]
        seen_numbers += [row["number"] for row in found["messages"]]
        if not found["has_more"]:
            break
    assert sorted(seen_numbers) == talk
    assert known == 14


@pytest.mark.req("CHAT-4")
def test_reading_moves_marks_forward_only(school: School, chat: Chat, api: Api) -> None:
    leader, parent = api(school, "leader"), api(school, "parent")
    for text in ("Раз", "Два", "Три"):
        write(leader, chat, text)
    path = parent.inside(f"chats/{chat.pk}/read/")
    assert parent.post(path, {"number": 2}).json() == {"unread": 1}
    assert parent.post(path, {"number": 1}).json() == {"unread": 1}
    changes = leader.get(leader.inside(f"chats/{chat.pk}/changes/"), {"after": 3}).json()
    assert changes["read_by_others"] == 2
    assert parent.post(path, {"number": HUGE - 1}).json() == {"unread": 0}
    assert parent.post(path, {"number": HUGE}).status_code == 400
    assert MemberState.objects.get(chat=chat, person=school.people["parent"]).read_number == 3
    readers = leader.get(address(leader, chat, f"{Message.objects.get(number=3).pk}/readers/")).json()["results"]
    assert readers == [{"id": school.people["parent"].pk, "name": school.people["parent"].full_name}]


@pytest.mark.req("CHAT-4")
def test_readers_are_not_shown_where_thousands_are(school: School, api: Api) -> None:
    chat = general(school)
    message = say(school, "head", chat, "Всем")
    client, reader = api(school, "head"), api(school, "student")
    reader.post(reader.inside(f"chats/{chat.pk}/read/"), {"number": 1})
    refused = client.get(address(client, chat, f"{message.pk}/readers/"))
    assert (refused.status_code, refused.json()["code"]) == (403, "readers_not_shown")
    assert client.get(client.inside(f"chats/{chat.pk}/")).json()["read_by_others"] == 0


@pytest.mark.req("CHAT-4")
def test_each_member_chooses_what_to_be_told_of(school: School, chat: Chat, api: Api) -> None:
    client = api(school, "parent")
    path = client.inside(f"chats/{chat.pk}/notify/")
    assert client.put(path, {"notify": "mentions"}).json() == {"notify": "mentions"}
    assert client.get(client.inside(f"chats/{chat.pk}/")).json()["me"]["notify"] == "mentions"
    assert client.put(path, {"notify": "loud"}).status_code == 400


# --- Files ------------------------------------------------------------------------------------------------------------
@pytest.mark.req("CHAT-5")
def test_files_hang_on_a_message_and_are_listed_as_materials(school: School, chat: Chat, api: Api) -> None:
    client, other = api(school, "parent"), api(school, "leader")
    plan, photo = upload(school, "parent"), upload(school, "parent", FileKind.PICTURE, "класс.jpg")
    foreign = upload(school, "leader")
    refused = client.post(address(client, chat), {"file_ids": [plan.pk, foreign.pk]})
    assert (refused.status_code, refused.json()["code"]) == (400, "file_not_yours")
    message = write(client, chat, file_ids=[photo.pk, plan.pk])
    assert [file["name"] for file in message["files"]] == ["класс.jpg", "план.pdf"]
    assert message["files"][0]["preview_url"] == f"{message['files'][0]['url']}?preview=1"
    assert message["files"][1]["preview_url"] is None
    assert other.get(address(other, chat)).json()["messages"] == [message]
    path = other.inside(f"chats/{chat.pk}/files/")
    rows = other.get(path).json()["results"]
    assert {row["id"] for row in rows} == {plan.pk, photo.pk}
    assert {(row["message_id"], row["number"], row["author"]["id"]) for row in rows} == {
        (message["id"], 1, school.people["parent"].pk)
    }
    assert [row["id"] for row in other.get(path, {"kind": "picture"}).json()["results"]] == [photo.pk]
    assert other.get(path, {"kind": "virus"}).status_code == 400
    client.delete(address(client, chat, f"{message['id']}/"))
    assert other.get(path).json()["results"] == []
    assert not StoredFile.objects.filter(pk__in=[plan.pk, photo.pk]).exists()


# --- Polls ------------------------------------------------------------------------------------------------------------
@pytest.mark.req("CHAT-6")
def test_an_open_poll_shows_who_chose_what(school: School, chat: Chat, api: Api) -> None:
    leader, parent = api(school, "leader"), api(school, "parent")
    poll = {"question": "Когда собрание?", "options": ["Среда", "Четверг"], "is_multiple": True}
    message = write(leader, chat, poll=poll)
    wednesday, thursday = (option["id"] for option in message["poll"]["options"])
    path = address(parent, chat, f"{message['id']}/")
    voted = parent.post(f"{path}vote/", {"options": [wednesday, thursday]})
    assert voted.status_code == 200
    assert [option["vote_count"] for option in voted.json()["poll"]["options"]] == [1, 1]
    assert parent.get(address(parent, chat)).json()["votes"] == {str(message["id"]): [wednesday, thursday]}
    assert leader.get(address(leader, chat)).json()["votes"] == {}
    parent.post(f"{path}vote/", {"options": [thursday]})
    voters = leader.get(f"{path}voters/", {"option": thursday}).json()["results"]
    assert [row["id"] for row in voters] == [school.people["parent"].pk]
    assert leader.get(f"{path}voters/", {"option": wednesday}).json()["results"] == []
    assert leader.get(f"{path}voters/", {"option": HUGE - 1}).status_code == 404
    assert leader.get(f"{path}voters/").status_code == 400
    assert parent.post(f"{path}vote/", {"options": []}).json()["poll"]["voter_count"] == 0
    assert parent.post(f"{path}close-poll/").status_code == 403
    assert leader.post(f"{path}close-poll/").json()["poll"]["is_closed"] is True
    late = parent.post(f"{path}vote/", {"options": [thursday]})
    assert (late.status_code, late.json()["code"]) == (409, "poll_closed")


@pytest.mark.req("CHAT-6")
def test_an_anonymous_poll_tells_nobody_who_voted(school: School, chat: Chat, api: Api) -> None:
    leader, parent = api(school, "leader"), api(school, "parent")
    poll = {"question": "Довольны ли вы?", "options": ["Да", "Нет"], "is_anonymous": True}
    message = write(leader, chat, poll=poll)
    option = message["poll"]["options"][0]["id"]
    path = address(parent, chat, f"{message['id']}/")
    parent.post(f"{path}vote/", {"options": [option]})
    assert parent.get(address(parent, chat)).json()["votes"] == {str(message["id"]): []}
    again = parent.post(f"{path}vote/", {"options": [option]})
    assert (again.status_code, again.json()["code"]) == (409, "poll_already_voted")
    refused = leader.get(f"{path}voters/", {"option": option})
    assert (refused.status_code, refused.json()["code"]) == (403, "poll_anonymous")


@pytest.mark.req("CHAT-6")
def test_a_message_without_a_poll_takes_no_votes(school: School, chat: Chat, api: Api) -> None:
    client = api(school, "parent")
    message = say(school, "parent", chat)
    path = address(client, chat, f"{message.pk}/")
    assert client.post(f"{path}vote/", {"options": [1]}).json()["code"] == "poll_gone"
    assert client.post(f"{path}close-poll/").status_code == 403
    assert client.get(f"{path}voters/", {"option": 1}).status_code == 404


# --- Searching in one chat --------------------------------------------------------------------------------------------
@pytest.mark.req("CHAT-4")
def test_search_in_one_chat_stays_in_it(school: School, chat: Chat, api: Api) -> None:
    inside = say(school, "leader", chat, "Ёлка в актовом зале")
    say(school, "leader", chat_of(school, Template.UNIT_STUDENTS), "Ёлка в классе")
    client = api(school, "leader")
    path = client.inside(f"chats/{chat.pk}/search/")
    assert [row["id"] for row in client.get(path, {"q": "елка"}).json()["results"]] == [inside.pk]
    assert client.get(path, {"q": "x" * 300}).status_code == 400
    assert client.get(path, {"q": "%"}).json()["results"] == []


@pytest.mark.req("CHAT-4", "ACC-4")
def test_a_message_is_found_in_its_own_chat_only(school: School, chat: Chat, api: Api) -> None:
    message = say(school, "leader", chat)
    personal = personal_chat(actor=school.actor("parent"), person=school.people["leader"])
    client = api(school, "parent")
    for elsewhere in (personal, general(school)):
        for method, path in (("get", ""), ("patch", ""), ("delete", ""), ("post", "pin/"), ("post", "vote/")):
            answer = getattr(client, method)(address(client, elsewhere, f"{message.pk}/{path}"))
            assert answer.status_code == 404, (method, path)
