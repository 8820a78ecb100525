"""Posts appear, at once or at a set time; are pinned, removed and brought back (CHAN-3)."""

import logging
from datetime import UTC, datetime, timedelta
from unittest.mock import patch
from uuid import uuid4

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone

from channels_app.models import Channel, Post
from channels_app.selectors.posts import removed_of, unpublished_of
from channels_app.services import channels, publishing
from channels_app.services.posts import PostDraft
from channels_app.services.proposals import accept
from channels_app.tasks import publish_due, remove_deleted
from common.errors import DomainError
from files.models import StoredFile
from files.services import upload
from orgs.audit import Action
from orgs.models import AuditEvent
from orgs.services import structure
from polls.models import Poll
from polls.services import PollData
from tests.channels_app.cast import draft, free, general, of_unit, opened, proposal, propose, publish, read, seen
from tests.channels_app.cast import upload as unused_file
from tests.files.samples import upload_of
from tests.world import School, World

pytestmark = pytest.mark.req("CHAN-3")

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)
Jobs = list[tuple[str, dict]]


@pytest.fixture
def school(world: World) -> School:
    return world.a


def planned(school: School, text: str = "Завтра", at: datetime = LATER, channel: Channel | None = None) -> Post:
    post = draft(school, channel or general(school), text)
    return publishing.plan(actor=school.actor("administrator"), post=post, at=at)


# --- At once ----------------------------------------------------------------------------------------------------------
def test_publishing_twice_is_once(school: School, django_capture_on_commit_callbacks, sent_jobs: Jobs) -> None:  # type: ignore[no-untyped-def]
    post = draft(school, general(school))
    with django_capture_on_commit_callbacks(execute=True):
        first = publishing.publish(actor=school.actor("administrator"), post=post)
        again = publishing.publish(actor=school.actor("administrator"), post=post)
    assert first.published_at == again.published_at is not None
    assert AuditEvent.objects.filter(action=Action.POST_PUBLISHED).count() == 1
    assert [job for job in sent_jobs if job[0] == "channels_app.tasks.notify"] == [
        ("channels_app.tasks.notify", {"post_id": post.pk})
    ]
    assert general(school).last_post_at == first.published_at


def test_nothing_is_published_in_the_archive(school: School) -> None:
    channel = free(school)
    post = draft(school, channel)
    channels.archive(actor=school.actor("administrator"), channel=channel)
    for deed in (
        lambda: publishing.publish(actor=school.actor("administrator"), post=post),
        lambda: publishing.plan(actor=school.actor("administrator"), post=post, at=timezone.now() + timedelta(hours=1)),
    ):
        with pytest.raises(DomainError) as refused:
            deed()
        assert refused.value.code == "channel_archived"


# --- At a set time ----------------------------------------------------------------------------------------------------
def test_a_planned_post_appears_at_its_time_and_once(school: School) -> None:
    with time_machine.travel(NOW, tick=False):
        post = planned(school)
        assert publish_due() == 0
        assert read(school, "student", post) is None
    with time_machine.travel(LATER, tick=False):
        assert publish_due() == 1
        assert publish_due() == 0
        assert opened(school, "student", post).published_at == LATER
    [deed] = AuditEvent.objects.filter(action=Action.POST_PUBLISHED)
    assert deed.actor_name == school.people["administrator"].full_name


def test_who_was_away_at_that_minute_publishes_late(school: School) -> None:
    with time_machine.travel(NOW, tick=False):
        post = planned(school)
    late = LATER + timedelta(days=3)
    with time_machine.travel(late, tick=False):
        assert publish_due() == 1
    assert opened(school, "student", post).published_at == late


def test_one_that_fails_keeps_no_other_back_and_is_tried_again(
    school: School, caplog: pytest.LogCaptureFixture
) -> None:
    with time_machine.travel(NOW, tick=False):
        first, broken, last = (planned(school, text) for text in ("Раз", "Два", "Три"))
    real = publishing._appear

    def stumble(post: Post, *rest: object) -> bool:
        if post.pk == broken.pk:
            raise RuntimeError("a wall fell down")
        return real(post, *rest)  # type: ignore[arg-type]

    with time_machine.travel(LATER, tick=False):
        with patch.object(publishing, "_appear", stumble), caplog.at_level(logging.ERROR):
            assert publish_due() == 2
        assert "a wall fell down" in caplog.text
        assert read(school, "student", first) is not None
        assert read(school, "student", last) is not None
        assert publish_due() == 1
    assert read(school, "student", broken) is not None


def test_posts_of_a_unit_in_the_archive_wait(school: School) -> None:
    channel = of_unit(school)
    administrator = school.actor("administrator")
    with time_machine.travel(NOW, tick=False):
        post = planned(school, channel=channel)
        structure.archive_unit(actor=administrator, unit=school.units["5А"])
    with time_machine.travel(LATER, tick=False):
        assert publish_due() == 0
        structure.restore_unit(actor=administrator, unit=school.units["5А"])
        assert publish_due() == 1
    assert Post.objects.get(pk=post.pk).published_at == LATER


@time_machine.travel(NOW, tick=False)
@pytest.mark.parametrize(
    ("at", "code"),
    [
        (NOW, "publish_at_past"),
        (NOW - timedelta(days=1), "publish_at_past"),
        (NOW + timedelta(days=367), "publish_at_far"),
    ],
)
def test_a_time_that_cannot_be_is_refused(school: School, at: datetime, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        planned(school, at=at)
    assert refused.value.code == code
    assert list(refused.value.fields) == ["publish_at"]


@time_machine.travel(NOW, tick=False)
def test_a_plan_is_changed_and_given_up(school: School) -> None:
    administrator = school.actor("administrator")
    post = planned(school)
    other = LATER + timedelta(days=1)
    assert publishing.plan(actor=administrator, post=post, at=other).publish_at == other
    assert not publishing.unplan(actor=administrator, post=post).is_planned
    publishing.publish(actor=administrator, post=post)
    for deed in (publishing.unplan, lambda **kept: publishing.plan(at=LATER, **kept)):
        with pytest.raises(DomainError) as refused:
            deed(actor=administrator, post=post)
        assert refused.value.code == "post_published"


@time_machine.travel(NOW, tick=False)
def test_writing_for_a_set_time_with_one_key_is_one_post(school: School) -> None:
    words = PostDraft(text="Завтра", client_key=uuid4())
    channel = seen(school, "administrator", general(school))
    made = {
        publishing.plan_new(actor=school.actor("administrator"), channel=channel, draft=words, at=LATER).pk
        for _time in range(2)
    }
    assert len(made) == 1
    with pytest.raises(DomainError):
        publishing.plan_new(actor=school.actor("administrator"), channel=channel, draft=PostDraft(text="Вчера"), at=NOW)
    assert Post.objects.count() == 1, "what could not be planned is not left behind as a draft"


@time_machine.travel(NOW, tick=False)
def test_drafts_and_plans_are_listed_for_those_who_publish(school: School) -> None:
    sketch, plan = draft(school, general(school)), planned(school)
    gone = draft(school, general(school))
    publishing.delete(actor=school.actor("administrator"), post=gone)
    assert list(unpublished_of(school.actor("administrator"))) == [plan, sketch]
    assert list(removed_of(school.actor("administrator"))) == [gone]
    for name in ("head", "teacher", "student"):
        assert not unpublished_of(school.actor(name)).exists()
        assert not removed_of(school.actor(name)).exists()


# --- Pinned -----------------------------------------------------------------------------------------------------------
def test_one_post_is_pinned(school: School) -> None:
    administrator = school.actor("administrator")
    first, second = publish(school, general(school), "Раз"), publish(school, general(school), "Два")
    publishing.pin(actor=administrator, post=first, pinned=True)
    publishing.pin(actor=administrator, post=second, pinned=True)
    publishing.pin(actor=administrator, post=second, pinned=True)
    assert list(Post.objects.filter(pinned_at__isnull=False)) == [second]
    publishing.pin(actor=administrator, post=second, pinned=False)
    assert not Post.objects.filter(pinned_at__isnull=False).exists()
    with pytest.raises(DomainError) as refused:
        publishing.pin(actor=administrator, post=draft(school, general(school)), pinned=True)
    assert refused.value.code == "post_not_published"
    Post.objects.filter(pk=first.pk).update(pinned_at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Post.objects.filter(pk=second.pk).update(pinned_at=NOW)


# --- Removed ----------------------------------------------------------------------------------------------------------
def test_a_removed_post_is_gone_and_can_be_brought_back(school: School) -> None:
    administrator = school.actor("administrator")
    post = publish(school, general(school))
    publishing.pin(actor=administrator, post=post, pinned=True)
    for _time in range(2):
        publishing.delete(actor=administrator, post=post)
    assert read(school, "student", post) is None
    with pytest.raises(DomainError) as refused:
        publishing.pin(actor=administrator, post=post, pinned=True)
    assert refused.value.code == "post_gone"
    for _time in range(2):
        back = publishing.restore(actor=administrator, post=post)
    assert (back.published_at, back.pinned_at) == (post.published_at, None)
    assert read(school, "student", post) is not None
    noted = AuditEvent.objects.filter(action__in=[Action.POST_REMOVED, Action.POST_RESTORED])
    assert noted.count() == 2


def test_a_plan_whose_time_passed_while_it_was_away_waits_for_a_hand(school: School) -> None:
    administrator = school.actor("administrator")
    with time_machine.travel(NOW, tick=False):
        post = planned(school)
        publishing.delete(actor=administrator, post=post)
    with time_machine.travel(LATER, tick=False):
        assert publish_due() == 0
        assert publishing.restore(actor=administrator, post=post).publish_at is None
        assert publish_due() == 0


def test_after_thirty_days_it_is_gone_for_good_with_its_files(
    school: School,
    django_capture_on_commit_callbacks,  # type: ignore[no-untyped-def]
) -> None:
    administrator = school.actor("administrator")
    with time_machine.travel(NOW, tick=False):
        stored = upload(actor=administrator, upload=upload_of(b"hello", "a.txt"))
        poll = PollData("Куда?", ["Туда", "Сюда"])
        post = publish(school, general(school), file_ids=[stored.pk], poll=poll)
        publishing.delete(actor=administrator, post=post)
    with time_machine.travel(NOW + timedelta(days=29, hours=23), tick=False):
        assert remove_deleted() == 0
    with time_machine.travel(NOW + timedelta(days=30), tick=False), django_capture_on_commit_callbacks(execute=True):
        assert default_storage.exists(stored.content.name)
        assert remove_deleted() == 1
        assert remove_deleted() == 0
    assert not default_storage.exists(stored.content.name)
    assert not Post.objects.exists()
    assert not Poll.objects.exists()
    assert not StoredFile.objects.exists()
    with pytest.raises(DomainError) as refused:
        publishing.restore(actor=administrator, post=post)
    assert refused.value.code == "post_gone"


def test_files_of_a_proposed_text_outlive_the_post(school: School) -> None:
    file = unused_file(school, "teacher")
    sent = propose(school, general(school), file_ids=[file.pk])
    with time_machine.travel(NOW, tick=False):
        post = accept(
            actor=school.actor("administrator"),
            proposal=proposal(school, "administrator", sent),
            revision=1,
            draft=PostDraft(text="Приходите", file_ids=[file.pk]),
        )
        publishing.delete(actor=school.actor("administrator"), post=post)
    with time_machine.travel(NOW + timedelta(days=30), tick=False):
        assert remove_deleted() == 1
    assert StoredFile.objects.filter(pk=file.pk).exists()
    assert proposal(school, "teacher", sent).text == "Приходите!"
