"""Writing, changing and deleting messages (CHAT-4, CHAT-5, CHAT-6)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chats import live
from chats.models import MAX_TEXT, Chat, Kind, MemberState, Mention, Message, MessageFile
from chats.obstacles import obstacle, sentence_of
from chats.permissions import can_mention_all, can_moderate, can_send_urgent
from chats.selectors.messages import Parts, messages_of, names_of, whole
from chats.services.fingerprint import fingerprint
from chats.services.numbering import next_event, take_place
from common import markup
from common.errors import DomainError
from common.jobs import enqueue
from common.text import clean_message, normalise
from files.models import StoredFile
from files.services import claim, remove
from orgs.actor import Actor
from polls.services import PollData, create_poll

MOST_FILES = 10
MOST_MENTIONS = 50
NO_FILES: tuple[int, ...] = ()


@dataclass(frozen=True)
class Draft:
    """What somebody sends. `file_ids` were uploaded before (files.services.upload); `reply_to` is a message's id.

    `client_key` is made by the sender's device: the same key sent again gives the message that is already there.
    """

    text: str = ""
    reply_to: int | None = None
    file_ids: Sequence[int] = NO_FILES
    poll: PollData | None = None
    is_urgent: bool = False
    client_key: UUID | None = None


@dataclass
class _Words:
    """A text made ready: as typed, as shown, as searched."""

    text: str
    html: str
    search: str
    mentioned: list[int] = field(default_factory=list)
    mentions_all: bool = False


def send(*, actor: Actor, chat: Chat, draft: Draft) -> Message:
    """Write a message into `chat` (as `find_chat` gave it) and return it; open pages learn of it after the commit.

    Eight statements for a plain text whatever the number of members (CHAT-4). Raises `DomainError`: the codes of
    `chats.obstacles` (403), `slow_mode` (429), `text_empty`, `text_too_long`, `mentions_many`, `reply_elsewhere`,
    `files_many`, `file_not_yours`, those of `polls.services.create_poll` (400); `client_key_used` (409, in another
    chat).
    """
    try:
        _require_open(actor, chat)
        with transaction.atomic():
            return _send(actor, chat, draft)
    except (IntegrityError, DomainError) as error:
        # The first try did arrive, its answer got lost on the way: its files are in use (`file_not_yours`), it was a
        # moment ago (`slow_mode`), or only the key tells (message_client_key_once).
        known = _sent_before(actor, draft)
        if known is None:
            raise
        if known.chat_id != chat.pk:
            message = _("This message has already been sent into another chat.")
            raise DomainError("client_key_used", message, fields={"client_key": message}) from error
        return known


def _sent_before(actor: Actor, draft: Draft) -> Message | None:
    if draft.client_key is None:
        return None
    return whole(Message.objects.filter(author=actor.person, client_key=draft.client_key)).first()


def _require_open(actor: Actor, chat: Chat) -> None:
    code = obstacle(actor, chat)
    if code is not None:
        raise DomainError(code, sentence_of(code, chat), status=403)
    if chat.slow_seconds and not can_moderate(actor, chat):
        _require_patience(actor, chat)


def _require_patience(actor: Actor, chat: Chat) -> None:
    latest = messages_of(chat).filter(author=actor.person).order_by("-number").values_list("created_at", flat=True)
    last = latest.first()
    wait = chat.slow_seconds - (timezone.now() - last).total_seconds() if last else 0
    if wait > 0:
        text = _("Slow mode: the next message in %(seconds)s s.") % {"seconds": int(wait) + 1}
        raise DomainError("slow_mode", text, status=429)


def _send(actor: Actor, chat: Chat, draft: Draft) -> Message:
    has_attachment = bool(draft.file_ids) or draft.poll is not None
    words = _words_of(actor, chat, draft.text, allow_empty=has_attachment)
    reply_to = _answered(chat, draft.reply_to)
    files = _claimed(actor, draft.file_ids)
    poll = create_poll(actor=actor, data=draft.poll) if draft.poll is not None else None
    now = timezone.now()
    place = take_place(chat.pk, now)
    message = Message.objects.create(
        organization_id=chat.organization_id,
        chat=chat,
        number=place.number,
        event=place.number,
        ordinal=place.ordinal,
        author=actor.person,
        text=words.text,
        html=words.html,
        search_text=words.search,
        fingerprint=fingerprint(actor.person.pk, words.search),
        reply_to=reply_to,
        poll=poll,
        has_files=bool(files),
        mentions_all=words.mentions_all,
        is_urgent=draft.is_urgent and can_send_urgent(actor, chat),
        client_key=draft.client_key,
        created_at=now,
    )
    rows = _hang(message, files)
    _mention(message, words.mentioned)
    _read_up_to(actor, message)
    live.message_changed(message, actor.organization, None if poll else Parts(files={message.pk: rows}))
    enqueue("chats.tasks.notify", message_id=message.pk)
    return message


def _words_of(actor: Actor, chat: Chat, typed: str, *, allow_empty: bool) -> _Words:
    text = clean_message(typed, most=MAX_TEXT, allow_empty=allow_empty)
    wanted = markup.mentioned_ids(text)
    if len(wanted) > MOST_MENTIONS:
        message = _("At most %(most)s people can be mentioned in one message.") % {"most": MOST_MENTIONS}
        raise DomainError("mentions_many", message, fields={"text": message}, status=400)
    names = names_of(wanted, chat) if wanted else {}
    calls_all = markup.mentions_all(text) and can_mention_all(actor, chat)
    html = markup.to_html(text, mentions=names, mentions_all=calls_all)
    plain = markup.to_plain(text, mentions=names)
    return _Words(text, str(html), normalise(plain), list(names), calls_all)


def _answered(chat: Chat, message_id: int | None) -> Message | None:
    if message_id is None:
        return None
    found = whole(messages_of(chat)).filter(pk=message_id).first()
    if found is None:
        message = _("The message you answer is not in this chat.")
        raise DomainError("reply_elsewhere", message, fields={"reply_to": message}, status=400)
    return found


def _claimed(actor: Actor, file_ids: Sequence[int]) -> list[StoredFile]:
    if len(file_ids) > MOST_FILES:
        message = _("At most %(most)s files in one message.") % {"most": MOST_FILES}
        raise DomainError("files_many", message, fields={"file_ids": message}, status=400)
    return claim(actor=actor, ids=file_ids) if file_ids else []


def _hang(message: Message, files: list[StoredFile]) -> list[MessageFile]:
    if not files:
        return []
    return MessageFile.objects.bulk_create(
        MessageFile(
            organization_id=message.organization_id,
            chat_id=message.chat_id,
            message=message,
            file=file,
            position=position,
        )
        for position, file in enumerate(files)
    )


def _mention(message: Message, person_ids: Sequence[int]) -> None:
    if person_ids:
        Mention.objects.bulk_create(
            Mention(
                organization_id=message.organization_id,
                chat_id=message.chat_id,
                message=message,
                person_id=person_id,
                number=message.number,
            )
            for person_id in person_ids
        )


def _read_up_to(actor: Actor, message: Message) -> None:
    """Who writes has read what stood before."""
    MemberState.objects.bulk_create(
        [
            MemberState(
                organization_id=message.organization_id,
                chat_id=message.chat_id,
                person=actor.person,
                read_number=message.number,
                read_count=message.ordinal,
                read_at=message.created_at,
            )
        ],
        update_conflicts=True,
        unique_fields=["chat", "person"],
        update_fields=["read_number", "read_count", "read_at"],
    )


@transaction.atomic
def edit(*, actor: Actor, chat: Chat, message: Message, text: str) -> Message:
    """Change the words of a message; the trace is `edited_at`. Raises `DomainError`: `message_deleted` and those of
    a text (see `send`)."""
    words = _words_of(actor, chat, text, allow_empty=message.has_files)
    event = next_event(chat.pk)
    changed = messages_of(chat).filter(pk=message.pk, deleted_at=None)
    now = timezone.now()
    if not changed.update(
        text=words.text,
        html=words.html,
        search_text=words.search,
        fingerprint=fingerprint(message.author_id or 0, words.search),
        mentions_all=words.mentions_all,
        edited_at=now,
        event=event,
    ):
        raise DomainError("message_deleted", _("This message has been deleted meanwhile."))
    Mention.objects.filter(message=message).exclude(person__in=words.mentioned).delete()
    known = set(Mention.objects.filter(message=message).values_list("person_id", flat=True))
    _mention(message, [person for person in words.mentioned if person not in known])
    return _told(actor, chat, message)


@transaction.atomic
def delete(*, actor: Actor, chat: Chat, message: Message) -> Message:
    """Delete a message with its files, mentions and poll; the trace that one stood here stays. Twice is once.

    Raises `DomainError("message_deleted")` when even the trace is gone (retention).
    """
    event = next_event(chat.pk)
    now = timezone.now()
    deleted = (
        messages_of(chat)
        .filter(pk=message.pk, deleted_at=None)
        .update(
            text="",
            html="",
            search_text="",
            fingerprint=0,
            deleted_at=now,
            deleted_by=actor.person,
            pinned_at=None,
            has_files=False,
            poll=None,
            mentions_all=False,
            event=event,
        )
    )
    if not deleted:
        messages_of(chat).filter(pk=message.pk).update(event=event)
    else:
        stored = list(StoredFile.objects.filter(pk__in=MessageFile.objects.filter(message=message).values("file")))
        MessageFile.objects.filter(message=message).delete()
        remove(files=stored)
        Mention.objects.filter(message=message).delete()
        if message.poll is not None:
            message.poll.delete()
    return _told(actor, chat, message)


@transaction.atomic
def pin(*, actor: Actor, chat: Chat, message: Message, pinned: bool) -> Message:
    """Pin a message to the top of the chat, or unpin it."""
    event = next_event(chat.pk)
    fresh = messages_of(chat).filter(pk=message.pk, deleted_at=None, kind=Kind.TEXT)
    if not fresh.update(pinned_at=timezone.now() if pinned else None, event=event):
        raise DomainError("message_deleted", _("This message has been deleted meanwhile."))
    return _told(actor, chat, message)


def _told(actor: Actor, chat: Chat, message: Message) -> Message:
    """Read the message afresh and tell the chat."""
    fresh = whole(messages_of(chat)).filter(pk=message.pk).first()
    if fresh is None:  # its time was over
        raise DomainError("message_deleted", _("This message has been deleted meanwhile."))
    live.message_changed(fresh, actor.organization)
    return fresh


def post_notice(chat: Chat, code: str, **values: str) -> Message:
    """Let the platform say something in the chat (chats/notices.py); the caller owns the transaction."""
    now = timezone.now()
    place = take_place(chat.pk, now)
    message = Message.objects.create(
        organization_id=chat.organization_id,
        chat=chat,
        number=place.number,
        event=place.number,
        ordinal=place.ordinal,
        kind=Kind.NOTICE,
        notice={"code": code, **values},
        created_at=now,
    )
    live.message_changed(message, chat.organization, Parts())
    return message
