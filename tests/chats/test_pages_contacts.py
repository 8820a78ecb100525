"""«Написать»: whom one may write to first, in words and in a list, and the way into the personal chat."""

import pytest

from accounts.models import User
from chats.models import Chat, Template
from chats.services.system import change_rules
from orgs.models import Person
from tests.chats.pages import ChatVisitor, queries_of, words
from tests.orgs.pages import Visitor, crowd
from tests.world import School, World

EVERYTHING = {
    source: dict.fromkeys(("administration", "teacher", "parent", "student"), "everyone")
    for source in ("administration", "teacher", "parent", "student")
}


def allow(school: School, contacts: dict[str, dict[str, str]], *, safe_mode: bool = False) -> None:
    rules = {"contacts": contacts, "safe_mode": safe_mode}
    change_rules(actor=school.actor("administrator"), rules=rules)


@pytest.mark.req("CHAT-3")
def test_a_parent_finds_the_childs_teachers_and_the_administration(world: World) -> None:
    page = ChatVisitor(world.a, "parent").see("write")
    assert "Ведущая Вера Викторовна" in page
    assert "Главный Глеб Георгиевич" in page
    assert "Админова Анна" in page
    for stranger in ("Учёный", "Зайцев", "Ёжиков Пётр", "Обоева"):
        assert stranger not in page
    assert "писать: администрации; педагогам и сотрудникам классов своих детей." in page
    groups = page[page.index("Администрация", page.index("5А: педагоги")) :]
    assert groups.index("Админова") < groups.index("5А: педагоги и сотрудники") < groups.index("Ведущая")


@pytest.mark.req("CHAT-3")
def test_a_student_finds_teachers_and_no_students(world: World) -> None:
    page = ChatVisitor(world.a, "student").see("write")
    assert "Ведущая Вера" in page
    assert "Зайцева" not in page
    assert "Между собой обучающиеся общаются в чатах, где есть педагог" in page


@pytest.mark.req("CHAT-3")
def test_who_may_write_to_nobody_is_told_the_rule(world: World) -> None:
    nobody = {"parent": dict.fromkeys(("administration", "teacher"), "nobody")}
    allow(world.a, nobody)
    page = ChatVisitor(world.a, "parent").see("write")
    assert "Пока некому написать" in page
    assert "личную переписку вы сами не начинаете" in page


def test_the_list_is_narrowed_by_a_name_and_by_a_circle(world: World) -> None:
    teacher = ChatVisitor(world.a, "leader")
    assert "Учёный Устин" in teacher.see("write", {"q": "учен"})
    assert "Главный" not in teacher.see("write", {"q": "учен"})
    page = teacher.see("write", {"circle": f"parents-{world.a.units['5А'].pk}"})
    assert "Ёжикова Роза Павловна" in page
    assert "Учёный" not in page
    assert "такого имени нет" in teacher.see("write", {"q": "нет такого"})
    assert "Учёный Устин" in teacher.see("write", {"circle": "parents-777"})


@pytest.mark.req("CHAT-3")
def test_the_chat_opens_and_opens_once(world: World) -> None:
    parent = ChatVisitor(world.a, "parent")
    leader = world.a.people["leader"]
    first = parent.post("write", {"person": leader.pk})
    again = ChatVisitor(world.a, "leader").post("write", {"person": world.a.people["parent"].pk})
    chat = Chat.objects.get(template=Template.PERSONAL)
    assert first["Location"] == again["Location"] == f"/o/a/chats/{chat.pk}/"


@pytest.mark.req("CHAT-3", "CHAT-9")
def test_the_rule_holds_for_whoever_sends_a_number(world: World) -> None:
    parent = ChatVisitor(world.a, "parent")
    assert parent.post("write", {"person": world.a.people["student"].pk}).status_code == 403
    for name in ("teacher", "other_student"):
        assert parent.post("write", {"person": world.a.people[name].pk}).status_code == 404, name
    for wrong in (world.b.people["leader"].pk, 0, 10**30, "я", "", world.a.people["parent"].pk):
        assert parent.post("write", {"person": wrong}).status_code == 404, wrong
    assert not Chat.objects.exists()


@pytest.mark.req("CHAT-3")
@pytest.mark.parametrize(
    ("who", "whom", "offers"),
    [("parent", "leader", True), ("leader", "parent", True), ("student", "leader", True), ("parent", "student", False)],
)
def test_a_persons_page_offers_to_write_where_the_rule_allows(world: World, who: str, whom: str, offers: bool) -> None:
    page = Visitor(world.a, who).get("person", pk=world.a.people[whom].pk).content.decode()
    assert (f'name="person" value="{world.a.people[whom].pk}"' in page) is offers


def test_a_units_page_offers_to_write_to_its_people(world: World) -> None:
    unit = world.a.units["5А"].pk
    page = Visitor(world.a, "parent").get("unit", pk=unit).content.decode()
    assert f'name="person" value="{world.a.people["leader"].pk}"' in page
    page = Visitor(world.a, "leader").get("unit", pk=unit).content.decode()
    assert f'name="person" value="{world.a.people["student"].pk}"' in page
    assert f'name="person" value="{world.a.people["parent"].pk}"' in page
    assert f'name="person" value="{world.a.people["classmate"].pk}"' not in page
    assert f'name="person" value="{world.a.people["leader"].pk}"' not in page


@pytest.mark.parametrize("who", ["administrator", "leader"])
def test_the_number_of_queries_is_the_same_for_3_and_for_300(world: World, who: str) -> None:
    allow(world.a, EVERYTHING)
    visitor = ChatVisitor(world.a, who)
    few = queries_of(visitor, "write")
    crowd(world.a, 300)
    people = list(Person.objects.filter(search_name__startswith="массов"))
    users = User.objects.bulk_create(User(phone=f"+7905{number:07}") for number in range(len(people)))
    for person, user in zip(people, users, strict=True):
        person.user = user
    Person.objects.bulk_update(people, ["user"])
    assert queries_of(visitor, "write") == few <= 12
    assert "1–50 из 6" in words(visitor.get("write"))
