"""«Новый чат»: for whom, without losing what was typed, and whom nobody may gather."""

import pytest

from chats.models import Chat, ChatMember, Template
from chats.selectors.chats import chats_of, members_of
from tests.chats.pages import ChatVisitor, queries_of, words
from tests.orgs.pages import crowd, many_units
from tests.world import School, World

ROWS = {"circle-TOTAL_FORMS": "2", "circle-INITIAL_FORMS": "0"}


def form(**values: object) -> dict[str, object]:
    """What the form sends, with nobody chosen."""
    return {"title": "Поездка", "purpose": "", "writers": "everyone", "do": "create", **ROWS, **values}


def opened(school: School) -> Chat:
    return Chat.objects.filter(organization=school.organization).latest("pk")


@pytest.mark.req("CHAT-2")
def test_each_finds_what_they_may_open(world: World) -> None:
    head = ChatVisitor(world.a, "head").see("new")
    for title in ("Директор и заместители", "Все сотрудники", "Родительский комитет", "Совет обучающихся"):
        assert title in head
    leader = ChatVisitor(world.a, "leader").see("new")
    assert "Совет обучающихся" not in leader
    assert "5А" in leader
    assert "включает администратор" in leader
    answer = ChatVisitor(world.a, "teacher").get("new")
    assert answer["Location"] == "/o/a/chats/new/free/"


@pytest.mark.req("CHAT-2")
def test_a_leader_is_led_to_the_chats_that_exist_by_themselves(school: School) -> None:
    page = ChatVisitor(school, "leader").get("new").content.decode()
    for template in (Template.UNIT_STUDENTS, Template.UNIT_PARENTS, Template.UNIT_STAFF):
        chat = Chat.objects.get(unit=school.units["5А"], template=template)
        assert f'href="/o/a/chats/{chat.pk}/"' in page


@pytest.mark.req("CHAT-2")
@pytest.mark.parametrize("audience", ["students", "parents", "staff"])
def test_a_leader_opens_a_chat_of_the_own_class(world: World, audience: str) -> None:
    leader = ChatVisitor(world.a, "leader")
    unit = world.a.units["5А"].pk
    page = leader.get("new_of", {"unit": str(unit), "audience": audience}, kind="free").content.decode()
    assert 'value="5А · ' in page
    rows = {**ROWS, "circle-0-audience": audience, "circle-0-unit": str(unit)}
    answer = leader.post("new_of", form(title="5А", **rows), kind="free")
    chat = opened(world.a)
    assert answer["Location"] == f"/o/a/chats/{chat.pk}/"
    names = {person.pk for person in members_of(chat)}
    expected = {"students": "student", "parents": "parent", "staff": "leader"}[audience]
    assert world.a.people[expected].pk in names
    assert world.a.people["leader"].pk in names
    assert world.a.people["other_student"].pk not in names


@pytest.mark.req("CHAT-2")
@pytest.mark.parametrize(
    ("kind", "template", "values", "who"),
    [
        ("deputies", Template.DEPUTIES, {"people": ["teacher"]}, "teacher"),
        ("staff", Template.ALL_STAFF, {"circle-0-audience": "staff", "circle-0-unit": "all"}, "leader"),
        ("parents-council", Template.PARENTS_COUNCIL, {"people": ["parent"]}, "parent"),
        ("students-council", Template.STUDENTS_COUNCIL, {"people": ["student"]}, "student"),
    ],
)
def test_the_head_opens_a_chat_by_template(
    world: World, kind: str, template: str, values: dict[str, object], who: str
) -> None:
    ids = [world.a.people[name].pk for name in values.get("people", ())]  # type: ignore[attr-defined]
    sent = form(**{**values, **({"people": ids} if ids else {})})
    assert ChatVisitor(world.a, "head").post("new_of", sent, kind=kind).status_code == 302
    chat = opened(world.a)
    assert chat.template == template
    assert chat.owner == world.a.people["head"]
    assert chats_of(world.a.actor(who)).filter(pk=chat.pk).exists()


@pytest.mark.req("CHAT-2")
def test_only_staff_open_chats_and_only_the_head_by_template(world: World) -> None:
    for name in ("parent", "student"):
        assert ChatVisitor(world.a, name).get("new").status_code == 403
        assert ChatVisitor(world.a, name).post("new_of", form(), kind="free").status_code == 403
    assert ChatVisitor(world.a, "leader").get("new_of", kind="deputies").status_code == 404
    assert ChatVisitor(world.a, "head").get("new_of", kind="personal").status_code == 404


def test_searching_without_javascript_loses_nothing_that_was_typed(world: World) -> None:
    leader = ChatVisitor(world.a, "leader")
    student, teacher = world.a.people["student"], world.a.people["teacher"]
    rows = {"circle-1-audience": "parents", "circle-1-unit": str(world.a.units["5А"].pk)}
    sent = form(title="Экскурсия", purpose="Билеты и автобус", writers="staff", q="учёный", do="find", **rows)
    answer = leader.post("new_of", {**sent, "people": [student.pk]}, kind="free")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'value="Экскурсия"' in page
    assert "Билеты и автобус</textarea>" in page
    assert 'value="staff" ' in page
    assert f'value="{student.pk}" checked' in page
    assert f'value="{teacher.pk}">' in page
    assert '<option value="parents" selected>' in page
    assert not Chat.objects.exists()


def test_enter_with_nothing_to_look_for_opens_the_chat(world: World) -> None:
    leader = ChatVisitor(world.a, "leader")
    sent = form(do="find", q="", people=[world.a.people["student"].pk])
    assert leader.post("new_of", sent, kind="free").status_code == 302


def test_more_rows_keep_what_was_chosen(world: World) -> None:
    rows = {"circle-0-audience": "staff", "circle-0-unit": "all"}
    page = ChatVisitor(world.a, "leader").post("new_of", form(do="more", **rows), kind="free").content.decode()
    assert page.count('name="circle-') >= 2 + 2 * 3
    assert '<option value="staff" selected>' in page


def test_while_one_types_only_the_people_come(world: World) -> None:
    leader = ChatVisitor(world.a, "leader")
    headers = {"HX-Request": "true", "HX-Target": "picked"}
    answer = leader.client.post(leader.url("new_of", kind="free"), {"q": "ежиков"}, headers=headers)
    assert answer.content.decode().lstrip().startswith('<div id="picked"')
    assert "Ёжиков Пётр Ильич" in answer.content.decode()


def test_somebody_must_be_chosen_and_a_name_given(world: World) -> None:
    leader = ChatVisitor(world.a, "leader")
    answer = leader.post("new_of", form(), kind="free")
    assert answer.status_code == 422
    assert "Выберите кого-нибудь" in answer.content.decode()
    answer = leader.post("new_of", form(title="​ ", people=[world.a.people["student"].pk]), kind="free")
    assert answer.status_code == 422
    half = form(**{"circle-0-audience": "parents"})
    assert "Выберите и кого, и где" in leader.post("new_of", half, kind="free").content.decode()
    assert not Chat.objects.exists()


@pytest.mark.req("CHAT-9", "CHAT-8")
def test_nobody_gathers_students_of_another_class(world: World) -> None:
    teacher = ChatVisitor(world.a, "teacher")
    strange = str(world.a.units["5А"].pk)
    for unit in (strange, "all"):
        for audience in ("students", "parents", "everyone"):
            rows = {"circle-0-audience": audience, "circle-0-unit": unit}
            answer = teacher.post("new_of", form(**rows), kind="free")
            assert answer.status_code == 422, (audience, unit)
    chosen = form(people=[world.a.people["student"].pk])
    assert teacher.post("new_of", chosen, kind="free").status_code == 422
    assert not Chat.objects.exists()
    own = {"circle-0-audience": "parents", "circle-0-unit": str(world.a.units["5Б"].pk)}
    assert teacher.post("new_of", form(**own), kind="free").status_code == 302


def test_people_of_another_school_are_not_found(world: World) -> None:
    administrator = ChatVisitor(world.a, "administrator")
    stranger = world.b.people["student"]
    answer = administrator.post("new_of", form(people=[stranger.pk]), kind="free")
    assert answer.status_code == 422
    assert not ChatMember.objects.filter(person=stranger).exists()


def test_the_number_of_queries_does_not_grow_with_the_units(school: School) -> None:
    leader = ChatVisitor(school, "leader")
    few = queries_of(leader, "new")
    many_units(school, 40)
    assert queries_of(leader, "new") == few <= 7


def test_the_number_of_queries_does_not_grow_with_the_people(world: World) -> None:
    leader = ChatVisitor(world.a, "leader")
    few = queries_of(leader, "new_of", {"q": "а"}, kind="free")
    crowd(world.a, 300)
    assert queries_of(leader, "new_of", {"q": "а"}, kind="free") == few <= 12
    assert "Есть ещё" in words(leader.get("new_of", {"q": "а"}, kind="free"))
