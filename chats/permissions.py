"""Who may do what in a chat: pure predicates over the actor and a chat as `selectors.chats.find_chat` returns it."""

from datetime import datetime, timedelta

from django.utils import timezone

from chats.models import Chat, Kind, Message, Template, Writers
from chats.selectors.rules import rules_of
from orgs.actor import Actor
from orgs.capabilities import Capability


def can_create_chats(actor: Actor) -> bool:
    """Staff open chats for others (CHAT-2)."""
    return actor.may(Capability.CREATE_CHATS)


def can_manage_chats(actor: Actor) -> bool:
    """The registry and the organization's rules (CHAT-9): no right to read."""
    return actor.may(Capability.MANAGE_CHATS)


def can_handle_reports(actor: Actor) -> bool:
    """See every report of the organization; moderators see those of their chats."""
    return actor.may(Capability.HANDLE_REPORTS)


def can_inspect(actor: Actor) -> bool:
    """Look into a chat for a documented reason: administration only; the look is journaled and shown (CHAT-9)."""
    return actor.may(Capability.HANDLE_REPORTS)


def can_moderate(actor: Actor, chat: Chat) -> bool:
    """Remove messages, mute, pin, handle reports (CHAT-9): the owner and named moderators, leaders in their unit's
    chats, the administration in the general chat, and whoever was granted the right on the unit."""
    if not _is_member(chat) or chat.is_personal:
        return False
    if chat.owner_id == actor.person.pk or getattr(chat, "is_named_moderator", False):
        return True
    if chat.template == Template.GENERAL:
        return actor.may(Capability.HANDLE_REPORTS)
    if chat.unit_id is None:
        return False
    return chat.unit_id in actor.led_unit_ids or actor.is_granted("moderate_chats", chat.unit_id)


def can_change_chat(actor: Actor, chat: Chat) -> bool:
    """Name, purpose, who may write, slow mode: whoever moderates it, or keeps the registry."""
    return can_moderate(actor, chat) or (can_manage_chats(actor) and not chat.is_personal)


def can_change_retention(actor: Actor, chat: Chat) -> bool:
    """For how long messages are kept: what is removed is gone, so whoever keeps the registry decides it."""
    return can_manage_chats(actor) and not chat.is_personal


def can_change_members(actor: Actor, chat: Chat) -> bool:
    """Choose members, name moderators, make a link: where there is a list to choose for."""
    return chat.has_member_list and not chat.is_personal and can_change_chat(actor, chat)


def can_make_link(actor: Actor, chat: Chat) -> bool:
    """Let people come by a link (INV-10): from inside only, else the registry would open every chat to its keeper."""
    return _is_member(chat) and can_change_members(actor, chat)


def can_archive(actor: Actor, chat: Chat) -> bool:
    """System chats are switched on and off instead; personal ones belong to their two people."""
    return can_change_members(actor, chat)


def can_leave(actor: Actor, chat: Chat) -> bool:
    """Leave a chat into which one was chosen; the owner names another one first."""
    return bool(getattr(chat, "is_listed", False)) and can_be_left(chat) and chat.owner_id != actor.person.pk


def can_be_left(chat: Chat) -> bool:
    """Free chats can be left; those derived from the structure cannot."""
    return chat.has_member_list and not chat.is_personal


def can_write(actor: Actor, chat: Chat) -> bool:
    """Write at all (CHAT-9). What also depends on other people (personal messages, a teacher being present) the
    service asks."""
    if not _is_member(chat) or chat.archived_at is not None or getattr(chat, "muted_until", None):
        return False
    if chat.writers == Writers.EVERYONE or chat.is_personal:
        return True
    return can_moderate(actor, chat) or (chat.writers == Writers.STAFF and actor.is_staff)


def can_pin(actor: Actor, chat: Chat) -> bool:
    """Pin and unpin: moderators, and both people of a personal chat."""
    return can_moderate(actor, chat) or (chat.is_personal and can_write(actor, chat))


def can_mention_all(actor: Actor, chat: Chat) -> bool:
    """Call everybody by @all: staff and moderators."""
    return can_write(actor, chat) and (actor.is_staff or can_moderate(actor, chat))


def can_send_urgent(actor: Actor, chat: Chat) -> bool:
    """Notify also in quiet hours: staff who moderate the chat, and the administration."""
    if not can_write(actor, chat) or not actor.is_staff:
        return False
    return can_moderate(actor, chat) or actor.may(Capability.HANDLE_REPORTS)


def edit_deadline(chat: Chat, message: Message) -> datetime:
    """Return until when the author may change or delete the message."""
    return message.created_at + timedelta(minutes=rules_of(chat.organization).edit_minutes)


def can_edit(actor: Actor, chat: Chat, message: Message) -> bool:
    """Change the words: the author, within the window, while writing is open to them."""
    return (
        message.kind == Kind.TEXT
        and message.poll_id is None
        and _is_own_and_fresh(actor, chat, message)
        and can_write(actor, chat)
    )


def can_delete(actor: Actor, chat: Chat, message: Message) -> bool:
    """Delete: the author within the window, a moderator at any time."""
    if message.deleted_at is not None or message.kind != Kind.TEXT or not _is_member(chat):
        return False
    return _is_own_and_fresh(actor, chat, message) or can_moderate(actor, chat)


def _is_own_and_fresh(actor: Actor, chat: Chat, message: Message) -> bool:
    return (
        message.author_id == actor.person.pk
        and message.deleted_at is None
        and timezone.now() < edit_deadline(chat, message)
    )


def can_close_poll(actor: Actor, chat: Chat, message: Message) -> bool:
    """Close a poll: who made it, or a moderator."""
    return message.poll_id is not None and (message.author_id == actor.person.pk or can_moderate(actor, chat))


def can_report(actor: Actor, message: Message) -> bool:
    """Report somebody else's message that is still there."""
    return message.kind == Kind.TEXT and message.deleted_at is None and message.author_id != actor.person.pk


def _is_member(chat: Chat) -> bool:
    """A look into a chat gives reading, nothing else."""
    return bool(getattr(chat, "is_member", False))
