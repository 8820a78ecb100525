"""Signing in as a child would, by a parent's e-mail."""

from __future__ import annotations

from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from accounts.services import confirm_phone, make_pupil
from orgs.models import Part, Person, Role, Unit
from orgs.services.people import PersonData, add_person, link_account
from orgs.services.structure import class_from_name, create_units, enrol
from outbox.models import Message
from outbox.rendering import open_secret
from tests.world import School

EMAIL = "maria@mail.ru"
OTHER_EMAIL = "nobody@mail.ru"


def ask(client: Client, email: str = EMAIL, address: str = "10.0.0.1", **data: str) -> HttpResponse:
    return client.post("/signin/child/", {"email": email, **data}, REMOTE_ADDR=address)


def mailed_code(email: str = EMAIL) -> str:
    return open_secret(Message.objects.filter(recipient=email, template="parent_code").latest("pk"))


def type_code(client: Client, code: str, address: str = "10.0.0.1", **data: str) -> HttpResponse:
    return client.post("/signin/child/code/", {"code": code, **data}, REMOTE_ADDR=address)


def sign_in(client: Client, email: str = EMAIL, address: str = "10.0.0.1", **data: str) -> HttpResponse:
    ask(client, email, address)
    return type_code(client, mailed_code(email), address, **data)


def primary(school: School, name: str = "2А") -> Unit:
    """A class of primary grades of the school."""
    unit = create_units(organization=school.organization, actor=None, units=[class_from_name(name)])[0]
    unit.organization = school.organization
    return unit


def pupil(school: School, unit: Unit, name: str, email: str = EMAIL) -> User:
    """A child of `unit` who has joined by a parent's e-mail."""
    last, first = name.split()
    person = child(school, unit, last, first)
    user = User.objects.create(phone=None, parent_email=email, display_name=person.full_name)
    confirm_phone(user)
    link_account(person=person, user_id=user.pk)
    return user


def child(school: School, unit: Unit, last: str, first: str) -> Person:
    """A child on the roster without an account."""
    data = PersonData(last, first)
    person = add_person(organization=school.organization, actor=None, data=data, roles=[Role.STUDENT])
    enrol(actor=None, people=[person], unit=unit, part=Part.STUDENT)
    return person


def empty_account(email: str = EMAIL) -> User:
    """A child who is nobody anywhere yet."""
    return make_pupil(email)
