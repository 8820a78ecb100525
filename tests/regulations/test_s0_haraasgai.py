"""S0: the kindergarten «Хараасгай» in Alla, Buryatia (Asia/Irkutsk): section 2.1 and its neighbours."""

import pytest

from tests.regulations import steps
from tests.regulations.places import HARAASGAI


@pytest.mark.req(
    "REG-1", "REG-3", "REG-4", "REG-5", "REG-7", "ORG-1", "ORG-2", "ORG-3", "ORG-4", "ORG-5", "ORG-6", "ORG-7",
    "ORG-10", "INV-1", "INV-2", "INV-3", "INV-4", "INV-5", "INV-6", "INV-8", "INV-9", "INV-11", "CHAT-1", "CHAT-3",
    "STAT-2", "SUP-1", "ACC-1",
)  # fmt: skip
@pytest.mark.django_db
def test_the_administrators_duties() -> None:
    applied = steps.application_is_sent(HARAASGAI)
    scene = steps.organization_is_registered(applied)
    steps.administrator_signs_in(scene)
    steps.information_is_filled_in(scene)
    steps.staff_unit_stands_ready(scene)
    steps.structure_is_built(scene)
    steps.links_for_staff_are_made(scene)
    steps.links_are_passed_on(scene, "staff")
    steps.staff_join(scene)
    steps.status_is_confirmed(scene)
    steps.roles_are_distributed(scene)
    steps.leaders_are_attached(scene)
    steps.children_are_enrolled(scene)
    steps.requests_are_accepted(scene)
    steps.links_for_parents_are_made(scene)
    steps.links_are_passed_on(scene, "parents")
    steps.leader_invites_parents(scene)
    steps.general_chat_is_created(scene)
    steps.parent_writes_to_the_teacher(scene)
    steps.family_makes_its_own_link(scene)
    steps.data_are_checked_and_corrected(scene)
    steps.movement_of_staff_is_recorded(scene)
    steps.movement_is_reported(scene)
    steps.frequency_of_use_is_watched(scene)
    steps.support_is_asked(scene)
    steps.unclaimed_links_are_annulled(scene)
