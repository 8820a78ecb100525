"""The applicant's pages and the queue, as people see them (INV-6, INV-9, INV-11)."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from invitations.home import attention
from invitations.models import JoinRequest, JoinRules, RequestState
from invitations.offers import to_follow
from invitations.services import revoke
from invitations.services.deciding import reject
from invitations.services.rules import change_join_rules
from invitations.services.verification import withdraw_confirmation
from orgs.models import Person, Role, RoleAssignment, Verification
from outbox.models import Message
from outbox.rendering import open_secret
from tests.invitations.applicants import ask, stranger
from tests.invitations.conftest import link_of
from tests.invitations.test_joining import door
from tests.world import School, World

PARENT = {"unit": "5А", "child_name": "Зайцева Зоя"}


def at(name: str, school: School, *args: Any) -> str:
    return reverse(f"invitations:{name}", args=[school.slug, *args])


def text_of(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def form_of(school: School, **more: Any) -> dict[str, Any]:
    return {
        "role": "parent",
        "last_name": "Новичкова",
        "first_name": "Нина",
        "patronymic": "",
        "unit": school.units["5А"].pk,
        "child_name": "Зайцева Зоя",
        **more,
    }


@pytest.mark.req("INV-6", "ACC-1")
def test_a_stranger_learns_the_name_only_signs_in_and_asks(world: World) -> None:
    client = Client()
    page = text_of(client.get(at("apply", world.a)))
    assert "Школа № 1" in page
    assert "5А" not in page
    to_sign_in = client.post(at("apply", world.a), follow=True)
    phone = "+79170003333"
    client.post(f"{to_sign_in.request['PATH_INFO']}?next={at('apply', world.a)}", {"phone": phone}, follow=True)
    message = Message.objects.filter(recipient=phone, template="sign_in_code").latest("pk")
    code = {"code": open_secret(message), "next": at("apply", world.a)}
    form = client.post(reverse("account_confirm_login_code"), code, follow=True)
    assert form.request["PATH_INFO"] == at("apply", world.a)
    assert "Кто вы?" in text_of(form)
    status = text_of(client.post(at("apply", world.a), form_of(world.a), follow=True))
    assert "Ваша заявка" in status
    assert "ждёт ответа" in status
    request = JoinRequest.objects.get()
    assert (request.user.phone, request.role, request.child_name) == (phone, "parent", "Зайцева Зоя")
    # A guest: the way to the organization stays shut.
    assert client.get(reverse("orgs:home", args=["a"])).status_code == 404


@pytest.mark.req("INV-6", "ACC-4")
def test_a_closed_page_and_an_unknown_organization_answer_alike(world: World) -> None:
    change_join_rules(actor=world.a.actor("administrator"), rules={"is_open": False})
    for client in (Client(), Client()):
        assert client.get(at("apply", world.a)).status_code == 404
        assert client.get("/o/nothing/apply/").status_code == 404
    browser = Client()
    browser.force_login(stranger(), backend="accounts.backends.AuthenticationBackend")
    assert browser.get(at("apply_status", world.a)).status_code == 404
    assert browser.get("/o/nothing/apply/status/").status_code == 404


@pytest.mark.req("INV-6")
def test_what_is_missing_is_said_at_the_field_and_nothing_typed_is_lost(world: World, browse: Any) -> None:
    client = browse(stranger())
    answer = client.post(at("apply", world.a), form_of(world.a, child_name="", message="Мы из Перми"))
    assert answer.status_code == 422
    assert "фамилию и имя" in text_of(answer)
    assert "Мы из Перми" in text_of(answer)
    assert not JoinRequest.objects.exists()


@pytest.mark.req("INV-6")
def test_the_applicant_corrects_takes_back_and_sends_again(world: World, browse: Any) -> None:
    user = stranger()
    client, request = browse(user), ask(world.a, Role.PARENT, user=user, **PARENT)
    again = f"{at('apply', world.a)}?again={request.pk}"
    assert "Зайцева Зоя" in text_of(client.get(again))
    client.post(again, form_of(world.a, child_name="Зайцева Злата"))
    request.refresh_from_db()
    assert request.child_name == "Зайцева Злата"
    assert client.get(at("apply", world.a)).headers["Location"] == at("apply_status", world.a)
    reject(actor=world.a.actor("leader"), request=request, reason="Такой нет в классе")
    assert "Такой нет в классе" in text_of(client.get(at("apply_status", world.a)))
    client.post(again, form_of(world.a))
    second = JoinRequest.objects.latest("pk")
    assert (second.child_name, second.state) == ("Зайцева Зоя", RequestState.PENDING)
    client.post(at("apply_withdraw", world.a, second.pk))
    second.refresh_from_db()
    assert second.state == RequestState.WITHDRAWN


@pytest.mark.req("INV-6", "ACC-4")
def test_nobody_sees_or_takes_back_what_another_asked(world: World, browse: Any) -> None:
    request = ask(world.a, Role.PARENT, **PARENT)
    other = browse(stranger())
    assert other.post(at("apply_withdraw", world.a, request.pk)).status_code == 404
    assert "Зайцева" not in text_of(other.get(f"{at('apply', world.a)}?again={request.pk}"))


@pytest.mark.req("INV-6")
def test_a_member_is_told_so_and_may_ask_for_one_more_role(world: World, browse: Any) -> None:
    client = browse(world.a.user("parent"))
    page = text_of(client.get(at("apply", world.a)))
    assert "Роза Павловна, вы здесь уже есть: родитель" in page
    client.post(at("apply", world.a), {"role": "teacher"})
    assert JoinRequest.objects.get().person == world.a.people["parent"]
    refused = client.post(f"{at('apply', world.a)}?another=1", {"role": "teacher"})
    assert refused.status_code == 422


@pytest.mark.req("INV-6", "INV-11")
def test_a_flood_is_stopped(world: World, browse: Any) -> None:
    client = browse(stranger())
    for _ in range(10):
        client.post(at("apply", world.a), form_of(world.a))
        JoinRequest.objects.all().delete()
    answer = client.post(at("apply", world.a), form_of(world.a))
    assert "Отправлено слишком много заявок" in text_of(answer)
    assert not JoinRequest.objects.exists()


@pytest.mark.req("INV-11")
def test_a_dead_link_leads_to_a_request_while_the_page_is_open(world: World) -> None:
    link = link_of(world.a)
    revoke(actor=world.a.actor("administrator"), invitation=link)
    assert at("apply", world.a) in text_of(Client().get(door(link)))
    change_join_rules(actor=world.a.actor("administrator"), rules={"is_open": False})
    assert at("apply", world.a) not in text_of(Client().get(door(link)))


@pytest.mark.req("INV-9")
def test_an_unknown_teacher_is_led_from_the_link_to_the_state_of_the_request(world: World, browse: Any) -> None:
    link, user = link_of(world.a, role=Role.TEACHER, unit="staff"), stranger()
    client = browse(user)
    answer = client.post(door(link), {"last_name": "Новиков", "first_name": "Нил"})
    assert answer.headers["Location"] == at("apply_status", world.a)
    assert "Учитель" in text_of(client.get(at("apply_status", world.a)))
    [offer] = to_follow(user.pk)
    assert (offer.title, offer.url) == ("Школа № 1", at("apply_status", world.a))
    assert at("apply_status", world.a) in client.get("/").headers["Location"]


# --- The queue ------------------------------------------------------------------------------------------------------
def press(client: Client, address: str, number: int) -> Any:
    """What the first button of a card does: its form stands on the page."""
    page = text_of(client.get(address))
    form = page.partition(f'id="accept-{number}"')[2].partition("</form>")[0]
    action = re.search(r'action="([^"]+)"', form)
    assert action, page
    fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', form))
    fields.pop("csrfmiddlewaretoken", None)
    return client.post(action[1], fields, follow=True)


@pytest.mark.req("INV-6")
def test_one_click_accepts_what_the_roster_suggests(world: World, browse: Any) -> None:
    request = ask(world.a, Role.TEACHER, "Ждущая Жанна")
    client = browse(world.a.user("administrator"))
    page = text_of(client.get(at("requests", world.a)))
    assert "Принять: совпадает" in page
    assert "Ждущая Жанна Жоресовна" in page
    assert "Принято: Ждущая Жанна." in text_of(press(client, at("requests", world.a), request.pk))
    assert Person.objects.get(user=request.user) == world.a.people["waiting_teacher"]
    assert "Никто не ждёт ответа" in text_of(client.get(at("requests", world.a)))


@pytest.mark.req("INV-6")
def test_a_new_person_and_a_child_by_one_click_of_the_leader(world: World, browse: Any) -> None:
    request = ask(world.a, Role.PARENT, "Новичкова Нина", **PARENT)
    press(browse(world.a.user("leader")), at("requests", world.a), request.pk)
    person = Person.objects.get(user=request.user)
    assert [tie.child for tie in person.child_links.filter(until=None)] == [world.a.people["classmate"]]


@pytest.mark.req("INV-6")
def test_another_person_and_another_place_are_chosen_on_the_card(world: World, browse: Any) -> None:
    request = ask(world.a, Role.PARENT, "Белкина Берта", unit="5А", child_name="Белкин Борис")
    client = browse(world.a.user("administrator"))
    assert "Ребёнка с таким именем там нет." in text_of(client.get(at("requests", world.a)))
    other = world.a.units["5Б"].pk
    card = client.get(at("request_card", world.a, request.pk), {"unit": other, "q": "Зайцев З"})
    assert [child for _pk, child in card.context["form"].fields["child"].choices][1] == "Белкин Борис Богданович"
    assert "Зайцев Захар Львович" in text_of(card)
    fields = {"unit": other, "q": "Зайцев З", "role": "parent"}
    incomplete = client.post(at("request_accept", world.a, request.pk), {**fields, "person": "new", "child": ""})
    assert incomplete.status_code == 422
    assert "Выберите ребёнка." in text_of(incomplete)
    waiting, child = world.a.people["waiting_parent"].pk, world.a.people["other_student"].pk
    client.post(at("request_accept", world.a, request.pk), {**fields, "person": waiting, "child": child})
    assert Person.objects.get(user=request.user).pk == waiting


@pytest.mark.req("INV-6")
def test_a_refusal_asks_for_the_reason(world: World, browse: Any) -> None:
    request = ask(world.a, Role.TEACHER, "Новиков Нил")
    client = browse(world.a.user("administrator"))
    empty = client.post(at("request_reject", world.a, request.pk), {"ready": "other", "reason": " "})
    assert empty.status_code == 422
    client.post(at("request_reject", world.a, request.pk), {"ready": "former", "reason": ""})
    request.refresh_from_db()
    assert request.reason == "Вы здесь больше не учитесь и не работаете."
    late = client.post(at("request_reject", world.a, request.pk), {"ready": "former"}, follow=True)
    assert "уже ответили" in text_of(late)


@pytest.mark.req("INV-6")
def test_many_are_accepted_and_rejected_from_the_list(world: World, browse: Any) -> None:
    certain = ask(world.a, Role.STUDENT, "Зайцева Зоя", unit="5А")
    doubtful = ask(world.a, Role.TEACHER, "Новиков Нил")
    client, ids = browse(world.a.user("administrator")), [certain.pk, doubtful.pk]
    page = text_of(client.post(at("request_bulk", world.a), {"ids": ids, "action": "accept"}, follow=True))
    assert "Принята 1 заявка." in page
    assert "Осталась 1 заявка" in page
    page = text_of(client.post(at("request_bulk", world.a), {"ids": ids, "action": "reject"}, follow=True))
    assert "Укажите причину" in page
    sent = {"ids": ids, "action": "reject", "ready": "unknown", "reason": "Нет приказа"}
    assert "Отклонена 1 заявка." in text_of(client.post(at("request_bulk", world.a), sent, follow=True))
    doubtful.refresh_from_db()
    assert doubtful.reason == "Нет приказа"
    assert "ыберите" in text_of(client.post(at("request_bulk", world.a), {"ids": ids}, follow=True))


@pytest.mark.req("INV-6")
def test_the_filters_stay_in_the_address(world: World, browse: Any) -> None:
    parent, teacher = ask(world.a, Role.PARENT, **PARENT), ask(world.a, Role.TEACHER, "Новиков Нил")
    reject(actor=world.a.actor("administrator"), request=teacher, reason="Нет")
    client = browse(world.a.user("administrator"))

    def shown(**query: Any) -> list[int]:
        return [row["request"].pk for row in client.get(at("requests", world.a), query).context["rows"]]

    assert shown() == [parent.pk]
    assert shown(state="rejected") == [teacher.pk]
    assert shown(state="all") == [teacher.pk, parent.pk]
    assert shown(role="teacher") == []
    assert shown(q="новичк", unit=world.a.units["5А"].pk) == [parent.pk]
    part = client.get(at("requests", world.a), headers={"HX-Request": "true", "HX-Target": "results"})
    assert "<html" not in text_of(part)


@pytest.mark.req("INV-6")
def test_the_page_of_the_queue_costs_the_same_for_three_and_for_fifty(
    world: World, browse: Any, django_assert_num_queries: Any
) -> None:
    client = browse(world.a.user("administrator"))
    for number in range(3):
        ask(world.a, Role.PARENT, f"Новичкова Нина{number}", **PARENT)
    client.get(at("requests", world.a))
    with django_assert_num_queries(13):
        client.get(at("requests", world.a))
    for number in range(60):
        ask(world.a, Role.PARENT, f"Иная Инна{number}", **PARENT)
    with django_assert_num_queries(13):
        assert len(client.get(at("requests", world.a)).context["rows"]) == 50


@pytest.mark.req("INV-6")
def test_home_counts_what_waits_and_for_how_long(world: World) -> None:
    assert not [one for one in attention(world.a.actor("administrator")) if one.icon == "user-question"]
    ask(world.a, Role.PARENT, **PARENT)
    [mine] = [one for one in attention(world.a.actor("leader")) if one.icon == "user-question"]
    assert (mine.count, mine.level, mine.url) == (1, "warn", at("requests", world.a))
    assert not [one for one in attention(world.a.actor("teacher")) if one.icon == "user-question"]


# --- Staff and rules ------------------------------------------------------------------------------------------------
@pytest.mark.req("INV-9")
def test_the_confirmation_is_withdrawn_with_a_reason_and_undone(world: World, browse: Any) -> None:
    client, leader = browse(world.a.user("administrator")), world.a.people["leader"]
    assert "подтверждён" in text_of(client.get(at("request_staff", world.a)))
    assert client.post(at("request_staff_withdraw", world.a, leader.pk), {"reason": ""}).status_code == 422
    page = text_of(client.post(at("request_staff_withdraw", world.a, leader.pk), {"reason": "Уволена"}, follow=True))
    assert "Подтверждение отозвано" in page
    assert at("request_staff_confirm", world.a, leader.pk) in page
    shown = text_of(client.get(at("request_staff", world.a), {"status": "withdrawn", "q": "ведущ"}))
    assert "Уволена" in shown
    client.post(at("request_staff_confirm", world.a, leader.pk))
    assert RoleAssignment.objects.filter(person=leader, role=Role.TEACHER, until=None).exists()
    again = client.post(at("request_staff_confirm", world.a, leader.pk), follow=True)
    assert "Возвращать нечего" in text_of(again)


@pytest.mark.req("INV-9")
def test_lists_show_only_what_is_not_confirmed(world: World, browse: Any) -> None:
    client = browse(world.a.user("administrator"))
    people = text_of(client.get(reverse("orgs:people", args=["a"])))
    assert "подтверждён" not in people
    leader = reverse("orgs:person", args=["a", world.a.people["leader"].pk])
    assert "подтверждён" in text_of(client.get(leader))
    ask(world.a, Role.TEACHER, user=world.a.user("parent"))
    assert "на проверке" in text_of(client.get(reverse("orgs:people", args=["a"])))
    withdraw_confirmation(actor=world.a.actor("administrator"), person=world.a.people["leader"], reason="Нет")
    assert Person.objects.get(pk=world.a.people["leader"].pk).verification == Verification.WITHDRAWN


@pytest.mark.req("INV-6", "INV-9")
def test_the_rules_are_changed_by_the_administrator(world: World, browse: Any) -> None:
    client = browse(world.a.user("administrator"))
    rules = {"staff_review": "everyone", "days_until_stale": 30}
    assert "Сохранено" in text_of(client.post(at("request_rules", world.a), rules, follow=True))
    kept = JoinRules.objects.get(organization=world.a.organization)
    assert (kept.is_open, kept.staff_review, kept.days_until_stale) == (False, "everyone", 30)
    assert client.post(at("request_rules", world.a), {**rules, "days_until_stale": 1}).status_code == 422
    assert "Страница присоединения закрыта" in text_of(client.get(at("requests", world.a)))


def test_names_known_elsewhere_fill_the_form_in(world: World, browse: Any) -> None:
    user = stranger()
    User.objects.filter(pk=user.pk).update(display_name="Иванов Иван")
    page = text_of(browse(User.objects.get(pk=user.pk)).get(at("apply", world.a)))
    assert 'value="Иванов"' in page
