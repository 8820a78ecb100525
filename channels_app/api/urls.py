"""The addresses of channels below /api/v1/."""

from typing import Any

from django.urls import URLPattern, URLResolver, include, path

from channels_app.api.channels import ChannelView, EditorView
from channels_app.api.posts import PostVersionView, PostView, PostViewersView
from channels_app.api.proposals import ProposalFileView, ProposalView
from channels_app.api.reading import CommentView, FeedView, ReaderView

Actions = dict[str, Any]
one: Actions = {"get": "retrieve", "patch": "partial_update"}

channel: list[URLPattern] = [
    path("", ChannelView.as_view(one), name="api_channel"),
    path("archive/", ChannelView.as_view({"post": "archive"}), name="api_channel_archive"),
    path("restore/", ChannelView.as_view({"post": "restore"}), name="api_channel_restore"),
    path("public/", ChannelView.as_view({"put": "public"}), name="api_channel_public"),
    path("notify/", ChannelView.as_view({"put": "notify"}), name="api_channel_notify"),
    path("seen-all/", ChannelView.as_view({"post": "seen"}), name="api_channel_seen_all"),
    path("editors/", EditorView.as_view({"get": "list"}), name="api_channel_editors"),
    path(
        "editors/<int:person>/",
        EditorView.as_view({"put": "update", "delete": "destroy"}),
        name="api_channel_editor",
    ),
    path("posts/", PostView.as_view({"post": "create"}), name="api_channel_posts"),
    path("proposals/", ProposalView.as_view({"post": "create"}), name="api_channel_propose"),
]
post: list[URLPattern] = [
    path("", PostView.as_view({**one, "delete": "destroy"}), name="api_channel_post"),
    path("publish/", PostView.as_view({"post": "publish"}), name="api_channel_post_publish"),
    path("plan/", PostView.as_view({"post": "plan"}), name="api_channel_post_plan"),
    path("unplan/", PostView.as_view({"post": "unplan"}), name="api_channel_post_unplan"),
    path("pin/", PostView.as_view({"post": "pin"}), name="api_channel_post_pin"),
    path("unpin/", PostView.as_view({"post": "unpin"}), name="api_channel_post_unpin"),
    path("restore/", PostView.as_view({"post": "restore"}), name="api_channel_post_restore"),
    path("reaction/", ReaderView.as_view({"put": "react"}), name="api_channel_post_reaction"),
    path("vote/", ReaderView.as_view({"post": "vote"}), name="api_channel_post_vote"),
    path("close-poll/", ReaderView.as_view({"post": "close_poll"}), name="api_channel_post_close_poll"),
    path("versions/", PostVersionView.as_view({"get": "list"}), name="api_channel_post_versions"),
    path("viewers/", PostViewersView.as_view({"get": "list"}), name="api_channel_post_viewers"),
    path("comments/", CommentView.as_view({"get": "list", "post": "create"}), name="api_channel_post_comments"),
]
proposal: list[URLPattern] = [
    path("", ProposalView.as_view(one), name="api_channel_proposal"),
    path("withdraw/", ProposalView.as_view({"post": "withdraw"}), name="api_channel_proposal_withdraw"),
    path("return/", ProposalView.as_view({"post": "give_back"}), name="api_channel_proposal_return"),
    path("accept/", ProposalView.as_view({"post": "accept"}), name="api_channel_proposal_accept"),
    path("files/<int:file>/", ProposalFileView.as_view({"get": "content"}), name="api_channel_proposal_file"),
]

channels: list[URLPattern | URLResolver] = [
    path("", ChannelView.as_view({"get": "list", "post": "create"}), name="api_channels"),
    path("seen-all/", ChannelView.as_view({"post": "all_seen"}), name="api_channels_seen_all"),
    path("units/", ChannelView.as_view({"put": "units"}), name="api_channels_units"),
    path("unit/", ChannelView.as_view({"post": "unit"}), name="api_channels_unit"),
    path("feed/", FeedView.as_view({"get": "feed"}), name="api_channels_feed"),
    path("search/", FeedView.as_view({"get": "search"}), name="api_channels_search"),
    path("seen/", FeedView.as_view({"post": "seen"}), name="api_channels_seen"),
    path("posts/unpublished/", PostView.as_view({"get": "unpublished"}), name="api_channel_posts_unpublished"),
    path("posts/removed/", PostView.as_view({"get": "removed"}), name="api_channel_posts_removed"),
    path("posts/<int:pk>/", include(post)),
    path("comments/<int:pk>/", CommentView.as_view({"delete": "destroy"}), name="api_channel_comment"),
    path("proposals/", ProposalView.as_view({"get": "list"}), name="api_channel_proposals"),
    path("proposals/<int:pk>/", include(proposal)),
    path("<int:pk>/", include(channel)),
]
inside: list[URLPattern | URLResolver] = [path("channels/", include(channels))]

urlpatterns = [path("o/<slug:slug>/", include(inside))]
