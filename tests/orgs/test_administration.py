"""The administrator's duty and rights beyond the roles."""

import pytest

from common.errors import DomainError
from orgs.models import Role, RoleAssignment
from orgs.permissions import can_invite
from orgs.selectors.rights import held_rights
from orgs.services.administration import (
    accept_handover,
    appoint_administrator,
    decline_handover,
    grant_right,
    offer_handover,
    revoke_right,
    withdraw_handover,
)
from orgs.services.people import end_role
from tests.world import World


def administrators(world: World) -> set[str]:
    held = RoleAssignment.objects.filter(organization=world.a.organization, role=Role.ADMINISTRATOR, until=None)
    return set(held.values_list("person__last_name", flat=True))


@pytest.mark.req("REG-6")
def test_the_last_administrator_stays(world: World) -> None:
    with pytest.raises(DomainError) as refusal:
        end_role(actor=None, person=world.a.people["administrator"], role=Role.ADMINISTRATOR)
    assert refusal.value.code == "last_administrator"
    assert administrators(world) == {"Админова"}


@pytest.mark.req("REG-6")
def test_additional_administrators_come_from_joined_staff_and_go_again(world: World) -> None:
    actor = world.a.actor("administrator")
    for name in ("waiting_teacher", "parent", "student"):
        with pytest.raises(DomainError):
            appoint_administrator(actor=actor, person=world.a.people[name])
    appoint_administrator(actor=actor, person=world.a.people["teacher"])
    assert administrators(world) == {"Админова", "Учёный"}
    end_role(actor=actor, person=world.a.people["administrator"], role=Role.ADMINISTRATOR)
    assert administrators(world) == {"Учёный"}


@pytest.mark.req("REG-6")
@pytest.mark.parametrize(("stays", "left"), [(False, {"Учёный"}), (True, {"Админова", "Учёный"})])
def test_the_successor_accepts_the_duty(world: World, stays: bool, left: set[str]) -> None:
    offer = offer_handover(actor=world.a.actor("administrator"), person=world.a.people["teacher"], stays=stays)
    assert administrators(world) == {"Админова"}
    accept_handover(actor=world.a.actor("teacher"), offer=offer)
    assert administrators(world) == left
    with pytest.raises(DomainError) as refusal:
        accept_handover(actor=world.a.actor("teacher"), offer=offer)
    assert refusal.value.code == "handover_closed"


@pytest.mark.req("REG-6")
def test_one_offer_at_a_time_and_it_can_be_declined_or_withdrawn(world: World) -> None:
    actor, teacher = world.a.actor("administrator"), world.a.people["teacher"]
    first = offer_handover(actor=actor, person=teacher, stays=False)
    with pytest.raises(DomainError) as refusal:
        offer_handover(actor=actor, person=world.a.people["leader"], stays=False)
    assert refusal.value.code == "handover_open"
    decline_handover(actor=world.a.actor("teacher"), offer=first)
    second = offer_handover(actor=actor, person=teacher, stays=False)
    withdraw_handover(actor=actor, offer=second)
    with pytest.raises(DomainError):
        accept_handover(actor=world.a.actor("teacher"), offer=second)
    assert administrators(world) == {"Админова"}


@pytest.mark.req("REG-6")
def test_an_offer_of_somebody_who_lost_the_duty_is_void(world: World) -> None:
    actor = world.a.actor("administrator")
    offer = offer_handover(actor=actor, person=world.a.people["teacher"], stays=False)
    appoint_administrator(actor=actor, person=world.a.people["leader"])
    end_role(actor=None, person=world.a.people["administrator"], role=Role.ADMINISTRATOR)
    with pytest.raises(DomainError):
        accept_handover(actor=world.a.actor("teacher"), offer=offer)
    assert administrators(world) == {"Ведущая"}


@pytest.mark.req("ACC-4", "INV-2")
def test_a_right_beyond_the_role_is_granted_seen_and_taken_back(world: World) -> None:
    actor, head, unit = world.a.actor("administrator"), world.a.people["parent"], world.a.units["5Б"]
    assert not can_invite(world.a.actor("parent"), unit, Role.STUDENT)
    grant_right(actor=actor, person=head, codename="invite_into_unit", unit=unit)
    assert can_invite(world.a.actor("parent"), unit, Role.STUDENT)
    assert not can_invite(world.a.actor("parent"), world.a.units["5А"], Role.STUDENT)
    assert [(row.person.last_name, row.unit) for row in held_rights(world.a.organization.pk)] == [("Ёжикова", unit)]
    assert held_rights(world.b.organization.pk) == []
    revoke_right(actor=actor, person=head, codename="invite_into_unit", unit=unit)
    assert not can_invite(world.a.actor("parent"), unit, Role.STUDENT)


@pytest.mark.req("ACC-4")
def test_the_right_to_see_statistics_hangs_on_the_organization(world: World) -> None:
    grant_right(actor=world.a.actor("administrator"), person=world.a.people["leader"], codename="view_statistics")
    assert world.a.actor("leader").is_granted("view_statistics")
    assert not world.a.actor("teacher").is_granted("view_statistics")


@pytest.mark.parametrize("codename", ["delete_organization", "invite_into_unit", ""])
def test_only_known_rights_and_the_unit_they_need(world: World, codename: str) -> None:
    with pytest.raises(DomainError):
        grant_right(actor=world.a.actor("administrator"), person=world.a.people["leader"], codename=codename)
