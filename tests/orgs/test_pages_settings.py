"""The organization itself: details, words, administrators, handover, rights, journal."""

import pytest
from guardian.shortcuts import assign_perm

from channels_app.models import Channel, ChannelKind
from orgs.letters import handover_offered
from orgs.models import HandoverOffer, Organization, Role, RoleAssignment
from orgs.selectors.rights import held_rights
from orgs.services.administration import grant_right, offer_handover, withdraw_handover
from orgs.services.people import grant_role
from outbox.rendering import Obsolete
from tests.orgs.pages import Visitor, undo_address, words
from tests.world import School, World, without_head

DETAILS = {
    "name": "Средняя школа № 1 города Н.",
    "short_name": "Школа № 1",
    "time_zone": "Asia/Irkutsk",
    "site": "school1.example.org",
    "diary_url": "https://diary.example.org/",
    "email": "a@example.org",
}


def is_administrator(world: World, name: str) -> bool:
    return RoleAssignment.objects.filter(person=world.a.people[name], role=Role.ADMINISTRATOR, until=None).exists()


@pytest.mark.req("REG-5")
def test_details_are_changed(world: World) -> None:
    page = Visitor(world.a, "administrator").post_then_look("settings", DETAILS)
    assert "Сохранено." in page
    organization = Organization.objects.get(pk=world.a.organization.pk)
    assert (organization.time_zone, organization.site) == ("Asia/Irkutsk", "https://school1.example.org")


@pytest.mark.parametrize(
    "wrong",
    [
        {"short_name": ""},
        {"name": "я" * 10_000},
        {"time_zone": "Mars/Olympus"},
        {"site": "javascript:alert(1)"},
        {"email": "нет"},
        {"phone": "\x00"},
    ],
)
def test_wrong_details_are_named_at_their_fields(world: World, wrong: dict[str, str]) -> None:
    response = Visitor(world.a, "administrator").post("settings", {**DETAILS, **wrong})
    assert response.status_code == 422
    assert "field-error" in response.content.decode()


@pytest.mark.req("REG-7")
def test_own_words_stand_on_the_pages_and_go_away_when_emptied(world: World) -> None:
    visitor = Visitor(world.a, "administrator")
    visitor.post_then_look("labels", {"students": "гимназисты", "leader": "тьютор"})
    page = visitor.see("units")
    assert "Гимназисты" in page
    assert "Тьютор" in page
    visitor.post_then_look("labels", {})
    assert "Ученики" in visitor.see("units")
    assert visitor.post("labels", {"unit": "я" * 10_000}).status_code == 422


@pytest.mark.req("REG-6")
def test_an_additional_administrator_is_appointed_of_joined_staff_and_removed(world: World) -> None:
    visitor = Visitor(world.a, "administrator")
    form = visitor.see("administrators")
    assert "Ведущая Вера" in form
    assert "Ждущая" not in form
    assert "Ёжикова" not in form
    page = visitor.post_then_look("administrators", {"action": "appoint", "person": world.a.people["leader"].pk})
    assert "Роль администратора назначена: Ведущая" in page
    assert is_administrator(world, "leader")
    gone = visitor.post_then_look("administrator_remove", pk=world.a.people["leader"].pk)
    assert "Роль администратора снята: Ведущая" in gone
    assert not is_administrator(world, "leader")


@pytest.mark.req("REG-6")
def test_the_last_administrator_stays(world: World) -> None:
    visitor = Visitor(world.a, "administrator")
    page = visitor.post_then_look("administrator_remove", pk=world.a.people["administrator"].pk)
    assert "Это единственный администратор" in page
    assert is_administrator(world, "administrator")


def test_giving_the_role_up_leads_home(world: World) -> None:
    grant_role(actor=None, person=world.a.people["leader"], role=Role.ADMINISTRATOR)
    visitor = Visitor(world.a, "leader")
    response = visitor.post("administrator_remove", pk=world.a.people["leader"].pk)
    assert response["Location"] == "/o/a/"


@pytest.mark.parametrize("person", ["", "x", "9" * 30, "parent", "stranger"])
@pytest.mark.parametrize("action", ["appoint", "offer", "else"])
def test_nobody_else_can_be_chosen(world: World, action: str, person: str) -> None:
    known = {"parent": world.a.people["parent"].pk, "stranger": world.b.people["leader"].pk}
    data = {"action": action, "person": known.get(person, person)}
    response = Visitor(world.a, "administrator").post("administrators", data)
    assert response.status_code == 422


@pytest.mark.req("REG-6")
@pytest.mark.parametrize("stays", [True, False])
def test_the_duty_is_offered_and_accepted(world: World, stays: bool) -> None:
    visitor = Visitor(world.a, "administrator")
    data = {"action": "offer", "person": world.a.people["leader"].pk, **({"stays": "on"} if stays else {})}
    assert "Обязанности предложены: Ведущая" in visitor.post_then_look("administrators", data)
    offer = HandoverOffer.objects.get()
    assert is_administrator(world, "leader") is False
    assert "Предложения ждут ответа" in visitor.see("administrators")
    second = visitor.post("administrators", {**data, "person": world.a.people["teacher"].pk})
    assert "Вы уже предложили обязанности" in words(second)
    successor = Visitor(world.a, "leader")
    assert "Админова Анна Аркадьевна предлагает вам" in successor.see("handover_answer", pk=offer.pk)
    page = successor.post_then_look("handover_answer", {"answer": "accept"}, pk=offer.pk)
    assert "Теперь вы администратор" in page
    assert is_administrator(world, "leader")
    assert is_administrator(world, "administrator") is stays


@pytest.mark.req("REG-6")
def test_the_duty_is_declined_and_an_answered_offer_is_closed(world: World) -> None:
    offer = offer_handover(actor=world.a.actor("administrator"), person=world.a.people["leader"], stays=False)
    successor = Visitor(world.a, "leader")
    assert "Вы отказались" in successor.post_then_look("handover_answer", {"answer": "decline"}, pk=offer.pk)
    assert "Это предложение уже не действует" in successor.see("handover_answer", pk=offer.pk)
    page = successor.post_then_look("handover_answer", {"answer": "accept"}, pk=offer.pk)
    assert "Это предложение уже не действует" in page
    assert not is_administrator(world, "leader")


@pytest.mark.req("REG-6")
def test_an_offer_is_withdrawn_by_the_button_undo(world: World) -> None:
    visitor = Visitor(world.a, "administrator")
    data = {"action": "offer", "person": world.a.people["leader"].pk}
    response = visitor.client.post(visitor.url("administrators"), data, follow=True)
    back = visitor.client.post(undo_address(response.content.decode()), follow=True)
    assert "Предложение отменено" in words(back)
    assert "Это предложение уже не действует" in visitor.post_then_look(
        "handover_withdraw", pk=HandoverOffer.objects.get().pk
    )


@pytest.mark.req("REG-6")
def test_only_the_successor_answers_and_others_do_not_see_the_offer(world: World) -> None:
    offer = offer_handover(actor=world.a.actor("administrator"), person=world.a.people["leader"], stays=False)
    assert Visitor(world.a, "administrator").get("handover_answer", pk=offer.pk).status_code == 403
    assert Visitor(world.a, "teacher").get("handover_answer", pk=offer.pk).status_code == 404
    assert Visitor(world.a, "leader").post("handover_withdraw", pk=offer.pk).status_code == 403


@pytest.mark.req("REG-6")
def test_the_letter_leads_to_the_offer_and_is_not_sent_when_closed(world: World) -> None:
    actor = world.a.actor("administrator")
    offer = offer_handover(actor=actor, person=world.a.people["leader"], stays=False)
    letter = handover_offered({"offer": offer.pk}, "")
    assert f"/o/a/handovers/{offer.pk}/" in letter.text
    assert "Вера Викторовна" in letter.text
    withdraw_handover(actor=actor, offer=offer)
    with pytest.raises(Obsolete):
        handover_offered({"offer": offer.pk}, "")


@pytest.mark.req("ACC-4")
def test_a_right_is_granted_shown_taken_back_and_undone(world: World) -> None:
    visitor = Visitor(world.a, "administrator")
    teacher, unit = world.a.people["teacher"], world.a.units["5А"]
    assert "Прав сверх роли ни у кого нет" in visitor.see("rights")
    found = visitor.see("rights", {"q": "учен"})
    assert "Учёный Устин" in found
    assert "Ждущая" not in visitor.see("rights", {"q": "Ждущая"}).split("Выдать право")[0]
    data = {"person": teacher.pk, "right": "invite_into_unit", "unit": unit.pk}
    assert "Право выдано: Учёный Устин Ильич" in visitor.post_then_look("rights", data)
    assert world.a.actor("teacher").is_granted("invite_into_unit", unit.pk)
    given = visitor.client.get(visitor.url("rights"))
    assert "Учёный Устин" in words(given)
    response = visitor.client.post(visitor.url("right_revoke"), data, follow=True)
    assert "Право отозвано: Учёный Устин Ильич" in words(response)
    assert held_rights(world.a.organization.pk) == []
    visitor.client.post(undo_address(response.content.decode()))
    assert len(held_rights(world.a.organization.pk)) == 1


@pytest.mark.req("ACC-4")
def test_a_right_on_the_whole_organization_needs_no_unit(world: World) -> None:
    without_head(world.a)
    data = {"person": world.a.people["teacher"].pk, "right": "view_statistics", "unit": ""}
    assert "Вся организация" in Visitor(world.a, "administrator").post_then_look("rights", data)


@pytest.mark.req("ACC-4", "STAT-1")
def test_the_right_to_see_the_statistics_is_the_heads_to_give(world: World) -> None:
    leader, teacher = world.a.people["leader"], world.a.people["teacher"]
    grant_right(actor=world.a.actor("head"), person=leader, codename="view_statistics")
    visitor = Visitor(world.a, "administrator")
    page = visitor.get("rights").content.decode()
    said = words(visitor.get("rights"))
    assert "Ведущая Вера Викторовна Смотреть статистику Вся организация Решает руководитель" in said
    assert "Кто видит статистику, решает руководитель" in said
    assert 'href="/o/a/statistics/access/"' in page
    assert 'value="view_statistics"' not in page
    # Neither by the form, nor past it.
    assert visitor.post("rights", {"person": teacher.pk, "right": "view_statistics", "unit": ""}).status_code == 422
    for name, person in (("right_revoke", leader), ("right_grant_again", teacher)):
        answer = visitor.client.post(f"{visitor.url(name)}?person={person.pk}&right=view_statistics")
        assert answer.status_code == 403, name
    assert [right.person.pk for right in held_rights(world.a.organization.pk)] == [leader.pk]
    # A head without an account, or none: the administration answers for it.
    without_head(world.a)
    assert "Право отозвано: Ведущая" in visitor.post_then_look(
        "right_revoke", {"person": leader.pk, "right": "view_statistics"}
    )
    without_head(world.b)
    assert held_rights(world.a.organization.pk) == []


@pytest.mark.req("STAT-1")
def test_families_are_never_given_the_statistics(world: World) -> None:
    without_head(world.a)
    for who in ("student", "parent"):
        data = {"person": world.a.people[who].pk, "right": "view_statistics", "unit": ""}
        refused = Visitor(world.a, "administrator").post("rights", data)
        assert refused.status_code == 422
        assert "Право видеть статистику можно выдать только сотруднику." in words(refused)
    assert held_rights(world.a.organization.pk) == []


def sports(school: School) -> Channel:
    return Channel.objects.create(organization=school.organization, kind=ChannelKind.FREE, title="Спорт")


@pytest.mark.req("ACC-4", "CHAN-1")
def test_rights_on_channels_stand_with_the_others_and_are_taken_back_there(world: World) -> None:
    teacher, channel = world.a.people["teacher"], sports(world.a)
    assign_perm("publish_in_channel", teacher.user, channel)
    assign_perm("publish_in_channel", world.b.people["teacher"].user, sports(world.b))
    visitor = Visitor(world.a, "administrator")
    grant_right(actor=None, person=world.a.people["leader"], codename="view_statistics")
    page = visitor.get("rights").content.decode()
    said = words(visitor.get("rights"))
    assert "Учёный Устин Ильич Публиковать в канале «Спорт» Отозвать…" in said
    assert said.index("Ведущая") < said.index("Учёный")
    assert f'href="/o/a/channels/{channel.pk}/editors/"' in page
    assert said.count("Публиковать в канале «") == 1
    # It is given at the channel, not here.
    assert 'value="publish_in_channel"' not in page
    refused = {"person": teacher.pk, "right": "publish_in_channel", "unit": ""}
    assert visitor.post("rights", refused).status_code == 422


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"right": "invite_into_unit"},
        {"person": "teacher", "right": "invite_into_unit"},
        {"person": "teacher", "right": "delete_everything"},
        {"person": "9" * 30, "right": "view_statistics"},
        {"person": "waiting_teacher", "right": "view_statistics"},
        {"person": "teacher", "right": "invite_into_unit", "unit": "9" * 30},
        {"person": "stranger", "right": "view_statistics"},
    ],
)
def test_granting_nonsense_says_so(world: World, data: dict[str, str]) -> None:
    without_head(world.a)
    people = {**world.a.people, "stranger": world.b.people["teacher"]}
    if data.get("person") in people:
        data = {**data, "person": str(people[data["person"]].pk)}
    assert Visitor(world.a, "administrator").post("rights", data).status_code == 422
    assert held_rights(world.a.organization.pk) == []


def test_taking_back_nonsense_is_no_error_of_the_server(world: World) -> None:
    visitor = Visitor(world.a, "administrator")
    teacher = world.a.people["teacher"].pk
    assert visitor.post("right_revoke", {}).status_code == 404
    assert visitor.post("right_revoke", {"person": teacher, "right": "x"}).status_code == 400
    assert visitor.post("right_revoke", {"person": teacher, "right": "invite_into_unit"}).status_code == 400
    assert (
        visitor.post("right_revoke", {"person": teacher, "right": "invite_into_unit", "unit": "x"}).status_code == 404
    )
    assert visitor.post("right_grant_again", {}).status_code == 404
    assert visitor.client.post(visitor.url("right_grant_again") + f"?person={teacher}&right=x").status_code == 400


@pytest.mark.req("ORG-12")
def test_the_journal_reads_in_sentences_of_no_gender(world: World) -> None:
    grant_right(
        actor=world.a.actor("administrator"),
        person=world.a.people["teacher"],
        codename="invite_into_unit",
        unit=world.a.units["5А"],
    )
    page = Visitor(world.a, "administrator").see("journal")
    assert "Выдано право «Приглашать учеников и родителей»: Учёный Устин Ильич" in page
    assert "Админова Анна Аркадьевна" in page
    assert "сегодня в" in page
    older = Visitor(world.a, "head").see("journal", {"about": "organization"})
    assert "Организация создана" in older
    assert "платформа" in older


@pytest.mark.req("ORG-12")
def test_the_journal_is_narrowed_by_person_and_kind(world: World) -> None:
    visitor = Visitor(world.a, "administrator")
    assert "Белкин" not in visitor.see("journal", {"q": "ежиков"})
    assert "Зачисление: Ёжиков" in visitor.see("journal", {"q": "ежиков", "about": "person"})
    page = visitor.see("journal", {"person": str(world.a.people["student"].pk)})
    assert "Назначена роль «ученик»: Ёжиков Пётр Ильич" in page
    assert "Зайцева" not in page
    assert "Ничего не найдено" in visitor.see("journal", {"about": "right"})


@pytest.mark.req("ACC-4")
def test_granting_a_right_is_undone(world: World) -> None:
    visitor = Visitor(world.a, "administrator")
    without_head(world.a)
    data = {"person": world.a.people["teacher"].pk, "right": "view_statistics"}
    page = visitor.client.post(visitor.url("rights"), data, follow=True).content.decode()
    visitor.client.post(undo_address(page))
    assert held_rights(world.a.organization.pk) == []
