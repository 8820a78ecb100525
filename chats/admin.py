"""The operator's view of chats: that they are there and who answers for them. No message is ever shown here."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from chats.models import Chat, Inspection, Template
from common.admin import ReadOnlyAdmin


@admin.register(Chat)
class ChatAdmin(ReadOnlyAdmin):
    list_display = ("number", "organization", "template", "unit", "owner", "last_message_at", "in_use")
    list_filter = ("template", ("archived_at", admin.EmptyFieldListFilter))
    list_select_related = ("organization", "unit", "owner")
    search_fields = ("unit__sort_key", "owner__search_name", "organization__slug")
    search_help_text = _("Unit, any part of the owner's name, the address of the organization")
    # What a chat is called and for is the school's own business, like what is written in it.
    fields = (
        "organization",
        "template",
        "unit",
        "owner",
        "writers",
        "slow_seconds",
        "retention_days",
        "last_message_at",
        "created_at",
        "archived_at",
    )
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Chat]:
        """Personal chats are nobody's business but of their two people."""
        return super().get_queryset(request).exclude(template=Template.PERSONAL)

    @display(description="№", ordering="id")
    def number(self, chat: Chat) -> str:
        return f"№ {chat.pk}"

    @display(description=_("in use"), boolean=True)
    def in_use(self, chat: Chat) -> bool:
        return chat.archived_at is None


@admin.register(Inspection)
class InspectionAdmin(ReadOnlyAdmin):
    list_display = ("created_at", "organization", "person", "chat_number", "expires_at")
    list_select_related = ("organization", "person", "chat")
    search_fields = ("person__search_name", "organization__slug")
    fields = ("organization", "person", "reason", "created_at", "expires_at")
    ordering = ("-id",)

    @display(description=_("chat"))
    def chat_number(self, look: Inspection) -> str:
        return f"№ {look.chat_id}"
