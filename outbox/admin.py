"""The operator's view of the outbox: read only; a secret is never shown."""

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin

from outbox.models import Message
from outbox.services import send_again


@admin.register(Message)
class MessageAdmin(ModelAdmin):
    list_display = ("created_at", "channel", "recipient", "template", "status", "attempts", "last_error")
    list_filter = ("status", "channel", "template")
    search_fields = ("recipient", "reference")
    ordering = ("-created_at",)
    show_full_result_count = False
    exclude = ("secret",)
    actions = ("action_send_again",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Message | None = None) -> bool:
        return False

    @admin.action(description=_("Send again"), permissions=["view"])
    def action_send_again(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        """Queue the chosen messages anew."""
        count = send_again(list(queryset.values_list("pk", flat=True)))
        text = ngettext("%(count)s message is queued again.", "%(count)s messages are queued again.", count)
        self.message_user(request, text % {"count": count}, messages.SUCCESS)
