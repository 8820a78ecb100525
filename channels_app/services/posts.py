"""Writing and changing posts: words, files, poll, what has to be confirmed (CHAN-3, CHAN-4)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from channels_app.models import MOST_TEXT, MOST_TITLE, Channel, Post, PostFile, PostVersion, ProposalFile
from channels_app.selectors.titles import title_of
from common import markup
from common.errors import DomainError
from common.text import clean_line, clean_message, normalise
from files.models import StoredFile
from files.services import claim, remove
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from orgs.models import Person
from orgs.permissions import can_gather
from orgs.services.circles import Circle, Rule
from polls.services import PollData, create_poll
from readings.models import MOST_TITLE as MOST_READING_TITLE
from readings.models import ParentsConfirm, Reading
from readings.services import giving

MOST_FILES = 20


@dataclass(frozen=True)
class ReadingTerms:
    """Who must confirm a post, until when; no circles: those of the channel."""

    circles: Sequence[Circle] = ()
    due_on: date | None = None
    parents_confirm: str = ParentsConfirm.EACH


@dataclass(frozen=True)
class PostDraft:
    """What somebody writes. `file_ids`: those the post has and should keep, and new uploads, in the order wanted.

    A poll is asked with a post once; `poll` of a post that has one already is its new words until it is published,
    and None keeps it where `keeps_poll`. `reading` None: nothing to confirm. `client_key` is made by the writer's
    page: the same key sent again gives the post that is already there.
    """

    title: str = ""
    text: str = ""
    file_ids: Sequence[int] = ()
    poll: PollData | None = None
    keeps_poll: bool = True
    reading: ReadingTerms | None = None
    client_key: UUID | None = None


@dataclass
class Words:
    """A title and a text made ready: as typed, as shown, as searched."""

    title: str
    text: str
    html: str
    search: str


def words_of(title: str, text: str, *, may_be_empty: bool = False) -> Words:
    """Return the words of a post as they are stored.

    Raises `DomainError` (400): `post_empty`, `text_too_long`, `title_too_long`.
    """
    try:
        line = clean_line(title, most=MOST_TITLE)
    except DomainError as error:
        message = _("The title is longer than %(most)s characters.") % {"most": MOST_TITLE}
        raise DomainError("title_too_long", message, fields={"title": message}, status=400) from error
    body = clean_message(text, most=MOST_TEXT, allow_empty=True)
    if not line and not body and not may_be_empty:
        message = _("Write something: a title, a text, or attach a file.")
        raise DomainError("post_empty", message, fields={"text": message}, status=400)
    plain = markup.to_plain(body)
    return Words(line, body, str(markup.to_html(body)), normalise(f"{line} {plain}"))


def write(
    *,
    actor: Actor,
    channel: Channel,
    draft: PostDraft,
    author: Person | None = None,
    in_use: Collection[int] = (),
) -> Post:
    """Write a post that nobody but the channel's editors sees yet, and return it; `services.publishing` lets it appear.

    `author`: in whose name it stands (CHAN-2); else the actor's. `in_use`: files of the draft that hang on a proposal
    already. Raises `DomainError`: the codes of `words_of`, of `files.services.claim`, `polls.services.create_poll` and
    `readings.services.giving.check_data`, `files_many`.
    """
    try:
        with transaction.atomic():
            return put_down(actor, channel, draft, author=author, in_use=in_use)
    except IntegrityError:
        if found := written_before(actor, draft):
            return found
        raise


def put_down(
    actor: Actor,
    channel: Channel,
    draft: PostDraft,
    *,
    author: Person | None = None,
    in_use: Collection[int] = (),
    published_at: datetime | None = None,
) -> Post:
    """Write the rows of a new post in the caller's transaction and return it, published at once with `published_at`.

    Raises what `write` raises, and `IntegrityError` when the draft's key was used before: the post's own row comes
    first, so nothing has been done by then.
    """
    words = words_of(draft.title, draft.text, may_be_empty=bool(draft.file_ids or draft.poll))
    post = Post(
        organization=actor.organization,
        channel=channel,
        author=author or actor.person,
        editor=actor.person,
        client_key=draft.client_key,
        published_at=published_at,
    )
    _put_words(post, words)
    post.save(force_insert=True)
    if draft.file_ids:
        set_files(actor, post, draft.file_ids, in_use)
    if draft.poll is not None:
        post.poll = create_poll(actor=actor, data=draft.poll)
        post.save(update_fields=["poll"])
    set_reading(actor, post, draft.reading)
    return post


def written_before(actor: Actor, draft: PostDraft) -> Post | None:
    """Return the post that the actor wrote with the draft's key."""
    if draft.client_key is None:
        return None
    return Post.objects.filter(editor=actor.person, client_key=draft.client_key).first()


def _put_words(post: Post, words: Words) -> None:
    post.title, post.text, post.html, post.search_text = words.title, words.text, words.html, words.search


@transaction.atomic
def change(*, actor: Actor, post: Post, draft: PostDraft, revision: int) -> Post:
    """Change a post to what `draft` says and return it; `revision` is the one the editor has seen.

    A draft is simply overwritten. Of a published post the words before are kept (`PostVersion`); its poll stays as it
    is asked; what has to be confirmed asks anew, for a confirmation is about the words that were read (DOC-1). Raises
    `DomainError`: those of `write`, `post_changed_meanwhile` (409), `post_gone` (409).
    """
    row = locked(post)
    if row.revision != revision:
        message = _("Somebody has changed this post meanwhile. Look at it again; what you wrote is kept here.")
        raise DomainError("post_changed_meanwhile", message)
    words = words_of(draft.title, draft.text, may_be_empty=bool(draft.file_ids or draft.poll or row.poll_id))
    before, version = content_hash(row), _version_of(actor, row)
    set_files(actor, row, draft.file_ids)
    _put_words(row, words)
    row.revision += 1
    if row.published_at is None:
        _change_poll(actor, row, draft)
    elif content_hash(row) != before:
        version.save(force_insert=True)
        row.edited_at = timezone.now()
        details = {"channel": title_of(row.channel, actor.words), "post": label_of(row)}
        record(actor.organization, actor, [Deed(Action.POST_EDITED, details=details)])
    row.save()
    set_reading(actor, row, draft.reading)
    return row


def rows_to_change() -> QuerySet[Post]:
    """Return posts with what changes of them ask; the rows are locked until the end of the transaction.

    Weakly: readers who note a view, a reaction, a comment on the post do not wait for whoever changes it.
    """
    rows = Post.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("channel__unit", "channel__organization", "reading")


def locked(post: Post) -> Post:
    """Return the post's row, locked until the end of the transaction. Raises `DomainError("post_gone")`."""
    row = rows_to_change().filter(pk=post.pk, deleted_at=None).first()
    if row is None:
        raise DomainError("post_gone", _("This post has been removed meanwhile."))
    return row


def _version_of(actor: Actor, row: Post) -> PostVersion:
    return PostVersion(
        organization=actor.organization,
        post=row,
        revision=row.revision,
        title=row.title,
        text=row.text,
        file_names=[held.file.original_name for held in _files_of(row)],
        changed_by=actor.person,
    )


def _files_of(post: Post) -> list[PostFile]:
    return list(PostFile.objects.filter(post=post.pk).select_related("file").order_by("position"))


def _change_poll(actor: Actor, row: Post, draft: PostDraft) -> None:
    """A poll nobody has seen is made anew."""
    if draft.poll is None and draft.keeps_poll:
        return
    old, row.poll = row.poll, None
    if draft.poll is not None:
        row.poll = create_poll(actor=actor, data=draft.poll)
    row.save(update_fields=["poll"])
    if old is not None:
        old.delete()


def set_files(actor: Actor, post: Post, file_ids: Sequence[int], in_use: Collection[int] = ()) -> None:
    """Let `post` have those files in that order: its own, those of its proposal that are `in_use` already, and the
    actor's new uploads; the others go.

    Raises `DomainError`: `files_many` (400), `file_not_yours` (400).
    """
    wanted = list(dict.fromkeys(file_ids))
    check_number_of_files(wanted)
    held = {row.file_id: row for row in _files_of(post)}
    if list(held) == wanted:
        return
    claim(actor=actor, ids=[key for key in wanted if key not in held and key not in in_use])
    gone = [row for key, row in held.items() if key not in set(wanted)]
    if held:
        PostFile.objects.filter(post=post.pk).delete()
    PostFile.objects.bulk_create(
        PostFile(organization_id=post.organization_id, post=post, file_id=key, position=place)
        for place, key in enumerate(wanted)
    )
    remove_files([row.file for row in gone])


def check_number_of_files(file_ids: Sequence[int]) -> None:
    """Raise `DomainError("files_many")` (400) when more files are attached than a post may have."""
    if len(file_ids) > MOST_FILES:
        message = _("At most %(most)s files.") % {"most": MOST_FILES}
        raise DomainError("files_many", message, fields={"file_ids": message}, status=400)


def remove_files(files: Sequence[StoredFile]) -> None:
    """Delete files that hang on no post and no proposal any more."""
    if not files:
        return
    on_proposal = ProposalFile.objects.filter(file=OuterRef("pk"))
    on_post = PostFile.objects.filter(file=OuterRef("pk"))
    rows = StoredFile.objects.filter(pk__in=[file.pk for file in files])
    remove(files=rows.exclude(Exists(on_proposal)).exclude(Exists(on_post)))


# --- What has to be confirmed -----------------------------------------------------------------------------------------
def set_reading(actor: Actor, post: Post, terms: ReadingTerms | None) -> None:
    """Let the post be confirmed by `terms`, or by nobody.

    Before it is published the reading waits with it. Afterwards new words ask anew and keep the earlier answers; other
    terms change who is asked and until when; none takes it back, and terms given again ask again. Raises
    `DomainError`: those of `giving.check_data`.
    """
    current = post.reading
    if current is None or post.published_at is None:
        _set_reading_before(actor, post, current, terms)
    elif terms is None:
        giving.close(actor=actor, reading=current)
    elif current.content_hash != content_hash(post):
        data = _reading_data(post, terms)
        post.reading = giving.renew(actor=actor, reading=current, data=data, allowed=_may_ask(post))
        post.save(update_fields=["reading"])
    else:
        giving.reopen(actor=actor, reading=current)
        circles, allowed = _circles_of(post, terms), _may_ask(post)
        giving.change_people(
            actor=actor, reading=current, circles=circles, parents_confirm=terms.parents_confirm, allowed=allowed
        )
        giving.change_due(actor=actor, reading=current, due_on=terms.due_on)


def _set_reading_before(actor: Actor, post: Post, waiting: Reading | None, terms: ReadingTerms | None) -> None:
    """Nobody was asked yet: what waits with the post is made anew."""
    if waiting is not None:
        post.reading = None
        post.save(update_fields=["reading"])
        giving.discard_unopened(waiting)
    if terms is not None:
        data, is_open = _reading_data(post, terms), post.published_at is not None
        post.reading = giving.give_out(actor=actor, data=data, is_open=is_open, allowed=_may_ask(post))
        post.save(update_fields=["reading"])


def _may_ask(post: Post) -> Rule:
    """Whoever publishes in a channel may ask its readers, and go on asking whom the post asks; others by the usual
    rule."""
    own = {(rule.audience, rule.unit_id) for rule in post.channel.audiences.all()}
    if post.reading is not None:
        own |= {(rule.audience, rule.unit_id) for rule in post.reading.audiences.all()}
    return lambda actor, audience, unit_id: (audience, unit_id) in own or can_gather(actor, audience, unit_id)


def _circles_of(post: Post, terms: ReadingTerms) -> list[Circle]:
    return list(terms.circles) or [(rule.audience, rule.unit_id) for rule in post.channel.audiences.order_by("pk")]


def _reading_data(post: Post, terms: ReadingTerms) -> giving.ReadingData:
    return giving.ReadingData(
        title=label_of(post)[:MOST_READING_TITLE],
        path=f"channels/posts/{post.pk}/",
        content_hash=content_hash(post),
        circles=_circles_of(post, terms),
        due_on=terms.due_on,
        parents_confirm=terms.parents_confirm,
    )


def terms_of(reading: Reading | None) -> ReadingTerms | None:
    """Return the terms by which a post has to be confirmed today, to be changed; None where nothing is asked."""
    if reading is None or reading.closed_at is not None:
        return None
    circles = [(rule.audience, rule.unit_id) for rule in reading.audiences.order_by("pk")]
    return ReadingTerms(circles, reading.due_on, reading.parents_confirm)


def content_hash(post: Post) -> str:
    """Return the SHA-256, in hexadecimal, of what a reader of the post confirms: title, text, and its files."""
    digest = sha256(f"{post.title}\n\n{post.text}".encode())
    for held in _files_of(post):
        digest.update(f"\n{held.file.sha256}".encode())
    return digest.hexdigest()


def label_of(post: Post) -> str:
    """Return a line by which people know the post: its title, or the first words."""
    if post.title:
        return post.title
    words = markup.to_plain(post.text, one_line=True)
    if words:
        return Truncator(words).chars(80)
    return _("Post of %(date)s") % {"date": timezone.localtime(post.created_at).strftime("%d.%m.%Y")}
