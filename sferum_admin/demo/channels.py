"""A month in the channels: posts, drafts, proposals, a poll, what is to be read; views and reactions with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from django.core.files.base import ContentFile

from channels_app.models import (
    Channel,
    ChannelAudience,
    ChannelKind,
    ChannelRules,
    Comment,
    Post,
    PostFile,
    PostView,
    Proposal,
    ProposalState,
    ProposalTurn,
    Reaction,
    ReactionKind,
    ReaderState,
)
from channels_app.services.system import make_system_channels, make_unit_channels
from common import markup
from common.text import normalise
from files.formats import PNG
from files.images import redraw
from files.models import StoredFile
from files.services.keeping import put_away
from orgs.models import Audience, Person, Role
from polls.models import Poll, PollOption, PollVote
from readings.models import Confirmation, ParentsConfirm, Reading, ReadingAudience
from sferum_admin.demo import news
from sferum_admin.demo.news import Written
from sferum_admin.demo.people import BATCH, Cast
from sferum_admin.demo.pictures import landscape

SEEN = 0.7
REACTED = 0.12
CONFIRMED = 0.55


@dataclass
class Wall:
    """Posts gathered in memory with what readers made of them."""

    cast: Cast
    posts: list[Post] = field(default_factory=list)
    views: list[PostView] = field(default_factory=list)
    reactions: list[Reaction] = field(default_factory=list)

    def post(self, channel: Channel, author: Person, words: Written, readers: Sequence[Person]) -> Post:
        """Publish `words`, seen by most of `readers` who had joined; some react."""
        at = self.cast.clock.at(words.ago, words.minute)
        row = make_post(self.cast, channel, author, words, published_at=at)
        there = [person for person in readers if person.joined_at is not None and person.joined_at < at]
        seen = [person for person in there if self.cast.draw.random() < SEEN]
        views = [self._view(row, person, at) for person in seen]
        self.views += views
        row.view_count = len(seen)
        for view in views:
            if self.cast.draw.random() < REACTED:
                kind = self.cast.draw.choice((*ReactionKind.values[:4], ReactionKind.LIKE))
                self.reactions.append(
                    Reaction(
                        organization=self.cast.organization,
                        post=row,
                        person=view.person,
                        kind=kind,
                        created_at=view.seen_at,
                    )
                )
                row.reactions[kind] = row.reactions.get(kind, 0) + 1
        self.posts.append(row)
        channel.last_post_at = max(channel.last_post_at, at)
        return row

    def _view(self, post: Post, person: Person, at: datetime) -> PostView:
        later = at + timedelta(minutes=self.cast.draw.randint(2, 60 * 20))
        seen_at = min(later, self.cast.clock.now)
        return PostView(organization=self.cast.organization, post=post, person=person, seen_at=seen_at)

    def save(self) -> None:
        """Write everything; the oldest post gets the smallest key, as in life."""
        self.posts.sort(key=lambda post: post.published_at or self.cast.clock.now)
        Post.objects.bulk_create(self.posts, batch_size=BATCH)
        PostView.objects.bulk_create(self.views, batch_size=BATCH)
        Reaction.objects.bulk_create(self.reactions, batch_size=BATCH)


def make_post(cast: Cast, channel: Channel, author: Person, words: Written, **more: object) -> Post:
    """Return an unsaved post of `author` in `channel`."""
    unit = channel.unit.name if channel.unit is not None else ""
    text = words.text.format(unit=unit)
    return Post(
        organization=cast.organization,
        channel=channel,
        author=author,
        editor=author,
        title=words.title,
        text=text,
        html=str(markup.to_html(text)),
        search_text=normalise(f"{words.title} {markup.to_plain(text)}"),
        created_at=cast.clock.at(words.ago, words.minute),
        **more,
    )


def write(cast: Cast) -> None:
    """Open the channels of the organization and fill them."""
    organization = cast.organization
    make_system_channels(organization)
    ChannelRules.objects.create(organization=organization, unit_channels=True)
    make_unit_channels(organization, [unit for unit in cast.all_units if unit.archived_at is None])
    opened = cast.clock.at(29, 10 * 60)
    Channel.objects.filter(organization=organization).update(created_at=opened, last_post_at=opened)
    channels = list(Channel.objects.filter(organization=organization).select_related("unit", "organization"))
    general = next(channel for channel in channels if channel.kind == ChannelKind.ORGANIZATION)
    staff = next(channel for channel in channels if channel.kind == ChannelKind.STAFF)
    wall = Wall(cast)
    by_title = _fill_general(wall, general)
    for words in news.STAFF:
        wall.post(staff, joined_head(cast), words, joined_staff(cast))
    _fill_units(wall, [channel for channel in channels if channel.unit is not None])
    wall.save()
    for channel in channels:
        channel.is_public = channel is general
        channel.has_comments = channel is general
    Channel.objects.bulk_update(channels, ["last_post_at", "is_public", "has_comments"])
    _hang_pictures(cast, by_title)
    _finish_general(cast, general, by_title)
    _waiting(cast, general)
    _state_of_readers(cast, general)


def _joined(people: Sequence[Person]) -> list[Person]:
    return [person for person in people if person.user is not None]


def joined_holders(cast: Cast, *roles: Role) -> list[Person]:
    """Return who holds one of `roles` today and can sign in."""
    found = {row.person.pk: row.person for row in cast.roles if row.role in roles and row.until is None}
    return _joined(list(found.values()))


def joined_staff(cast: Cast) -> list[Person]:
    """Return the staff who can sign in."""
    return joined_holders(cast, Role.ADMINISTRATOR, Role.HEAD, Role.TEACHER)


def joined_head(cast: Cast) -> Person:
    """Return the head of the organization."""
    return joined_holders(cast, Role.HEAD)[0]


def joined_administrator(cast: Cast) -> Person:
    """Return the administrator."""
    return joined_holders(cast, Role.ADMINISTRATOR)[0]


def _fill_general(wall: Wall, channel: Channel) -> dict[str, Post]:
    readers = _joined(wall.cast.people)
    written = (*news.GENERAL[wall.cast.organization.kind], news.ASKED)
    return {words.title: wall.post(channel, joined_administrator(wall.cast), words, readers) for words in written}


def _fill_units(wall: Wall, channels: Sequence[Channel]) -> None:
    cast = wall.cast
    units = {unit.pk: unit for unit in cast.all_units}
    for channel in channels:
        unit = units[channel.unit_id or 0]
        leaders = _joined(cast.leaders.get(unit, []))
        if not leaders:
            continue
        pupils = cast.students.get(unit, [])
        families = {parent.pk: parent for pupil in pupils for parent in cast.parents.get(pupil, [])}
        for words in news.UNIT:
            wall.post(channel, leaders[0], words, _joined([*pupils, *families.values()]))


def _hang_pictures(cast: Cast, posts: dict[str, Post]) -> None:
    for words in news.GENERAL[cast.organization.kind]:
        for position in range(words.pictures):
            content = ContentFile(landscape(cast.draw), name="picture.png")
            made = redraw(content, PNG)
            stored = StoredFile(
                organization=cast.organization,
                original_name=f"{words.title} {position + 1}.png",
                width=made.width,
                height=made.height,
                claimed_at=posts[words.title].created_at,
                uploaded_at=posts[words.title].created_at,
            )
            put_away(stored, made.found, ContentFile(made.content), made.preview)
            stored.save()
            PostFile.objects.create(
                organization=cast.organization, post=posts[words.title], file=stored, position=position
            )


def _finish_general(cast: Cast, channel: Channel, posts: dict[str, Post]) -> None:
    """One post is pinned, one asks, one has to be confirmed by every family; some comment."""
    pinned = posts.get(news.PINNED) or next(iter(posts.values()))
    pinned.pinned_at = pinned.published_at
    asking = posts[news.ASKED.title]
    asking.poll = _poll(cast, asking)
    Post.objects.bulk_update([pinned, asking], ["pinned_at", "poll"])
    if must_read := posts.get(news.MUST_READ):
        _must_confirm(cast, must_read)
    _comment(cast, asking)


def _poll(cast: Cast, post: Post) -> Poll:
    parents = joined_holders(cast, Role.PARENT)
    voters = cast.draw.sample(parents, len(parents) // 3)
    poll = Poll.objects.create(
        organization=cast.organization,
        question=news.QUESTION,
        created_by=post.author,
        created_at=post.created_at,
        closes_at=cast.clock.now + timedelta(days=6),
        voter_count=len(voters),
    )
    chosen = [cast.draw.randrange(len(news.ANSWERS)) for _voter in voters]
    options = PollOption.objects.bulk_create(
        PollOption(organization=cast.organization, poll=poll, position=place, text=text, vote_count=chosen.count(place))
        for place, text in enumerate(news.ANSWERS)
    )
    PollVote.objects.bulk_create(
        PollVote(
            organization=cast.organization,
            poll=poll,
            option=options[place],
            person=voter,
            is_single=True,
            created_at=poll.created_at,
        )
        for place, voter in zip(chosen, voters, strict=True)
    )
    return poll


def _must_confirm(cast: Cast, post: Post) -> None:
    reading = Reading.objects.create(
        organization=cast.organization,
        title=post.title,
        path=f"channels/posts/{post.pk}/",
        content_hash=sha256(f"{post.title}\n\n{post.text}".encode()).hexdigest(),
        due_on=cast.clock.day(-2),
        parents_confirm=ParentsConfirm.FAMILY,
        created_by=post.author,
        created_at=post.created_at,
        opened_at=post.created_at,
    )
    ReadingAudience.objects.create(organization=cast.organization, reading=reading, audience=Audience.PARENTS)
    post.reading = reading
    post.save(update_fields=["reading"])
    confirm(cast, reading, joined_holders(cast, Role.PARENT))


def confirm(cast: Cast, reading: Reading, people: Sequence[Person]) -> None:
    """Let a part of `people` confirm that they have read."""
    opened = reading.opened_at or cast.clock.now
    days = max(1, (cast.clock.now - opened).days)
    answered = [person for person in people if cast.draw.random() < CONFIRMED]
    Confirmation.objects.bulk_create(
        [
            Confirmation(
                organization=cast.organization,
                reading=reading,
                person=person,
                confirmed_at=max(opened, cast.clock.at(cast.draw.randint(1, days), cast.draw.randint(480, 1260))),
            )
            for person in answered
        ],
        batch_size=BATCH,
    )


def _comment(cast: Cast, post: Post) -> None:
    parents = joined_holders(cast, Role.PARENT)
    at = post.published_at or cast.clock.now
    Comment.objects.bulk_create(
        Comment(
            organization=cast.organization,
            post=post,
            author=author,
            text=text,
            html=str(markup.to_html(text)),
            created_at=at + timedelta(minutes=20 * (place + 1)),
        )
        for place, (text, author) in enumerate(zip(news.COMMENTS, cast.draw.sample(parents, 3), strict=True))
    )
    post.comment_count = len(news.COMMENTS)
    post.save(update_fields=["comment_count"])


def _waiting(cast: Cast, channel: Channel) -> None:
    """A post that appears tomorrow morning, a draft, and texts that teachers propose (CHAN-2)."""
    administrator = joined_administrator(cast)
    tomorrow = cast.clock.at(-1, 9 * 60)
    make_post(cast, channel, administrator, news.PLANNED, publish_at=tomorrow).save()
    make_post(cast, channel, administrator, news.DRAFT).save()
    teachers = joined_holders(cast, Role.TEACHER)
    author = next((person for person in teachers if person.pk in _led(cast)), teachers[0])
    _propose(cast, channel, author, news.PROPOSED, ProposalState.SENT)
    _propose(cast, channel, author, news.RETURNED, ProposalState.RETURNED)


def _led(cast: Cast) -> set[int]:
    return {person.pk for people in cast.leaders.values() for person in people}


def _propose(cast: Cast, channel: Channel, author: Person, words: Written, state: ProposalState) -> None:
    sent = cast.clock.at(words.ago, words.minute)
    is_returned = state == ProposalState.RETURNED
    decided = sent + timedelta(hours=3) if is_returned else None
    proposal = Proposal.objects.create(
        organization=cast.organization,
        channel=channel,
        author=author,
        title=words.title,
        text=words.text,
        state=state,
        remark=news.REMARK if is_returned else "",
        decided_by=joined_administrator(cast) if is_returned else None,
        decided_at=decided,
        created_at=sent,
        changed_at=decided or sent,
    )
    turns = [(ProposalState.SENT, author, "", sent)]
    if decided is not None:
        turns.append((state, joined_administrator(cast), news.REMARK, decided))
    ProposalTurn.objects.bulk_create(
        ProposalTurn(
            organization=cast.organization,
            proposal=proposal,
            state=turn_state,
            person=person,
            title=words.title,
            text=words.text,
            remark=remark,
            created_at=at,
        )
        for turn_state, person, remark, at in turns
    )


def _state_of_readers(cast: Cast, channel: Channel) -> None:
    """Half of the readers have looked through the organization's channel lately."""
    readers = _joined(cast.people)
    seen_until = cast.clock.at(3, 8 * 60)
    ReaderState.objects.bulk_create(
        [
            ReaderState(organization=cast.organization, channel=channel, person=person, seen_until=seen_until)
            for person in cast.draw.sample(readers, len(readers) // 2)
        ],
        batch_size=BATCH,
    )
    canteen = Channel.objects.create(
        organization=cast.organization,
        title="Питание",
        description="Меню и новости столовой",
        created_by=joined_administrator(cast),
        created_at=cast.clock.at(20, 9 * 60),
        last_post_at=cast.clock.at(20, 9 * 60),
    )
    ChannelAudience.objects.create(organization=cast.organization, channel=canteen, audience=Audience.PARENTS)
