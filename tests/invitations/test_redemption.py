"""Joining: who one becomes, what uses a link up, what refuses."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.models import User
from common.errors import DomainError
from invitations.models import Invitation, InvitationUse
from invitations.services import (
    JoinAnswers,
    Joined,
    LinkTerms,
    create_family_link,
    create_staff_codes,
    ensure_codes,
    redeem,
    renew,
    revoke,
)
from orgs.models import AuditEvent, Enrolment, Guardianship, Part, Person, Role, RoleAssignment
from orgs.services.administration import accept_handover, grant_right, offer_handover, revoke_right
from orgs.services.people import end_role
from orgs.services.structure import archive_unit
from tests.invitations.conftest import link_of
from tests.world import World, make_user

NEWCOMER = JoinAnswers("Новая", "Нина", "Олеговна", child_name="Зайцева Зоя")


def newcomer(phone: str = "+79009990001") -> User:
    return make_user(phone)


def join(user: User, link: Invitation, answers: JoinAnswers = NEWCOMER) -> Joined:
    return redeem(user=user, invitation=link, generation=link.generation, answers=answers)


def roles_of(person: Person) -> set[str]:
    return set(RoleAssignment.objects.filter(person=person, until=None).values_list("role", flat=True))


@pytest.mark.req("INV-1", "ORG-10", "ORG-12")
def test_a_parent_becomes_a_parent_of_the_named_child(world: World, parent_link: Invitation) -> None:
    joined = join(newcomer(), parent_link)
    assert roles_of(joined.person) == {Role.PARENT}
    assert [child.last_name for child in joined.children] == ["Зайцева"]
    assert Guardianship.objects.filter(parent=joined.person, child=world.a.people["classmate"], until=None).exists()
    assert not Enrolment.objects.filter(person=joined.person).exists()
    assert AuditEvent.objects.filter(action="person.joined", person_id=joined.person.pk).count() == 1


@pytest.mark.req("INV-1", "INV-3")
@pytest.mark.parametrize(
    ("role", "unit", "part"), [(Role.STUDENT, "5Б", Part.STUDENT), (Role.TEACHER, "5Б", Part.TEACHER)]
)
def test_the_right_unit_and_the_right_role(world: World, role: str, unit: str, part: str) -> None:
    link = link_of(world.a, role=role, unit=unit)
    # Of the staff only those come in at once whom the roster knows (INV-9).
    joined = join(newcomer(), link, JoinAnswers("Ждущая", "Жанна") if role == Role.TEACHER else NEWCOMER)
    assert roles_of(joined.person) == {role}
    assert Enrolment.objects.filter(person=joined.person, unit=world.a.units[unit], part=part, until=None).exists()
    link.refresh_from_db()
    assert (link.uses, link.used_by.get().person) == (1, joined.person)


@pytest.mark.req("INV-1", "ORG-2")
def test_a_link_into_the_staff_unit_makes_staff(world: World) -> None:
    joined = join(newcomer(), link_of(world.a, role=Role.TEACHER, unit="staff"), JoinAnswers("Ждущая", "Жанна"))
    assert Enrolment.objects.get(person=joined.person).unit == world.a.units["staff"]


@pytest.mark.req("INV-3")
def test_the_second_click_uses_nothing_up(world: World, parent_link: Invitation) -> None:
    user = newcomer()
    first, second = join(user, parent_link), join(user, parent_link)
    assert (first.already, second.already) == (False, True)
    assert first.person == second.person
    parent_link.refresh_from_db()
    assert parent_link.uses == 1


@pytest.mark.req("INV-3", "INV-11")
def test_a_used_up_link_lets_nobody_in_and_writes_nothing(world: World) -> None:
    link = link_of(world.a, uses=1)
    join(newcomer(), link)
    before = Person.objects.count(), AuditEvent.objects.count(), InvitationUse.objects.count()
    with pytest.raises(DomainError) as refusal:
        join(newcomer("+79009990002"), link)
    assert refusal.value.code == "link_used_up"
    assert before == (Person.objects.count(), AuditEvent.objects.count(), InvitationUse.objects.count())


@pytest.mark.req("INV-4", "INV-11")
def test_an_expired_link_is_refused_though_no_job_ever_ran(world: World, parent_link: Invitation) -> None:
    with time_machine.travel(timezone.now() + timedelta(days=21), tick=False), pytest.raises(DomainError) as refusal:
        join(newcomer(), parent_link)
    assert refusal.value.code == "link_expired"
    parent_link.refresh_from_db()
    assert (parent_link.uses, parent_link.expiry_recorded_at) == (0, None)


@pytest.mark.req("INV-3", "INV-4")
def test_annulled_and_renewed_links_say_so(world: World, parent_link: Invitation) -> None:
    actor = world.a.actor("administrator")
    old = parent_link.generation
    renew(actor=actor, invitation=parent_link, terms=LinkTerms())
    with pytest.raises(DomainError) as refusal:
        redeem(user=newcomer(), invitation=parent_link, generation=old, answers=NEWCOMER)
    assert refusal.value.code == "link_renewed"
    revoke(actor=actor, invitation=parent_link)
    with pytest.raises(DomainError) as refusal:
        join(newcomer("+79009990002"), parent_link)
    assert refusal.value.code == "link_revoked"


@pytest.mark.req("INV-11")
def test_a_phone_that_was_never_confirmed_does_not_join(world: World, parent_link: Invitation) -> None:
    user = User.objects.create(phone="+79009990003")
    with pytest.raises(DomainError) as refusal:
        join(user, parent_link)
    assert refusal.value.code == "phone_not_confirmed"


@pytest.mark.req("INV-2", "INV-11")
def test_a_demotion_closes_the_links_at_once(world: World) -> None:
    link = link_of(world.a, by="leader")
    end_role(actor=world.a.actor("administrator"), person=world.a.people["leader"], role=Role.TEACHER)
    with pytest.raises(DomainError) as refusal:
        join(newcomer(), link)
    assert refusal.value.code == "link_revoked"
    link.refresh_from_db()
    assert link.revoked_at is not None


@pytest.mark.req("INV-2")
def test_the_owners_right_is_asked_again_even_if_nobody_annulled(world: World) -> None:
    link = link_of(world.a, by="leader")
    Enrolment.objects.filter(person=world.a.people["leader"]).update(until="2100-01-01")
    with pytest.raises(DomainError) as refusal:
        join(newcomer(), link)
    assert refusal.value.code == "link_revoked"


@pytest.mark.req("INV-2")
def test_a_right_taken_back_closes_the_links_made_by_it(world: World) -> None:
    actor, teacher, unit = world.a.actor("administrator"), world.a.people["teacher"], world.a.units["5А"]
    grant_right(actor=actor, person=teacher, codename="invite_into_unit", unit=unit)
    by_right, by_role = link_of(world.a, by="teacher"), link_of(world.a, by="teacher", unit="5Б")
    revoke_right(actor=actor, person=teacher, codename="invite_into_unit", unit=unit)
    by_right.refresh_from_db()
    by_role.refresh_from_db()
    assert by_right.revoked_at is not None
    assert by_role.revoked_at is None


@pytest.mark.req("REG-6", "INV-2")
def test_links_survive_a_handover_under_the_successors_name(world: World, parent_link: Invitation) -> None:
    offer = offer_handover(actor=world.a.actor("administrator"), person=world.a.people["teacher"], stays=False)
    accept_handover(actor=world.a.actor("teacher"), offer=offer)
    parent_link.refresh_from_db()
    assert (parent_link.owner, parent_link.revoked_at) == (world.a.people["teacher"], None)
    assert join(newcomer(), parent_link).person.pk


@pytest.mark.req("INV-4")
def test_an_archived_units_links_stop(world: World, parent_link: Invitation) -> None:
    archive_unit(actor=world.a.actor("administrator"), unit=world.a.units["5А"])
    with pytest.raises(DomainError):
        join(newcomer(), parent_link)


@pytest.mark.req("INV-5")
def test_a_roster_person_is_recognised_by_phone_and_not_doubled(world: World, parent_link: Invitation) -> None:
    before = Person.objects.count()
    joined = join(newcomer("+79001000007"), parent_link, JoinAnswers())
    assert joined.person.pk == world.a.people["waiting_parent"].pk
    assert Person.objects.count() == before
    assert joined.person.has_joined


@pytest.mark.req("INV-5")
def test_a_roster_person_is_recognised_by_name_only_without_another_phone(world: World) -> None:
    link = link_of(world.a, role=Role.TEACHER, unit="staff")
    joined = join(newcomer(), link, JoinAnswers("ждущая", "Жанна"))
    assert joined.person.pk == world.a.people["waiting_teacher"].pk
    namesake = join(
        newcomer("+79009990005"), link_of(world.a), JoinAnswers("Зайцев", "Захар", "Львович", "Зайцева Зоя")
    )
    assert namesake.person.pk != world.a.people["waiting_parent"].pk


@pytest.mark.req("INV-5")
def test_a_personal_code_makes_the_person_of_the_roster(world: World) -> None:
    code = ensure_codes(actor=world.a.actor("leader"), unit=world.a.units["5А"], role=Role.STUDENT)[0]
    assert code.person == world.a.people["classmate"]
    assert join(newcomer(), code, JoinAnswers()).person.pk == world.a.people["classmate"].pk
    with pytest.raises(DomainError) as refusal:
        join(newcomer("+79009990002"), code, JoinAnswers("Ж", "Ж"))
    assert refusal.value.code == "link_used_up"


@pytest.mark.req("INV-5", "INV-11")
def test_a_member_does_not_take_the_place_of_somebody_else(world: World) -> None:
    code = ensure_codes(actor=world.a.actor("leader"), unit=world.a.units["5А"], role=Role.STUDENT)[0]
    with pytest.raises(DomainError) as refusal:
        join(world.a.user("parent"), code, JoinAnswers())
    assert refusal.value.code == "code_of_another"
    assert not Person.objects.get(pk=world.a.people["classmate"].pk).has_joined


@pytest.mark.req("INV-5", "ORG-4")
def test_a_member_with_a_code_of_the_own_second_roster_row_takes_its_place_over(world: World) -> None:
    Person.objects.filter(pk=world.a.people["waiting_teacher"].pk).update(
        last_name="Ёжикова", first_name="Роза", patronymic=""
    )
    row = Person.objects.get(pk=world.a.people["waiting_teacher"].pk)
    codes = create_staff_codes(actor=world.a.actor("administrator"), unit=world.a.units["staff"], people=[row])
    joined = join(world.a.user("parent"), codes[0], JoinAnswers())
    assert joined.person == world.a.people["parent"]
    assert roles_of(joined.person) == {Role.PARENT, Role.TEACHER}
    assert Person.objects.get(pk=world.a.people["waiting_teacher"].pk).merged_into == joined.person


@pytest.mark.req("INV-8", "ORG-10")
def test_a_family_link_is_made_by_the_child_and_ties_the_parents(world: World) -> None:
    link = create_family_link(actor=world.a.actor("student"), child=world.a.people["student"])
    assert create_family_link(actor=world.a.actor("parent"), child=world.a.people["student"]) == link
    joined = join(newcomer(), link, JoinAnswers("Ёжиков", "Илья"))
    assert joined.children == (world.a.people["student"],)
    assert Guardianship.objects.filter(child=world.a.people["student"], until=None).count() == 2


@pytest.mark.req("INV-8")
def test_no_child_makes_the_link_of_another_family(world: World) -> None:
    with pytest.raises(PermissionDenied):
        create_family_link(actor=world.a.actor("student"), child=world.a.people["classmate"])


@pytest.mark.req("ORG-4", "ACC-4")
def test_the_same_user_joins_a_second_school_as_another_person(world: World) -> None:
    user = world.a.user("teacher")
    joined = join(user, link_of(world.b), JoinAnswers("Учёный", "Устин", "", "Зайцева Зоя"))
    assert joined.person.organization_id == world.b.organization.pk
    assert user.persons.count() == 2


@pytest.mark.req("ORG-10")
@pytest.mark.parametrize(
    ("named", "code"),
    [("", "child_required"), ("Никто Никита", "child_unknown"), ("Зайцева", "child_unknown")],
)
def test_the_child_must_be_found(world: World, parent_link: Invitation, named: str, code: str) -> None:
    with pytest.raises(DomainError) as refusal:
        join(newcomer(), parent_link, JoinAnswers("Новая", "Нина", child_name=named))
    assert refusal.value.code == code
    assert "child_name" in refusal.value.fields
    parent_link.refresh_from_db()
    assert parent_link.uses == 0


@pytest.mark.req("ORG-10")
def test_a_parent_who_insists_joins_and_waits_to_be_tied(world: World, parent_link: Invitation) -> None:
    answers = JoinAnswers("Новая", "Нина", child_name="Никто Никита", child_unknown_is_fine=True)
    joined = join(newcomer(), parent_link, answers)
    assert joined.children == ()
    assert InvitationUse.objects.get(person=joined.person).claimed_child == "Никто Никита"


@pytest.mark.req("ORG-10")
@pytest.mark.parametrize("named", ["зоя зайцева", "ЗАЙЦЕВА  ЗОЯ ЗАХАРОВНА", "Ежиков Петр"])
def test_a_child_is_found_however_it_is_written(world: World, parent_link: Invitation, named: str) -> None:
    assert len(join(newcomer(), parent_link, JoinAnswers("Н", "Н", child_name=named)).children) == 1


def test_joining_costs_at_most_fifteen_statements(world: World, django_assert_max_num_queries) -> None:
    link, user = link_of(world.a, role=Role.STUDENT, unit="5Б"), newcomer()
    link = Invitation.objects.select_related("organization", "unit", "person", "student", "owner").get(pk=link.pk)
    with django_assert_max_num_queries(15):
        join(user, link)


def test_refusing_a_used_up_link_is_cheap(world: World, django_assert_max_num_queries) -> None:
    link = link_of(world.a, uses=1)
    join(newcomer(), link)
    with django_assert_max_num_queries(7), pytest.raises(DomainError):
        join(newcomer("+79009990002"), link)
