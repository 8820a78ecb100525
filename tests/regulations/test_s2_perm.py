"""S2: preschool education in Perm (Asia/Yekaterinburg): section 2.4 and its neighbours."""

import pytest

from tests.regulations import steps
from tests.regulations.places import PERM


@pytest.mark.req(
    "REG-1", "REG-3", "REG-4", "REG-5", "REG-6", "REG-7", "ORG-1", "ORG-2", "ORG-10", "INV-1", "INV-3", "INV-4",
    "INV-5", "INV-9", "INV-11", "CHAT-2", "CHAN-2", "CHAN-5", "STAT-1", "STAT-7", "ACC-1",
)  # fmt: skip
@pytest.mark.django_db
def test_the_administrators_duties() -> None:
    applied = steps.application_is_sent(PERM)
    scene = steps.organization_is_registered(applied)
    steps.administrator_signs_in(scene)
    steps.own_words_are_set(scene)
    steps.staff_unit_stands_ready(scene)
    steps.links_for_staff_are_made(scene)
    steps.staff_join(scene)
    steps.status_is_confirmed(scene)
    steps.additional_administrator_is_appointed(scene)
    steps.information_is_filled_in(scene)
    steps.structure_is_built(scene)
    steps.links_are_passed_on(scene, "staff")
    steps.children_are_enrolled(scene)
    steps.links_for_parents_are_made(scene)
    steps.links_are_passed_on(scene, "parents")
    steps.parents_join(scene)
    steps.free_chat_is_opened(scene)
    steps.proposed_text_is_published(scene)
    steps.broadcast_is_run(scene)
    steps.curator_sees_the_sums(scene)
    steps.statistics_are_brought_to_the_head(scene)
    steps.unclaimed_links_are_annulled(scene)
