"""What a member did with a chat: how far it was read, what to be notified of, votes in its polls."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from chats import live
from chats.models import Chat, MemberState, Message, Notify
from chats.obstacles import obstacle, sentence_of
from chats.selectors.messages import messages_of, whole
from chats.services.numbering import next_event
from common.errors import DomainError
from orgs.actor import Actor
from polls.selectors import own_votes
from polls.services import cast, close


@transaction.atomic
def mark_read(*, actor: Actor, chat: Chat, number: int) -> int:
    """Note that everything up to the message `number` was read and return how many messages are unread now.

    A mark never moves back. A number beyond the last message counts as the last one (CHAT-4).
    """
    last = messages_of(chat).filter(number__lte=number).order_by("-number").values_list("number", "ordinal").first()
    read_number, read_count = last or (0, 0)
    now = timezone.now()
    _ensure_state(actor, chat)
    moved = MemberState.objects.filter(chat=chat, person=actor.person, read_number__lt=read_number).update(
        read_number=read_number, read_count=read_count, read_at=now
    )
    unread = max(0, chat.message_count - max(read_count, chat.read_count))  # type: ignore[attr-defined]
    if moved:
        live.read_mark_moved(chat, actor.person, read_number, unread=unread)
    return unread


def _ensure_state(actor: Actor, chat: Chat) -> None:
    state = MemberState(organization_id=chat.organization_id, chat=chat, person=actor.person)
    MemberState.objects.bulk_create([state], ignore_conflicts=True)


@transaction.atomic
def set_notify(*, actor: Actor, chat: Chat, notify: str) -> None:
    """Choose what to be notified of in this chat. Raises `DomainError("notify_unknown")`."""
    if notify not in Notify.values:
        message = _("There is no such choice.")
        raise DomainError("notify_unknown", message, fields={"notify": message}, status=400)
    _ensure_state(actor, chat)
    MemberState.objects.filter(chat=chat, person=actor.person).update(notify=notify)
    live.to_person(actor.person.pk, {"type": "notify", "chat": chat.pk, "notify": notify})


@transaction.atomic
def vote(*, actor: Actor, chat: Chat, message: Message, option_ids: Sequence[int]) -> Message:
    """Vote in the message's poll (CHAT-6) and return the message as it stands now.

    Raises `DomainError`: `poll_gone`, `muted` and the other codes of `chats.obstacles` but those about who writes,
    and those of `polls.services.cast`.
    """
    if message.poll is None:
        raise DomainError("poll_gone", _("This poll has been deleted meanwhile."))
    _require_membership(actor, chat)
    event = next_event(chat.pk)
    cast(actor=actor, poll=message.poll, option_ids=option_ids)
    options = own_votes(actor.person.pk, [message.poll.pk]).get(message.poll.pk, [])
    # Ahead of its event: a page whose connection breaks in between asks for the event, and gets the votes with it.
    live.to_person(actor.person.pk, {"type": "vote", "chat": chat.pk, "message": message.pk, "options": options})
    return _told(actor, chat, message, event)


def _require_membership(actor: Actor, chat: Chat) -> None:
    """Whoever may only read may still vote; whoever only looks, or is muted, may not."""
    code = obstacle(actor, chat)
    if code is not None and code not in {"staff_only", "moderators_only"}:
        raise DomainError(code, sentence_of(code, chat), status=403)


@transaction.atomic
def close_poll(*, actor: Actor, chat: Chat, message: Message) -> Message:
    """Close the message's poll before its time and return the message."""
    if message.poll is None:
        raise DomainError("poll_gone", _("This poll has been deleted meanwhile."))
    event = next_event(chat.pk)
    close(actor=actor, poll=message.poll)
    return _told(actor, chat, message, event)


def _told(actor: Actor, chat: Chat, message: Message, event: int) -> Message:
    messages_of(chat).filter(pk=message.pk).update(event=event)
    fresh = whole(messages_of(chat)).filter(pk=message.pk).first()
    if fresh is None:  # its time was over
        raise DomainError("poll_gone", _("This poll has been deleted meanwhile."))
    live.message_changed(fresh, actor.organization)
    return fresh
