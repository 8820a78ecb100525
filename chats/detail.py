"""A chat as one of its readers sees it: the API's answer and what the page of a chat starts with."""

from chats import permissions
from chats.models import Chat
from chats.obstacles import obstacle, sentence_of
from chats.selectors.chats import members_of
from chats.selectors.messages import read_by_others
from chats.selectors.rules import rules_of
from chats.shapes import Shape, chat_shape
from orgs.actor import Actor


def detail_shape(actor: Actor, chat: Chat) -> Shape:
    """Return everything about `chat` (as `find_chat` gave it) but its messages.

    `me` is what the actor may do; `obstacle` why they may not write right now.
    """
    return {
        **chat_shape(chat, actor.words),
        "member_count": members_of(chat).count(),
        "me": _me(actor, chat),
        "read_by_others": read_by_others(chat, actor.person.pk),
        "unread": max(0, chat.unread),  # type: ignore[attr-defined]
    }


def _me(actor: Actor, chat: Chat) -> Shape:
    code = obstacle(actor, chat)
    until = chat.muted_until  # type: ignore[attr-defined]
    return {
        "person": actor.person.pk,
        "is_member": bool(chat.is_member),  # type: ignore[attr-defined]
        "may_write": code is None,
        "obstacle": {"code": code, "text": sentence_of(code, chat)} if code is not None else None,
        "may_moderate": permissions.can_moderate(actor, chat),
        "may_pin": permissions.can_pin(actor, chat),
        "may_mention_all": permissions.can_mention_all(actor, chat),
        "may_send_urgent": permissions.can_send_urgent(actor, chat),
        "may_change": permissions.can_change_chat(actor, chat),
        "may_change_members": permissions.can_change_members(actor, chat),
        "may_archive": permissions.can_archive(actor, chat),
        "may_leave": permissions.can_leave(actor, chat),
        "edit_minutes": rules_of(chat.organization).edit_minutes,
        "read_number": chat.read_number,  # type: ignore[attr-defined]
        "notify": chat.notify,  # type: ignore[attr-defined]
        "muted_until": until.isoformat() if until else None,
    }
