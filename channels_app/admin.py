"""The operator's view of channels: that they are there. No post is ever shown here."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from channels_app.models import Channel
from common.admin import ReadOnlyAdmin


@admin.register(Channel)
class ChannelAdmin(ReadOnlyAdmin):
    list_display = ("number", "organization", "kind", "unit", "is_public", "last_post_at", "in_use")
    list_filter = ("kind", "is_public", ("archived_at", admin.EmptyFieldListFilter))
    list_select_related = ("organization", "unit")
    search_fields = ("unit__sort_key", "organization__slug")
    search_help_text = _("Unit, the address of the organization")
    # What a channel is called and about is the school's own business, like what is written in it.
    fields = (
        "organization",
        "kind",
        "unit",
        "is_public",
        "has_comments",
        "last_post_at",
        "created_at",
        "archived_at",
    )
    ordering = ("-id",)

    @display(description="№", ordering="id")
    def number(self, channel: Channel) -> str:
        return f"№ {channel.pk}"

    @display(description=_("in use"), boolean=True)
    def in_use(self, channel: Channel) -> bool:
        return channel.is_in_use
