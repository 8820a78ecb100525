"""The operator's view of polls. Who voted is the voters' affair and not shown here."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from common.admin import ReadOnlyAdmin, ReadOnlyInline
from polls.models import Poll, PollOption


class PollOptionInline(ReadOnlyInline):
    model = PollOption
    fields = ("text", "vote_count")


@admin.register(Poll)
class PollAdmin(ReadOnlyAdmin):
    list_display = ("question", "organization", "created_by", "voter_count", "is_anonymous", "created_at", "closes_at")
    list_filter = ("is_anonymous", "is_multiple")
    list_select_related = ("organization", "created_by")
    search_fields = ("created_by__search_name", "organization__slug")
    search_help_text = _("Who made it, the address of the organization")
    ordering = ("-id",)
    inlines = (PollOptionInline,)
