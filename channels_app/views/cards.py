"""Posts as the pages show them: everything a template asks, prepared for a whole page of posts at once."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from channels_app import permissions
from channels_app.models import Channel, Post, ReactionKind
from channels_app.selectors.posts import parts_of
from channels_app.selectors.titles import title_of
from common.templatetags.ui import initials
from files.models import FileKind, StoredFile
from orgs.actor import Actor
from orgs.vocabulary import Vocabulary
from polls.selectors import PollResult
from readings.models import Reading

# More pictures than these stand behind the last one as «+3».
MOST_SHOWN = 4
_SIGNS = {
    ReactionKind.LIKE: "thumb-up",
    ReactionKind.HEART: "heart",
    ReactionKind.CLAP: "star",
    ReactionKind.THANKS: "heart-handshake",
    ReactionKind.SAD: "mood-sad",
}
_ICONS = [
    ("pdf", "file-type-pdf"),
    ("zip", "file-zip"),
    ("sheet", "file-spreadsheet"),
    ("excel", "file-spreadsheet"),
    ("csv", "file-spreadsheet"),
    ("presentation", "presentation"),
    ("powerpoint", "presentation"),
    ("word", "file-text"),
    ("text", "file-text"),
    ("rtf", "file-text"),
    ("image", "photo"),
    ("video", "video"),
    ("audio", "music"),
]
FileAddress = Callable[[StoredFile], str]


@dataclass(frozen=True)
class Shown:
    """A file on a page."""

    file: StoredFile
    url: str

    @property
    def is_picture(self) -> bool:
        return self.file.kind == FileKind.PICTURE

    @property
    def icon(self) -> str:
        return next((name for part, name in _ICONS if part in self.file.content_type), "file")

    @property
    def opens(self) -> bool:
        """Whether a browser shows it by itself; everything else is saved."""
        return self.is_picture or self.file.content_type == "application/pdf"


@dataclass(frozen=True)
class Files:
    """The files of a post: pictures in a gallery, everything else by name."""

    pictures: list[Shown]
    others: list[Shown]

    @property
    def layout(self) -> int:
        return min(len(self.pictures), MOST_SHOWN)

    @property
    def more(self) -> int:
        """How many pictures stand behind the last one."""
        return max(0, len(self.pictures) - MOST_SHOWN)


def files_on_page(files: Sequence[StoredFile], url: FileAddress) -> Files:
    """Sort `files` into pictures and others, each with its address."""
    shown = [Shown(file, url(file)) for file in files]
    return Files([one for one in shown if one.is_picture], [one for one in shown if not one.is_picture])


@dataclass(frozen=True)
class PollCard:
    """A poll as one reader sees it: the answers to choose from, or the results."""

    result: PollResult
    votes: list[int] | None
    can_vote: bool
    can_close: bool

    @property
    def has_voted(self) -> bool:
        return self.votes is not None

    @property
    def takes_votes(self) -> bool:
        """Whether answers can be chosen now: not closed, and not given for good in an anonymous one."""
        return self.can_vote and not self.result.is_closed and not (self.has_voted and self.result.is_anonymous)


@dataclass
class Card:
    """A post on a page. `is_new`: published after the reader looked, and not seen yet."""

    post: Post
    channel: Channel
    title: str
    files: Files
    poll: PollCard | None = None
    is_new: bool = False
    can_edit: bool = False
    can_react: bool = False
    reactions: list[dict[str, Any]] = field(default_factory=list)
    reading: Reading | None = None

    @property
    def mark(self) -> str:
        return mark_of(self.title)


def mark_of(title: str) -> str:
    """Return what stands in the round mark of a channel: a short name as it is («11Б»), else initials."""
    return title if len(title) <= 3 else initials(title)


def cards_of(actor: Actor, posts: Sequence[Post], channels: dict[int, Channel]) -> list[Card]:
    """Return the posts as cards; `channels` holds those the actor reads, by id. At most two queries."""
    parts = parts_of(posts, person_id=actor.person.pk)
    cards = []
    for post in posts:
        channel = channels.get(post.channel_id, post.channel)
        held = [row.file for row in parts.files.get(post.pk, [])]
        card = Card(
            post=post,
            channel=channel,
            title=title_of(channel, actor.words),
            files=files_on_page(held, _address(actor.organization.slug, post)),
            is_new=_is_new(actor, post, channel),
            can_edit=permissions.can_publish(actor, channel),
            can_react=post.is_published and channel.archived_at is None,
            reactions=reactions_of(post),
            reading=_reading_of(post),
        )
        result = parts.polls.get(post.poll_id) if post.poll_id else None
        if result is not None:
            card.poll = PollCard(result, parts.votes.get(result.id), card.can_react, card.can_edit and card.can_react)
        cards.append(card)
    return cards


def card_of(actor: Actor, post: Post, channel: Channel) -> Card:
    """Return one post as a card."""
    return cards_of(actor, [post], {channel.pk: channel})[0]


def public_cards(posts: Sequence[Post], words: Vocabulary) -> list[Card]:
    """Return posts of open channels as cards for strangers: to be read, nothing else. At most two queries."""
    parts = parts_of(posts)
    cards = []
    for post in posts:
        held = [row.file for row in parts.files.get(post.pk, [])]
        title = title_of(post.channel, words)
        card = Card(post, post.channel, title, files_on_page(held, public_address(post)), reactions=reactions_of(post))
        result = parts.polls.get(post.poll_id) if post.poll_id else None
        if result is not None:
            card.poll = PollCard(result, None, can_vote=False, can_close=False)
        cards.append(card)
    return cards


def _address(slug: str, post: Post) -> FileAddress:
    return lambda file: reverse("channels:file", args=[slug, post.pk, file.pk])


def public_address(post: Post) -> FileAddress:
    """Return how files of a post of an open channel are addressed."""
    slug = post.channel.organization.slug
    return lambda file: reverse("channels:public_file", args=[slug, post.pk, file.pk])


def _is_new(actor: Actor, post: Post, channel: Channel) -> bool:
    since = getattr(channel, "seen_until", None)
    if since is None or post.published_at is None or not getattr(channel, "is_reader", False):
        return False
    own = actor.person.pk in (post.author_id, post.editor_id)
    return post.published_at > since and not own and not post.is_seen  # type: ignore[attr-defined]


def reactions_of(post: Post) -> list[dict[str, Any]]:
    """Return the small set with its counts; `value` is what a press sends: one's own is taken back."""
    mine = getattr(post, "my_reaction", None)
    return [
        {
            "kind": kind.value,
            "label": kind.label,
            "icon": _SIGNS[kind],
            "count": post.reactions.get(kind, 0),
            "is_mine": kind == mine,
            "value": "" if kind == mine else kind.value,
        }
        for kind in ReactionKind
    ]


def _reading_of(post: Post) -> Reading | None:
    """The reading with what `readings/_confirm.html` asks about it, from the post's own row."""
    reading = post.reading
    if reading is None or not post.is_published:
        return None
    for name in ("is_asked", "confirmed_at", "is_done"):
        setattr(reading, name, getattr(post, name, None))
    return reading
