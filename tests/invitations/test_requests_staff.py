"""The confirmation of staff: no rights before it, one table of what follows what (INV-9)."""

import random
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from common.errors import DomainError
from invitations.models import Invitation, InvitationUse, JoinRequest, RequestState, StaffReview
from invitations.services import JoinAnswers, Joined, come_in, create_staff_codes, redeem, revoke
from invitations.services.applying import withdraw_request
from invitations.services.deciding import Decision, accept, reject
from invitations.services.rules import change_join_rules
from invitations.services.verification import confirm_again, withdraw_confirmation
from orgs.actor import load_actor
from orgs.models import STAFF_ROLES, AuditEvent, Enrolment, Part, Person, Role, RoleAssignment, Verification
from orgs.services.people import end_role, grant_role, set_roles
from orgs.services.structure import archive_unit
from orgs.services.verification import NEXT, move
from tests.invitations.applicants import ask, stranger
from tests.invitations.conftest import link_of
from tests.world import School, World

UNKNOWN = JoinAnswers("Новиков", "Нил")
KNOWN = JoinAnswers("Ждущая", "Жанна")


def staff_link(school: School, uses: int = 10, role: str = Role.TEACHER) -> Invitation:
    return link_of(school, role=role, unit="staff", uses=uses)


def come(link: Invitation, answers: JoinAnswers = UNKNOWN, user: User | None = None) -> Joined | JoinRequest:
    return come_in(user=user or stranger(), invitation=link, generation=1, answers=answers)


def asked(came: Joined | JoinRequest) -> JoinRequest:
    assert isinstance(came, JoinRequest)
    return came


def state_of(person: Person) -> str:
    return Person.objects.get(pk=person.pk).verification


def roles_of(person: Person) -> set[str]:
    return set(RoleAssignment.objects.filter(person=person, until=None).values_list("role", flat=True))


def out_of_step() -> list[Person]:
    """Whoever is confirmed without a role of staff, or has one with an account and is not confirmed."""
    staff = RoleAssignment.objects.filter(person_id=OuterRef("pk"), role__in=STAFF_ROLES, until=None)
    people = Person.objects.filter(merged_into=None).annotate(is_staff=Exists(staff))
    has_rights = Q(is_staff=True, user__isnull=False)
    is_confirmed = Q(verification=Verification.CONFIRMED)
    return list(people.filter((has_rights & ~is_confirmed) | (is_confirmed & ~has_rights)))


@pytest.mark.req("INV-9")
def test_confirmed_are_exactly_those_with_rights_of_staff(world: World) -> None:
    assert out_of_step() == []
    assert state_of(world.a.people["administrator"]) == Verification.CONFIRMED
    assert state_of(world.a.people["waiting_teacher"]) == Verification.NOT_CONFIRMED


@pytest.mark.req("INV-9", "INV-1", "ACC-4")
def test_whom_the_roster_does_not_know_waits_as_a_guest(world: World) -> None:
    link, user = staff_link(world.a, uses=1), stranger()
    request = asked(come(link, user=user))
    assert (request.role, request.unit, request.invitation) == (Role.TEACHER, None, link)
    assert load_actor(user.pk, "a") is None
    link.refresh_from_db()
    assert link.uses == 0
    assert asked(come(link, user=user)) == request  # a second click asks nothing anew


@pytest.mark.req("INV-9")
@pytest.mark.parametrize("dead", ["expired", "revoked"])
def test_the_end_of_the_link_does_not_matter_once_the_request_is_made(world: World, dead: str) -> None:
    link = staff_link(world.a)
    request = asked(come(link))
    if dead == "revoked":
        revoke(actor=world.a.actor("administrator"), invitation=link)
    else:
        past = timezone.now() - timedelta(days=1)
        Invitation.objects.filter(pk=link.pk).update(created_at=past - timedelta(days=9), expires_at=past)
    accept(actor=world.a.actor("administrator"), request=request, decision=Decision(Role.TEACHER))
    person = Person.objects.get(user=request.user)
    assert (roles_of(person), state_of(person)) == ({Role.TEACHER}, Verification.CONFIRMED)
    with pytest.raises(DomainError):
        come(link)


@pytest.mark.req("INV-3", "INV-9")
def test_the_link_is_used_up_at_the_acceptance_and_never_beyond_its_limit(world: World) -> None:
    link = staff_link(world.a, uses=1)
    requests = [asked(come(link, JoinAnswers("Новиков", f"Нил{name}"))) for name in "аб"]
    for request in requests:
        accept(actor=world.a.actor("administrator"), request=request, decision=Decision(Role.TEACHER))
    link.refresh_from_db()
    assert link.uses == 1
    assert InvitationUse.objects.get(invitation=link).person == Person.objects.get(user=requests[0].user)
    assert Person.objects.filter(user=requests[1].user).exists()  # the administrator's word is enough


@pytest.mark.req("INV-9")
def test_whom_the_roster_knows_as_staff_joins_at_once(world: World) -> None:
    joined = come(staff_link(world.a), KNOWN)
    assert isinstance(joined, Joined)
    assert joined.person == world.a.people["waiting_teacher"]
    assert state_of(joined.person) == Verification.CONFIRMED
    # By the phone of a parent's row nobody becomes a teacher.
    parent = asked(come(staff_link(world.a), UNKNOWN, stranger("+79001000007")))
    assert not world.a.people["waiting_parent"].has_joined
    assert parent.is_pending


@pytest.mark.req("INV-9")
def test_a_link_for_heads_needs_a_head_of_the_roster(world: World) -> None:
    link = staff_link(world.a, role=Role.HEAD)
    request = asked(come(link, user=world.a.user("teacher")))
    assert request.person == world.a.people["teacher"]
    assert state_of(world.a.people["teacher"]) == Verification.CONFIRMED  # a teacher all the same
    assert roles_of(world.a.people["teacher"]) == {Role.TEACHER}
    assert isinstance(come(link, user=world.a.user("administrator")), Joined)


@pytest.mark.req("INV-9")
def test_everybody_waits_where_the_organization_wants_it_so(world: World) -> None:
    change_join_rules(actor=world.a.actor("administrator"), rules={"staff_review": StaffReview.EVERYONE})
    request = asked(come(staff_link(world.a), KNOWN))
    assert not Person.objects.get(pk=world.a.people["waiting_teacher"].pk).has_joined
    accept(
        actor=world.a.actor("administrator"),
        request=request,
        decision=Decision(Role.TEACHER, person=world.a.people["waiting_teacher"]),
    )
    assert state_of(world.a.people["waiting_teacher"]) == Verification.CONFIRMED


@pytest.mark.req("INV-9", "INV-5")
def test_a_personal_code_is_a_confirmation(world: World) -> None:
    change_join_rules(actor=world.a.actor("administrator"), rules={"staff_review": StaffReview.EVERYONE})
    people = [world.a.people["waiting_teacher"]]
    code = create_staff_codes(actor=world.a.actor("administrator"), unit=world.a.units["staff"], people=people)[0]
    assert isinstance(come(code, JoinAnswers()), Joined)
    assert state_of(people[0]) == Verification.CONFIRMED


@pytest.mark.req("INV-6", "INV-9")
def test_whoever_joins_by_a_code_meanwhile_waits_no_longer(world: World) -> None:
    user = stranger()
    request = asked(come(staff_link(world.a), user=user))
    people = [world.a.people["waiting_teacher"]]
    code = create_staff_codes(actor=world.a.actor("administrator"), unit=world.a.units["staff"], people=people)[0]
    redeem(user=user, invitation=code, generation=1, answers=JoinAnswers())
    request.refresh_from_db()
    assert request.state == RequestState.ACCEPTED


# --- What follows what ----------------------------------------------------------------------------------------------
@pytest.mark.req("INV-9")
@pytest.mark.parametrize("before", Verification)
@pytest.mark.parametrize("after", Verification)
def test_only_what_follows_is_written(world: World, before: Verification, after: Verification) -> None:
    person = world.a.people["parent"]
    Person.objects.filter(pk=person.pk).update(verification=before)
    if after in NEXT[before]:
        move(person=person, to=after, reason="Потому что")
        assert state_of(person) == after
    else:
        with pytest.raises(DomainError) as caught:
            move(person=person, to=after, reason="Потому что")
        assert caught.value.code == "verification_impossible"
        assert state_of(person) == before


@pytest.mark.req("INV-9")
def test_a_member_is_on_review_refused_with_a_reason_and_may_ask_again(world: World) -> None:
    person, administrator = world.a.people["parent"], world.a.actor("administrator")
    request = ask(world.a, Role.TEACHER, user=world.a.user("parent"))
    assert state_of(person) == Verification.ON_REVIEW
    reject(actor=administrator, request=request, reason="Нет приказа о приёме")
    person.refresh_from_db()
    assert (person.verification, person.verification_reason) == (Verification.REJECTED, "Нет приказа о приёме")
    again = ask(world.a, Role.TEACHER, user=world.a.user("parent"))
    assert state_of(person) == Verification.ON_REVIEW
    withdraw_request(user=world.a.user("parent"), request=again)
    assert state_of(person) == Verification.NOT_CONFIRMED
    last = ask(world.a, Role.TEACHER, user=world.a.user("parent"))
    accept(actor=administrator, request=last, decision=Decision(Role.TEACHER))
    person.refresh_from_db()
    assert (person.verification, person.verification_reason) == (Verification.CONFIRMED, "")
    end_role(actor=administrator, person=person, role=Role.TEACHER)
    assert state_of(person) == Verification.NOT_CONFIRMED
    assert out_of_step() == []


@pytest.mark.req("INV-9")
def test_of_two_requests_the_review_ends_with_the_last(world: World) -> None:
    person, user = world.a.people["parent"], world.a.user("parent")
    first, second = ask(world.a, Role.TEACHER, user=user), ask(world.a, Role.HEAD, user=user)
    reject(actor=world.a.actor("administrator"), request=first, reason="Нет")
    assert state_of(person) == Verification.ON_REVIEW
    reject(actor=world.a.actor("administrator"), request=second, reason="Совсем нет")
    assert state_of(person) == Verification.REJECTED


# --- Withdrawn and given back ---------------------------------------------------------------------------------------
@pytest.mark.req("INV-9", "ORG-12")
def test_a_withdrawal_takes_the_rights_and_gives_them_back(world: World) -> None:
    leader, administrator = world.a.people["leader"], world.a.actor("administrator")
    grant_role(actor=None, person=leader, role=Role.PARENT)
    withdraw_confirmation(actor=administrator, person=leader, reason=" Уволена ")
    leader.refresh_from_db()
    assert (leader.verification, leader.verification_reason) == (Verification.WITHDRAWN, "Уволена")
    assert roles_of(leader) == {Role.PARENT}
    assert not Enrolment.objects.filter(person=leader, until=None).exists()
    assert confirm_again(actor=administrator, person=leader) == [Role.TEACHER]
    assert state_of(leader) == Verification.CONFIRMED
    units = Enrolment.objects.filter(person=leader, until=None).values_list("unit__name", "part")
    assert ("5А", Part.LEADER) in set(units)
    actions = AuditEvent.objects.filter(person_id=leader.pk).values_list("action", flat=True)
    assert {"person.confirmation_withdrawn", "person.confirmation_given_again"} <= set(actions)
    with pytest.raises(DomainError) as caught:
        confirm_again(actor=administrator, person=leader)
    assert caught.value.code == "nothing_to_give_back"
    assert out_of_step() == []


@pytest.mark.req("INV-9")
def test_a_unit_that_is_gone_does_not_come_back(world: World) -> None:
    leader, administrator = world.a.people["leader"], world.a.actor("administrator")
    withdraw_confirmation(actor=administrator, person=leader, reason="Отпуск")
    archive_unit(actor=administrator, unit=world.a.units["5А"])
    confirm_again(actor=administrator, person=leader)
    assert set(Enrolment.objects.filter(person=leader, until=None).values_list("unit__kind", flat=True)) == {"staff"}


@pytest.mark.req("INV-9")
def test_roles_given_anew_by_hand_end_the_withdrawal(world: World) -> None:
    leader, administrator = world.a.people["leader"], world.a.actor("administrator")
    withdraw_confirmation(actor=administrator, person=leader, reason="Ошибка")
    set_roles(actor=administrator, person=leader, roles=[Role.HEAD])
    assert state_of(leader) == Verification.CONFIRMED
    with pytest.raises(DomainError):
        confirm_again(actor=administrator, person=leader)
    withdraw_confirmation(actor=administrator, person=leader, reason="Снова")
    assert confirm_again(actor=administrator, person=leader) == [Role.HEAD]


@pytest.mark.req("INV-9", "REG-6")
def test_what_cannot_be_withdrawn(world: World) -> None:
    administrator = world.a.actor("administrator")

    def refusal(person: Person, reason: str = "Причина") -> str:
        with pytest.raises(DomainError) as caught:
            withdraw_confirmation(actor=administrator, person=person, reason=reason)
        return caught.value.code

    assert refusal(world.a.people["leader"], " ") == "reason_required"
    assert refusal(administrator.person) == "own_confirmation"
    assert refusal(world.a.people["parent"]) == "not_staff"
    assert refusal(world.a.people["waiting_teacher"]) == "not_staff"
    grant_role(actor=None, person=world.a.people["head"], role=Role.ADMINISTRATOR)
    second = world.a.actor("head")
    withdraw_confirmation(actor=second, person=administrator.person, reason="Раз")
    with pytest.raises(DomainError) as caught:
        withdraw_confirmation(actor=world.a.actor("leader"), person=second.person, reason="Два")
    assert caught.value.code == "last_administrator"
    assert out_of_step() == []


@pytest.mark.req("INV-9")
@pytest.mark.parametrize("seed", range(6))
def test_whatever_happens_rights_and_confirmation_stay_in_step(world: World, seed: int) -> None:
    chance, administrator = random.Random(seed), world.a.actor("administrator")
    names = ("head", "leader", "teacher", "parent", "student", "waiting_teacher")

    def step(person: Person) -> None:
        deeds = [
            lambda: grant_role(actor=administrator, person=person, role=chance.choice([Role.TEACHER, Role.HEAD])),
            lambda: end_role(actor=administrator, person=person, role=chance.choice([Role.TEACHER, Role.HEAD])),
            lambda: withdraw_confirmation(actor=administrator, person=person, reason="Так"),
            lambda: confirm_again(actor=administrator, person=person),
            lambda: ask(world.a, chance.choice([Role.TEACHER, Role.HEAD]), user=person.user),
            lambda: _answer(world.a, person, chance),
        ]
        with suppress(DomainError):
            chance.choice(deeds)()

    for _ in range(25):
        step(Person.objects.select_related("organization", "user").get(pk=world.a.people[chance.choice(names)].pk))
        assert out_of_step() == []


def _answer(school: School, person: Person, chance: random.Random) -> None:
    waiting = JoinRequest.objects.filter(person=person, state=RequestState.PENDING).select_related(
        "organization", "user", "person", "unit"
    )
    request = waiting.first()
    if request is None:
        return
    if chance.random() < 0.5:
        reject(actor=school.actor("administrator"), request=request, reason="Нет")
    else:
        accept(actor=school.actor("administrator"), request=request, decision=Decision(request.role))
