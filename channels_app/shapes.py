"""Channels, posts and proposed texts in JSON.

Built by hand: a feed is read all day long, and a serializer would take most of its time.
`channels_app.api.serializers` describes the same shapes for the documentation; a test compares the two.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.urls import reverse

from channels_app import permissions
from channels_app.models import Channel, Comment, Post, PostVersion, Proposal, ProposalFile, ProposalTurn
from channels_app.selectors.posts import Parts
from channels_app.selectors.titles import title_of
from common import markup
from files.shapes import file_shape
from orgs.actor import Actor
from orgs.models import Person
from orgs.vocabulary import Vocabulary
from polls.shapes import poll_shape
from readings.models import Reading

Shape = dict[str, Any]


def person_shape(person: Person | None) -> Shape | None:
    """`{"id", "name"}`: no phone number is ever shown."""
    return None if person is None else {"id": person.pk, "name": person.author_name}


def _moment(value: Any) -> str | None:
    return None if value is None else value.isoformat()


# --- Channels ---------------------------------------------------------------------------------------------------------
def channel_ref(channel: Channel, words: Vocabulary) -> Shape:
    """A channel in one line."""
    return {"id": channel.pk, "title": title_of(channel, words)}


def channel_shape(actor: Actor, channel: Channel) -> Shape:
    """A channel of the reader's list, as `list_of` and `find_channel` give it."""
    return {
        **channel_ref(channel, actor.words),
        "kind": channel.kind,
        "description": channel.description,
        "unit": {"id": channel.unit_id, "name": channel.unit.name} if channel.unit is not None else None,
        "is_public": channel.is_public,
        "has_comments": channel.has_comments,
        "is_archived": not channel.is_in_use,
        "last_post_at": _moment(channel.last_post_at),
        "is_reader": bool(channel.is_reader),  # type: ignore[attr-defined]
        "unread": max(0, channel.unread),  # type: ignore[attr-defined]
        "notify": channel.notify,  # type: ignore[attr-defined]
        "may_publish": permissions.can_publish(actor, channel),
        "may_propose": permissions.can_propose(actor, channel),
        "may_manage": permissions.can_manage_channels(actor),
    }


def channel_detail(actor: Actor, channel: Channel, *, reader_count: int) -> Shape:
    """One channel, with whom it is for and how many read it."""
    rules = channel.audiences.select_related("unit").order_by("pk")
    circles = [
        {"audience": rule.audience, "unit": {"id": rule.unit_id, "name": rule.unit.name} if rule.unit else None}
        for rule in rules
    ]
    return {**channel_shape(actor, channel), "circles": circles, "reader_count": reader_count}


# --- Posts ------------------------------------------------------------------------------------------------------------
def post_shape(actor: Actor, post: Post, parts: Parts, channel: Channel | None = None) -> Shape:
    """A post as the actor sees it (`seen_posts`); `channel` knows what the rules ask, where the post's own does not."""
    channel = channel or post.channel
    slug = actor.organization.slug
    poll = parts.polls.get(post.poll_id) if post.poll_id is not None else None
    return {
        "id": post.pk,
        "channel": channel_ref(channel, actor.words),
        "state": state_of(post),
        "author": person_shape(post.author),
        "title": post.title,
        "text": post.text,
        "html": post.html,
        "files": [
            file_shape(row.file, reverse("channels:file", args=[slug, post.pk, row.file_id]))
            for row in parts.files.get(post.pk, ())
        ],
        "poll": poll_shape(poll) if poll is not None else None,
        "votes": parts.votes.get(poll.id) if poll is not None else None,
        "reading": _reading_shape(post, post.reading) if post.reading is not None else None,
        "publish_at": _moment(post.publish_at),
        "published_at": _moment(post.published_at),
        "edited_at": _moment(post.edited_at),
        "deleted_at": _moment(post.deleted_at),
        "revision": post.revision,
        "is_pinned": post.pinned_at is not None,
        "view_count": post.view_count,
        "comment_count": post.comment_count,
        "reactions": post.reactions,
        "my_reaction": post.my_reaction or "",  # type: ignore[attr-defined]
        "is_seen": bool(post.is_seen),  # type: ignore[attr-defined]
        "may_edit": permissions.can_publish(actor, channel),
        "may_comment": permissions.can_comment(actor, channel, post),
    }


def state_of(post: Post) -> str:
    """Return `draft`, `planned`, `published` or `removed`."""
    if post.deleted_at is not None:
        return "removed"
    if post.published_at is not None:
        return "published"
    return "planned" if post.publish_at is not None else "draft"


def _reading_shape(post: Post, reading: Reading) -> Shape:
    return {
        "id": reading.pk,
        "due_on": reading.due_on.isoformat() if reading.due_on is not None else None,
        "version": reading.version,
        "is_open": reading.is_open,
        "is_asked": bool(post.is_asked),  # type: ignore[attr-defined]
        "is_done": bool(post.is_done),  # type: ignore[attr-defined]
        "confirmed_at": _moment(post.confirmed_at),  # type: ignore[attr-defined]
    }


def post_shapes(actor: Actor, posts: Iterable[Post], parts: Parts, channels: Mapping[int, Channel]) -> list[Shape]:
    """A page of posts; `channels` by id, as `list_of` gave them. No query."""
    return [post_shape(actor, post, parts, channels.get(post.channel_id)) for post in posts]


def version_shape(version: PostVersion) -> Shape:
    """How a post read before."""
    return {
        "revision": version.revision,
        "title": version.title,
        "text": version.text,
        "files": version.file_names,
        "changed_by": person_shape(version.changed_by),
        "changed_at": _moment(version.changed_at),
    }


def comment_shape(actor: Actor, channel: Channel, comment: Comment) -> Shape:
    """A comment; a deleted one is a trace without words."""
    return {
        "id": comment.pk,
        "author": person_shape(comment.author),
        "text": comment.text,
        "html": comment.html,
        "created_at": _moment(comment.created_at),
        "is_deleted": comment.deleted_at is not None,
        "may_delete": permissions.can_delete_comment(actor, channel, comment),
    }


# --- Proposed texts ---------------------------------------------------------------------------------------------------
def proposal_shape(actor: Actor, proposal: Proposal) -> Shape:
    """A proposed text in a list, as the selectors of proposals give it."""
    proposal.channel.is_editor = proposal.is_editor  # type: ignore[attr-defined]
    return {
        "id": proposal.pk,
        "channel": channel_ref(proposal.channel, actor.words),
        "author": person_shape(proposal.author),
        "title": proposal.title,
        "text": proposal.text,
        "html": str(markup.to_html(proposal.text)),
        "state": proposal.state,
        "revision": proposal.revision,
        "remark": proposal.remark,
        "wanted_at": _moment(proposal.wanted_at),
        "decided_by": person_shape(proposal.decided_by),
        "decided_at": _moment(proposal.decided_at),
        "post": proposal.post_id,
        "created_at": _moment(proposal.created_at),
        "changed_at": _moment(proposal.changed_at),
        "may_decide": permissions.can_decide(actor, proposal),
        "may_change": permissions.can_change_proposal(actor, proposal),
    }


def proposal_detail(
    actor: Actor, proposal: Proposal, files: Sequence[ProposalFile], turns: Iterable[ProposalTurn]
) -> Shape:
    """One proposed text with its files and the turns between author and editors."""
    slug = actor.organization.slug
    return {
        **proposal_shape(actor, proposal),
        "files": [
            file_shape(row.file, reverse("api_channel_proposal_file", args=[slug, proposal.pk, row.file_id]))
            for row in files
        ],
        "turns": [
            {
                "state": turn.state,
                "person": person_shape(turn.person),
                "title": turn.title,
                "text": turn.text,
                "remark": turn.remark,
                "created_at": _moment(turn.created_at),
            }
            for turn in turns
        ],
    }
