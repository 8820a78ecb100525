"""A child without a phone joins with a code sent to a parent (INV-7)."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.models import User
from common.errors import DomainError
from invitations.addresses import token_of
from invitations.models import Invitation
from invitations.services import JoinAnswers, LinkTerms, create_links, redeem
from invitations.services.making import ensure_codes
from orgs.models import AuditEvent, Kind, Organization, Person, Role, Unit, UnitKind
from orgs.permissions import may_use_parents_email
from orgs.services.people import tie_parent
from outbox.models import Message
from tests.accounts.door import is_signed_in
from tests.accounts.pupils import EMAIL, child, mailed_code, primary, pupil
from tests.accounts.pupils import type_code as type_mailed_code
from tests.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.req("INV-7")]


@pytest.fixture
def unit(world: World) -> Unit:
    return primary(world.a)


@pytest.fixture
def link(world: World, unit: Unit) -> Invitation:
    """The link for the pupils of 2А."""
    return create_links(
        actor=world.a.actor("administrator"), units=[unit], role=Role.STUDENT, terms=LinkTerms(days=14, max_uses=30)
    )[0]


@pytest.fixture
def anna(world: World, unit: Unit) -> Person:
    return child(world.a, unit, "Рябова", "Анна")


def code_of(world: World, unit: Unit, person: Person) -> Invitation:
    actor = world.a.actor("administrator")
    ensure_codes(actor=actor, unit=unit, role=Role.STUDENT)
    return Invitation.objects.select_related("organization", "unit", "person").get(person=person)


def mother_of(world: World, person: Person, email: str = "Mama@Mail.ru") -> Person:
    mother = world.a.people["waiting_parent"]
    Person.objects.filter(pk=mother.pk).update(email=email)
    tie_parent(actor=None, parent=mother, child=person)
    return mother


def begin(client: Client, link: Invitation, email: str = EMAIL):
    """Open the link, choose the second way, type the e-mail."""
    address = f"/join/{token_of(link)}/"
    assert "Нет своего телефона" in client.get(address).content.decode()
    assert client.post(address, {"step": "child"}).url == "/join/child/"
    return client.post("/join/child/", {"email": email})


def confirm(client: Client, link: Invitation, email: str = EMAIL):
    """The same, and the code of the letter; ends on the page of the link."""
    assert begin(client, link, email).url == "/signin/child/code/"
    answer = type_mailed_code(client, mailed_code(email))
    assert answer.url == "/join/child/"
    return client.get("/join/child/")


def test_a_child_joins_by_the_own_code(client, world, unit, anna):
    answer = confirm(client, code_of(world, unit, anna))
    assert answer.url == "/join/next/"
    assert is_signed_in(client)
    address = client.get("/join/next/").url
    page = client.get(address).content.decode()
    assert "Вы — Рябова Анна?" in page
    assert f"Вы вошли по почте родителя: {EMAIL}" in page
    client.post(address)
    anna.refresh_from_db()
    assert anna.user is not None
    assert (anna.user.phone, anna.user.parent_email, anna.phone) == (None, EMAIL, "")
    assert anna.user.is_confirmed
    assert "Добро пожаловать" in client.get(address).content.decode()
    event = AuditEvent.objects.get(action="person.pupil_joined_by_unknown_email", person_id=anna.pk)
    assert event.details["email"] == "m…@mail.ru"


def test_only_an_e_mail_of_the_parents_confirms_a_personal_code(client, world, unit, anna):
    mother_of(world, anna)
    link = code_of(world, unit, anna)
    answer = begin(client, link, "neighbour@mail.ru")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "У школы записана другая почта родителей" in page
    assert "Школа знает почту родителей" in page
    assert 'value="neighbour@mail.ru"' in page
    assert "mama@mail" not in page.lower()
    assert not Message.objects.filter(template="parent_code").exists()
    confirm(client, link, "mama@mail.ru")
    client.post(client.get("/join/next/").url)
    anna.refresh_from_db()
    assert anna.has_joined
    assert AuditEvent.objects.filter(action="person.pupil_joined", person_id=anna.pk).exists()


def test_e_mails_of_a_family_are_not_guessed(client, world, unit, anna):
    mother_of(world, anna)
    link = code_of(world, unit, anna)
    for number in range(10):
        begin(client, link, f"guess{number}@mail.ru")
    assert begin(client, link, "mama@mail.ru").status_code == 429
    assert begin(Client(REMOTE_ADDR="10.9.9.9"), link, "mama@mail.ru").status_code == 429


def test_by_the_link_of_a_class_a_child_says_the_name(client, unit, link, anna):
    assert confirm(client, link).url == "/join/next/"
    address = client.get("/join/next/").url
    client.post(address, {"last_name": "Рябова", "first_name": "Анна"})
    anna.refresh_from_db()
    assert anna.has_joined


def test_a_sister_gets_an_account_of_her_own(client, world, unit, link):
    vera = pupil(world.a, primary(world.a, "4Б"), "Рябова Вера")
    page = confirm(client, link).content.decode()
    assert "Рябова Вера" in page
    client.post("/join/child/", {"child": "new"})
    client.post(client.get("/join/next/").url, {"last_name": "Рябова", "first_name": "Анна"})
    users = User.objects.filter(parent_email=EMAIL)
    assert users.count() == 2
    anna = Person.objects.get(first_name="Анна", last_name="Рябова")
    assert anna.user_id not in (None, vera.pk)


def test_the_same_child_finds_the_own_account_elsewhere(client, world, unit, link):
    there = primary(world.b, "2Б")
    user = pupil(world.b, there, "Рябова Анна")
    confirm(client, link)
    client.post("/join/child/", {"child": str(user.pk)})
    client.post(client.get("/join/next/").url, {"last_name": "Рябова", "first_name": "Анна"})
    assert Person.objects.filter(user=user).count() == 2
    assert User.objects.filter(parent_email=EMAIL).count() == 1


def test_a_personal_code_finds_the_child_s_account_by_itself(client, world, unit, anna):
    pupil(world.b, primary(world.b, "4Б"), "Рябова Вера")
    user = pupil(world.b, primary(world.b, "2Б"), "Рябова Анна")
    assert confirm(client, code_of(world, unit, anna)).url == "/join/next/"
    assert client.session["_auth_user_id"] == str(user.pk)


def test_a_personal_code_makes_another_account_beside_the_brother_s(client, world, unit, anna):
    brother = pupil(world.a, primary(world.a, "4Б"), "Рябов Борис")
    confirm(client, code_of(world, unit, anna))
    assert client.session["_auth_user_id"] != str(brother.pk)
    client.post(client.get("/join/next/").url)
    anna.refresh_from_db()
    assert anna.user.parent_email == brother.parent_email


def test_a_child_of_another_e_mail_cannot_be_chosen(client, world, link):
    pupil(world.a, primary(world.a, "4Б"), "Рябова Вера")
    stranger = pupil(world.a, primary(world.a, "3А"), "Чужов Пётр", "other@mail.ru")
    confirm(client, link)
    assert "Кто присоединяется?" in client.post("/join/child/", {"child": str(stranger.pk)}).content.decode()
    assert not is_signed_in(client)


def test_the_code_of_a_link_opens_no_other_door(client, world, link):
    """Confirmed for joining by one link: neither the plain choice nor another link takes it."""
    pupil(world.a, primary(world.a, "4Б"), "Рябова Вера")
    confirm(client, link)
    assert client.get("/signin/child/who/").url == "/signin/child/"
    other = create_links(
        actor=world.a.actor("administrator"),
        units=[primary(world.a, "1А")],
        role=Role.STUDENT,
        terms=LinkTerms(days=14, max_uses=30),
    )[0]
    client.post(f"/join/{token_of(other)}/", {"step": "child"})
    assert "Вход" not in client.get("/join/child/").headers.get("Location", "")
    assert 'name="email"' in client.get("/join/child/").content.decode()


def test_an_annulled_link_is_told_at_once(client, link):
    begin(client, link)
    Invitation.objects.filter(pk=link.pk).update(max_uses=1, uses=1)
    assert client.get("/join/child/").url == f"/join/{token_of(link)}/"


@pytest.mark.parametrize("name", ["5А", "11Б"])
def test_older_pupils_need_a_phone(client, world, name):
    unit = world.a.units["5А"] if name == "5А" else primary(world.a, name)
    link = create_links(
        actor=world.a.actor("administrator"), units=[unit], role=Role.STUDENT, terms=LinkTerms(days=14, max_uses=9)
    )[0]
    address = f"/join/{token_of(link)}/"
    assert "Нет своего телефона" not in client.get(address).content.decode()
    assert client.post(address, {"step": "child"}).url.startswith("/signin/?next=")
    assert client.get("/join/child/").url == address


def test_parents_need_a_phone(client, world, unit):
    link = create_links(
        actor=world.a.actor("administrator"), units=[unit], role=Role.PARENT, terms=LinkTerms(days=14, max_uses=9)
    )[0]
    assert "Нет своего телефона" not in client.get(f"/join/{token_of(link)}/").content.decode()
    user = pupil(world.b, primary(world.b), "Рябова Анна")
    with pytest.raises(DomainError, match="phone_needed"):
        redeem(user=user, invitation=link, generation=1, answers=JoinAnswers("Рябова", "Анна", child_name="Рябов Илья"))


def test_a_child_is_never_recognised_by_an_empty_phone(world, unit, link):
    """Of rows without a phone there may be one only: it is not everybody's."""
    child(world.a, unit, "Сорокин", "Семён")
    user = User.objects.create(phone=None, parent_email=EMAIL, phone_verified_at="2026-01-01T00:00:00Z")
    joined = redeem(user=user, invitation=link, generation=1, answers=JoinAnswers("Рябова", "Анна"))
    assert joined.person.last_name == "Рябова"
    assert joined.person.phone == ""


@pytest.mark.parametrize(
    ("kind", "of", "parallel", "may"),
    [
        (UnitKind.CLASS, Kind.SCHOOL, 1, True),
        (UnitKind.CLASS, Kind.SCHOOL, 4, True),
        (UnitKind.CLASS, Kind.SCHOOL, 5, False),
        (UnitKind.CLASS, Kind.SCHOOL, None, False),
        (UnitKind.GROUP, Kind.KINDERGARTEN, None, True),
        (UnitKind.GROUP, Kind.COLLEGE, None, False),
        (UnitKind.CIRCLE, Kind.SUPPLEMENTARY, None, False),
        (UnitKind.CIRCLE, Kind.KINDERGARTEN, None, False),
        (UnitKind.STAFF, Kind.SCHOOL, None, False),
    ],
)
def test_where_a_parents_e_mail_is_enough(kind, of, parallel, may):
    unit = Unit(organization=Organization(kind=of), kind=kind, parallel=parallel)
    assert may_use_parents_email(unit) is may


def test_the_family_s_tablet_is_handed_to_the_next_child(client, world, unit, link):
    """Whoever is signed in is signed out first."""
    client.force_login(world.a.user("student"))
    client.post(f"/join/{token_of(link)}/", {"step": "child"})
    assert not is_signed_in(client)
    assert client.post("/join/child/", {"email": EMAIL}).url == "/signin/child/code/"
