"""The life of an application: states, history, letters, decisions (REG-1 to REG-4)."""

from __future__ import annotations

from itertools import product
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from common.errors import DomainError
from orgs.models import AcademicYear, AuditEvent, Organization, Person, Role, Unit, UnitKind, Verification
from outbox.models import Message
from outbox.rendering import Obsolete, render
from registration.models import MOVES, Application, OrderFile, State
from registration.regions import REGIONS, zone_of
from registration.selectors.applications import are_alike, count_waiting, duplicates_of, queue
from registration.services import deciding
from registration.services.applying import correct, submit, withdraw
from registration.services.moving import move
from registration.tokens import make_token, read_token
from tests.registration.cast import OTHER_INN, application, approved, data, order, returned
from tests.world import World

pytestmark = [pytest.mark.req("REG-1", "REG-2"), pytest.mark.django_db]


def refused(code: str) -> Any:
    class Refused:
        def __enter__(self) -> None:
            self.raised = pytest.raises(DomainError)
            self.found = self.raised.__enter__()

        def __exit__(self, *error: Any) -> bool:
            is_raised = bool(self.raised.__exit__(*error))
            assert self.found.value.code == code
            return is_raised

    return Refused()


def letters() -> list[str]:
    return list(Message.objects.order_by("id").values_list("template", flat=True))


# --- Applying ---------------------------------------------------------------------------------------------------------
def test_an_application_is_taken_in_with_its_letter() -> None:
    made = application()
    assert (made.state, made.time_zone, made.inn) == (State.SUBMITTED, "Asia/Yekaterinburg", "7701000001")
    letter = render(Message.objects.get())
    assert f"№ {made.pk}" in letter.subject
    assert f"/register/{make_token(made.pk)}/" in letter.text
    assert "Ольга Олеговна" in letter.text
    assert count_waiting() == 1


def test_a_double_click_makes_one_application() -> None:
    attempt, paper = uuid4(), order()
    first = submit(data=data(), order_id=paper.pk, attempt=attempt)
    assert submit(data=data(), order_id=paper.pk, attempt=attempt) == first
    assert Application.objects.count() == 1
    assert letters() == ["application_received"]


@pytest.mark.parametrize(("change", "field"), [({"inn": "123"}, "inn"), ({"short_name": "\u200b"}, "short_name")])
def test_what_is_wrong_is_named_by_its_field(change: dict[str, str], field: str) -> None:
    with pytest.raises(DomainError) as refusal:
        application(**change)
    assert list(refusal.value.fields) == [field]


def test_an_order_serves_one_application() -> None:
    made = application()
    with refused("order_missing"):
        submit(data=data(), order_id=made.order_id, attempt=uuid4())
    with refused("order_missing"):
        submit(data=data(), order_id=10**9, attempt=uuid4())


def test_a_chosen_time_zone_is_kept() -> None:
    assert application(time_zone="Asia/Omsk").time_zone == "Asia/Omsk"
    assert len(REGIONS) == 89
    assert zone_of("Камчатский край") == "Asia/Kamchatka"


# --- States -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("before", "after"), list(product(State.values, State.values)))
def test_only_the_moves_of_the_machine_are_made(world: World, before: str, after: str) -> None:
    made = application()
    values = {State.APPROVED: {"organization": world.a.organization}}
    closed = {"decided_at": made.submitted_at} if not MOVES[before] else {}
    Application.objects.filter(pk=made.pk).update(state=before, **closed, **values.get(State(before), {}))
    more = {"organization": world.b.organization} if after == State.APPROVED else {}
    if after in MOVES[before]:
        moved = move(made, after, revision=1, text="Так", **more)
        assert (moved.state, moved.revision) == (after, 2)
        assert moved.events.latest("id").state == after
    else:
        with refused("application_changed"):
            move(made, after, revision=1, text="Так", **more)


def test_the_whole_way(world: World) -> None:
    made, operator = application(), world.operator
    made = deciding.take_on_review(operator=operator, application=made, revision=1)
    made = deciding.return_with_remarks(
        operator=operator, application=made, revision=2, text="Адрес не тот\nи ИНН", fields=["inn", "nonsense"]
    )
    assert "Адрес не тот\nи ИНН" in render(Message.objects.latest("id")).text
    old, paper = made.order, order("другой.pdf")
    made = correct(
        application=made, revision=3, data=data(inn=OTHER_INN, address="ул. Полевая, д. 1"), order_id=paper.pk
    )
    assert (made.state, made.inn, made.order) == (State.SUBMITTED, OTHER_INN, paper)
    assert not OrderFile.objects.filter(pk=old.pk).exists()
    with pytest.raises(Obsolete):
        render(Message.objects.latest("id"))
    made = deciding.approve(operator=operator, application=made, revision=4)
    events = list(made.events.values_list("state", "operator", "fields"))
    assert events == [
        ("submitted", None, []),
        ("on_review", operator.pk, []),
        ("returned", operator.pk, ["inn"]),
        ("submitted", None, []),
        ("approved", operator.pk, []),
    ]
    assert letters() == ["application_received", "application_returned", "application_approved"]
    assert "+7 912 123-45-67" in render(Message.objects.latest("id")).text


@pytest.mark.req("REG-3", "REG-4", "REG-7", "INV-9")
def test_approval_opens_the_space(world: World) -> None:
    made = approved(world)
    organization = made.organization
    assert organization is not None
    for name in ("kind", "name", "short_name", "inn", "region", "municipality", "address", "time_zone", "site"):
        assert getattr(organization, name) == getattr(made, name), name
    person = Person.objects.get(organization=organization)
    assert (person.full_name, person.position, person.email) == (
        "Орехова Ольга Олеговна",
        "Заместитель директора",
        "orehova@example.org",
    )
    assert person.user == User.objects.get(phone="+79121234567")
    assert person.verification == Verification.CONFIRMED
    assert person.verified_at is not None
    assert person.roles.get().role == Role.ADMINISTRATOR
    assert Unit.objects.get(organization=organization).kind == UnitKind.STAFF
    assert AcademicYear.objects.filter(organization=organization, is_current=True).count() == 1
    assert AuditEvent.objects.filter(organization_id=organization.pk, action="organization.created").exists()


def test_somebody_known_keeps_the_account(world: World) -> None:
    phone = str(world.a.user("head").phone)
    made = approved(world, phone=phone)
    assert Person.objects.get(organization=made.organization).user == world.a.user("head")
    assert User.objects.get(phone=phone).display_name == world.a.user("head").display_name


def test_a_rejection_says_why_and_is_the_end(world: World) -> None:
    made = application()
    with refused("text_empty"):
        deciding.reject(operator=world.operator, application=made, revision=1, text=" \u200b ")
    made = deciding.reject(operator=world.operator, application=made, revision=1, text="Это не школа")
    assert "Это не школа" in render(Message.objects.latest("id")).text
    assert made.decided_at is not None
    with refused("application_changed"):
        withdraw(application=made, revision=2)
    assert not Organization.objects.filter(short_name="Школа № 77").exists()


def test_nobody_decides_about_what_has_changed_meanwhile(world: World) -> None:
    made = returned(world)
    correct(application=made, revision=2, data=data(address="Иная"))
    for step in (deciding.approve, deciding.take_on_review):
        with refused("application_changed"):
            step(operator=world.operator, application=made, revision=2)
    with refused("application_changed"):
        correct(application=made, revision=2, data=data())
    assert Organization.objects.count() == 2


def test_the_applicant_withdraws(world: World) -> None:
    made = withdraw(application=application(), revision=1)
    assert made.state == State.WITHDRAWN
    assert count_waiting() == 0
    with refused("application_changed"):
        deciding.approve(operator=world.operator, application=made, revision=2)


@pytest.mark.parametrize(
    "values",
    [
        {"state": "approved"},
        {"state": "rejected"},
        {"state": "nonsense"},
        {"inn": "12345"},
        {"phone": "8912"},
        {"short_name": ""},
        {"kind": "bank"},
    ],
)
def test_the_database_says_no_to_half_a_state(values: dict[str, str]) -> None:
    made = application()
    with pytest.raises(IntegrityError), transaction.atomic():
        Application.objects.filter(pk=made.pk).update(**values)


# --- Addresses --------------------------------------------------------------------------------------------------------
def test_an_address_opens_its_application_only(settings: Any) -> None:
    token = make_token(17)
    assert read_token(token) == 17
    assert read_token(token.upper()) == 17
    forged = [token.replace("17-", "18-"), token[:-1], token + "a", "17-", "17", "-", "", "x-y", "9" * 30 + "-a"]
    assert [text for text in forged if read_token(text) is not None] == []
    old = settings.INVITATION_KEY
    settings.INVITATION_KEY, settings.INVITATION_KEY_FALLBACKS = "another key", [old]
    assert read_token(token) == 17
    assert make_token(17) != token
    settings.INVITATION_KEY_FALLBACKS = []
    assert read_token(token) is None


# --- Doubles ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("one", "two", "alike"),
    [
        ("Школа № 77", "ШКОЛА №77", True),
        ("Школа № 77", "Школа № 78", False),
        ("Детский сад «Берёзка»", "детский сад Березка", True),
        ("Детский сад «Берёзка»", "Центр творчества", False),
        ("МБОУ «Средняя школа № 5 г. Берёзовского»", "МБОУ средняя школа № 5 Берёзовского", True),
        ("", "Школа", False),
    ],
)
def test_names_are_compared_as_people_do(one: str, two: str, alike: bool) -> None:
    assert are_alike(one, two) is alike


def test_doubles_are_found_by_inn_and_by_name(world: World) -> None:
    first = application()
    same_inn = application(short_name="Лицей", name="Лицей иной")
    alike = application(inn=OTHER_INN, short_name="школа №77")
    elsewhere = application(inn="5401000007", region="Томская область", short_name="Школа № 77")
    Organization.objects.filter(pk=world.a.organization.pk).update(inn=first.inn)
    found = {(one.name, one.same_inn) for one in duplicates_of(first)}
    assert found == {("Школа № 1", True), ("Лицей", True), ("школа №77", False)}
    doubles = dict(queue().values_list("pk", "has_double"))
    assert doubles == {first.pk: True, same_inn.pk: True, alike.pk: False, elsewhere.pk: False}


def test_an_organization_is_no_double_of_its_own_application(world: World) -> None:
    made = approved(world)
    assert not queue().get(pk=made.pk).has_double
    assert duplicates_of(made) == []
