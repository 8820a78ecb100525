"""Two at once: what the database must put in a row."""

from functools import partial

import pytest

from common.errors import DomainError
from orgs.models import HandoverOffer, Organization, Person, Role, RoleAssignment, Unit
from orgs.services.administration import accept_handover, appoint_administrator, offer_handover, withdraw_handover
from orgs.services.people import end_role, link_account, set_roles
from orgs.services.structure import class_from_name, create_units
from tests.threads import at_once
from tests.world import build_school, make_user

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def codes(outcomes: list[object]) -> list[str]:
    assert not [
        outcome for outcome in outcomes if isinstance(outcome, Exception) and not isinstance(outcome, DomainError)
    ]
    return sorted(outcome.code for outcome in outcomes if isinstance(outcome, DomainError))


@pytest.mark.req("REG-6")
def test_two_administrators_leaving_at_once_leave_one() -> None:
    school = build_school("race", 3)
    actor = school.actor("administrator")
    appoint_administrator(actor=actor, person=school.people["teacher"])
    leaving = [school.people["administrator"], school.people["teacher"]]
    outcomes = at_once([partial(end_role, actor=None, person=person, role=Role.ADMINISTRATOR) for person in leaving])
    assert codes(outcomes) == ["last_administrator"]
    left = RoleAssignment.objects.filter(organization=school.organization, role=Role.ADMINISTRATOR, until=None)
    assert left.count() == 1


@pytest.mark.req("REG-6")
def test_two_administrators_removing_each_other_leave_one() -> None:
    school = build_school("race", 3)
    appoint_administrator(actor=school.actor("administrator"), person=school.people["teacher"])
    pairs = [("administrator", "teacher"), ("teacher", "administrator")]
    outcomes = at_once(
        [
            partial(set_roles, actor=school.actor(who), person=school.people[whom], roles=[Role.TEACHER])
            for who, whom in pairs
        ]
    )
    assert codes(outcomes) == ["last_administrator"]
    left = RoleAssignment.objects.filter(organization=school.organization, role=Role.ADMINISTRATOR, until=None)
    assert left.count() == 1


@pytest.mark.req("REG-6")
def test_a_handover_is_accepted_or_withdrawn_but_not_both() -> None:
    school = build_school("race", 3)
    actor = school.actor("administrator")
    offer = offer_handover(actor=actor, person=school.people["teacher"], stays=False)
    outcomes = at_once(
        [
            partial(accept_handover, actor=school.actor("teacher"), offer=offer),
            partial(withdraw_handover, actor=actor, offer=HandoverOffer.objects.get(pk=offer.pk)),
        ]
    )
    assert codes(outcomes) == ["handover_closed"]
    left = RoleAssignment.objects.filter(organization=school.organization, role=Role.ADMINISTRATOR, until=None)
    assert left.count() == 1


@pytest.mark.req("ORG-1")
def test_the_same_class_is_created_once() -> None:
    school = build_school("race", 3)
    create = partial(
        create_units,
        organization=school.organization,
        actor=school.actor("administrator"),
        units=[class_from_name("7А")],
    )
    outcomes = at_once([create] * 8)
    assert codes(outcomes) == ["unit_exists"] * 7
    assert Unit.objects.filter(name="7А").count() == 1


@pytest.mark.req("ORG-4")
def test_one_roster_row_is_claimed_by_one() -> None:
    school = build_school("race", 3)
    row = school.people["waiting_teacher"]
    users = [make_user(f"+7900900000{n}") for n in range(8)]
    outcomes = at_once([partial(link_account, person=row, user_id=user.pk) for user in users])
    assert sorted(outcomes) == [False] * 7 + [True]


@pytest.mark.req("ORG-4")
def test_one_user_becomes_one_person() -> None:
    school = build_school("race", 3)
    rows = [school.people["waiting_teacher"], school.people["waiting_parent"], school.people["classmate"]]
    user = make_user("+79009000000")
    outcomes = at_once([partial(link_account, person=row, user_id=user.pk) for row in rows])
    assert sorted(outcomes) == [False, False, True]
    assert Person.objects.filter(organization=Organization.objects.get(), user=user).count() == 1
