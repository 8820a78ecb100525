"""Posts appear, at once or at a set time, exactly once; they are pinned, removed and brought back (CHAN-3)."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from channels_app.models import Channel, Post, PostFile
from channels_app.selectors.channels import in_use
from channels_app.selectors.titles import title_of
from channels_app.services.posts import (
    PostDraft,
    label_of,
    locked,
    put_down,
    remove_files,
    rows_to_change,
    write,
    written_before,
)
from common.errors import DomainError
from common.jobs import enqueue
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from orgs.models import Person
from orgs.vocabulary import vocabulary_of
from readings.services import giving

logger = logging.getLogger(__name__)

FARTHEST = timedelta(days=366)
BATCH = 100
# A removed post can be brought back for so long.
KEPT_DAYS = 30


def publish_now(*, actor: Actor, channel: Channel, draft: PostDraft, author: Person | None = None) -> Post:
    """Write a post and let it appear at once; returns it. Sent again with the same key it is the post that is there.

    Six statements in a transaction of its own, whatever the number of readers, and those of its files, its poll and
    what has to be confirmed. Raises what `write` and `publish` raise.
    """
    now = timezone.now()
    try:
        with transaction.atomic():
            post = put_down(actor, channel, draft, author=author, published_at=now)
            _announce(post, actor.person, now)
            return post
    except IntegrityError:
        found = written_before(actor, draft)
        if found is None:
            raise
    return publish(actor=actor, post=found)


@transaction.atomic
def plan_new(*, actor: Actor, channel: Channel, draft: PostDraft, at: datetime) -> Post:
    """Write a post that appears by itself at `at`, and return it; sent again with the same key it is the post that is
    there, also when it has appeared meanwhile. Raises what `write` and `plan` raise."""
    post = write(actor=actor, channel=channel, draft=draft)
    is_done = post.published_at is not None or post.publish_at == at
    return post if is_done else plan(actor=actor, post=post, at=at)


@transaction.atomic
def publish(*, actor: Actor, post: Post) -> Post:
    """Let a draft or a planned post appear now and return it; twice is once.

    Raises `DomainError`: `post_gone` (409), `channel_archived` (409), those of a deadline that has passed.
    """
    row = locked(post)
    if row.published_at is None:
        _check_channel(row)
        _appear(row, actor.person, timezone.now())
    return row


def _check_channel(post: Post) -> None:
    if not post.channel.is_in_use:
        raise DomainError("channel_archived", _("The channel is in the archive: nothing is published there."))


def _appear(post: Post, editor: Person | None, now: datetime) -> bool:
    """Let the post appear unless it has; the one statement that decides this also when two try at once."""
    waiting = Post.objects.filter(pk=post.pk, published_at=None, deleted_at=None)
    if not waiting.update(published_at=now, editor=editor):
        return False
    post.published_at, post.editor = now, editor
    if post.reading_id is not None:
        giving.open_readings([post.reading_id])
    _announce(post, editor, now)
    return True


def _announce(post: Post, editor: Person | None, now: datetime) -> None:
    """Whatever else a post's appearance changes: the channel's place in lists, the journal, and people are told."""
    Channel.objects.filter(pk=post.channel_id).update(last_post_at=now)
    words = vocabulary_of(post.channel.organization)
    details = {"channel": title_of(post.channel, words), "post": label_of(post)}
    record(post.channel.organization, editor, [Deed(Action.POST_PUBLISHED, details=details)])
    enqueue("channels_app.tasks.notify", post_id=post.pk)


@transaction.atomic
def plan(*, actor: Actor, post: Post, at: datetime) -> Post:
    """Let the post appear by itself at `at`, and return it; it can be planned anew until then.

    Raises `DomainError`: `post_gone`, `post_published` (409), `publish_at_past`, `publish_at_far` (400).
    """
    row = locked(post)
    if row.published_at is not None:
        raise DomainError("post_published", _("The post has been published already."))
    check_time(at)
    _check_channel(row)
    row.publish_at, row.editor = at, actor.person
    row.save(update_fields=["publish_at", "editor"])
    return row


def check_time(at: datetime) -> None:
    """Raise `DomainError` (400) `publish_at_past` or `publish_at_far` unless a post may be planned for `at`."""
    now = timezone.now()
    if at <= now:
        message = _("This moment has passed already.")
        raise DomainError("publish_at_past", message, fields={"publish_at": message}, status=400)
    if at > now + FARTHEST:
        message = _("At most a year from now.")
        raise DomainError("publish_at_far", message, fields={"publish_at": message}, status=400)


@transaction.atomic
def unplan(*, actor: Actor, post: Post) -> Post:
    """Make a planned post a draft again and return it. Raises `DomainError`: `post_gone`, `post_published` (409)."""
    row = locked(post)
    if row.published_at is not None:
        raise DomainError("post_published", _("The post has been published already."))
    row.publish_at = None
    row.save(update_fields=["publish_at"])
    return row


def publish_due(now: datetime | None = None) -> int:
    """Let every planned post appear whose time has come, also when nobody looked at that minute; return how many.

    Each in its own transaction, so that one that fails keeps no other back. Safe to run twice, and twice at once.
    """
    moment = now or timezone.now()
    due = _due(Post.objects.all(), moment).order_by("publish_at", "pk")
    return _each(list(due.values_list("pk", flat=True)[:BATCH]), partial(_publish_planned, now=moment))


def _due(posts: QuerySet[Post], now: datetime) -> QuerySet[Post]:
    return posts.filter(in_use("channel__"), publish_at__lte=now, published_at=None, deleted_at=None)


def _each(ids: Sequence[int], deed: Callable[[int], int]) -> int:
    """Return the sum of what `deed` gives for each; one that fails is logged and tried again at the next round."""
    done = 0
    for pk in ids:
        try:
            done += deed(pk)
        except Exception:
            logger.exception("%s failed for post %s", deed, pk)
    return done


@transaction.atomic
def _publish_planned(pk: int, now: datetime) -> int:
    rows = Post.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
    rows = rows.select_related("channel__unit", "channel__organization", "editor")
    post = _due(rows, now).filter(pk=pk).first()
    return int(post is not None and _appear(post, post.editor, now))


@transaction.atomic
def pin(*, actor: Actor, post: Post, pinned: bool) -> Post:
    """Pin a published post to the top of its channel, in place of the one pinned before, or unpin it; returns it.

    Raises `DomainError`: `post_gone`, `post_not_published` (409).
    """
    # Two editors pin one after the other.
    Channel.objects.select_for_update(no_key=True).get(pk=post.channel_id)
    row = locked(post)
    if row.published_at is None:
        raise DomainError("post_not_published", _("Only a published post can be pinned."))
    if pinned:
        Post.objects.filter(channel=row.channel_id, pinned_at__isnull=False).exclude(pk=row.pk).update(pinned_at=None)
    row.pinned_at = (row.pinned_at or timezone.now()) if pinned else None
    row.save(update_fields=["pinned_at"])
    return row


@transaction.atomic
def delete(*, actor: Actor, post: Post) -> None:
    """Remove a post; for 30 days it can be brought back. What had to be confirmed asks nobody any more; twice is once.

    A draft goes the same way: nobody's text is lost by a wrong tap.
    """
    row = rows_to_change().filter(pk=post.pk, deleted_at=None).first()
    if row is None:
        return
    row.deleted_at, row.deleted_by, row.pinned_at = timezone.now(), actor.person, None
    row.save(update_fields=["deleted_at", "deleted_by", "pinned_at"])
    if row.published_at is None:
        return
    if row.reading is not None and row.reading.closed_at is None:
        giving.close(actor=actor, reading=row.reading)
    details = {"channel": title_of(row.channel, actor.words), "post": label_of(row)}
    record(actor.organization, actor, [Deed(Action.POST_REMOVED, details=details)])


@transaction.atomic
def restore(*, actor: Actor, post: Post) -> Post:
    """Bring a removed post back where it stood, and return it; what had to be confirmed asks again.

    Raises `DomainError("post_gone")` when its time is over. Twice is once.
    """
    row = rows_to_change().filter(pk=post.pk).first()
    if row is None:
        raise DomainError("post_gone", _("This post has been removed meanwhile."))
    if row.deleted_at is None:
        return row
    if row.publish_at is not None and row.published_at is None and row.publish_at <= timezone.now():
        row.publish_at = None  # its time passed while it was away: it waits for a hand
    row.deleted_at = row.deleted_by = None
    row.save(update_fields=["deleted_at", "deleted_by", "publish_at"])
    if row.published_at is not None:
        if row.reading is not None:
            giving.reopen(actor=actor, reading=row.reading)
        details = {"channel": title_of(row.channel, actor.words), "post": label_of(row)}
        record(actor.organization, actor, [Deed(Action.POST_RESTORED, details=details)])
    return row


def remove_deleted(now: datetime | None = None) -> int:
    """Remove for good, with their files, posts that were removed 30 days ago; returns how many. Safe to run twice."""
    before = (now or timezone.now()) - timedelta(days=KEPT_DAYS)
    old = Post.objects.filter(deleted_at__lte=before).order_by("deleted_at").values_list("pk", flat=True)
    return _each(list(old[:BATCH]), partial(_remove, before=before))


@transaction.atomic
def _remove(pk: int, before: datetime) -> int:
    rows = Post.objects.select_for_update(of=("self",), skip_locked=True).select_related("poll", "reading")
    post = rows.filter(pk=pk, deleted_at__lte=before).first()
    if post is None:
        return 0
    files = [held.file for held in PostFile.objects.filter(post=post).select_related("file")]
    poll, reading = post.poll, post.reading
    post.delete()
    remove_files(files)
    if poll is not None:
        poll.delete()
    if reading is not None:
        giving.discard_unopened(reading)  # who has confirmed a published one stays known
    return 1
