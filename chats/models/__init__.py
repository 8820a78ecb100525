"""Conversations of an organization."""

from chats.models.chat import (
    SYSTEM_TEMPLATES,
    UNIT_TEMPLATES,
    Chat,
    ChatAudience,
    ChatLink,
    ChatMember,
    ChatRules,
    MemberState,
    Notify,
    Template,
    Writers,
)
from chats.models.message import MAX_TEXT, Kind, Mention, Message, MessageFile
from chats.models.safety import Decision, Inspection, Mute, Reason, Report

__all__ = [
    "MAX_TEXT",
    "SYSTEM_TEMPLATES",
    "UNIT_TEMPLATES",
    "Chat",
    "ChatAudience",
    "ChatLink",
    "ChatMember",
    "ChatRules",
    "Decision",
    "Inspection",
    "Kind",
    "MemberState",
    "Mention",
    "Message",
    "MessageFile",
    "Mute",
    "Notify",
    "Reason",
    "Report",
    "Template",
    "Writers",
]
