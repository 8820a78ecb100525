"""The door: joining as a person does it in a browser, and the answers of links that do not open."""

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from invitations.addresses import code_of, token_of
from invitations.models import Invitation, InvitationUse
from invitations.services import (
    LinkTerms,
    create_family_link,
    create_staff_codes,
    ensure_codes,
    redeem,
    renew,
    revoke,
)
from invitations.services.redemption import JoinAnswers
from invitations.tokens import make_token
from orgs.models import Person, Role, RoleAssignment
from orgs.services.people import end_role
from outbox.models import Message
from outbox.rendering import open_secret
from tests.invitations.conftest import link_of
from tests.world import World, make_user


def door(link: Invitation) -> str:
    return reverse("invitations:join", args=[token_of(link)])


def page_of(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def sign_in_and_join(link: Invitation, phone: str, answers: dict[str, str]) -> tuple[Client, Any]:
    """What a person does: open, continue, type the phone, type the code, type the name."""
    client = Client()
    assert client.get(door(link)).status_code == 200
    to_sign_in = client.post(door(link), {"step": "enter"}, follow=True)
    assert to_sign_in.status_code == 200
    client.post(to_sign_in.request["PATH_INFO"] + "?next=/join/next/", {"phone": phone}, follow=True)
    message = Message.objects.filter(recipient=phone, template="sign_in_code").latest("pk")
    back = client.post(
        reverse("account_confirm_login_code"), {"code": open_secret(message), "next": "/join/next/"}, follow=True
    )
    assert back.request["PATH_INFO"] == door(link)
    return client, client.post(door(link), answers, follow=True)


NEW_PARENT = {"last_name": "Новая", "first_name": "Нина", "patronymic": "", "child_name": "Зайцева Зоя"}


@pytest.mark.req("INV-1", "INV-8", "ACC-1", "ORG-10")
def test_a_parent_joins_from_the_sheet_on_the_wall(world: World, parent_link: Invitation) -> None:
    client, page = sign_in_and_join(parent_link, "+79161234567", NEW_PARENT)
    assert page.status_code == 200
    text = page_of(page)
    assert "Добро пожаловать" in text
    assert "Зайцева Зоя Захаровна" in text
    assert f'href="{reverse("orgs:home", args=["a"])}"' in text
    assert client.get(reverse("orgs:home", args=["a"])).status_code == 200
    assert "Вы уже здесь" in page_of(client.get(door(parent_link)))
    parent_link.refresh_from_db()
    assert parent_link.uses == 1


@pytest.mark.req("INV-11")
def test_forty_people_behind_one_address_join_within_a_minute(world: World) -> None:
    link = link_of(world.a, role=Role.STUDENT, unit="5Б", uses=40)
    for number in range(40):
        answers = {"last_name": "Новичков", "first_name": f"Имя{chr(1072 + number % 30)}", "patronymic": "Иванович"}
        _client, page = sign_in_and_join(link, f"+791712340{number:02}", answers)
        assert page.status_code == 200
    link.refresh_from_db()
    assert link.uses == 40
    assert Person.objects.filter(search_name__startswith="новичков", user__isnull=False).count() == 40


@pytest.mark.req("INV-11")
def test_the_page_says_where_and_as_whom_before_anything_is_asked(world: World, parent_link: Invitation) -> None:
    page = Client().get(door(parent_link))
    text = page_of(page)
    assert "Школа № 1" in text
    assert "5А" in text
    assert "родитель" in text
    assert '<input type="text"' not in text
    assert "sessionid" not in page.cookies
    for name in ("Ёжиков", "Зайцева", "Админова"):
        assert name not in text


@pytest.mark.req("INV-11", "ACC-4")
def test_a_strip_that_was_found_tells_no_surname(world: World) -> None:
    family = ensure_codes(actor=world.a.actor("leader"), unit=world.a.units["5А"], role=Role.PARENT)
    link = next(link for link in family if link.student == world.a.people["classmate"])
    text = page_of(Client().get(door(link)))
    assert "Зоя З." in text
    assert "Зайцева" not in text
    staff = create_staff_codes(
        actor=world.a.actor("administrator"), unit=world.a.units["staff"], people=[world.a.people["waiting_teacher"]]
    )[0]
    text = page_of(Client().get(door(staff)))
    assert "Жанна Жоресовна" in text
    assert "Ждущая" not in text


@pytest.mark.req("INV-11")
def test_the_door_is_not_kept_nor_told_to_others(world: World, parent_link: Invitation) -> None:
    for address in (door(parent_link), "/join/", "/join/1-unknown/"):
        page = Client().get(address)
        assert page.headers["Referrer-Policy"] == "strict-origin"
        assert "no-store" in page.headers["Cache-Control"]
        assert "noindex" in page.headers["X-Robots-Tag"]


@pytest.mark.req("INV-11")
def test_no_token_lies_in_a_session_or_in_the_way_to_the_sign_in(world: World, parent_link: Invitation) -> None:
    client = Client()
    answer = client.post(door(parent_link), {"step": "enter"})
    proof = token_of(parent_link).partition("-")[2]
    assert proof not in answer.headers["Location"]
    client.get(answer.headers["Location"])
    assert client.session["may_join"] == {"invitation": parent_link.pk, "generation": 1}
    assert not any(proof in str(session.get_decoded()) for session in Session.objects.all())


@pytest.mark.req("INV-11")
def test_no_token_in_the_logs(world: World, parent_link: Invitation, caplog: pytest.LogCaptureFixture) -> None:
    revoke(actor=None, invitation=parent_link)
    with caplog.at_level("INFO"):
        assert Client().get(door(parent_link)).status_code == 410
        assert Client().get("/join/zzz-aaaaaaaaaaaaaaaaaaaaaaaaaa/").status_code == 404
    assert token_of(parent_link) not in caplog.text
    assert "zzz-aaa" not in caplog.text


@pytest.mark.req("INV-4", "INV-11")
def test_each_dead_link_has_its_own_kind_answer(world: World, parent_link: Invitation) -> None:
    actor = world.a.actor("administrator")
    type(world.a.organization).objects.filter(slug="a").update(phone="+7 495 123-45-67")
    expired, used = link_of(world.a), link_of(world.a, uses=1)
    annulled, renewed = link_of(world.a), link_of(world.a)
    now = timezone.now()
    Invitation.objects.filter(pk=expired.pk).update(
        created_at=now.replace(year=2020), expires_at=now.replace(year=2021)
    )
    Invitation.objects.filter(pk=used.pk).update(uses=1)
    revoke(actor=actor, invitation=annulled)
    old = door(renewed)
    renew(actor=actor, invitation=renewed, terms=LinkTerms())
    titles = {}
    for name, address in {
        "expired": door(expired),
        "used": door(used),
        "annulled": door(annulled),
        "renewed": old,
    }.items():
        page = Client().get(address)
        assert page.status_code == 410
        text = page_of(page)
        assert "+7 495 123-45-67" in text
        assert "Школа № 1" in text
        assert 'name="code"' in text
        titles[name] = re.search(r"<h1[^>]*>(.*?)</h1>", text)[1]  # type: ignore[index]
    unknown = Client().get("/join/9-aaaaaaaaaaaaaaaaaaaaaaaaaa/")
    assert unknown.status_code == 404
    titles["unknown"] = re.search(r"<h1[^>]*>(.*?)</h1>", page_of(unknown))[1]  # type: ignore[index]
    assert len(set(titles.values())) == 5
    assert titles["expired"] == "Срок этой ссылки вышел"


@pytest.mark.req("INV-11")
def test_a_stranger_learns_nothing_from_numbers(world: World, parent_link: Invitation) -> None:
    there = page_of(Client().get(f"/join/{parent_link.pk}-{'a' * 26}/"))
    not_there = page_of(Client().get(f"/join/zz-{'a' * 26}/"))
    without_token = re.compile(r'name="csrfmiddlewaretoken" value="\w+"|X-CSRFToken": "\w+"')
    assert without_token.sub("", there) == without_token.sub("", not_there)


@pytest.mark.req("INV-11")
@override_settings(FAILED_TOKENS_PER_ADDRESS_PER_HOUR=3)
def test_guessing_codes_is_limited_and_good_links_still_open(world: World, parent_link: Invitation) -> None:
    client, good = Client(), code_of(parent_link)
    wrong = good[:-1] + ("A" if good[-1] != "A" else "B")
    assert [client.post("/join/", {"code": wrong}).status_code for _try in range(4)] == [404, 404, 404, 429]
    assert client.post("/join/", {"code": good}).status_code == 429
    assert client.get(f"/join/{good}/").status_code == 429
    assert client.get(door(parent_link)).status_code == 200
    assert client.get(f"/join/1-{'a' * 26}/").status_code == 429
    assert Client(REMOTE_ADDR="10.9.8.7").post("/join/", {"code": good}).status_code == 302


@pytest.mark.req("INV-11")
@override_settings(FAILED_TOKENS_PER_ADDRESS_PER_HOUR=2)
def test_one_home_of_the_new_internet_is_one_address(world: World, parent_link: Invitation) -> None:
    wrong = code_of(parent_link)[:-1] + "?"
    wrong = wrong[:-1] + ("A" if code_of(parent_link)[-1] != "A" else "B")
    for last in ("1", "2", "3"):
        answer = Client(REMOTE_ADDR=f"2001:db8:1:2::{last}").post("/join/", {"code": wrong})
    assert answer.status_code == 429
    assert Client(REMOTE_ADDR="2001:db8:1:3::1").post("/join/", {"code": wrong}).status_code == 404


@pytest.mark.req("INV-11")
@override_settings(FAILED_TOKENS_PER_ADDRESS_PER_HOUR=1)
def test_successes_and_torn_addresses_are_not_counted(world: World, parent_link: Invitation) -> None:
    client = Client()
    for _time in range(3):
        assert client.post("/join/", {"code": code_of(parent_link)}).status_code == 302
        assert client.get(f"/join/{token_of(parent_link)[:-4]}/").status_code == 404
        assert client.post("/join/", {"code": "привет"}).status_code == 404
    assert client.post("/join/", {"code": code_of(parent_link)}).status_code == 302


@pytest.mark.req("INV-5")
def test_a_code_typed_anyhow_or_a_pasted_address_opens_the_link(world: World, parent_link: Invitation) -> None:
    code = code_of(parent_link)
    for typed in (code, code.lower(), code.replace("-", " "), f"http://school.example/join/{token_of(parent_link)}/"):
        answer = Client().post("/join/", {"code": typed})
        assert answer.headers["Location"] == door(parent_link)


@pytest.mark.parametrize(
    "typed", ["", "\x00", "0" * 10_000, "🙈🙉🙊", "<script>", "../../etc", "%00", "null", "-", "1-"]
)
def test_bad_input_at_the_door_is_answered(world: World, typed: str) -> None:
    assert Client().post("/join/", {"code": typed}).status_code in (404, 422)
    if typed and "/" not in typed:
        assert Client().get(reverse("invitations:join", args=[typed])).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("last_name", "\x00"),
        ("last_name", "ы" * 10_000),
        ("last_name", "😀😀"),
        ("first_name", "12345"),
        ("last_name", "ΐ" * 80),
        ("patronymic", "\u202e\u202e"),
        ("child_name", "🧒 🧒"),
        ("child_name", "х" * 10_000),
    ],
)
def test_bad_names_are_told_at_the_field(
    world: World, browse: Any, parent_link: Invitation, field: str, value: str
) -> None:
    page = browse(make_user("+79169990000")).post(door(parent_link), NEW_PARENT | {field: value})
    assert page.status_code in (422, 302)
    if page.status_code == 422:
        assert "error-summary" in page.content.decode()
        assert not InvitationUse.objects.exists()


@pytest.mark.parametrize("name", ["О’Нил", "Салтыков-Щедрин", "Ибн Сина", "Kovač", "Д.", "Әлия"])
def test_real_names_are_taken(world: World, browse: Any, parent_link: Invitation, name: str) -> None:
    page = browse(make_user("+79169990000")).post(door(parent_link), NEW_PARENT | {"last_name": name})
    assert page.status_code == 302


@pytest.mark.req("ORG-10", "INV-1")
def test_an_unknown_child_is_offered_a_way_on(world: World, browse: Any, parent_link: Invitation) -> None:
    client = browse(make_user("+79169990000"))
    answers = NEW_PARENT | {"child_name": "Зайцева Зоюшка"}
    first = client.post(door(parent_link), answers)
    assert first.status_code == 422
    assert "child_unknown_is_fine" in first.content.decode()
    assert "Зайцева Зоюшка" in first.content.decode()
    second = client.post(door(parent_link), answers | {"child_unknown_is_fine": "on"}, follow=True)
    assert "Руководитель свяжет вас с ребёнком" in page_of(second)


@pytest.mark.req("INV-5")
def test_a_roster_person_only_confirms(world: World, browse: Any, parent_link: Invitation) -> None:
    client = browse(make_user("+79001000007"))
    text = page_of(client.get(door(parent_link)))
    assert "Вы — Зайцев Захар Львович?" in text
    assert 'name="last_name"' not in text
    assert 'name="child_name"' not in text
    assert "Добро пожаловать" in page_of(client.post(door(parent_link), follow=True))


@pytest.mark.req("ORG-4")
def test_a_name_known_elsewhere_stands_in_the_form(world: World, browse: Any) -> None:
    link = link_of(world.b, role=Role.TEACHER, unit="staff")
    text = page_of(browse(world.a.user("teacher")).get(door(link)))
    assert 'value="Учёный"' in text
    assert 'value="Устин"' in text


@pytest.mark.req("ORG-4", "INV-1")
def test_a_member_gets_one_more_role_and_is_told_so(world: World, browse: Any, parent_link: Invitation) -> None:
    client = browse(world.a.user("teacher"))
    assert "у вас добавится роль" in page_of(client.get(door(parent_link)))
    client.post(door(parent_link), {"child_name": "Зайцева Зоя"})
    roles = RoleAssignment.objects.filter(person=world.a.people["teacher"], until=None).values_list("role", flat=True)
    assert set(roles) == {Role.TEACHER, Role.PARENT}


@pytest.mark.req("INV-8")
def test_the_family_link_works_on_the_childs_device(world: World, browse: Any) -> None:
    link = create_family_link(actor=world.a.actor("student"), child=world.a.people["student"])
    client = browse(world.a.user("student"))
    assert "Вы родитель? Войдите под своим номером" in page_of(client.get(door(link)))
    assert client.post(door(link)).status_code == 200
    answer = client.post(door(link), {"step": "switch"})
    assert answer.headers["Location"].startswith(reverse("account_login"))
    assert "_auth_user_id" not in client.session
    assert client.session["may_join"]["invitation"] == link.pk
    link.refresh_from_db()
    assert link.uses == 0


@pytest.mark.req("INV-5", "INV-11")
def test_a_childs_code_is_not_taken_by_the_mother_who_is_signed_in(world: World, browse: Any) -> None:
    code = ensure_codes(actor=world.a.actor("leader"), unit=world.a.units["5А"], role=Role.STUDENT)[0]
    client = browse(world.a.user("parent"))
    assert "Этот код — для другого человека" in page_of(client.get(door(code)))
    client.post(door(code))
    assert not Person.objects.get(pk=code.person_id).has_joined


@pytest.mark.req("INV-3", "INV-4")
def test_whoever_left_is_not_let_in_again_by_the_same_link(world: World, browse: Any, parent_link: Invitation) -> None:
    user = make_user("+79169990000")
    joined = redeem(
        user=user, invitation=parent_link, generation=1, answers=JoinAnswers("Н", "Н", child_name="Зайцева Зоя")
    )
    end_role(actor=world.a.actor("administrator"), person=joined.person, role=Role.PARENT)
    page = browse(user).get(door(parent_link))
    assert page.status_code == 410
    assert "С тех пор вы выбыли" in page_of(page)
    renew(actor=world.a.actor("administrator"), invitation=parent_link, terms=LinkTerms())
    parent_link.refresh_from_db()
    back = browse(user).post(door(parent_link), {"child_name": "Зайцева Зоя"}, follow=True)
    assert "Добро пожаловать" in page_of(back)
    assert InvitationUse.objects.filter(invitation=parent_link).count() == 1


@pytest.mark.req("INV-3")
def test_a_renewed_link_takes_no_place_from_whoever_stayed(world: World, browse: Any, parent_link: Invitation) -> None:
    user = make_user("+79169990000")
    answers = JoinAnswers("Н", "Н", child_name="Зайцева Зоя")
    redeem(user=user, invitation=parent_link, generation=1, answers=answers)
    old = door(parent_link)
    link = renew(actor=world.a.actor("administrator"), invitation=parent_link, terms=LinkTerms())
    assert redeem(user=user, invitation=link, generation=2, answers=answers).already
    assert Invitation.objects.get(pk=link.pk).uses == 0
    assert browse(user).get(old).status_code == 200
    assert "Вы уже здесь" in page_of(browse(user).get(door(link)))


@pytest.mark.req("INV-11")
def test_a_link_that_dies_between_two_clicks_answers_kindly(world: World, browse: Any, parent_link: Invitation) -> None:
    client = browse(make_user("+79169990000"))
    assert client.get(door(parent_link)).status_code == 200
    revoke(actor=None, invitation=parent_link)
    answer = client.post(door(parent_link), NEW_PARENT)
    assert answer.status_code == 410
    assert "Эту ссылку аннулировали" in page_of(answer)


@pytest.mark.req("INV-2", "INV-11")
def test_a_link_of_somebody_who_lost_the_right_opens_nothing(world: World, browse: Any) -> None:
    link = link_of(world.a, by="leader")
    Invitation.objects.filter(pk=link.pk).update(owner=world.a.people["parent"])
    answer = browse(make_user("+79169990000")).post(door(link), NEW_PARENT)
    assert answer.status_code == 410
    assert not InvitationUse.objects.exists()


def test_without_a_link_the_way_back_leads_to_the_code(world: World, browse: Any) -> None:
    assert browse(world.a.user("parent")).get("/join/next/").headers["Location"] == "/join/"
    assert Client().get("/join/next/").headers["Location"] == "/join/"


@pytest.mark.req("INV-11")
def test_an_unconfirmed_phone_comes_no_further(world: World, browse: Any, parent_link: Invitation) -> None:
    user = User.objects.create(phone="+79169990000")
    assert browse(user).post(door(parent_link), NEW_PARENT).status_code == 403


def test_the_page_of_a_link_costs_little(world: World, parent_link: Invitation, django_assert_num_queries: Any) -> None:
    # The first visit is remembered (STAT-3).
    with django_assert_num_queries(2):
        Client().get(door(parent_link))
    with django_assert_num_queries(1):
        Client().get(door(parent_link))
    with django_assert_num_queries(0):
        Client().get("/join/hello/")


@pytest.mark.req("INV-11")
def test_the_next_generation_cannot_be_known_before(world: World, parent_link: Invitation) -> None:
    assert Client().get(f"/join/{make_token(parent_link.pk, 2)}/").status_code == 404


@pytest.mark.req("INV-8")
def test_a_parent_who_is_tied_already_takes_no_place(world: World, browse: Any) -> None:
    link = create_family_link(actor=world.a.actor("student"), child=world.a.people["student"])
    page = browse(world.a.user("parent")).get(door(link))
    assert "Вы уже здесь" in page_of(page)
    assert "Ёжиков Пётр Ильич" in page_of(page)
