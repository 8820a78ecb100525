"""S3: the kindergarten of Pugachevsky (Europe/Saratov): section 2.1 and its neighbours."""

import pytest

from tests.regulations import steps
from tests.regulations.places import PUGACHEVSKY


@pytest.mark.req(
    "REG-1", "REG-3", "REG-4", "REG-5", "REG-6", "REG-7", "ORG-1", "ORG-2", "ORG-3", "ORG-5", "ORG-10", "INV-1",
    "INV-2", "INV-3", "INV-4", "INV-5", "INV-6", "INV-9", "INV-11", "CHAT-1", "CHAT-2", "CHAN-1", "CHAN-5",
    "STAT-1", "SUP-1", "SUP-2", "ACC-1",
)  # fmt: skip
@pytest.mark.django_db
def test_the_administrators_duties() -> None:
    applied = steps.application_is_sent(PUGACHEVSKY)
    scene = steps.organization_is_registered(applied)
    steps.administrator_signs_in(scene)
    steps.information_is_filled_in(scene)
    steps.own_words_are_set(scene)
    steps.staff_unit_stands_ready(scene)
    steps.structure_is_built(scene)
    steps.links_for_staff_are_made(scene)
    steps.links_are_passed_on(scene, "staff")
    steps.staff_join(scene)
    steps.status_is_confirmed(scene)
    steps.additional_administrator_is_appointed(scene)
    steps.leaders_are_attached(scene)
    steps.children_are_enrolled(scene)
    steps.requests_are_accepted(scene)
    steps.links_for_students_are_made(scene)
    steps.links_are_passed_on(scene, "students")
    steps.leader_invites_parents(scene)
    steps.chat_with_the_staff_is_opened(scene)
    steps.unit_chats_exist(scene)
    steps.system_channels_are_run(scene)
    steps.broadcast_is_run(scene)
    steps.movement_is_recorded(scene)
    steps.movement_of_staff_is_recorded(scene)
    steps.statistics_are_brought_to_the_head(scene)
    steps.participants_are_helped(scene)
    steps.unclaimed_links_are_annulled(scene)
