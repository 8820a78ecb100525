"""Addresses of chats inside an organization."""

from django.urls import URLPattern, path

from chats.views import contacts, conversation, creating, info, links, members, registry, reports, rules

app_name = "chats"

# What people do about chats; before `<int:chat_id>/`, so that words never look like numbers.
around = [
    ("chats/new/", creating.choose, "new"),
    ("chats/new/<str:kind>/", creating.new, "new_of"),
    ("chats/write/", contacts.write, "write"),
    ("chats/join/<str:token>/", links.join, "join"),
    ("chats/registry/", registry.registry, "registry"),
    ("chats/rules/", rules.rules, "rules"),
    ("chats/reports/", reports.reports, "reports"),
    ("chats/reports/<int:report_id>/", reports.report, "report_detail"),
    ("chats/reports/<int:report_id>/look/", reports.look, "report_look"),
    ("chats/<int:chat_id>/info/", info.info, "info"),
    ("chats/<int:chat_id>/info/change/", info.change, "change"),
    ("chats/<int:chat_id>/info/notify/", info.notify, "notify"),
    ("chats/<int:chat_id>/info/leave/", info.leave_chat, "leave"),
    ("chats/<int:chat_id>/info/archive/", info.archive, "archive"),
    ("chats/<int:chat_id>/info/restore/", info.restore, "restore"),
    ("chats/<int:chat_id>/info/look/", registry.look, "look"),
    ("chats/<int:chat_id>/info/owner/", members.owner, "owner"),
    ("chats/<int:chat_id>/info/link/", links.link, "link"),
    ("chats/<int:chat_id>/info/link/revoke/", links.revoke, "link_revoke"),
    ("chats/<int:chat_id>/info/members/", members.add, "members_add"),
    ("chats/<int:chat_id>/info/members/<int:person_id>/add/", members.add_one, "member_add"),
    ("chats/<int:chat_id>/info/members/<int:person_id>/remove/", members.remove, "member_remove"),
    ("chats/<int:chat_id>/info/members/<int:person_id>/moderator/", members.moderator, "member_moderator"),
    ("chats/<int:chat_id>/info/members/<int:person_id>/mute/", members.pause, "member_mute"),
    ("chats/<int:chat_id>/info/members/<int:person_id>/unmute/", members.lift, "member_unmute"),
]

# The page people live in.
inside = [
    ("chats/", conversation.chat_list, "list"),
    ("chats/<int:chat_id>/", conversation.chat, "chat"),
    ("chats/<int:chat_id>/files/<int:file_id>/", conversation.file, "file"),
]

urlpatterns: list[URLPattern] = [
    path(f"o/<slug:slug>/{route}", view, name=name) for route, view, name in [*around, *inside]
]
