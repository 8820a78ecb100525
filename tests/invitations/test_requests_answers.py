"""Requests to join: sent, matched with the roster, accepted, refused (INV-6)."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from common.errors import DomainError
from invitations.models import JoinRequest, RequestState
from invitations.selectors.matching import Match, matches_of
from invitations.selectors.requests import RequestFilter, filter_requests, requests_visible_to, with_queue_columns
from invitations.services.applying import Application, correct_request, send_request, withdraw_request
from invitations.services.deciding import Decision, accept, accept_certain, decision_of, reject, reject_many
from orgs.actor import load_actor
from orgs.models import AuditEvent, Enrolment, Guardianship, Part, Person, Role, RoleAssignment
from orgs.services.people import PersonData, add_person
from orgs.services.structure import enrol
from outbox.models import Message
from tests.invitations.applicants import ask, stranger
from tests.world import School, World, make_user

PARENT = {"unit": "5А", "child_name": "зайцева зоя"}


def match_of(request: JoinRequest) -> Match:
    loaded = with_queue_columns(JoinRequest.objects.filter(pk=request.pk)).get()
    return matches_of(request.organization_id, [loaded])[0]


def accept_as_suggested(school: School, request: JoinRequest, who: str = "administrator") -> JoinRequest:
    match = match_of(request)
    return accept(actor=school.actor(who), request=match.request, decision=decision_of(match))


def roles_of(person: Person | None) -> set[str]:
    return set(RoleAssignment.objects.filter(person=person, until=None).values_list("role", flat=True))


def code_of(caught: pytest.ExceptionInfo[DomainError]) -> str:
    return caught.value.code


@pytest.mark.req("INV-6", "ACC-4")
def test_whoever_waits_is_nobody_yet(world: World) -> None:
    before = Person.objects.count()
    request = ask(world.a, Role.PARENT, **PARENT)
    assert request.state == RequestState.PENDING
    assert request.person is None
    assert Person.objects.count() == before
    assert load_actor(request.user_id, world.a.slug) is None
    event = AuditEvent.objects.get(action="request.sent")
    assert (event.actor_name, event.details) == ("", {"name": "Новичкова Нина", "role": "parent"})


@pytest.mark.req("INV-6")
@pytest.mark.parametrize(
    ("role", "more", "code"),
    [
        (Role.ADMINISTRATOR, {}, "role_not_asked"),
        (Role.STUDENT, {}, "unit_required"),
        (Role.PARENT, {"unit": "5А"}, "child_required"),
        (Role.PARENT, {"unit": "5А", "child_name": "Зоя"}, "child_required"),
    ],
)
def test_what_has_to_be_said(world: World, role: str, more: dict[str, str], code: str) -> None:
    with pytest.raises(DomainError) as caught:
        ask(world.a, role, **more)
    assert code_of(caught) == code
    with pytest.raises(DomainError) as caught:
        ask(world.a, Role.TEACHER, "Безымянный")
    assert code_of(caught) == "name_required"


@pytest.mark.req("INV-6")
def test_one_request_for_a_role_waits_at_a_time(world: World) -> None:
    user = stranger()
    ask(world.a, Role.TEACHER, user=user)
    with pytest.raises(DomainError) as caught:
        ask(world.a, Role.TEACHER, user=user)
    assert code_of(caught) == "request_waiting"
    ask(world.a, Role.PARENT, user=user, **PARENT)
    ask(world.b, Role.TEACHER, user=user)
    assert JoinRequest.objects.filter(user=user).count() == 3


@pytest.mark.req("INV-6", "ORG-4")
def test_a_member_asks_for_one_more_role_under_the_known_name(world: World) -> None:
    request = ask(world.a, Role.TEACHER, "Кто Угодно", user=world.a.user("parent"))
    assert (request.full_name, request.person) == ("Ёжикова Роза Павловна", world.a.people["parent"])
    accept_as_suggested(world.a, request)
    assert roles_of(world.a.people["parent"]) == {Role.PARENT, Role.TEACHER}
    with pytest.raises(DomainError) as caught:
        ask(world.a, Role.TEACHER, user=world.a.user("parent"))
    assert code_of(caught) == "already_member"


@pytest.mark.req("INV-7")
def test_a_child_without_a_phone_is_a_student_or_nothing(world: World) -> None:
    child = make_user("+79170009999")
    child.phone, child.parent_email = None, "mother@example.org"
    child.save()
    with pytest.raises(DomainError) as caught:
        ask(world.a, Role.TEACHER, user=child)
    assert code_of(caught) == "phone_needed"
    request = ask(world.a, Role.STUDENT, "Зайцева Зоя", user=child, unit="5А")
    assert match_of(request).person == world.a.people["classmate"]
    with pytest.raises(DomainError) as caught:
        accept(actor=world.a.actor("administrator"), request=request, decision=Decision(Role.TEACHER))
    assert code_of(caught) == "phone_needed"
    accept_as_suggested(world.a, request)
    assert Person.objects.get(user=child) == world.a.people["classmate"]


@pytest.mark.req("INV-6")
def test_a_request_is_corrected_and_taken_back_while_it_waits(world: World) -> None:
    request = ask(world.a, Role.PARENT, **PARENT)
    user, sent = request.user, request.created_at
    data = Application(Role.STUDENT, "Новичкова", "Нина", unit=world.a.units["5Б"])
    correct_request(user=user, request=request, application=data)
    request.refresh_from_db()
    assert (request.role, request.unit, request.child_name) == (Role.STUDENT, world.a.units["5Б"], "")
    assert request.created_at == sent
    withdraw_request(user=user, request=request)
    for again in (
        lambda: withdraw_request(user=user, request=request),
        lambda: correct_request(user=user, request=request, application=data),
        lambda: accept_as_suggested(world.a, request),
        lambda: reject(actor=world.a.actor("administrator"), request=request, reason="Нет"),
    ):
        with pytest.raises(DomainError) as caught:
            again()
        assert code_of(caught) == "request_decided"
    assert ask(world.a, Role.STUDENT, user=user, unit="5А").is_pending


# --- Match with the roster ------------------------------------------------------------------------------------------
@pytest.mark.req("INV-6")
def test_the_roster_knows_a_teacher_by_name_and_says_what_differs(world: World) -> None:
    match = match_of(ask(world.a, Role.TEACHER, "ждущая  жанна"))
    assert match.person == world.a.people["waiting_teacher"]
    assert not match.is_certain  # the name of a teacher is on the school's site
    [candidate] = match.candidates
    assert (candidate.by_name, candidate.by_phone) == (True, False)
    assert candidate.differences == (
        "в списке записано: Ждущая Жанна Жоресовна",
        "в списке нет телефона",
    )


@pytest.mark.req("INV-6")
def test_name_and_phone_together_are_certain(world: World) -> None:
    user = stranger("+79170001111")
    Person.objects.filter(pk=world.a.people["waiting_teacher"].pk).update(phone=user.phone)
    assert match_of(ask(world.a, Role.TEACHER, "Ждущая Жанна Жоресовна", user=user)).is_certain
    assert not match_of(ask(world.a, Role.HEAD, "Ждущая Жанна Жоресовна", user=user)).is_certain
    other = ask(world.b, Role.TEACHER, "Ждущая Жанна Жоресовна", user=user)
    assert not match_of(other).is_certain  # there the roster has no phone


@pytest.mark.req("INV-6", "ORG-10")
def test_a_parent_is_certain_by_the_own_row_and_the_child(world: World) -> None:
    known = ask(world.a, Role.PARENT, "Зайцев Захар", user=stranger("+79001000007"), **PARENT)
    assert match_of(known).is_certain
    assert decision_of(match_of(known)).child == world.a.people["classmate"]
    # Whoever merely knows the name of a child and its class is not.
    unknown = match_of(ask(world.a, Role.PARENT, "Чужой Человек", **PARENT))
    assert (unknown.child, unknown.is_certain, unknown.is_ready) == (world.a.people["classmate"], False, True)
    elsewhere = match_of(ask(world.a, Role.PARENT, "Чужой Иной", unit="5Б", child_name="Зайцева Зоя"))
    assert (elsewhere.child, elsewhere.is_ready) == (None, False)


@pytest.mark.req("INV-6")
def test_another_day_of_birth_is_another_child(world: World) -> None:
    Person.objects.filter(pk=world.a.people["classmate"].pk).update(birth_date=date(2015, 5, 5))
    more = {**PARENT, "child_birth_date": date(2014, 5, 5)}
    assert match_of(ask(world.a, Role.PARENT, **more)).child is None
    assert match_of(ask(world.a, Role.PARENT, **{**more, "child_birth_date": date(2015, 5, 5)})).child is not None


@pytest.mark.req("INV-6")
def test_somebody_of_the_same_name_who_has_joined_may_be_a_duplicate(world: World) -> None:
    match = match_of(ask(world.a, Role.TEACHER, "Учёный Устин Ильич"))
    assert match.duplicates == (world.a.people["teacher"],)
    assert match.candidates == ()
    same_phone = match_of(ask(world.a, Role.STUDENT, "Ежиков Павел", unit="5А", user=stranger("+79170002222")))
    assert same_phone.duplicates == ()


@pytest.mark.req("INV-6")
def test_a_student_is_certain_by_name_and_class(world: World) -> None:
    assert match_of(ask(world.a, Role.STUDENT, "Зайцева Зоя", unit="5А")).is_certain
    assert not match_of(ask(world.a, Role.STUDENT, "Зайцева Зоя", unit="5Б")).is_certain


# --- The answer -----------------------------------------------------------------------------------------------------
@pytest.mark.req("INV-6", "ORG-12")
def test_accepting_ties_the_account_to_the_row_of_the_roster(world: World) -> None:
    before = Person.objects.count()
    request = accept_as_suggested(world.a, ask(world.a, Role.TEACHER, "Ждущая Жанна"))
    assert request.person == world.a.people["waiting_teacher"]
    assert Person.objects.count() == before
    request.refresh_from_db()
    assert (request.state, request.decided_by) == (RequestState.ACCEPTED, world.a.people["administrator"])
    event = AuditEvent.objects.get(action="request.accepted")
    assert (event.person_id, event.actor_name) == (request.person.pk, "Админова Анна Аркадьевна")


@pytest.mark.req("INV-6")
def test_accepting_makes_a_new_person_where_the_roster_has_none(world: World) -> None:
    student = accept_as_suggested(world.a, ask(world.a, Role.STUDENT, "Новичкова Нина Олеговна", unit="5Б"))
    assert roles_of(student.person) == {Role.STUDENT}
    assert Enrolment.objects.filter(person=student.person, unit=world.a.units["5Б"], part=Part.STUDENT).exists()
    teacher = accept_as_suggested(world.a, ask(world.a, Role.TEACHER, "Новиков Нил", unit="5Б"))
    assert teacher.person is not None
    assert teacher.person.phone == teacher.user.phone
    assert Enrolment.objects.filter(person=teacher.person, unit=world.a.units["5Б"], part=Part.TEACHER).exists()
    head = accept_as_suggested(world.a, ask(world.a, Role.HEAD, "Завучева Зинаида"))
    assert roles_of(head.person) == {Role.HEAD}


@pytest.mark.req("INV-6", "ORG-10")
def test_a_parent_comes_in_with_the_child(world: World) -> None:
    request = accept_as_suggested(world.a, ask(world.a, Role.PARENT, **PARENT), who="leader")
    assert roles_of(request.person) == {Role.PARENT}
    tie = Guardianship.objects.get(parent=request.person, until=None)
    assert tie.child == world.a.people["classmate"]


@pytest.mark.req("INV-6")
def test_before_accepting_all_can_be_corrected(world: World) -> None:
    request = ask(world.a, Role.TEACHER, "Новичкова Нина", unit="5А")
    decision = Decision(Role.PARENT, world.a.units["5Б"], child=world.a.people["other_student"])
    accepted = accept(actor=world.a.actor("administrator"), request=request, decision=decision)
    assert roles_of(accepted.person) == {Role.PARENT}
    assert AuditEvent.objects.get(action="request.accepted").details["role"] == "parent"


@pytest.mark.req("INV-6")
@pytest.mark.parametrize(
    ("decision", "code"),
    [
        (lambda s: Decision(Role.PARENT, s.units["5А"]), "child_required"),
        (lambda s: Decision(Role.PARENT, s.units["5А"], child=s.people["other_student"]), "child_elsewhere"),
        (lambda s: Decision(Role.STUDENT), "unit_required"),
        (lambda s: Decision(Role.TEACHER, person=s.people["teacher"]), "already_claimed"),
    ],
)
def test_a_refused_decision_changes_nothing(world: World, decision: object, code: str) -> None:
    request = ask(world.a, Role.PARENT, **PARENT)
    with pytest.raises(DomainError) as caught:
        accept(actor=world.a.actor("administrator"), request=request, decision=decision(world.a))  # type: ignore[operator]
    assert code_of(caught) == code
    assert JoinRequest.objects.get(pk=request.pk).is_pending
    assert not Person.objects.filter(user=request.user).exists()


@pytest.mark.req("INV-6", "INV-2", "ACC-4")
def test_who_answers_which_request(world: World) -> None:
    staff = ask(world.a, Role.TEACHER, "Новиков Нил", unit="5А")
    parent = ask(world.a, Role.PARENT, **PARENT)
    elsewhere = ask(world.a, Role.STUDENT, "Иной Иван", unit="5Б")
    seen = {who: set(requests_visible_to(world.a.actor(who))) for who in ("administrator", "head", "leader", "student")}
    assert seen["administrator"] == {staff, parent, elsewhere}
    assert seen["head"] == {parent, elsewhere}
    assert seen["leader"] == {parent}
    assert seen["student"] == set()
    assert not requests_visible_to(world.b.actor("administrator")).exists()
    leader = world.a.actor("leader")
    for request, decision in (
        (staff, Decision(Role.TEACHER, world.a.units["5А"])),
        (parent, Decision(Role.TEACHER, world.a.units["5А"])),
        (parent, Decision(Role.STUDENT, world.a.units["5Б"])),
        (parent, Decision(Role.STUDENT, world.b.units["5А"])),
    ):
        with pytest.raises(PermissionDenied):
            accept(actor=leader, request=request, decision=decision)
    with pytest.raises(PermissionDenied):
        reject(actor=leader, request=elsewhere, reason="Нет")


@pytest.mark.req("INV-6")
def test_a_refusal_has_a_reason_and_is_told(world: World) -> None:
    request = ask(world.a, Role.PARENT, **PARENT)
    with pytest.raises(DomainError) as caught:
        reject(actor=world.a.actor("leader"), request=request, reason="  ")
    assert code_of(caught) == "reason_required"
    reject(actor=world.a.actor("leader"), request=request, reason=" Мы вас  не нашли ")
    request.refresh_from_db()
    assert (request.state, request.reason) == (RequestState.REJECTED, "Мы вас не нашли")
    message = Message.objects.get(template="request_rejected")
    assert (message.channel, message.recipient) == ("sms", request.user.phone)


@pytest.mark.req("INV-6")
def test_many_at_once_accepts_the_certain_ones_only(world: World) -> None:
    certain = ask(world.a, Role.STUDENT, "Зайцева Зоя", unit="5А")
    doubtful = ask(world.a, Role.TEACHER, "Ждущая Жанна")
    answered = reject(actor=world.a.actor("head"), request=ask(world.a, Role.PARENT, **PARENT), reason="Нет")
    accepted, left = accept_certain(actor=world.a.actor("administrator"), requests=[certain, doubtful, answered])
    assert (accepted, left) == ([certain], [doubtful, answered])
    assert Person.objects.get(user=certain.user) == world.a.people["classmate"]
    rejected = reject_many(actor=world.a.actor("administrator"), requests=[certain, doubtful], reason="Не нашли")
    assert rejected == [doubtful]


@pytest.mark.req("INV-6")
def test_two_who_claim_one_row_are_not_both_accepted_at_once(world: World) -> None:
    twins = [ask(world.a, Role.STUDENT, "Зайцева Зоя", unit="5А") for _ in range(2)]
    accepted, left = accept_certain(actor=world.a.actor("administrator"), requests=twins)
    assert (accepted, left) == (twins[:1], twins[1:])


@pytest.mark.req("INV-6")
def test_the_queue_is_narrowed_and_the_longest_wait_first(world: World) -> None:
    first = ask(world.a, Role.TEACHER, "Новиков Нил")
    second = ask(world.a, Role.PARENT, "Ёлкина Ева", **PARENT)
    actor = world.a.actor("administrator")

    def found(**wanted: object) -> list[JoinRequest]:
        return list(filter_requests(requests_visible_to(actor), RequestFilter(**wanted)))  # type: ignore[arg-type]

    assert found(state="pending") == [first, second]
    assert found() == [second, first]
    assert found(text="елкин") == [second]
    assert found(text="зайцев") == [second]
    assert found(role="teacher") == [first]
    assert found(unit_id=world.a.units["5А"].pk) == [second]
    assert found(by_link=True) == []


@pytest.mark.req("INV-6")
def test_matching_asks_the_same_for_three_and_for_fifty(world: World, django_assert_num_queries: object) -> None:
    def fill(numbers: range) -> None:
        for number in numbers:
            row = PersonData("Ученикова", f"Уля{number}", "Уловна")
            pupil = add_person(organization=world.a.organization, actor=None, data=row, roles=[])
            enrol(actor=None, people=[pupil], unit=world.a.units["5А"], part=Part.STUDENT)
            ask(world.a, Role.STUDENT, f"Ученикова Уля{number}", unit="5А")
            ask(world.a, Role.PARENT, f"Ученикова Ада{number}", unit="5А", child_name=f"Ученикова Уля{number}")

    def look() -> None:
        rows = list(with_queue_columns(requests_visible_to(world.a.actor("administrator"))))
        assert all(match.is_ready for match in matches_of(world.a.organization.pk, rows))

    fill(range(2))
    with django_assert_num_queries(10):  # type: ignore[operator]
        look()
    fill(range(10, 33))
    with django_assert_num_queries(10):  # type: ignore[operator]
        look()


@pytest.mark.req("INV-6")
def test_an_unconfirmed_account_asks_for_nothing(world: World) -> None:
    user = stranger()
    user.phone_verified_at = None
    with pytest.raises(DomainError) as caught:
        send_request(user=user, organization=world.a.organization, application=Application(Role.TEACHER, "А", "Б"))
    assert code_of(caught) == "phone_not_confirmed"
