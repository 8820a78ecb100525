"""Chats over the API: the list, opening, settings, people, the link (CHAT-1, CHAT-2, CHAT-3, CHAT-8, INV-10)."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from chats.models import Chat, ChatLink, ChatMember, Mute, Template
from chats.selectors.chats import chats_of
from chats.services.chats import ChatData, create_chat, personal_chat
from chats.services.safety import inspect
from orgs.services.administration import grant_right
from tests.api.conftest import Api
from tests.chats.cast import chat_of, general, say, switch_on
from tests.world import CAST, School, World


@pytest.fixture
def school(world: World) -> School:
    switch_on(world.a)
    return world.a


@pytest.fixture
def free(school: School) -> Chat:
    """A chat that the leader opened for the parent and the student."""
    people = [school.people["parent"].pk, school.people["student"].pk]
    return create_chat(actor=school.actor("leader"), data=ChatData(title="Поход", people=people))


def ids_of(school: School, *names: str) -> list[int]:
    return [school.people[name].pk for name in names]


# --- The list ---------------------------------------------------------------------------------------------------------
@pytest.mark.req("CHAT-1", "CHAT-4", "INT-1")
@pytest.mark.parametrize("who", CAST)
def test_everybody_lists_exactly_the_own_chats(school: School, api: Api, who: str) -> None:
    client = api(school, who)
    listed = client.get(client.inside("chats/")).json()["results"]
    assert {row["id"] for row in listed} == set(chats_of(school.actor(who)).values_list("pk", flat=True))


@pytest.mark.req("CHAT-4")
def test_the_list_tells_what_is_unread_and_who_spoke_last(school: School, api: Api) -> None:
    chat = chat_of(school, Template.UNIT_PARENTS)
    parent = school.people["parent"]
    say(school, "leader", general(school), "Всем")
    say(school, "leader", chat, "Собрание в четверг")
    say(school, "leader", chat, f"@[{parent.pk}], придёте?")
    client = api(school, "parent")
    first, second = client.get(client.inside("chats/")).json()["results"]
    assert (first["id"], second["id"]) == (chat.pk, general(school).pk)
    assert (first["unread"], first["mentioned"]) == (2, 1)
    assert first["last_message"]["author"]["name"] == school.people["leader"].full_name
    assert first["last_message"]["snippet"].endswith("придёте?")
    client.post(client.inside(f"chats/{chat.pk}/read/"), {"number": 2})
    first = client.get(client.inside("chats/")).json()["results"][0]
    assert (first["unread"], first["mentioned"], first["read_number"]) == (0, 0, 2)


@pytest.mark.req("CHAT-9")
def test_archived_chats_are_listed_apart(school: School, api: Api, free: Chat) -> None:
    leader, parent = api(school, "leader"), api(school, "parent")
    assert leader.post(leader.inside(f"chats/{free.pk}/archive/")).json()["is_archived"] is True

    def listed(**query: bool) -> list[int]:
        return [row["id"] for row in parent.get(parent.inside("chats/"), query).json()["results"]]

    assert free.pk not in listed()
    assert listed(archived=True) == [free.pk]
    detail = parent.get(parent.inside(f"chats/{free.pk}/")).json()
    assert detail["me"]["obstacle"]["code"] == "archived"
    refused = parent.post(parent.inside(f"chats/{free.pk}/messages/"), {"text": "Ещё?"})
    assert (refused.status_code, refused.json()["code"]) == (403, "archived")
    assert leader.post(leader.inside(f"chats/{free.pk}/restore/")).json()["is_archived"] is False
    assert free.pk in listed()


# --- Opening ----------------------------------------------------------------------------------------------------------
@pytest.mark.req("CHAT-2")
def test_staff_open_chats_for_people_and_circles(school: School, api: Api) -> None:
    client = api(school, "leader")
    body = {
        "title": "Совет родителей",
        "purpose": "Подготовка праздника",
        "template": "parents_council",
        "people": ids_of(school, "head"),
        "circles": [{"audience": "parents", "unit": school.units["5А"].pk}],
        "writers": "staff",
    }
    answer = client.post(client.inside("chats/"), body)
    assert answer.status_code == 201
    made = answer.json()
    assert (made["title"], made["template"], made["writers"]) == ("Совет родителей", "parents_council", "staff")
    # The leader, the head, both parents of 5А.
    assert made["member_count"] == 4
    assert made["owner"]["id"] == school.people["leader"].pk
    assert made["me"]["may_moderate"] is True
    parent = api(school, "parent")
    assert parent.get(parent.inside(f"chats/{made['id']}/")).json()["me"]["obstacle"]["code"] == "staff_only"


@pytest.mark.req("CHAT-2", "ACC-4")
@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"title": " \u200b "}, 400, "title"),
        ({"title": "x" * 121}, 400, "title"),
        ({"template": "general"}, 400, "template"),
        ({"template": "personal"}, 400, "template"),
        ({"people": [2**63]}, 400, "people"),
        ({"circles": [{"audience": "somebody"}]}, 400, "circles"),
        ({"circles": [{"audience": "students", "unit": None}]}, 403, "circles"),
        ({"writers": "nobody"}, 400, "writers"),
    ],
)
def test_what_cannot_be_opened_is_refused(school: School, api: Api, body: dict, status: int, field: str) -> None:
    client = api(school, "teacher")
    before = Chat.objects.count()
    answer = client.post(client.inside("chats/"), {"title": "Кружок", **body})
    assert (answer.status_code, list(answer.json()["fields"])) == (status, [field])
    assert Chat.objects.count() == before


@pytest.mark.req("CHAT-3", "CHAT-9")
def test_personal_chats_follow_the_rule_of_who_may_begin(school: School, api: Api) -> None:
    client = api(school, "parent")
    names = [row["name"] for row in client.get(client.inside("chats/contacts/")).json()["results"]]
    assert school.people["leader"].full_name in names
    assert school.people["teacher"].full_name not in names
    found = client.get(client.inside("chats/contacts/"), {"q": "веду"}).json()["results"]
    assert found == [{"id": school.people["leader"].pk, "name": school.people["leader"].full_name}]
    opened = client.post(client.inside("chats/personal/"), {"person": school.people["leader"].pk})
    assert opened.status_code == 200
    assert opened.json()["title"] == school.people["leader"].full_name
    assert opened.json()["member_count"] == 2
    again = client.post(client.inside("chats/personal/"), {"person": school.people["leader"].pk})
    assert again.json()["id"] == opened.json()["id"]
    closed = client.post(client.inside("chats/personal/"), {"person": school.people["teacher"].pk})
    assert (closed.status_code, closed.json()["code"]) == (403, "contact_closed")
    assert client.post(client.inside("chats/personal/"), {"person": school.people["parent"].pk}).status_code == 403


# --- Settings ---------------------------------------------------------------------------------------------------------
@pytest.mark.req("CHAT-9")
def test_a_moderator_changes_the_rules_of_a_chat(school: School, api: Api, free: Chat) -> None:
    leader = api(school, "leader")
    body = {"title": "Поход в лес", "purpose": "Сбор в 9:00", "writers": "moderators", "slow_seconds": 60}
    changed = leader.patch(leader.inside(f"chats/{free.pk}/"), body).json()
    assert {name: changed[name] for name in body} == body
    assert leader.patch(leader.inside(f"chats/{free.pk}/"), {"slow_seconds": 7}).status_code == 400
    # What is removed is gone: how long messages are kept is decided by whoever keeps the registry.
    assert leader.patch(leader.inside(f"chats/{free.pk}/"), {"retention_days": 30}).status_code == 403
    administrator = api(school, "administrator")
    assert administrator.get(administrator.inside(f"chats/{free.pk}/")).status_code == 404
    kept = administrator.patch(administrator.inside(f"chats/{free.pk}/"), {"retention_days": 30})
    assert kept.status_code == 200
    free.refresh_from_db()
    assert free.retention_days == 30


@pytest.mark.req("CHAT-1")
def test_chats_of_the_structure_keep_their_name_and_their_people(school: School, api: Api) -> None:
    chat = chat_of(school, Template.UNIT_PARENTS)
    client = api(school, "leader")
    assert client.patch(client.inside(f"chats/{chat.pk}/"), {"title": "Иначе"}).json()["code"] == "chat_title_fixed"
    me = client.get(client.inside(f"chats/{chat.pk}/")).json()["me"]
    assert (me["may_change"], me["may_change_members"], me["may_archive"], me["may_leave"]) == (
        True,
        False,
        False,
        False,
    )
    for method, path in (("post", "archive/"), ("post", "leave/"), ("get", "link/"), ("post", "members/")):
        assert getattr(client, method)(client.inside(f"chats/{chat.pk}/{path}")).status_code == 403, path


# --- People -----------------------------------------------------------------------------------------------------------
@pytest.mark.req("CHAT-8", "REG-7")
def test_members_are_listed_with_what_they_are_here(school: School, api: Api) -> None:
    chat = chat_of(school, Template.UNIT_PARENTS)
    client = api(school, "parent")
    rows = {row["name"]: row for row in client.get(client.inside(f"chats/{chat.pk}/members/")).json()["results"]}
    assert set(rows) == {school.people[name].full_name for name in ("leader", "parent", "waiting_parent")}
    leader, parent = rows[school.people["leader"].full_name], rows[school.people["parent"].full_name]
    assert (leader["labels"], leader["is_moderator"], leader["is_owner"]) == (["классный руководитель"], True, False)
    assert (parent["labels"], parent["is_moderator"]) == (["родитель: Ёжиков Пётр"], False)
    assert rows[school.people["waiting_parent"].full_name]["has_joined"] is False


@pytest.mark.req("CHAT-9")
def test_the_general_chat_gives_away_no_families(school: School, api: Api) -> None:
    path = f"chats/{general(school).pk}/members/"

    def labels(who: str, name: str) -> list[str]:
        client = api(school, who)
        [row] = client.get(client.inside(path), {"q": school.people[name].full_name}).json()["results"]
        return row["labels"]

    assert labels("student", "both") == ["родитель"]
    assert labels("student", "other_student") == ["ученик"]
    assert labels("student", "classmate") == ["ученик 5А"]
    assert labels("teacher", "both") == ["родитель: Белкин Борис"]
    assert labels("head", "parent") == ["родитель: Ёжиков Пётр"]
    assert labels("student", "leader") == ["классный руководитель 5А"]
    assert labels("student", "teacher") == ["учитель"]
    assert labels("student", "administrator") == ["администратор"]


@pytest.mark.req("CHAT-9")
@pytest.mark.parametrize("template", [Template.GENERAL, Template.UNIT_PARENTS, Template.UNIT_STUDENTS, "free"])
def test_the_list_and_the_predicate_agree_on_who_moderates(school: School, api: Api, free: Chat, template: str) -> None:
    grant_right(
        actor=school.actor("administrator"),
        person=school.people["parent"],
        codename="moderate_chats",
        unit=school.units["5А"],
    )
    chats = {Template.GENERAL: general(school), "free": free}
    chat = chats.get(template) or chat_of(school, Template(template))
    client = api(school, "leader")
    rows = client.get(client.inside(f"chats/{chat.pk}/members/"), {"limit": 100}).json()["results"]
    listed = {row["id"]: row["is_moderator"] for row in rows}
    for name, person in school.people.items():
        if person.pk in listed and person.has_joined:
            other = api(school, name)
            me = other.get(other.inside(f"chats/{chat.pk}/")).json()["me"]
            assert me["may_moderate"] == listed[person.pk], name
    assert any(listed.values())


@pytest.mark.req("CHAT-2", "CHAT-8")
def test_the_owner_chooses_people_moderators_and_another_owner(school: School, api: Api, free: Chat) -> None:
    client = api(school, "leader")
    base = f"chats/{free.pk}/"
    head, student = ids_of(school, "head", "student")
    added = client.post(client.inside(f"{base}members/"), {"people": [head, student]})
    assert (added.status_code, added.json()) == (201, {"count": 1})
    assert client.put(client.inside(f"{base}moderators/{head}/")).status_code == 204
    assert client.put(client.inside(f"{base}moderators/{student}/")).json()["code"] == "moderator_not_staff"
    assert ChatMember.objects.get(chat=free, person=head, until=None).is_moderator
    assert client.delete(client.inside(f"{base}moderators/{head}/")).status_code == 204
    assert client.delete(client.inside(f"{base}members/{student}/")).status_code == 204
    assert client.delete(client.inside(f"{base}members/{student}/")).status_code == 404
    gone = api(school, "student")
    assert gone.get(gone.inside(base)).status_code == 404
    stays = client.post(client.inside(f"{base}leave/"))
    assert (stays.status_code, stays.json()["code"]) == (409, "chat_owner_stays")
    assert client.post(client.inside(f"{base}owner/"), {"person": head}).json()["owner"]["id"] == head
    assert client.post(client.inside(f"{base}leave/")).status_code == 204
    assert client.get(client.inside(base)).status_code == 404


@pytest.mark.req("CHAT-9", "ACC-4")
def test_people_out_of_sight_cannot_be_chosen(school: School, api: Api, free: Chat) -> None:
    client = api(school, "leader")
    stranger = school.people["other_student"].pk
    assert client.post(client.inside(f"chats/{free.pk}/members/"), {"people": [stranger]}).status_code == 400
    body = {"title": "Кружок", "people": [stranger]}
    assert client.post(client.inside("chats/"), body).json()["code"] == "chat_people_unknown"


@pytest.mark.req("CHAT-9")
def test_the_registry_is_no_way_into_a_chat(school: School, api: Api, free: Chat) -> None:
    client = api(school, "administrator")
    base, own = f"chats/{free.pk}/", school.people["administrator"].pk
    assert client.get(client.inside(f"{base}members/")).status_code == 200
    assert client.get(client.inside(f"{base}messages/")).status_code == 404
    for path, body in (("members/", {"people": [own]}), ("owner/", {"person": own})):
        refused = client.post(client.inside(base + path), body)
        assert (refused.status_code, refused.json()["code"]) == (403, "not_by_oneself"), path
    assert client.post(client.inside(f"{base}link/")).status_code == 403
    # Neither is a look into it.
    inspect(actor=school.actor("administrator"), chat=free, reason="Жалоба родителя")
    assert client.get(client.inside(f"{base}messages/")).status_code == 200
    assert client.post(client.inside(f"{base}link/")).status_code == 403
    assert client.post(client.inside(f"{base}members/"), {"people": [own]}).status_code == 403
    others = client.post(client.inside(f"{base}members/"), {"people": ids_of(school, "head")})
    assert others.status_code == 201


@pytest.mark.req("CHAT-8")
def test_only_who_was_chosen_can_leave(school: School, api: Api) -> None:
    chat = create_chat(
        actor=school.actor("leader"),
        data=ChatData(title="Класс", people=ids_of(school, "student"), circles=[("parents", school.units["5А"].pk)]),
    )
    parent, student = api(school, "parent"), api(school, "student")
    for client, may in ((parent, False), (student, True)):
        me = client.get(client.inside(f"chats/{chat.pk}/")).json()["me"]
        assert me["may_leave"] is may
        status = client.post(client.inside(f"chats/{chat.pk}/leave/")).status_code
        assert status == (204 if may else 403)


# --- The link ---------------------------------------------------------------------------------------------------------
@pytest.mark.req("INV-10")
def test_a_link_lets_in_people_of_this_organization_only(world: World, school: School, api: Api, free: Chat) -> None:
    leader = api(school, "leader")
    path = leader.inside(f"chats/{free.pk}/link/")
    assert leader.get(path).status_code == 404
    made = leader.post(path, {"days": 3})
    assert made.status_code == 201
    token = re.search(r"/o/a/.*?([\w-]+)/$", made.json()["url"])[1]  # type: ignore[index]
    teacher, foreign = api(school, "teacher"), api(world.b, "teacher")
    assert teacher.get(teacher.inside(f"chats/{free.pk}/")).status_code == 404
    assert foreign.post(foreign.inside("chats/join/"), {"token": token}).status_code == 404
    joined = teacher.post(teacher.inside("chats/join/"), {"token": token})
    assert (joined.status_code, joined.json()["id"]) == (200, free.pk)
    assert teacher.post(teacher.inside("chats/join/"), {"token": token}).status_code == 200
    assert leader.get(path).json()["uses"] == 1
    assert teacher.post(teacher.inside("chats/join/"), {"token": f"{token}x"}).status_code == 404
    assert leader.delete(path).status_code == 204
    head = api(school, "head")
    dead = head.post(head.inside("chats/join/"), {"token": token})
    assert (dead.status_code, dead.json()["code"]) == (410, "chat_link_dead")


@pytest.mark.req("INV-10")
def test_an_expired_link_is_dead(school: School, api: Api, free: Chat) -> None:
    leader = api(school, "leader")
    url = leader.post(leader.inside(f"chats/{free.pk}/link/")).json()["url"]
    ChatLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    head = api(school, "head")
    assert head.post(head.inside("chats/join/"), {"token": url.rstrip("/").rpartition("/")[2]}).status_code == 410


# --- Searching --------------------------------------------------------------------------------------------------------
@pytest.mark.req("CHAT-4")
def test_search_looks_into_ones_own_chats_and_names_them(school: School, api: Api) -> None:
    parent, leader = school.people["parent"], school.people["leader"]
    personal = personal_chat(actor=school.actor("parent"), person=leader)
    say(school, "leader", chat_of(school, Template.UNIT_PARENTS), "Экскурсия в музей")
    say(school, "parent", personal, "Сколько стоит экскурсия?")
    say(school, "leader", chat_of(school, Template.UNIT_STUDENTS), "Экскурсия в пятницу")
    client = api(school, "parent")
    found = client.get(client.inside("chats/search/"), {"q": "экскурсия"}).json()["results"]
    assert [row["chat"]["title"] for row in found] == [leader.full_name, "5А · родители"]
    assert found[0]["message"]["author"]["id"] == parent.pk
    assert client.get(client.inside("chats/search/"), {"q": " "}).json()["results"] == []


# --- Who only looks ---------------------------------------------------------------------------------------------------
@pytest.mark.req("CHAT-9")
def test_who_looks_into_a_chat_reads_and_nothing_else(school: School, api: Api) -> None:
    chat = chat_of(school, Template.UNIT_STUDENTS)
    message = say(school, "student", chat, "Кто сделал домашнее?")
    inspect(actor=school.actor("head"), chat=chat, reason="Обращение родителя")
    client = api(school, "head")
    base = f"chats/{chat.pk}/"
    detail = client.get(client.inside(base)).json()
    assert (detail["me"]["is_member"], detail["me"]["obstacle"]["code"]) == (False, "looking")
    for path in ("messages/", "members/", "pinned/", "files/", "changes/?after=0", f"messages/{message.pk}/readers/"):
        assert client.get(client.inside(base + path)).status_code == 200, path
    writes = {
        "messages/": {"text": "Здравствуйте"},
        f"messages/{message.pk}/vote/": {"options": [1]},
        f"messages/{message.pk}/pin/": {},
        f"messages/{message.pk}/report/": {"reason": "other"},
        f"messages/{message.pk}/remove/": {"reason": "Так"},
        "read/": {"number": 1},
        "mutes/": {"person": school.people["student"].pk, "hours": 1, "reason": "Так"},
    }
    for path, body in writes.items():
        assert client.post(client.inside(base + path), body).status_code == 403, path
    assert client.put(client.inside(f"{base}notify/"), {"notify": "none"}).status_code == 403
    assert client.patch(client.inside(f"{base}messages/{message.pk}/"), {"text": "Я"}).status_code == 403
    assert client.delete(client.inside(f"{base}messages/{message.pk}/")).status_code == 403
    assert not Mute.objects.exists()


@pytest.mark.req("INT-1")
def test_numbers_no_database_holds_are_simply_not_found(school: School, api: Api, free: Chat) -> None:
    client, huge = api(school, "administrator"), 10**30
    assert client.post(client.inside(f"chats/{huge}/inspect/"), {"report": 1}).status_code == 400
    for path in (f"chats/{huge}/", f"chats/{free.pk}/messages/{huge}/"):
        assert client.get(client.inside(path)).status_code == 404
    for path in (f"chats/{free.pk}/members/{huge}/", f"chats/{free.pk}/moderators/{huge}/"):
        assert client.delete(client.inside(path)).status_code == 404
