"""The second door: a child without a phone, a parent's e-mail, a choice among brothers and sisters."""

import json
import re

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core import serializers
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import services
from accounts.adapter import AccountAdapter, MfaAdapter
from accounts.admin import UserForm
from accounts.letters import parent_code
from accounts.models import User
from accounts.parents import masked_email, normalise_email
from accounts.selectors import address_of
from common.errors import DomainError
from outbox.models import Message
from outbox.rendering import Obsolete
from tests.accounts.door import is_signed_in, wrong
from tests.accounts.pupils import (
    EMAIL,
    OTHER_EMAIL,
    ask,
    empty_account,
    mailed_code,
    primary,
    pupil,
    sign_in,
    type_code,
)
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.req("INV-7")]


@pytest.fixture
def anna(world: World) -> User:
    return pupil(world.a, primary(world.a), "Рябова Анна")


@pytest.fixture
def sisters(world: World, anna: User) -> tuple[User, User]:
    return anna, pupil(world.a, primary(world.a, "4Б"), "Рябова Вера")


@pytest.mark.parametrize("typed", [" Maria@Mail.ru ", "MARIA@MAIL.RU", "maria@mail.ru"])
def test_an_only_child_is_signed_in_at_once(client, anna, typed):
    answer = ask(client, typed)
    assert answer.url == "/signin/child/code/"
    answer = type_code(client, mailed_code())
    assert answer.url == "/"
    assert client.session["_auth_user_id"] == str(anna.pk)
    assert UserSession.objects.filter(user=anna).exists()
    assert client.get("/o/a/").status_code == 200


@pytest.mark.parametrize("typed", ["maria", "maria@", "мама", "a@b", ""])
def test_a_bad_address_keeps_what_was_typed(client, anna, typed):
    page = ask(client, typed).content.decode()
    assert f'value="{typed}"' in page or not typed
    assert "Это не похоже на адрес почты" in page if typed else "Введите почту мамы или папы" in page
    assert not Message.objects.exists()


def test_the_way_is_found_on_the_first_page_and_back(client):
    page = client.get("/signin/?next=/account/").content.decode()
    assert 'href="/signin/child/?next=%2Faccount%2F"' in page
    page = client.get("/signin/child/").content.decode()
    assert 'href="/signin/"' in page
    assert 'inputmode="email"' in page


def test_several_children_are_asked_who_it_is(client, sisters):
    anna, vera = sisters
    answer = sign_in(client)
    assert answer.url == "/signin/child/who/"
    assert not is_signed_in(client)
    page = client.get(answer.url).content.decode()
    assert "Рябова Анна" in page
    assert "Школа № 1, 4Б" in page
    client.post(answer.url, {"child": str(vera.pk)})
    assert client.session["_auth_user_id"] == str(vera.pk)
    # The tablet of the family: out, and in as the other one.
    client.post("/signout/")
    assert client.get("/signin/child/who/").url == "/signin/child/"
    sign_in(client)
    client.post("/signin/child/who/", {"child": str(anna.pk)})
    assert client.session["_auth_user_id"] == str(anna.pk)


def test_only_a_child_of_this_e_mail_can_be_chosen(client, sisters, world):
    stranger = pupil(world.a, primary(world.a, "3А"), "Чужов Пётр", "other@mail.ru")
    sign_in(client)
    for chosen in (str(stranger.pk), str(world.a.user("administrator").pk), "0", "x", ""):
        assert client.post("/signin/child/who/", {"child": chosen}).status_code == 200
        assert not is_signed_in(client)


def test_nobody_is_named_before_the_code(client, sisters):
    assert client.get("/signin/child/who/").url == "/signin/child/"
    ask(client)
    for answer in (client.get("/signin/child/code/"), type_code(client, wrong(mailed_code()))):
        assert "Рябова" not in answer.content.decode()
    assert client.get("/signin/child/who/").url == "/signin/child/"
    assert client.post("/signin/child/who/", {"child": str(sisters[0].pk)}).url == "/signin/child/"
    assert not is_signed_in(client)


def test_a_choice_left_lying_is_over_after_ten_minutes(client, sisters):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        sign_in(client)
        clock.shift(601)
        assert client.get("/signin/child/who/").url == "/signin/child/"
        assert client.post("/signin/child/who/", {"child": str(sisters[0].pk)}).url == "/signin/child/"


def test_the_right_code_gives_the_session_another_key(client, sisters):
    ask(client)
    before = client.session.session_key
    type_code(client, mailed_code())
    chosen_with = client.session.session_key
    assert before != chosen_with
    client.post("/signin/child/who/", {"child": str(sisters[0].pk)})
    assert client.session.session_key != chosen_with
    assert not Session.objects.filter(session_key__in=[before, chosen_with]).exists()


def test_an_account_that_is_nobody_is_offered_only_when_alone(client, anna):
    nobody = User.objects.create(parent_email=EMAIL, phone=None)
    answer = sign_in(client)
    page = client.get(answer.url).content.decode()
    assert "Рябова Анна" in page
    assert f'value="{nobody.pk}"' not in page


# --- An unknown e-mail -----------------------------------------------------------------------------------------------
@pytest.mark.req("ACC-4")
def test_an_unknown_e_mail_reveals_nothing_and_gets_no_letter(sisters):
    known, unknown = Client(), Client()
    first, second = ask(known), ask(unknown, OTHER_EMAIL)
    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert Message.objects.count() == 1

    def page(client: Client, email: str) -> str:
        text = client.get("/signin/child/code/").content.decode()
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"|X-CSRFToken[^}]*', "", text).replace(email, "")

    assert page(known, EMAIL) == page(unknown, OTHER_EMAIL)
    assert type_code(unknown, "000000").status_code == type_code(known, wrong(mailed_code())).status_code == 200
    assert not User.objects.filter(parent_email=OTHER_EMAIL).exists()


@pytest.mark.parametrize("again", [False, True])
def test_an_unknown_e_mail_costs_the_same_work(sisters, again, django_capture_on_commit_callbacks):
    counts = []
    for email in (EMAIL, OTHER_EMAIL):
        client = Client()
        if again:
            ask(client, email)
        with CaptureQueriesContext(connection) as queries, django_capture_on_commit_callbacks() as callbacks:
            if again:
                client.post("/signin/child/code/", {"action": "resend"})
            else:
                ask(client, email)
        inserted = sum("INSERT" in query["sql"] for query in queries)
        asked = sum("SELECT" in query["sql"] and "accounts_user" in query["sql"] for query in queries)
        counts.append((inserted, asked, len(callbacks)))
    assert counts[0] == counts[1]


def test_a_closed_account_gets_no_code(client, anna):
    User.objects.filter(pk=anna.pk).update(is_active=False)
    assert ask(client).url == "/signin/child/code/"
    assert not Message.objects.exists()


def test_an_account_closed_in_the_middle_does_not_get_in(client, sisters):
    sign_in(client)
    User.objects.filter(parent_email=EMAIL).update(is_active=False)
    answer = client.post("/signin/child/who/", {"child": str(sisters[0].pk)})
    assert "больше никто не входит" in answer.content.decode()
    assert not is_signed_in(client)


# --- Codes -----------------------------------------------------------------------------------------------------------
def test_the_code_lies_nowhere_in_plain_text(client, anna):
    ask(client)
    code = mailed_code()
    assert code not in serializers.serialize("json", [*Message.objects.all(), *User.objects.all()])
    for session in Session.objects.all():
        assert code not in json.dumps(session.get_decoded(), ensure_ascii=False)


def test_a_code_belongs_to_the_session_that_asked_for_it(client, anna):
    ask(client)
    other = Client()
    ask(other)
    assert "Код не подошёл" in type_code(client, mailed_code()).content.decode()
    assert type_code(Client(), mailed_code()).url == "/signin/child/"
    type_code(other, mailed_code())
    assert is_signed_in(other)


def test_a_code_works_once(client, sisters):
    sign_in(client)
    assert type_code(client, mailed_code()).url == "/signin/child/"


def test_an_old_code_says_so_and_offers_a_new_one(client, anna):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        ask(client)
        clock.shift(301)
        page = type_code(client, mailed_code()).content.decode()
        assert "Время этого кода вышло" in page
        assert f'value="{EMAIL}"' in page
        assert not is_signed_in(client)


def test_a_new_code_ends_the_old_one_and_comes_twice_at_most(client, anna):
    ask(client)
    old = mailed_code()
    client.post("/signin/child/code/", {"action": "resend"})
    if old != mailed_code():
        assert "Код не подошёл" in type_code(client, old).content.decode()
    client.post("/signin/child/code/", {"action": "resend"})
    page = client.post("/signin/child/code/", {"action": "resend"}).content.decode()
    assert "Код уже отправлен три раза" in page
    assert Message.objects.count() == 3
    type_code(client, mailed_code())
    assert is_signed_in(client)


def test_the_letter_says_what_to_do_and_is_not_sent_too_late():
    soon = (timezone.now() + timezone.timedelta(minutes=5)).isoformat()
    letter = parent_code({"valid_until": soon}, "123456")
    assert "123456" in letter.text
    assert "123456" not in letter.subject
    with pytest.raises(Obsolete):
        parent_code({"valid_until": (timezone.now() - timezone.timedelta(seconds=1)).isoformat()}, "123456")


def test_next_leads_on_but_never_away(client, sisters):
    answer = client.post("/signin/child/?next=/account/", {"email": EMAIL})
    assert answer.url == "/signin/child/code/?next=%2Faccount%2F"
    answer = client.post(answer.url, {"code": mailed_code()})
    assert answer.url == "/signin/child/who/?next=%2Faccount%2F"
    answer = client.post(answer.url, {"child": str(sisters[0].pk), "next": "/account/"})
    assert answer.url == "/account/"
    client.post("/signout/")
    ask(client)
    answer = client.post("/signin/child/code/?next=https://evil.example/", {"code": mailed_code()})
    assert answer.url == "/signin/child/who/"


def test_who_is_signed_in_goes_straight_on(client, anna):
    client.force_login(anna)
    for page in ("", "code/", "who/"):
        assert client.get(f"/signin/child/{page}").url == "/"


def test_the_second_step_is_asked_of_a_child_too(client, anna):
    from allauth.mfa.models import Authenticator

    Authenticator.objects.create(user=anna, type=Authenticator.Type.TOTP, data={"secret": "x"})
    assert sign_in(client).url.startswith("/signin/second/")
    assert not is_signed_in(client)


# --- The account -----------------------------------------------------------------------------------------------------
def test_the_account_page_says_where_codes_go(client, anna):
    sign_in(client)
    page = client.get("/account/").content.decode()
    assert f"Коды приходят на почту родителя: {EMAIL}" in page
    assert "None" not in page


def test_the_account_page_says_which_child_it_is(client, anna):
    """Whoever joined by the link of a class has typed a name for the roster only."""
    User.objects.filter(pk=anna.pk).update(display_name="")
    sign_in(client)
    assert "Рябова Анна" in client.get("/account/").content.decode()


def test_nothing_is_sent_to_an_empty_phone(anna):
    AccountAdapter().send_notification_mail("mfa/email/totp_activated", anna)
    notice = Message.objects.get()
    assert (notice.channel, notice.recipient) == ("email", EMAIL)
    assert AccountAdapter().get_phone(anna) is None
    assert address_of(anna) == ("email", EMAIL)


def test_a_child_is_called_by_name_everywhere(anna):
    assert str(anna) == "Рябова Анна"
    assert anna.get_username() == EMAIL
    assert MfaAdapter().get_totp_label(anna) == "Рябова Анна"
    assert str(User(parent_email=EMAIL)) == "m…@mail.ru"


def test_an_e_mail_has_one_form():
    assert normalise_email(" Maria@Mail.RU\u200b ") == "maria@mail.ru"
    assert masked_email("maria@mail.ru") == "m…@mail.ru"
    for text in ("", "x", "a b@mail.ru", f"{'a' * 64}@{'b' * 250}.ru"):
        with pytest.raises(DomainError, match="email_invalid"):
            normalise_email(text)


def test_an_account_that_came_to_nothing_is_taken_again(client):
    first = services.make_pupil(EMAIL, "Рябова Анна")
    again = services.make_pupil(EMAIL, "Рябова Вера")
    assert (again.pk, again.display_name) == (first.pk, "Рябова Вера")
    # Unless somebody sits in it at this moment: then the next child gets another one.
    client.force_login(first)
    UserSession.objects.create(user=first, session_key=client.session.session_key, ip="10.0.0.1")
    assert empty_account().pk != first.pk


def test_another_e_mail_signs_out_and_a_phone_ends_the_e_mail(client, anna):
    sign_in(client)
    services.set_parent_email(anna, "Papa@Mail.ru")
    assert client.get("/account/").status_code == 302
    anna.refresh_from_db()
    assert anna.parent_email == "papa@mail.ru"
    sign_in(client, "papa@mail.ru")
    services.give_phone(anna, "8 912 345-67-89")
    assert client.get("/account/").status_code == 302
    anna.refresh_from_db()
    assert (anna.phone, anna.parent_email) == ("+79123456789", "")
    with pytest.raises(DomainError, match="has_phone"):
        services.give_phone(anna, "8 912 345-67-90")
    with pytest.raises(DomainError, match="has_phone"):
        services.set_parent_email(anna, EMAIL)


def test_a_phone_of_somebody_else_is_refused(anna, world):
    with pytest.raises(DomainError, match="phone_taken"):
        services.give_phone(anna, str(world.a.user("parent").phone))
    anna.refresh_from_db()
    assert anna.phone is None


def test_the_operator_s_form_takes_either_a_phone_or_an_e_mail(db):
    def errors(**values: str) -> list[str]:
        form = UserForm({"phone": "", "parent_email": "", "display_name": "Анна", "is_active": "on", **values})
        return sorted(form.errors)

    assert errors(parent_email=" Maria@Mail.ru ") == []
    assert errors(phone="8 912 345-67-89") == []
    assert errors() == ["phone"]
    assert errors(parent_email=EMAIL, phone="8 912 345-67-89") == ["phone"]
    assert errors(parent_email="мама") == ["parent_email"]
    form = UserForm({"phone": "", "parent_email": " Maria@Mail.ru ", "display_name": "Анна", "is_active": "on"})
    assert form.is_valid()
    user = form.save()
    assert (user.phone, user.parent_email) == (None, EMAIL)
