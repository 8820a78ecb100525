"""Addresses of channels: inside an organization, and those that strangers read."""

from django.urls import URLPattern, path

from channels_app.views import deciding, editors, feed, keeping, managing, post, proposing, public, writing

app_name = "channels"

reading = [
    ("channels/", feed.feed, "feed"),
    ("channels/seen-all/", feed.seen_all, "seen_all"),
    ("channels/<int:channel_id>/", feed.channel, "channel"),
    ("channels/<int:channel_id>/about/", managing.about, "about"),
    ("channels/<int:channel_id>/notify/", feed.notify, "notify"),
    ("channels/<int:channel_id>/seen-all/", feed.seen_all, "channel_seen_all"),
    ("channels/posts/<int:post_id>/", post.post, "post"),
    ("channels/posts/<int:post_id>/history/", keeping.history, "history"),
    ("channels/posts/<int:post_id>/files/<int:file_id>/", post.file, "file"),
    ("channels/posts/<int:post_id>/react/", post.react, "react"),
    ("channels/posts/<int:post_id>/vote/", post.vote, "vote"),
    ("channels/posts/<int:post_id>/comments/", post.comment, "comment"),
    ("channels/comments/<int:comment_id>/delete/", post.delete_comment, "comment_delete"),
]

writing_posts = [
    ("channels/<int:channel_id>/write/", writing.write, "write"),
    ("channels/drafts/", keeping.drafts, "drafts"),
    ("channels/posts/<int:post_id>/edit/", writing.edit, "edit"),
    ("channels/posts/<int:post_id>/publish/", keeping.publish, "publish"),
    ("channels/posts/<int:post_id>/plan/", keeping.plan, "plan"),
    ("channels/posts/<int:post_id>/unplan/", keeping.unplan, "unplan"),
    ("channels/posts/<int:post_id>/pin/", keeping.pin, "pin"),
    ("channels/posts/<int:post_id>/unpin/", keeping.unpin, "unpin"),
    ("channels/posts/<int:post_id>/delete/", keeping.delete, "delete"),
    ("channels/posts/<int:post_id>/restore/", keeping.restore, "restore"),
    ("channels/posts/<int:post_id>/viewers/", post.viewers, "viewers"),
    ("channels/posts/<int:post_id>/close-poll/", post.close_poll, "close_poll"),
]

proposals = [
    ("channels/<int:channel_id>/propose/", proposing.propose, "propose"),
    ("channels/proposals/", proposing.listing, "proposals"),
    ("channels/proposals/<int:proposal_id>/", deciding.proposal, "proposal"),
    ("channels/proposals/<int:proposal_id>/change/", proposing.change, "proposal_change"),
    ("channels/proposals/<int:proposal_id>/withdraw/", proposing.withdraw, "proposal_withdraw"),
    ("channels/proposals/<int:proposal_id>/files/<int:file_id>/", proposing.file, "proposal_file"),
]

running = [
    ("channels/manage/", managing.manage, "manage"),
    ("channels/new/", managing.new_channel, "new_channel"),
    ("channels/units/", managing.units, "units"),
    ("channels/unit/<int:unit_id>/", managing.open_unit, "open_unit"),
    ("channels/unit/<int:unit_id>/panel/", managing.unit_panel, "unit_panel"),
    ("channels/<int:channel_id>/change/", managing.change, "change"),
    ("channels/<int:channel_id>/archive/", managing.archive, "archive"),
    ("channels/<int:channel_id>/restore/", managing.restore, "restore_channel"),
    ("channels/<int:channel_id>/public/", managing.public, "public"),
    ("channels/<int:channel_id>/close/", managing.close, "close"),
    ("channels/<int:channel_id>/editors/", editors.editors, "editors"),
    ("channels/<int:channel_id>/editors/<int:person_id>/add/", editors.add, "editor_add"),
    ("channels/<int:channel_id>/editors/<int:person_id>/remove/", editors.remove, "editor_remove"),
]

# Read without signing in; only what the administrator declared open exists here.
for_strangers = [
    ("", public.public_list, "public_list"),
    ("<int:channel_id>/", public.public_channel, "public_channel"),
    ("<int:channel_id>/feed.atom", public.public_feed, "public_feed"),
    ("posts/<int:post_id>/", public.public_post, "public_post"),
    ("posts/<int:post_id>/files/<int:file_id>/", public.public_file, "public_file"),
]

urlpatterns: list[URLPattern] = [
    *(path(f"o/<slug:slug>/{route}", view, name=name) for route, view, name in [*reading, *writing_posts]),
    *(path(f"o/<slug:slug>/{route}", view, name=name) for route, view, name in [*proposals, *running]),
    *(path(f"c/<slug:slug>/{route}", view, name=name) for route, view, name in for_strangers),
]
