"""The addresses of chats below /api/v1/."""

from typing import Any

from django.urls import URLPattern, URLResolver, include, path

from chats.api.chats import ChatViewSet
from chats.api.members import LinkView, MemberListView
from chats.api.messages import MessagePeopleView, MessageView
from chats.api.reading import ReadingView
from chats.api.safety import InspectionView, MuteView, RegistryView, ReportView, RulesView
from orgs.api.base import ByName, NewestFirst

Actions = dict[str, Any]
one: Actions = {"get": "retrieve", "patch": "partial_update"}
people: Actions = {"pagination_class": ByName}
newest: Actions = {"pagination_class": NewestFirst}

messages: list[URLPattern] = [
    path("", MessageView.as_view({"get": "window", "post": "create"}), name="api_chat_messages"),
    path("<int:message>/", MessageView.as_view({**one, "delete": "destroy"}), name="api_chat_message"),
    path("<int:message>/pin/", MessageView.as_view({"post": "pin"}), name="api_chat_message_pin"),
    path("<int:message>/unpin/", MessageView.as_view({"post": "unpin"}), name="api_chat_message_unpin"),
    path("<int:message>/vote/", MessageView.as_view({"post": "vote"}), name="api_chat_message_vote"),
    path("<int:message>/close-poll/", MessageView.as_view({"post": "close_poll"}), name="api_chat_message_close_poll"),
    path("<int:message>/report/", MessageView.as_view({"post": "report"}), name="api_chat_message_report"),
    path("<int:message>/remove/", MessageView.as_view({"post": "remove"}), name="api_chat_message_remove"),
    path("<int:message>/readers/", MessagePeopleView.as_view({"get": "readers"}), name="api_chat_message_readers"),
    path("<int:message>/voters/", MessagePeopleView.as_view({"get": "voters"}), name="api_chat_message_voters"),
]
moderator: Actions = {"put": "set_moderator", "delete": "unset_moderator"}
link: Actions = {"get": "retrieve", "post": "create", "delete": "destroy"}

chat: list[URLPattern | URLResolver] = [
    path("", ChatViewSet.as_view(one), name="api_chat"),
    path("archive/", ChatViewSet.as_view({"post": "archive"}), name="api_chat_archive"),
    path("restore/", ChatViewSet.as_view({"post": "restore"}), name="api_chat_restore"),
    path("leave/", ChatViewSet.as_view({"post": "leave"}), name="api_chat_leave"),
    path("owner/", ChatViewSet.as_view({"post": "owner"}), name="api_chat_owner"),
    path("members/", MemberListView.as_view({"get": "list", "post": "create"}), name="api_chat_members"),
    path("members/<int:person>/", MemberListView.as_view({"delete": "destroy"}), name="api_chat_member"),
    path("moderators/<int:person>/", MemberListView.as_view(moderator), name="api_chat_moderator"),
    path("link/", LinkView.as_view(link), name="api_chat_link"),
    path("messages/", include(messages)),
    path("changes/", ReadingView.as_view({"get": "changes"}), name="api_chat_changes"),
    path("read/", ReadingView.as_view({"post": "read_up_to"}), name="api_chat_read"),
    path("notify/", ReadingView.as_view({"put": "notify"}), name="api_chat_notify"),
    path("pinned/", ReadingView.as_view({"get": "pinned"}), name="api_chat_pinned"),
    path("files/", ReadingView.as_view({"get": "files"}), name="api_chat_files"),
    path("search/", ReadingView.as_view({"get": "search"}), name="api_chat_search"),
    path("mutes/", MuteView.as_view({"get": "list", "post": "create"}), name="api_chat_mutes"),
    path("mutes/<int:person>/", MuteView.as_view({"delete": "destroy"}), name="api_chat_mute"),
    path("inspect/", InspectionView.as_view({"post": "create"}), name="api_chat_inspect"),
]

inside: list[URLPattern | URLResolver] = [
    path("chats/", ChatViewSet.as_view({"get": "list", "post": "create"}), name="api_chats"),
    path("chats/personal/", ChatViewSet.as_view({"post": "personal"}), name="api_chats_personal"),
    path("chats/contacts/", ChatViewSet.as_view({"get": "contacts"}, **people), name="api_chats_contacts"),
    path("chats/join/", ChatViewSet.as_view({"post": "join"}), name="api_chats_join"),
    path("chats/search/", ChatViewSet.as_view({"get": "search"}, **newest), name="api_chats_search"),
    path("chats/<int:pk>/", include(chat)),
    path("chat-rules/", RulesView.as_view(one), name="api_chat_rules"),
    path("chat-registry/", RegistryView.as_view({"get": "list"}), name="api_chat_registry"),
    path("chat-reports/", ReportView.as_view({"get": "list"}), name="api_chat_reports"),
    path("chat-reports/<int:pk>/decide/", ReportView.as_view({"post": "decide"}), name="api_chat_report_decide"),
]

urlpatterns = [path("o/<slug:slug>/", include(inside))]
