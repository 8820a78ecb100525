"""The administrator changes how a pupil without a phone signs in (INV-7)."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from common.errors import DomainError
from orgs.models import AuditEvent, Person
from orgs.services.pupils import change_parent_email, give_own_phone
from outbox.models import Message
from tests.accounts.pupils import EMAIL, primary, pupil
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.req("INV-7")]


@pytest.fixture
def anna(world: World) -> Person:
    user = pupil(world.a, primary(world.a), "Рябова Анна")
    return Person.objects.select_related("organization", "user").get(user=user)


@pytest.fixture
def client(world: World) -> Client:
    visitor = Client()
    visitor.force_login(world.a.user("administrator"))
    return visitor


def test_the_page_of_the_person_leads_to_the_change(client, anna):
    page = client.get(f"/o/a/people/{anna.pk}/").content.decode()
    assert f"по почте родителя {EMAIL}" in page
    address = f"/o/a/people/{anna.pk}/sign-in/"
    assert address in page
    page = client.get(address).content.decode()
    assert "Другая почта родителей" in page
    assert "Перевести на свой телефон" in page


def test_the_leader_of_the_class_sees_neither(world, anna):
    head = Client()
    head.force_login(world.a.user("head"))
    page = head.get(f"/o/a/people/{anna.pk}/").content.decode()
    assert EMAIL not in page
    assert head.post(f"/o/a/people/{anna.pk}/sign-in/", {"way": "phone", "phone": "+79123456789"}).status_code == 403


def test_another_e_mail_is_set_told_and_written_down(client, anna):
    child = Client()
    child.force_login(anna.user)
    address = f"/o/a/people/{anna.pk}/sign-in/"
    answer = client.post(address, {"way": "email", "email": "Papa@Mail.ru"}, follow=True)
    assert "коды теперь приходят на новую почту" in answer.content.decode()
    assert User.objects.get(pk=anna.user_id).parent_email == "papa@mail.ru"
    told = Message.objects.get(template="security_notice")
    assert (told.channel, told.recipient) == ("email", EMAIL)
    event = AuditEvent.objects.get(action="person.parent_email_changed")
    assert (event.person_id, event.details["email"]) == (anna.pk, "p…@mail.ru")


def test_an_own_phone_ends_the_e_mail(client, anna):
    address = f"/o/a/people/{anna.pk}/sign-in/"
    answer = client.post(address, {"way": "phone", "phone": "8 912 345-67-89"}, follow=True)
    assert "вход теперь по своему телефону" in answer.content.decode()
    anna.refresh_from_db()
    assert (anna.phone, anna.user.phone, anna.user.parent_email) == ("+79123456789", "+79123456789", "")
    assert client.get(address).status_code == 404
    assert AuditEvent.objects.filter(action="person.phone_given", person_id=anna.pk).exists()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"way": "email", "email": "мама"}, "Это не похоже на адрес почты"),
        ({"way": "phone", "phone": "12"}, "+7 912 345-67-89"),
        ({"way": "phone", "phone": "+79001000006"}, "уже входит кто-то другой"),
        ({}, "Введите почту"),
    ],
)
def test_what_does_not_fit_is_said_at_the_field(client, anna, data, words):
    answer = client.post(f"/o/a/people/{anna.pk}/sign-in/", data)
    assert answer.status_code == 422 or not data
    assert words in answer.content.decode() or not data
    assert User.objects.get(pk=anna.user_id).parent_email == EMAIL


def test_who_has_a_phone_has_no_such_page(client, world):
    for name in ("student", "classmate"):
        assert client.get(f"/o/a/people/{world.a.people[name].pk}/sign-in/").status_code == 404
        with pytest.raises(DomainError, match="no_parent_email"):
            give_own_phone(actor=world.a.actor("administrator"), person=world.a.people[name], phone="+79123456789")


def test_an_administrator_cannot_take_over_what_a_child_is_elsewhere(client, world, anna):
    there = pupil(world.b, primary(world.b), "Рябова Анна", "other@mail.ru")
    Person.objects.filter(user=there).update(user=anna.user)
    answer = client.post(f"/o/a/people/{anna.pk}/sign-in/", {"way": "email", "email": "mine@mail.ru"})
    assert answer.status_code == 422
    assert "ещё и в другой организации" in answer.content.decode()
    with pytest.raises(DomainError, match="account_elsewhere"):
        change_parent_email(actor=world.a.actor("administrator"), person=anna, email="mine@mail.ru")
    assert User.objects.get(pk=anna.user_id).parent_email == EMAIL
