"""S4: the order of kindergarten № 111 in Orenburg (Asia/Yekaterinburg), items 3–4, and the guidelines, sections 2–4."""

import pytest

from tests.regulations import steps
from tests.regulations.places import ORENBURG


@pytest.mark.req(
    "REG-1", "REG-3", "REG-4", "REG-5", "REG-7", "ORG-1", "ORG-2", "ORG-3", "ORG-4", "ORG-10", "INV-1", "INV-2",
    "INV-3", "INV-5", "INV-7", "INV-9", "INV-11", "CHAT-1", "CHAT-5", "CHAN-4", "DOC-1", "SUP-2", "ACC-1", "ACC-4",
)  # fmt: skip
@pytest.mark.django_db
def test_the_administrators_duties() -> None:
    applied = steps.application_is_sent(ORENBURG)
    scene = steps.organization_is_registered(applied)
    steps.space_is_closed(scene)
    steps.administrator_signs_in(scene)
    steps.own_words_are_set(scene)
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
    steps.leader_invites_parents(scene)
    steps.unit_chats_exist(scene)
    steps.materials_are_shared(scene)
    steps.act_is_published(scene)
    steps.order_is_acknowledged(scene)
    steps.leader_invites_students(scene)
    steps.pupil_joins_by_a_parents_email(scene)
    steps.instructions_are_at_hand(scene)
    steps.outsiders_stay_outside(scene)
