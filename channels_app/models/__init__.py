"""Tables of channels."""

from channels_app.models.channel import (
    SYSTEM_KINDS,
    Channel,
    ChannelAudience,
    ChannelGroupObjectPermission,
    ChannelKind,
    ChannelRules,
    ChannelUserObjectPermission,
    Notify,
    ReaderState,
)
from channels_app.models.post import (
    MOST_COMMENT,
    MOST_TEXT,
    MOST_TITLE,
    Comment,
    Post,
    PostFile,
    PostVersion,
    PostView,
    Reaction,
    ReactionKind,
)
from channels_app.models.proposal import Proposal, ProposalFile, ProposalState, ProposalTurn

__all__ = [
    "MOST_COMMENT",
    "MOST_TEXT",
    "MOST_TITLE",
    "SYSTEM_KINDS",
    "Channel",
    "ChannelAudience",
    "ChannelGroupObjectPermission",
    "ChannelKind",
    "ChannelRules",
    "ChannelUserObjectPermission",
    "Comment",
    "Notify",
    "Post",
    "PostFile",
    "PostVersion",
    "PostView",
    "Proposal",
    "ProposalFile",
    "ProposalState",
    "ProposalTurn",
    "Reaction",
    "ReactionKind",
    "ReaderState",
]
