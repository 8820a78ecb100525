"""What readers do: see posts, react, comment, vote, choose what they are told of (CHAN-3)."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from channels_app.models import (
    MOST_COMMENT,
    Channel,
    Comment,
    Notify,
    Post,
    PostView,
    Reaction,
    ReactionKind,
    ReaderState,
)
from channels_app.selectors.channels import list_of
from channels_app.selectors.posts import posts_visible_to, published
from channels_app.selectors.titles import title_of
from channels_app.services.posts import locked
from common import markup
from common.errors import DomainError
from common.text import clean_message
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from polls.models import Poll
from polls.services import cast, close

MOST_SEEN = 100
_VIEW = f'"{PostView._meta.db_table}"'
# One statement tells which views are new, so that two open pages of one person count once.
_NOTE = f"""
    INSERT INTO {_VIEW} (organization_id, post_id, person_id, seen_at) VALUES {{rows}}
    ON CONFLICT (post_id, person_id) DO NOTHING RETURNING post_id
"""  # noqa: S608 - the table's name is ours


@transaction.atomic
def mark_seen(*, actor: Actor, post_ids: Collection[int]) -> int:
    """Note that the actor has seen those posts, each counted once for each person; return how many were new.

    Posts the actor may not read are left out, and so are drafts. Four statements whatever their number.
    """
    wanted = sorted({pk for pk in post_ids if 0 < pk < 2**63})[:MOST_SEEN]
    readable = published(posts_visible_to(actor))
    known = list(readable.filter(pk__in=wanted).order_by("pk").values_list("pk", flat=True)) if wanted else []
    new = _note_views(actor, known)
    if new:
        # In one order, so that two readers never wait for each other; weakly, for both hold on to the posts that
        # their new rows name.
        rows = Post.objects.filter(pk__in=new).order_by("pk").select_for_update(no_key=True)
        Post.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(view_count=F("view_count") + 1)
    return len(new)


def _note_views(actor: Actor, post_ids: Sequence[int]) -> list[int]:
    if not post_ids:
        return []
    stamp = connection.ops.adapt_datetimefield_value(timezone.now())
    values = [value for pk in post_ids for value in (actor.organization.pk, pk, actor.person.pk, stamp)]
    rows = ", ".join(["(%s, %s, %s, %s)"] * len(post_ids))
    with connection.cursor() as cursor:
        cursor.execute(_NOTE.format(rows=rows), values)
        return [row[0] for row in cursor.fetchall()]


@transaction.atomic
def mark_all_seen(*, actor: Actor, channel: Channel | None = None) -> None:
    """Let nothing be unread up to now, in `channel` or in all the actor's channels; two statements."""
    now = timezone.now()
    channels = [channel] if channel is not None else list(list_of(actor))
    ReaderState.objects.bulk_create(
        [
            ReaderState(organization=actor.organization, channel=each, person=actor.person, seen_until=now)
            for each in channels
        ],
        update_conflicts=True,
        unique_fields=["channel", "person"],
        update_fields=["seen_until"],
    )


def set_notify(*, actor: Actor, channel: Channel, notify: str) -> None:
    """Choose what the actor is told of (`Notify`). Raises `DomainError("notify_unknown")` (400)."""
    if notify not in Notify.values:
        raise DomainError("notify_unknown", _("There is no such choice."), status=400)
    ReaderState.objects.bulk_create(
        [ReaderState(organization=actor.organization, channel=channel, person=actor.person, notify=notify)],
        update_conflicts=True,
        unique_fields=["channel", "person"],
        update_fields=["notify"],
    )


@transaction.atomic
def react(*, actor: Actor, post: Post, kind: str) -> Post:
    """Give one's reaction in place of an earlier one, or take it back (`kind` empty); return the post as it stands.

    Raises `DomainError`: `reaction_unknown` (400), `post_gone`, `post_not_published` (409). Four statements.
    """
    if kind and kind not in ReactionKind.values:
        raise DomainError("reaction_unknown", _("There is no such reaction."), status=400)
    row = locked(post)
    if row.published_at is None:
        raise DomainError("post_not_published", _("The post is not published."))
    given = Reaction.objects.filter(post=row.pk, person=actor.person).first()
    before = given.kind if given is not None else ""
    if before == kind:
        return row
    if given is not None and not kind:
        given.delete()
    elif given is not None:
        given.kind = kind
        given.save(update_fields=["kind"])
    else:
        Reaction.objects.create(organization=actor.organization, post=row, person=actor.person, kind=kind)
    _count_reaction(row, before, kind)
    return row


def _count_reaction(row: Post, before: str, after: str) -> None:
    counts = dict(row.reactions)
    for kind, step in ((before, -1), (after, 1)):
        if kind:
            counts[kind] = counts.get(kind, 0) + step
    row.reactions = {kind: counts[kind] for kind in ReactionKind.values if counts.get(kind, 0) > 0}
    row.save(update_fields=["reactions"])


# --- Comments ---------------------------------------------------------------------------------------------------------
@transaction.atomic
def comment(*, actor: Actor, post: Post, text: str, client_key: UUID | None = None) -> Comment:
    """Write a comment and return it; sent again with the same key it is the one that is there.

    Raises `DomainError`: those of `clean_message`, `post_gone`, `comments_closed` (409).
    """
    own = Comment.objects.filter(author=actor.person, client_key=client_key)
    if client_key is not None and (found := own.first()):
        return found
    words = clean_message(text, most=MOST_COMMENT)
    row = locked(post)
    if row.published_at is None or not row.channel.has_comments or not row.channel.is_in_use:
        raise DomainError("comments_closed", _("Comments are closed here."))
    try:
        with transaction.atomic():
            made = Comment.objects.create(
                organization=actor.organization,
                post=row,
                author=actor.person,
                text=words,
                html=str(markup.to_html(words)),
                client_key=client_key,
            )
    except IntegrityError:
        return own.get()
    Post.objects.filter(pk=row.pk).update(comment_count=F("comment_count") + 1)
    return made


@transaction.atomic
def delete_comment(*, actor: Actor, comment: Comment) -> None:
    """Delete a comment: a trace without words stays. Somebody else's stands in the journal. Twice is once."""
    rows = Comment.objects.select_for_update(of=("self",), no_key=True).select_related(
        "author", "post__channel__unit", "post__channel__organization"
    )
    row = rows.filter(pk=comment.pk).first()
    if row is None or row.deleted_at is not None:
        return
    row.text = row.html = ""
    row.deleted_at, row.deleted_by = timezone.now(), actor.person
    row.save(update_fields=["text", "html", "deleted_at", "deleted_by"])
    Post.objects.filter(pk=row.post_id, comment_count__gt=0).update(comment_count=F("comment_count") - 1)
    if row.author_id != actor.person.pk:
        details = {"channel": title_of(row.post.channel, actor.words)}
        record(actor.organization, actor, [Deed(Action.COMMENT_REMOVED, row.author, details=details)])


# --- Polls ------------------------------------------------------------------------------------------------------------
def vote(*, actor: Actor, post: Post, option_ids: Sequence[int]) -> Poll:
    """Vote in the poll of a published post and return it (`polls.services.cast` says how and what it refuses).

    Raises `DomainError("poll_gone")` (409) when the post has none, or is not published.
    """
    return cast(actor=actor, poll=_poll_of(post), option_ids=option_ids)


def close_poll(*, actor: Actor, post: Post) -> Poll:
    """Take no more votes; returns the poll. Raises `DomainError("poll_gone")` (409)."""
    return close(actor=actor, poll=_poll_of(post))


def _poll_of(post: Post) -> Poll:
    if post.poll is None or not post.is_published:
        raise DomainError("poll_gone", _("This poll has been deleted meanwhile."))
    return post.poll
