"""What channels put on the home page."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from channels_app.home import attention
from channels_app.models import Proposal
from channels_app.services import proposals, reading
from tests.channels_app.cast import general, of_unit, propose, publish
from tests.world import School, World

pytestmark = pytest.mark.req("CHAN-2", "CHAN-3")


@pytest.fixture
def school(world: World) -> School:
    return world.a


def titles(school: School, name: str) -> list[str]:
    return [entry.title for entry in attention(school.actor(name))]


def test_unread_posts_lead_to_the_one_channel_or_the_feed(school: School) -> None:
    channel = general(school)
    publish(school, channel)
    (one,) = attention(school.actor("parent"))
    assert (one.title, one.text, one.group) == ("1 новая запись", "Общешкольный канал", "new")
    assert one.url.endswith(f"/channels/{channel.pk}/")
    for _ in range(4):
        publish(school, of_unit(school, "5А"))
    (all_of_them,) = attention(school.actor("parent"))
    assert (all_of_them.title, all_of_them.text) == ("5 новых записей", "в 2 каналах")
    assert all_of_them.url.endswith("/channels/")
    reading.mark_all_seen(actor=school.actor("parent"))
    assert attention(school.actor("parent")) == []


def test_proposals_wait_and_after_two_days_they_warn(school: School) -> None:
    proposal = propose(school, general(school))
    (waiting,) = attention(school.actor("administrator"))
    assert (waiting.title, waiting.level) == ("1 предложенная запись ждёт решения", "info")
    assert waiting.url.endswith(f"/channels/proposals/{proposal.pk}/")
    Proposal.objects.update(changed_at=timezone.now() - timedelta(days=3))
    (late,) = attention(school.actor("administrator"))
    assert late.level == "warn"
    assert "двух дней" in late.text
    assert titles(school, "head") == titles(school, "teacher") == []


def test_a_returned_text_waits_for_its_author(school: School) -> None:
    proposal = propose(school, general(school))
    proposals.return_with_remark(
        actor=school.actor("administrator"), proposal=proposal, revision=1, remark="Когда сбор?"
    )
    (returned,) = attention(school.actor("teacher"))
    assert (returned.title, returned.level) == ("Вам вернули 1 текст", "warn")
    assert titles(school, "administrator") == []


@pytest.mark.parametrize(("name", "most"), [("administrator", 3), ("teacher", 3), ("parent", 1), ("student", 1)])
def test_it_costs_little(school: School, name: str, most: int) -> None:
    publish(school, general(school))
    propose(school, general(school))
    actor = school.actor(name)
    with CaptureQueriesContext(connection) as queries:
        attention(actor)
    assert len(queries) <= most
