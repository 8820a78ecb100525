"""Answers given at the same moment, in real threads on PostgreSQL (INV-6)."""

from functools import partial

import pytest

from accounts.models import User
from common.errors import DomainError
from invitations.models import Invitation, JoinRequest, RequestState
from invitations.selectors.requests import with_queue_columns
from invitations.services import JoinAnswers, create_links, create_staff_codes, redeem
from invitations.services.applying import Application, send_request
from invitations.services.deciding import Decision, accept, reject
from invitations.services.terms import LinkTerms
from invitations.services.verification import withdraw_confirmation
from orgs.models import Person, Role, RoleAssignment, Verification
from orgs.services.people import grant_role
from tests.invitations.applicants import ask
from tests.invitations.test_requests_staff import out_of_step
from tests.threads import at_once
from tests.world import School, build_school, make_user

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def school(transactional_db: None) -> School:
    made = build_school("race", 5)
    grant_role(actor=None, person=made.people["head"], role=Role.ADMINISTRATOR)
    return made


def fresh(request: JoinRequest) -> JoinRequest:
    return with_queue_columns(JoinRequest.objects.filter(pk=request.pk)).get()


def let_in(school: School, who: str, request: JoinRequest, decision: Decision) -> str:
    accept(actor=school.actor(who), request=fresh(request), decision=decision)
    return "accepted"


def turn_away(school: School, who: str, request: JoinRequest) -> str:
    reject(actor=school.actor(who), request=fresh(request), reason="Нет")
    return "rejected"


def codes_of(outcomes: list[object]) -> list[str]:
    assert all(isinstance(one, str | DomainError) for one in outcomes), outcomes
    return sorted(one.code if isinstance(one, DomainError) else str(one) for one in outcomes)


@pytest.mark.req("INV-6")
def test_of_many_answers_at_once_exactly_one_counts(school: School) -> None:
    for number in range(4):
        request = ask(school, Role.TEACHER, f"Новиков Нил{number}", user=make_user(f"+7916000001{number}"))
        decision = Decision(Role.TEACHER)
        deeds = [
            partial(let_in, school, "administrator", request, decision),
            partial(turn_away, school, "head", request),
            partial(let_in, school, "head", request, decision),
            partial(turn_away, school, "administrator", request),
        ]
        codes = codes_of(at_once(deeds))
        assert codes.count("request_decided") == 3
        request.refresh_from_db()
        is_in = Person.objects.filter(user=request.user).count()
        assert is_in == (1 if request.state == RequestState.ACCEPTED else 0)
    assert out_of_step() == []


@pytest.mark.req("INV-6", "ORG-4")
def test_two_requests_of_one_human_accepted_at_once_make_one_person(school: School) -> None:
    user = make_user("+79160000020")
    requests = [ask(school, role, "Новиков Нил", user=user) for role in (Role.TEACHER, Role.HEAD)]
    deeds = [
        partial(let_in, school, who, request, Decision(request.role))
        for who, request in zip(("administrator", "head"), requests, strict=True)
    ]
    assert codes_of(at_once(deeds)) == ["accepted", "accepted"]
    person = Person.objects.get(user=user)
    roles = set(RoleAssignment.objects.filter(person=person, until=None).values_list("role", flat=True))
    assert roles == {Role.TEACHER, Role.HEAD}
    assert out_of_step() == []


def _by_code(user: User, code: Invitation) -> str:
    redeem(
        user=user,
        invitation=Invitation.objects.select_related("organization", "unit", "owner", "person").get(pk=code.pk),
        generation=1,
        answers=JoinAnswers(),
    )
    return "joined"


@pytest.mark.req("INV-6", "INV-5")
@pytest.mark.parametrize("as_new", [True, False])
def test_accepted_and_joined_by_a_personal_code_at_once_is_one_person(school: School, as_new: bool) -> None:
    row = school.people["waiting_teacher"]
    user = make_user("+79160000030", "Ждущая Жанна")
    request = ask(school, Role.TEACHER, "Ждущая Жанна", user=user)
    actor = school.actor("administrator")
    code = create_staff_codes(actor=actor, unit=school.units["staff"], people=[row])[0]
    decision = Decision(Role.TEACHER, person=None if as_new else row)
    outcomes = at_once([partial(let_in, school, "administrator", request, decision), partial(_by_code, user, code)])
    # Whoever comes second finds the request answered, or the member: neither is an error of the platform.
    assert set(codes_of(outcomes)) <= {"accepted", "joined", "request_decided", "already_claimed"}
    assert "joined" in codes_of(outcomes) or "accepted" in codes_of(outcomes)
    assert Person.objects.filter(user=user, merged_into=None).count() == 1
    assert JoinRequest.objects.get(pk=request.pk).state == RequestState.ACCEPTED
    assert out_of_step() == []


@pytest.mark.req("INV-6")
def test_the_same_wish_sent_many_times_at_once_waits_once(school: School) -> None:
    user = make_user("+79160000040")
    wish = Application(Role.TEACHER, "Новиков", "Нил")

    def send() -> str:
        send_request(user=user, organization=school.organization, application=wish)
        return "sent"

    assert codes_of(at_once([send] * 8)) == ["request_waiting"] * 7 + ["sent"]


@pytest.mark.req("INV-3", "INV-9")
def test_a_link_of_one_counts_one_of_two_acceptances_at_once(school: School) -> None:
    terms = LinkTerms(days=14, max_uses=1)
    link = create_links(
        actor=school.actor("administrator"), units=[school.units["staff"]], role=Role.TEACHER, terms=terms
    )[0]
    requests = []
    for number in range(2):
        user = make_user(f"+7916000005{number}")
        wish = Application(Role.TEACHER, "Новиков", f"Нил{number}")
        requests.append(send_request(user=user, organization=school.organization, application=wish, invitation=link))
    deeds = [
        partial(let_in, school, who, request, Decision(Role.TEACHER))
        for who, request in zip(("administrator", "head"), requests, strict=True)
    ]
    assert codes_of(at_once(deeds)) == ["accepted", "accepted"]
    link.refresh_from_db()
    assert (link.uses, link.used_by.count()) == (1, 1)


@pytest.mark.req("INV-9", "REG-6")
def test_two_administrators_who_withdraw_each_other_leave_one(school: School) -> None:
    people = school.people["administrator"], school.people["head"]

    def withdraw(who: str, person: Person) -> str:
        fresh_one = Person.objects.select_related("organization").get(pk=person.pk)
        withdraw_confirmation(actor=school.actor(who), person=fresh_one, reason="Нет")
        return "withdrawn"

    deeds = [partial(withdraw, "administrator", people[1]), partial(withdraw, "head", people[0])]
    outcomes = at_once(deeds)
    assert [one for one in outcomes if one == "withdrawn"] == ["withdrawn"]
    administrators = RoleAssignment.objects.filter(role=Role.ADMINISTRATOR, until=None)
    assert administrators.count() == 1
    assert Person.objects.filter(verification=Verification.WITHDRAWN).count() == 1
    assert out_of_step() == []
