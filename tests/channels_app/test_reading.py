"""What readers do: views, reactions, comments, votes; what has to be confirmed (CHAN-3, CHAN-4)."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from channels_app import permissions
from channels_app.models import Comment, Post, PostView, Reaction
from channels_app.selectors.channels import find_channel, list_of, unread_of
from channels_app.selectors.posts import comments_of, viewers_of
from channels_app.services import channels, publishing, reading
from channels_app.services.posts import PostDraft, ReadingTerms, change, content_hash, terms_of
from common.errors import DomainError
from orgs.audit import Action
from orgs.models import AuditEvent
from polls.services import PollData
from readings.models import Reading
from readings.services.confirming import confirm
from tests.channels_app.cast import (
    draft,
    free,
    general,
    of_staff,
    of_unit,
    opened,
    publish,
    read,
    seen,
)
from tests.world import School, World


@pytest.fixture
def school(world: World) -> School:
    return world.a


def unread(school: School, name: str) -> int:
    return sum(channel.unread for channel in list_of(school.actor(name)))  # type: ignore[attr-defined]


# --- Views ------------------------------------------------------------------------------------------------------------
@pytest.mark.req("CHAN-3")
def test_each_person_counts_once(school: School) -> None:
    post = publish(school, general(school))
    assert unread(school, "student") == 1
    for name in ("student", "parent", "student"):
        reading.mark_seen(actor=school.actor(name), post_ids=[post.pk, post.pk])
    assert opened(school, "student", post).view_count == 2
    assert [person.last_name for person in viewers_of(post)] == ["Ёжиков", "Ёжикова"]
    assert unread(school, "student") == 0


@pytest.mark.req("CHAN-3")
def test_what_one_may_not_read_counts_nothing(school: School, world: World) -> None:
    secret, sketch = publish(school, of_staff(school)), draft(school, general(school))
    gone = publish(school, general(school))
    publishing.delete(actor=school.actor("administrator"), post=gone)
    ids = [secret.pk, sketch.pk, gone.pk, 10**17, 2**63, 0, -1]
    assert reading.mark_seen(actor=school.actor("student"), post_ids=ids) == 0
    assert reading.mark_seen(actor=world.b.actor("administrator"), post_ids=ids) == 0
    assert not PostView.objects.exists()


@pytest.mark.req("CHAN-4")
def test_what_has_to_be_read_counts_also_outside_ones_channels(school: School) -> None:
    terms = ReadingTerms(circles=[("parents", None)])
    post = publish(school, of_staff(school), reading=terms)
    assert read(school, "parent", post) is not None
    assert find_channel(school.actor("parent"), post.channel_id) is None
    assert read(school, "student", post) is None
    assert reading.mark_seen(actor=school.actor("parent"), post_ids=[post.pk]) == 1


@pytest.mark.req("CHAN-3")
def test_all_can_be_marked_seen(school: School) -> None:
    publish(school, general(school)), publish(school, of_staff(school))
    assert unread(school, "teacher") == 2
    reading.mark_all_seen(actor=school.actor("teacher"), channel=general(school))
    assert [row.kind for row in unread_of(school.actor("teacher"))] == ["staff"]
    reading.mark_all_seen(actor=school.actor("teacher"))
    reading.mark_all_seen(actor=school.actor("teacher"))
    assert unread(school, "teacher") == 0
    publish(school, general(school))
    assert unread(school, "teacher") == 1
    assert unread(school, "administrator") == 0, "one's own is never new"


@pytest.mark.req("CHAN-3")
def test_nobody_is_behind_by_a_year_of_posts(school: School) -> None:
    old = publish(school, general(school))
    Post.objects.filter(pk=old.pk).update(published_at=timezone.now() - timedelta(days=31))
    assert unread(school, "student") == 0


# --- Reactions --------------------------------------------------------------------------------------------------------
@pytest.mark.req("CHAN-3")
def test_a_reaction_takes_the_place_of_the_earlier(school: School) -> None:
    post = publish(school, general(school))

    def react(name: str, kind: str) -> dict[str, int]:
        return reading.react(actor=school.actor(name), post=post, kind=kind).reactions

    assert react("student", "like") == {"like": 1}
    assert react("student", "like") == {"like": 1}
    assert react("parent", "like") == {"like": 2}
    assert react("student", "heart") == {"like": 1, "heart": 1}
    assert react("student", "") == {"like": 1}
    assert react("student", "") == {"like": 1}
    assert opened(school, "parent", post).my_reaction == "like"  # type: ignore[attr-defined]
    assert Reaction.objects.count() == 1
    with pytest.raises(DomainError) as refused:
        react("student", "angry")
    assert refused.value.code == "reaction_unknown"
    with pytest.raises(DomainError) as refused:
        reading.react(actor=school.actor("administrator"), post=draft(school, general(school)), kind="like")
    assert refused.value.code == "post_not_published"


# --- Comments ---------------------------------------------------------------------------------------------------------
@pytest.mark.req("CHAN-3")
def test_comments_are_switched_by_channel(school: School) -> None:
    channel = free(school, has_comments=True)
    post = publish(school, channel)
    student = school.actor("student")
    key = uuid4()
    made = reading.comment(actor=student, post=post, text="**Ура**\u202e", client_key=key)
    assert reading.comment(actor=student, post=post, text="Ура", client_key=key) == made
    assert "<strong>Ура</strong>" in made.html
    assert opened(school, "parent", post).comment_count == 1
    changes = {"has_comments": False}
    channels.change_channel(actor=school.actor("administrator"), channel=channel, changes=changes)
    with pytest.raises(DomainError) as refused:
        reading.comment(actor=student, post=post, text="Ещё")
    assert refused.value.code == "comments_closed"
    assert list(comments_of(post)) == [made], "what was said stays"


@pytest.mark.req("CHAN-3")
@pytest.mark.parametrize(
    ("text", "code"), [("", "text_empty"), ("\u200b\x00", "text_empty"), ("я" * 2001, "text_too_long")]
)
def test_a_comment_that_cannot_be_is_refused(school: School, text: str, code: str) -> None:
    post = publish(school, free(school, has_comments=True))
    with pytest.raises(DomainError) as refused:
        reading.comment(actor=school.actor("student"), post=post, text=text)
    assert refused.value.code == code
    assert not Comment.objects.exists()


@pytest.mark.req("CHAN-3")
def test_a_deleted_comment_leaves_a_trace_without_words(school: School) -> None:
    channel = free(school, has_comments=True)
    post = publish(school, channel)
    own = reading.comment(actor=school.actor("student"), post=post, text="Ой")
    rude = reading.comment(actor=school.actor("student"), post=post, text="Грубость")
    may = {name: permissions.can_delete_comment(school.actor(name), seen(school, name, channel), own) for name in CAST}
    assert may == {"student": True, "administrator": True, "parent": False, "head": False}
    reading.delete_comment(actor=school.actor("student"), comment=own)
    for _time in range(2):
        reading.delete_comment(actor=school.actor("administrator"), comment=rude)
    assert [(row.text, row.html) for row in comments_of(post)] == [("", ""), ("", "")]
    assert opened(school, "student", post).comment_count == 0
    assert AuditEvent.objects.filter(action=Action.COMMENT_REMOVED).count() == 1


CAST = ("student", "administrator", "parent", "head")


# --- Votes ------------------------------------------------------------------------------------------------------------
@pytest.mark.req("CHAN-3")
def test_readers_vote_until_the_poll_is_closed(school: School) -> None:
    post = opened(school, "student", publish(school, general(school), poll=PollData("Куда?", ["Туда", "Сюда"])))
    assert post.poll is not None
    option = post.poll.options.get(position=0)
    assert reading.vote(actor=school.actor("student"), post=post, option_ids=[option.pk]).voter_count == 1
    reading.close_poll(actor=school.actor("administrator"), post=post)
    with pytest.raises(DomainError) as refused:
        reading.vote(actor=school.actor("parent"), post=opened(school, "parent", post), option_ids=[option.pk])
    assert refused.value.code == "poll_closed"
    with pytest.raises(DomainError) as refused:
        reading.vote(actor=school.actor("parent"), post=publish(school, general(school)), option_ids=[option.pk])
    assert refused.value.code == "poll_gone"


# --- What one is told of ----------------------------------------------------------------------------------------------
@pytest.mark.req("CHAN-3")
def test_what_one_is_told_of_is_chosen(school: School) -> None:
    actor = school.actor("student")
    reading.mark_all_seen(actor=actor)
    reading.set_notify(actor=actor, channel=general(school), notify="none")
    mine = seen(school, "student", general(school))
    assert mine.notify == "none"  # type: ignore[attr-defined]
    assert mine.seen_until is not None  # type: ignore[attr-defined]
    with pytest.raises(DomainError) as refused:
        reading.set_notify(actor=actor, channel=general(school), notify="some")
    assert refused.value.code == "notify_unknown"


# --- What has to be confirmed -----------------------------------------------------------------------------------------
def edit(school: School, post: Post, text: str, reading_terms: ReadingTerms | None, **more: Any) -> Post:
    row = Post.objects.select_related("channel", "reading").get(pk=post.pk)
    words = PostDraft(text=text, reading=reading_terms, **more)
    return change(actor=school.actor("administrator"), post=row, draft=words, revision=row.revision)


@pytest.mark.req("CHAN-4", "DOC-1")
def test_new_words_ask_anew_and_the_earlier_answers_stay(school: School) -> None:
    post = publish(school, general(school), "Раз", reading=ReadingTerms())
    first = Reading.objects.get()
    assert first.is_open
    assert first.content_hash == content_hash(post)
    assert first.path == f"channels/posts/{post.pk}/"
    confirm(actor=school.actor("parent"), reading=first)
    mine = opened(school, "parent", post)
    assert mine.confirmed_at is not None  # type: ignore[attr-defined]
    changed = edit(school, post, "Два", terms_of(mine.reading))
    assert changed.reading is not None
    assert (changed.reading.version, changed.reading.is_open) == (2, True)
    first.refresh_from_db()
    assert first.closed_at is not None
    assert first.confirmations.count() == 1
    again = opened(school, "parent", post)
    assert (again.is_asked, again.confirmed_at) == (True, None)  # type: ignore[attr-defined]


@pytest.mark.req("CHAN-4")
def test_the_same_words_ask_nobody_anew(school: School) -> None:
    post = publish(school, general(school), "Раз", reading=ReadingTerms())
    due = timezone.now().date() + timedelta(days=5)
    changed = edit(school, post, "Раз", ReadingTerms(due_on=due))
    assert Reading.objects.count() == 1
    assert changed.reading is not None
    changed.reading.refresh_from_db()
    assert changed.reading.due_on == due


@pytest.mark.req("CHAN-4")
def test_asking_is_taken_back_and_begun_again(school: School) -> None:
    post = publish(school, general(school), "Раз", reading=ReadingTerms())
    edit(school, post, "Раз", None)
    assert not opened(school, "parent", post).is_asked  # type: ignore[attr-defined]
    assert terms_of(Reading.objects.get()) is None
    edit(school, post, "Раз", ReadingTerms())
    assert opened(school, "parent", post).is_asked  # type: ignore[attr-defined]
    assert Reading.objects.count() == 1
    edit(school, post, "Раз", None)
    edit(school, post, "Два", ReadingTerms())
    assert Reading.objects.filter(closed_at=None).count() == 1
    assert opened(school, "parent", post).is_asked  # type: ignore[attr-defined]


@pytest.mark.req("CHAN-4")
def test_a_draft_asks_when_it_appears(school: School) -> None:
    post = draft(school, general(school), "Раз", reading=ReadingTerms())
    assert Reading.objects.get().opened_at is None
    post = edit(school, post, "Два", ReadingTerms())
    assert Reading.objects.count() == 1, "the one that waited is made anew"
    publishing.publish(actor=school.actor("administrator"), post=post)
    kept = Reading.objects.get()
    assert kept.is_open
    assert kept.content_hash == content_hash(Post.objects.get())
    assert opened(school, "parent", post).is_asked  # type: ignore[attr-defined]


@pytest.mark.req("CHAN-4")
def test_what_is_removed_asks_nobody_until_it_is_back(school: School) -> None:
    post = publish(school, general(school), "Раз", reading=ReadingTerms())
    administrator = school.actor("administrator")
    publishing.delete(actor=administrator, post=post)
    assert not Reading.objects.get().is_open
    publishing.restore(actor=administrator, post=post)
    assert Reading.objects.get().is_open


@pytest.mark.req("CHAN-4")
def test_whoever_publishes_asks_the_channels_readers(school: School) -> None:
    channel = free(school, ("parents", "5Б"))
    channels.set_editor(actor=school.actor("administrator"), channel=channel, person=school.people["leader"])
    post = publish(school, channel, by="leader", reading=ReadingTerms())
    assert Reading.objects.get(pk=post.reading_id).audiences.get().unit == school.units["5Б"]
    with pytest.raises(DomainError) as refused:
        publish(school, channel, by="leader", reading=ReadingTerms(circles=[("students", None)]))
    assert refused.value.code == "circle_closed"
    unit = of_unit(school)
    publish(school, unit, by="leader", reading=ReadingTerms(circles=[("students", school.units["5А"].pk)]))
