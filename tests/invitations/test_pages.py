"""Pages of links: who sees what, what they do, how much they cost."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from invitations.addresses import code_of, join_url
from invitations.home import attention
from invitations.models import Invitation, InvitationUse, State
from invitations.services import (
    JoinAnswers,
    LinkTerms,
    Recipient,
    create_links,
    ensure_codes,
    redeem,
    revoke,
    send_link,
)
from orgs.models import Guardianship, Person, Role
from orgs.services.people import PersonData, add_person
from orgs.services.structure import class_from_name, create_units, enrol
from outbox.models import Message
from tests.invitations.conftest import link_of
from tests.world import School, World, make_user


def at(name: str, school: School, *args: object, query: str = "") -> str:
    return reverse(f"invitations:{name}", args=[school.slug, *args]) + query


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def let_in(link: Invitation, phone: str, child: str = "Зайцева Зоя", *, insist: bool = False) -> Person:
    answers = JoinAnswers("Гостева", "Галина", child_name=child, child_unknown_is_fine=insist)
    return redeem(user=make_user(phone), invitation=link, generation=link.generation, answers=answers).person


@pytest.mark.req("INV-3", "INV-4")
def test_the_list_shows_states_uses_and_who_joined(world: World, browse: Any, parent_link: Invitation) -> None:
    let_in(parent_link, "+79169990001")
    annulled = link_of(world.a, role=Role.STUDENT)
    revoke(actor=None, invitation=annulled)
    text = text_of(browse(world.a.user("administrator")).get(at("list", world.a)))
    assert "1 из 10" in text
    assert "Гостева Галина" in text
    assert "действует" in text
    assert "аннулирована" in text
    assert "ещё 14 дней" in text
    assert "Админова Анна Аркадьевна" in text


@pytest.mark.req("INV-3")
@pytest.mark.parametrize("state", State.values)
def test_chips_narrow_the_list_to_a_state(world: World, browse: Any, state: str) -> None:
    links = {name: link_of(world.a) for name in State.values}
    now = timezone.now()
    Invitation.objects.filter(pk=links["used_up"].pk).update(uses=10)
    Invitation.objects.filter(pk=links["expired"].pk).update(
        created_at=now - timedelta(days=9), expires_at=now - timedelta(days=1)
    )
    revoke(actor=None, invitation=links["revoked"])
    page = browse(world.a.user("administrator")).get(at("list", world.a, query=f"?state={state}"))
    assert [row.link.pk for row in page.context["rows"]] == [links[state].pk]
    counts = {chip["value"]: chip["count"] for chip in page.context["states"]}
    assert counts == {"": 4, "active": 1, "used_up": 1, "expired": 1, "revoked": 1}


def test_links_for_everybody_stand_before_personal_codes(world: World, browse: Any, parent_link: Invitation) -> None:
    ensure_codes(actor=world.a.actor("leader"), unit=world.a.units["5А"], role=Role.PARENT)
    page = browse(world.a.user("administrator")).get(at("list", world.a))
    assert page.context["rows"][0].link == parent_link
    family = browse(world.a.user("administrator")).get(at("list", world.a, query="?kind=family"))
    assert len(family.context["rows"]) == 2
    unit = at("list", world.a, query=f"?unit={world.a.units['5Б'].pk}")
    assert browse(world.a.user("administrator")).get(unit).context["rows"] == []


@pytest.mark.parametrize(
    "query", ["?state=x", "?unit=x", "?unit=99999999999999999999", "?kind=%00", "?page=x", "?page=0"]
)
def test_strange_filters_are_ignored(world: World, browse: Any, parent_link: Invitation, query: str) -> None:
    assert browse(world.a.user("administrator")).get(at("list", world.a, query=query)).status_code == 200


@pytest.mark.parametrize("count", [3, 300])
def test_the_list_costs_the_same_for_three_and_three_hundred(
    world: World, browse: Any, django_assert_max_num_queries: Any, count: int
) -> None:
    actor = world.a.actor("administrator")
    for _each in range(count):
        link = create_links(actor=actor, units=[world.a.units["5А"]], role=Role.PARENT, terms=LinkTerms())[0]
    InvitationUse.objects.create(
        organization=world.a.organization, invitation=link, person=world.a.people["parent"], generation=1
    )
    send_link(actor=actor, invitation=link, recipients=[Recipient("email", "a@example.ru")])
    client = browse(world.a.user("administrator"))
    client.get(at("list", world.a))
    with django_assert_max_num_queries(11):
        page = client.get(at("list", world.a))
    assert len(page.context["rows"]) == min(count, 50)


@pytest.mark.req("INV-2")
def test_a_teacher_sees_and_makes_links_of_the_own_units_only(world: World, browse: Any) -> None:
    own, other = link_of(world.a, unit="5А"), link_of(world.a, unit="5Б")
    staff = link_of(world.a, role=Role.TEACHER, unit="staff")
    client = browse(world.a.user("leader"))
    page = client.get(at("list", world.a))
    assert [row.link for row in page.context["rows"]] == [own]
    for link in (other, staff):
        assert client.get(at("detail", world.a, link.pk)).status_code == 404
        assert client.get(at("qr", world.a, link.pk)).status_code == 404
        assert client.post(at("revoke", world.a, link.pk)).status_code == 404
    form = client.get(at("new", world.a)).context["form"]
    assert list(form.by_id) == [world.a.units["5А"].pk]
    assert [value for value, _title in form.fields["role"].choices] == ["parent", "student"]
    refused = client.post(
        at("new", world.a),
        {"role": "parent", "units": [world.a.units["5Б"].pk], "days": 14, "max_uses": 5},
    )
    assert refused.status_code == 422
    refused = client.post(
        at("new", world.a), {"role": "teacher", "units": [world.a.units["5А"].pk], "days": 14, "max_uses": 5}
    )
    assert refused.status_code == 422
    assert Invitation.objects.count() == 3


@pytest.mark.req("INV-1")
def test_links_for_several_units_are_made_at_once(world: World, browse: Any) -> None:
    client = browse(world.a.user("administrator"))
    units = [world.a.units["5А"].pk, world.a.units["5Б"].pk]
    page = client.post(at("new", world.a), {"role": "parent", "units": units, "days": 30, "max_uses": 25}, follow=True)
    links = list(Invitation.objects.order_by("pk"))
    assert [(link.unit_id, link.role, link.max_uses) for link in links] == [(unit, "parent", 25) for unit in units]
    text = text_of(page)
    for link in links:
        assert join_url(link) in text
        assert code_of(link) in text
        assert at("qr", world.a, link.pk) in text
    assert f"link={links[0].pk}" in text


def test_the_form_comes_with_the_unit_of_the_page_one_came_from(world: World, browse: Any) -> None:
    unit = world.a.units["5Б"].pk
    page = browse(world.a.user("administrator")).get(at("new", world.a, query=f"?unit={unit}&role=student"))
    assert page.context["form"]["units"].value() == [unit]
    assert page.context["form"]["role"].value() == "student"


@pytest.mark.parametrize(
    "wrong",
    [
        {"days": "0"},
        {"days": "100000"},
        {"max_uses": "0"},
        {"max_uses": "1001"},
        {"max_uses": "9" * 5000},
        {"units": []},
        {"units": ["99999999999999999999999"]},
        {"units": ["\x00"]},
        {"role": "administrator"},
        {"role": ""},
    ],
)
def test_wrong_terms_are_told_and_nothing_is_made(world: World, browse: Any, wrong: dict[str, Any]) -> None:
    data = {"role": "parent", "units": [world.a.units["5А"].pk], "days": "14", "max_uses": "5"} | wrong
    page = browse(world.a.user("administrator")).post(at("new", world.a), data)
    assert page.status_code == 422
    assert "error-summary" in page.content.decode()
    assert not Invitation.objects.exists()


def test_students_are_not_invited_into_the_staff(world: World, browse: Any) -> None:
    data = {"role": "student", "units": [world.a.units["staff"].pk], "days": "14", "max_uses": "5"}
    page = browse(world.a.user("administrator")).post(at("new", world.a), data)
    assert page.status_code == 422
    assert "только сотрудников" in text_of(page)


@pytest.mark.req("INV-3", "INV-4")
def test_renewing_and_annulling_ask_first(world: World, browse: Any, parent_link: Invitation) -> None:
    client = browse(world.a.user("administrator"))
    assert "Все копии старой перестанут открываться" in text_of(client.get(at("renew", world.a, parent_link.pk)))
    parent_link.refresh_from_db()
    assert parent_link.generation == 1
    client.post(at("renew", world.a, parent_link.pk), {"days": 30, "max_uses": 7})
    parent_link.refresh_from_db()
    assert (parent_link.generation, parent_link.max_uses) == (2, 7)
    assert "больше никто не войдёт" in text_of(client.get(at("revoke", world.a, parent_link.pk)))
    assert parent_link.revoked_at is None
    page = client.post(at("revoke", world.a, parent_link.pk), follow=True)
    assert "По этой ссылке войти нельзя" in text_of(page)
    assert client.get(at("qr", world.a, parent_link.pk)).status_code == 404


@pytest.mark.req("INV-3")
def test_a_link_is_extended(world: World, browse: Any, parent_link: Invitation) -> None:
    client = browse(world.a.user("administrator"))
    page = client.post(at("extend", world.a, parent_link.pk), {"days": 7}, follow=True)
    assert "ещё 21 день" in text_of(page)
    assert client.post(at("extend", world.a, parent_link.pk), {"days": "x"}).status_code == 302


@pytest.mark.req("INV-4")
def test_all_unclaimed_links_are_annulled_in_one_step(world: World, browse: Any, parent_link: Invitation) -> None:
    ensure_codes(actor=world.a.actor("leader"), unit=world.a.units["5А"], role=Role.PARENT)
    foreign = link_of(world.b)
    client = browse(world.a.user("administrator"))
    text = text_of(client.get(at("revoke_all", world.a)))
    assert "Будут аннулированы 3 ссылки." in text
    assert "По ним могли бы войти ещё 18 человек." in text
    page = client.post(at("revoke_all", world.a), follow=True)
    assert "Аннулированы 3 ссылки." in text_of(page)
    assert Invitation.objects.filter(revoked_at=None).get() == foreign
    assert "Аннулировать нечего" in text_of(client.get(at("revoke_all", world.a)))


@pytest.mark.req("INV-5")
def test_sending_to_many_shows_where_each_message_stands(
    world: World, browse: Any, parent_link: Invitation, sent_jobs: Any
) -> None:
    client = browse(world.a.user("administrator"))
    lines = "mama@example.ru\n8 (916) 123-45-67\nБабушка <baba@example.ru>; MAMA@example.ru"
    page = client.post(at("send", world.a, parent_link.pk), {"recipients": lines}, follow=True)
    assert "Отправляем 3 сообщения." in text_of(page)
    assert set(Message.objects.values_list("recipient", flat=True)) == {
        "mama@example.ru",
        "+79161234567",
        "baba@example.ru",
    }
    Message.objects.filter(recipient="baba@example.ru").update(
        status="failed", last_error="ящик переполнен", finished_at=timezone.now()
    )
    text = text_of(client.get(at("detail", world.a, parent_link.pk)))
    assert "ящик переполнен" in text
    assert "+79161234567" in text
    assert "не доставлено: 1" in text_of(client.get(at("list", world.a)))
    again = client.post(at("send", world.a, parent_link.pk), {"recipients": lines}, follow=True)
    assert "второй раз ничего не ушло" in text_of(again)


@pytest.mark.req("INV-5")
def test_a_wrong_line_is_named_with_its_reason_and_nothing_is_lost(
    world: World, browse: Any, parent_link: Invitation
) -> None:
    lines = "mama@example.ru\nне адрес\n12345\na@@b\n\n"
    page = browse(world.a.user("administrator")).post(at("send", world.a, parent_link.pk), {"recipients": lines})
    text = text_of(page)
    assert page.status_code == 422
    assert "Строка 2, «не адрес»: это не адрес почты и не телефон" in text
    assert "Строка 3, «12345»: это не номер телефона" in text
    assert "Строка 4, «a@@b»: это не адрес электронной почты" in text
    assert page.context["form"]["recipients"].value() == lines
    assert not Message.objects.exists()


@pytest.mark.parametrize("lines", ["", "\x00", "x" * 70_000, "a@b.ru\n" * 501, "٣٤٥", "<>", "@", ",,,;"])
def test_strange_recipients_are_answered(world: World, browse: Any, parent_link: Invitation, lines: str) -> None:
    page = browse(world.a.user("administrator")).post(at("send", world.a, parent_link.pk), {"recipients": lines})
    assert page.status_code in (302, 422)


@pytest.mark.req("INV-5")
def test_codes_of_a_class_say_who_has_joined(world: World, browse: Any) -> None:
    client = browse(world.a.user("leader"))
    address = at("codes", world.a, world.a.units["5А"].pk, "parent")
    assert "ещё не создан" in text_of(client.get(address))
    client.post(address)
    page = client.get(address)
    rows = {row.student.last_name: row for row in page.context["rows"]}
    assert [person.last_name for person in rows["Ёжиков"].joined] == ["Ёжикова"]
    assert [person.last_name for person in rows["Зайцева"].waiting] == ["Зайцев"]
    assert "Вошли: 1 из 2" in text_of(page)
    assert rows["Зайцева"].code in text_of(page)


@pytest.mark.req("INV-5")
def test_codes_are_sent_to_those_whose_contacts_are_known(world: World, browse: Any) -> None:
    Person.objects.filter(pk=world.a.people["waiting_parent"].pk).update(email="zahar@example.ru")
    client = browse(world.a.user("leader"))
    page = client.post(at("send_codes", world.a, world.a.units["5А"].pk, "parent"), follow=True)
    assert "Отправляем 1 сообщение." in text_of(page)
    assert Message.objects.get().recipient == "zahar@example.ru"
    page = client.post(at("send_codes", world.a, world.a.units["5А"].pk, "student"), follow=True)
    assert "Нет ни почты, ни телефона: Зайцева Зоя Захаровна" in text_of(page)


@pytest.mark.req("INV-5", "INV-2")
def test_codes_for_chosen_people(world: World, browse: Any) -> None:
    people = world.a.people
    chosen = [people[name].pk for name in ("waiting_teacher", "classmate", "student", "waiting_parent")]
    page = browse(world.a.user("administrator")).post(at("codes_for_people", world.a), {"ids": chosen})
    assert {person.last_name for _link, person, _code in page.context["links"]} == {"Ждущая", "Зайцева"}
    assert [person.last_name for person in page.context["joined"]] == ["Ёжиков"]
    assert [person.last_name for person in page.context["without"]] == ["Зайцев"]
    printed = browse(world.a.user("administrator")).post(
        at("strips_of", world.a), {"link": [link.pk for link, *_rest in page.context["links"]]}
    )
    assert printed.headers["Content-Type"] == "application/pdf"
    leader = browse(world.a.user("leader")).post(at("codes_for_people", world.a), {"ids": chosen})
    assert {person.last_name for _link, person, _code in leader.context["links"]} == {"Зайцева"}
    foreign = browse(world.b.user("administrator")).post(at("codes_for_people", world.b), {"ids": chosen})
    assert foreign.context["links"] == []


@pytest.mark.parametrize("ids", [[], ["x"], ["99999999999999999999"], ["\x00", "-1"]])
def test_codes_for_nobody(world: World, browse: Any, ids: list[str]) -> None:
    page = browse(world.a.user("administrator")).post(at("codes_for_people", world.a), {"ids": ids})
    assert page.status_code == 200
    assert browse(world.a.user("administrator")).post(at("strips_of", world.a), {"link": ids}).status_code == 404


def test_the_panel_of_a_unit(world: World, browse: Any, parent_link: Invitation) -> None:
    unit = world.a.units["5А"].pk
    client = browse(world.a.user("leader"))
    assert client.get(at("unit_panel", world.a, unit)).headers["Location"].endswith(f"?unit={unit}")
    fragment = client.get(at("unit_panel", world.a, unit), headers={"HX-Request": "true"})
    assert "<html" not in text_of(fragment)
    assert at("detail", world.a, parent_link.pk) in text_of(fragment)
    other = client.get(at("unit_panel", world.a, world.a.units["5Б"].pk), headers={"HX-Request": "true"})
    assert other.status_code == 403


@pytest.mark.req("INV-8")
def test_the_family_page_is_for_the_family_and_the_leader(world: World, browse: Any) -> None:
    child = world.a.people["student"].pk
    address = at("family", world.a, child)
    for name in ("student", "parent", "leader", "administrator", "head"):
        assert browse(world.a.user(name)).get(address).status_code == 200
    assert not Invitation.objects.exists()
    assert browse(world.a.user("teacher")).get(address).status_code == 404
    assert browse(world.a.people["both"].user).get(address).status_code == 404
    page = browse(world.a.user("student")).post(address, follow=True)
    link = Invitation.objects.get()
    assert (link.student_id, link.role) == (child, Role.PARENT)
    assert join_url(link) in text_of(page)
    assert "data:image/svg+xml" in text_of(page)
    browse(world.a.user("parent")).post(address)
    assert Invitation.objects.count() == 1


@pytest.mark.req("ORG-10")
def test_a_waiting_parent_is_tied_by_the_leader(world: World, browse: Any, parent_link: Invitation) -> None:
    person = let_in(parent_link, "+79169990001", child="Зайтсева Зоя", insist=True)
    use = InvitationUse.objects.get(person=person)
    address = at("waiting_parents", world.a)
    assert browse(world.a.user("teacher")).get(address).context["rows"] == []
    assert browse(world.a.user("teacher")).post(at("tie_parent", world.a, use.pk)).status_code == 404
    client = browse(world.a.user("leader"))
    rows = client.get(address).context["rows"]
    assert [pupil.last_name for pupil in rows[0][1]] == ["Зайцева", "Ёжиков"]
    wrong = {"child": world.a.people["other_student"].pk}
    client.post(at("tie_parent", world.a, use.pk), wrong)
    assert not Guardianship.objects.filter(parent=person).exists()
    client.post(at("tie_parent", world.a, use.pk), {"child": world.a.people["classmate"].pk})
    assert Guardianship.objects.get(parent=person, until=None).child == world.a.people["classmate"]
    assert client.get(address).context["rows"] == []
    assert client.post(at("tie_parent", world.a, use.pk)).status_code == 404


@pytest.mark.req("INV-4")
def test_the_home_page_is_told_what_waits(world: World, browse: Any, parent_link: Invitation) -> None:
    actor = world.a.actor("administrator")
    assert attention(actor) == []
    let_in(parent_link, "+79169990001", child="Кто Никто", insist=True)
    soon = create_links(actor=actor, units=[world.a.units["5Б"]], role=Role.PARENT, terms=LinkTerms(days=1))[0]
    send_link(actor=actor, invitation=soon, recipients=[Recipient("email", "x@example.ru")])
    Message.objects.update(status="failed", finished_at=timezone.now())
    titles = [entry.title for entry in attention(actor)]
    assert titles == [
        "1 родитель ждёт связи с ребёнком",
        "1 ссылка истечёт в ближайшие три дня",
        "Не доставлены сообщения с 1 ссылкой",
    ]
    client = browse(world.a.user("administrator"))
    for entry in attention(actor):
        page = client.get(entry.url)
        assert page.status_code == 200
        assert len(page.context["rows"]) == 1
    assert [entry.count for entry in attention(world.a.actor("leader"))] == [1]
    assert attention(world.a.actor("parent")) == []
    assert attention(world.b.actor("administrator")) == []


@pytest.mark.req("ACC-4", "INV-2")
def test_the_other_school_sees_nothing(world: World, browse: Any, parent_link: Invitation) -> None:
    client = browse(world.b.user("administrator"))
    for name in ("detail", "qr", "renew", "revoke"):
        assert client.get(at(name, world.b, parent_link.pk)).status_code == 404
        assert client.get(at(name, world.a, parent_link.pk)).status_code == 404
    for name in ("extend", "send", "revoke", "renew"):
        assert client.post(at(name, world.b, parent_link.pk), {"days": 7}).status_code == 404
    assert client.get(at("sheet", world.b, query=f"?link={parent_link.pk}")).status_code == 404
    assert client.get(at("created", world.b, query=f"?link={parent_link.pk}")).context["rows"] == []
    unit = world.a.units["5А"].pk
    assert client.get(at("codes", world.b, unit, "parent")).status_code == 404
    assert client.get(at("unit_panel", world.b, unit)).status_code == 404
    assert client.get(at("family", world.b, world.a.people["student"].pk)).status_code == 404


@pytest.mark.parametrize("pk", [0, 2**63, 10**30])
def test_numbers_of_no_link(world: World, browse: Any, pk: int) -> None:
    client = browse(world.a.user("administrator"))
    assert client.get(at("detail", world.a, pk)).status_code == 404
    assert client.get(at("family", world.a, pk)).status_code == 404
    assert client.get(at("codes", world.a, pk, "parent")).status_code == 404
    assert client.get(at("codes", world.a, world.a.units["5А"].pk, "head")).status_code == 404


@pytest.mark.parametrize("count", [1, 30])
def test_codes_of_thirty_cost_as_much_as_of_three(
    world: World, browse: Any, django_assert_max_num_queries: Any, count: int
) -> None:
    data = [PersonData(f"Новичков{chr(1072 + n)}", "Имён") for n in range(count)]
    people = [add_person(organization=world.a.organization, actor=None, data=one, roles=[]) for one in data]
    enrol(actor=None, people=people, unit=world.a.units["5А"], part="student")
    client = browse(world.a.user("leader"))
    address = at("codes", world.a, world.a.units["5А"].pk, "parent")
    client.post(address)
    with django_assert_max_num_queries(10):
        client.get(address)


def test_units_are_offered_in_groups(world: World, browse: Any) -> None:
    create_units(organization=world.a.organization, actor=None, units=[class_from_name(f"{n}В") for n in range(1, 9)])
    choices = browse(world.a.user("administrator")).get(at("new", world.a)).context["form"].fields["units"].choices
    assert [title for title, _units in choices] == ["Классы", "Педагоги"]


@pytest.mark.req("INV-4")
def test_the_inviter_learns_of_expired_links_though_no_job_ran(world: World) -> None:
    links = [link_of(world.a, by="leader") for _ in range(2)]
    past = timezone.now() - timedelta(days=2)
    Invitation.objects.filter(pk__in=[link.pk for link in links]).update(
        created_at=past - timedelta(days=9), expires_at=past
    )
    titles = [entry.title for entry in attention(world.a.actor("leader"))]
    assert titles == ["2 ваши ссылки истекли, а места остались"]
    assert attention(world.a.actor("teacher")) == []
