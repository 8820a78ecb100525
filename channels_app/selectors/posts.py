"""Posts of channels the actor may read: feeds, one post, drafts, what hangs on them (CHAN-3)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from channels_app.models import Channel, Comment, Post, PostFile, PostVersion, PostView, Reaction
from channels_app.selectors.channels import channels_of, granted_to, publishable_by, seen_by
from common.text import normalise
from orgs.actor import Actor
from orgs.models import Person
from orgs.prepared import prepared
from polls.selectors import PollResult, results_of, results_with_own
from readings.selectors.readings import asks, confirmed_at_by, done_by

PAGE = 20


@dataclass
class Parts:
    """What hangs on a page of posts, by the post's (the poll's) id, fetched for all of them at once."""

    files: dict[int, list[PostFile]] = field(default_factory=dict)
    polls: dict[int, PollResult] = field(default_factory=dict)
    votes: dict[int, list[int]] = field(default_factory=dict)


@dataclass(frozen=True)
class Feed:
    """One page of posts, the latest first; `next` continues it, empty at the end."""

    posts: list[Post]
    next: str


def published(posts: QuerySet[Post]) -> QuerySet[Post]:
    """Return those that readers see."""
    return posts.filter(published_at__isnull=False, deleted_at=None)


def seen_posts(actor: Actor, posts: QuerySet[Post]) -> QuerySet[Post]:
    """Add what depends on who reads: `my_reaction`, `is_seen`, `is_asked` (must confirm), `confirmed_at`,
    `is_done`, `is_editor` (granted the right to publish in its channel).

    The author comes along, the channel with its unit, the reading; search text stays in the database.
    """
    mine = actor.person.pk
    reaction = Reaction.objects.filter(post=OuterRef("pk"), person=mine)
    view = PostView.objects.filter(post=OuterRef("pk"), person=mine)
    return (
        posts.select_related("author", "channel__unit", "channel__organization", "reading")
        .defer("search_text")
        .annotate(
            my_reaction=Subquery(reaction.values("kind")),
            is_seen=Exists(view),
            is_asked=asks(actor),
            confirmed_at=confirmed_at_by(actor),
            is_done=done_by(actor),
            is_editor=Exists(granted_to(actor).filter(content_object=OuterRef("channel"))),
        )
    )


def feed_of(actor: Actor, channel_ids: Collection[int], *, after: str = "", limit: int = PAGE) -> Feed:
    """Return a page of the published posts of those channels, which `list_of` gave, the latest first; one query.

    Keyset: as quick at the beginning of ten thousand posts as at their end. An `after` that nobody was given begins
    anew.
    """
    if not after and limit == PAGE:
        return _cut(_first_posts(actor, tuple(channel_ids)), PAGE)
    return page_of_posts(seen_posts(actor, published_in(actor, channel_ids)), after, limit)


@prepared
def _first_posts(actor: Actor, channel_ids: Collection[int]) -> QuerySet[Post]:
    return seen_posts(actor, published_in(actor, channel_ids)).order_by("-published_at", "-id")[: PAGE + 1]


def published_in(actor: Actor, channel_ids: Collection[int]) -> QuerySet[Post]:
    """Return the published posts of those channels, which `list_of` gave."""
    return published(Post.objects.filter(organization=actor.organization.pk, channel__in=channel_ids))


def page_of_posts(posts: QuerySet[Post], after: str, limit: int = PAGE) -> Feed:
    """Return the page of published `posts` that follows the place `after`; one query."""
    place = _place(after)
    if place is not None:
        # The first condition is what the index is entered by; the second leaves out what was shown already.
        posts = posts.filter(published_at__lte=place[0])
        posts = posts.filter(Q(published_at__lt=place[0]) | Q(pk__lt=place[1]))
    return _cut(list(posts.order_by("-published_at", "-id")[: limit + 1]), limit)


def _cut(rows: list[Post], limit: int) -> Feed:
    has_more, rows = len(rows) > limit, rows[:limit]
    last = rows[-1] if has_more else None
    return Feed(rows, f"{last.published_at:%Y%m%dT%H%M%S.%f}Z{last.pk}" if last is not None else "")


def _place(text: str) -> tuple[datetime, int] | None:
    moment, _mark, number = text.partition("Z")
    if not number.isascii() or not number.isdigit() or len(number) > 18:
        return None
    try:
        return datetime.strptime(f"{moment}+0000", "%Y%m%dT%H%M%S.%f%z"), int(number)
    except ValueError:
        return None


def pinned_of(actor: Actor, channel: Channel) -> Post | None:
    """Return the pinned post of a channel the actor reads."""
    return seen_posts(actor, published(channel.posts.filter(pinned_at__isnull=False))).first()


def posts_visible_to(actor: Actor) -> QuerySet[Post]:
    """Return the posts the actor may open: published ones of the actor's channels and those the actor must read,
    whatever the channel; all others of the channels the actor publishes in."""
    posts = Post.objects.filter(organization=actor.organization.pk)
    is_published = Q(published_at__isnull=False, deleted_at=None)
    readable = is_published & (Q(channel__in=channels_of(actor).values("pk")) | asked(actor))
    return posts.filter(readable | Q(channel__in=publishable_by(actor).values("pk")))


def asked(actor: Actor) -> Q:
    """Return the condition on posts that their reading asks the actor."""
    return Q(reading__isnull=False) & Q(asks(actor))


def find_post(actor: Actor, pk: int) -> Post | None:
    """Return a post the actor may open with what depends on who reads, or None; one query.

    Its channel knows what `permissions.can_publish` asks.
    """
    post = seen_posts(actor, posts_visible_to(actor).filter(pk=pk)).first()
    if post is not None:
        post.channel.is_editor = post.is_editor  # type: ignore[attr-defined]
    return post


def channel_of(actor: Actor, post: Post) -> Channel:
    """Return the post's channel with what the rules ask about it; one query, also where only the post may be read."""
    return seen_by(actor, Channel.objects.filter(pk=post.channel_id)).get()


def unpublished_of(actor: Actor) -> QuerySet[Post]:
    """Return drafts and planned posts of the channels the actor publishes in: planned ones first, by their time."""
    posts = Post.objects.filter(channel__in=publishable_by(actor).values("pk"), published_at=None, deleted_at=None)
    return posts.select_related("author", "editor", "channel__unit", "channel__organization").order_by(
        F("publish_at").asc(nulls_last=True), "-id"
    )


def removed_of(actor: Actor) -> QuerySet[Post]:
    """Return removed posts that can be brought back, the latest first."""
    posts = Post.objects.filter(channel__in=publishable_by(actor).values("pk"), deleted_at__isnull=False)
    return posts.select_related("author", "deleted_by", "channel__unit", "channel__organization").order_by(
        "-deleted_at", "-id"
    )


def parts_of(posts: Sequence[Post], *, person_id: int | None = None) -> Parts:
    """Return what hangs on `posts`: files, polls and, for `person_id`, that person's votes; at most two queries."""
    parts = Parts()
    if posts:
        rows = PostFile.objects.filter(post__in=[post.pk for post in posts]).select_related("file")
        for row in rows.order_by("post_id", "position"):
            parts.files.setdefault(row.post_id, []).append(row)
    polls = [post.poll_id for post in posts if post.poll_id is not None]
    if polls and person_id is None:
        parts.polls = results_of(polls)
    elif polls and person_id is not None:
        parts.polls, parts.votes = results_with_own(person_id, polls)
    return parts


def search_posts(posts: QuerySet[Post], text: str) -> QuerySet[Post]:
    """Return those of `posts` in which all words of `text` occur; PostgreSQL knows Russian word forms, and finds a
    single word also by its beginning or a part of it."""
    words = normalise(text).split()[:10]
    if not words:
        return posts.none()
    if connection.vendor == "postgresql":
        found = Q(words=SearchQuery(" ".join(words), config="russian"))
        if len(words) == 1:
            found |= Q(search_text__contains=words[0])
        return posts.alias(words=SearchVector("search_text", config="russian")).filter(found)
    for word in words:
        posts = posts.filter(search_text__contains=word)
    return posts


def versions_of(post: Post) -> QuerySet[PostVersion]:
    """Return how the post read before, the latest first."""
    return PostVersion.objects.filter(post=post.pk).select_related("changed_by").order_by("-revision")


def viewers_of(post: Post) -> QuerySet[Person]:
    """Return who has seen the post, by name."""
    views = PostView.objects.filter(post=post.pk)
    return Person.objects.filter(pk__in=views.values("person_id")).order_by("search_name", "id")


def comments_of(post: Post) -> QuerySet[Comment]:
    """Return the comments in their order, deleted ones as traces; their authors come along."""
    return Comment.objects.filter(post=post.pk).select_related("author").order_by("id")


def find_comment(actor: Actor, pk: int) -> tuple[Comment, Post] | None:
    """Return a comment on a post the actor may open, and that post as `find_post` does, or None; two queries."""
    comment = Comment.objects.filter(organization=actor.organization.pk, pk=pk).select_related("author").first()
    post = find_post(actor, comment.post_id) if comment is not None else None
    return (comment, post) if comment is not None and post is not None else None


# --- Open to everybody ------------------------------------------------------------------------------------------------
def public_posts(channel: Channel) -> QuerySet[Post]:
    """Return what strangers read of a public channel."""
    posts = published(Post.objects.filter(channel=channel.pk))
    return posts.select_related("channel__unit", "channel__organization").defer("search_text")
