"""Whatever people do and whenever it is counted, the kept figures are those of a naive recount (STAT-4)."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts.models import User
from invitations.services import record_expired
from orgs.models import Enrolment, Guardianship, Person, RoleAssignment
from stats.models import Change, OrgDay, PersonDay
from stats.services.rollup import roll_up
from tests.stats.cast import move_to, rules
from tests.stats.comparing import differences, figures
from tests.stats.life import DEEDS, Life
from tests.world import School, World

pytestmark = pytest.mark.req("STAT-4")

# A Friday evening before the night in which Berlin's clocks go forward.
START = datetime(2026, 3, 27, 19, 40, tzinfo=UTC)
ZONES = [("Asia/Kamchatka", "Europe/Kaliningrad"), ("Europe/Berlin", "Pacific/Apia"), ("Europe/Moscow", "Asia/Tokyo")]
# How long after one deed the next one comes: mostly at once, sometimes beyond a midnight or two.
PAUSES = [timedelta(seconds=9), timedelta(minutes=2), timedelta(hours=3), timedelta(hours=11), timedelta(days=2)]

Deed = tuple[str, int, int, int]
DEED = st.tuples(
    st.sampled_from([*DEEDS, "say", "say", "come", "view"]),
    st.integers(0, 13),
    st.integers(0, 41),
    # Bit by bit: pause, school, whether it is counted then.
    st.integers(0, 49),
)


def live(world: World, zones: tuple[str, str], deeds: list[Deed]) -> tuple[list[Life], list[str]]:
    """Let both schools do all that, counting now and then, and compare each time; return who did what."""
    with time_machine.travel(START, tick=False) as clock:
        lives = [_begin(school, zone) for school, zone in zip((world.a, world.b), zones, strict=True)]
        roll_up()
        for deed, one, two, more in deeds:
            clock.shift(PAUSES[more % 5])
            lives[more % 2].do(deed, one, two)
            if more >= 40:
                count_and_compare(world)
        clock.shift(timedelta(hours=13))
        record_expired(timezone.now())
        count_and_compare(world)
        return lives, [deed for life in lives for deed in life.done]


def _begin(school: School, zone: str) -> Life:
    """The school as it has been for long, in its zone."""
    move_to(school, zone)
    rules(school, quiet_from="21:00", quiet_until="07:00")
    long_ago = START - timedelta(days=40)
    for model in (RoleAssignment, Guardianship):
        model.objects.filter(organization=school.organization).update(since=long_ago)
    Enrolment.objects.filter(organization=school.organization).update(since=long_ago.date())
    Person.objects.filter(organization=school.organization, user__isnull=False).update(joined_at=long_ago)
    User.objects.filter(persons__organization=school.organization).update(phone_verified_at=long_ago)
    for person in school.people.values():
        person.organization = school.organization
    return Life(school)


def count_and_compare(world: World) -> None:
    """After a roll-up nothing differs, nothing waits, and the next one writes nothing."""
    roll_up()
    schools = [world.a.organization, world.b.organization]
    assert [differences(school, timezone.now()) for school in schools] == [[], []]
    assert not Change.objects.exists()
    before = [figures(school) for school in schools]
    assert roll_up().rows == 0
    assert [figures(school) for school in schools] == before


# In school a: 0 is nine seconds later, 12 two minutes, 2 three hours, 18 eleven hours, 24 two days; from 40 on counted.
EVERYTHING: list[Deed] = [
    ("come", 5, 0, 0),
    ("come", 4, 0, 0),
    ("say", 2, 1, 0),
    ("storm", 3, 0, 40),
    ("repeat", 2, 0, 12),
    ("ask_in_chat", 2, 0, 0),
    ("vote_in_chat", 2, 3, 0),
    ("send_file", 2, 1, 0),
    ("begin_chat", 2, 0, 0),
    ("join_chat", 6, 0, 0),
    ("leave_chat", 6, 0, 0),
    ("publish", 1, 3, 0),
    ("view", 5, 0, 0),
    ("react", 5, 1, 0),
    ("comment", 5, 0, 0),
    ("comment", 5, 0, 0),
    ("delete_comment", 0, 0, 40),
    ("vote_on_post", 2, 5, 0),
    ("confirm", 5, 0, 0),
    ("note_on_paper", 4, 0, 0),
    ("unnote", 4, 0, 0),
    ("plan_event", 1, 0, 0),
    ("plan_event", 0, 1, 0),
    ("answer", 5, 0, 0),
    ("cancel_event", 0, 1, 0),
    ("go_on_air", 0, 0, 0),
    ("open_broadcast", 5, 0, 0),
    ("attend", 5, 0, 2),
    ("invite", 0, 0, 40),
    ("invite", 0, 1, 0),
    ("redeem", 0, 1, 0),
    ("invite", 0, 0, 0),
    ("annul", 0, 2, 0),
    ("renew", 0, 2, 40),
    ("annul", 0, 2, 0),
    ("plan_post", 1, 0, 0),
    ("write_privately", 5, 2, 18),
    ("publish_due", 0, 0, 0),
    ("write_privately", 2, 5, 42),
    ("change_message", 2, 1, 44),
    ("delete_message", 2, 0, 0),
    ("remove_message", 3, 0, 0),
    ("remove_post", 0, 0, 40),
    ("restore_post", 0, 0, 0),
    ("tie", 3, 0, 0),
    ("untie", 0, 0, 0),
    ("transfer", 0, 1, 40),
    ("grant_role", 3, 0, 0),
    ("storm", 3, 0, 0),
    ("end_role", 2, 0, 40),
    ("set_quiet_hours", 0, 3, 40),
    ("move", 0, 2, 40),
]


@given(zones=st.sampled_from(ZONES), deeds=st.lists(DEED, min_size=12, max_size=30))
@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
# A vote that goes with its message, and a parent's question that goes after it was answered.
@example(
    zones=ZONES[0],
    deeds=[
        ("write_privately", 5, 2, 40),
        ("write_privately", 2, 5, 44),
        ("delete_message", 5, 0, 40),
    ],
)
def test_the_kept_figures_are_those_of_a_recount(world: World, zones: tuple[str, str], deeds: list[Deed]) -> None:
    with transaction.atomic():
        live(world, zones, deeds)
        transaction.set_rollback(True)


def test_every_deed_can_be_done_and_is_counted(world: World) -> None:
    """Without this the test above could be content with deeds that the rules always refuse."""
    _lives, done = live(world, ZONES[0], EVERYTHING)
    assert sorted(set(DEEDS) - set(done)) == []
    totals: Counter[str] = Counter()
    for table in (PersonDay, OrgDay):
        for row in table.objects.values():
            totals.update({f"{table.__name__}.{name}": int(n) for name, n in row.items() if isinstance(n, int)})
    assert sorted(name for name, total in totals.items() if not total) == []
