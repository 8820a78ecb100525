"""The operator's view of events: that they are there and how many come. What they are about is the school's own."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from common.admin import ReadOnlyAdmin
from meetings.models import Event


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = ("number", "organization", "kind", "starts_at", "going_count", "opened_count", "takes_place")
    list_filter = ("kind", ("cancelled_at", admin.EmptyFieldListFilter))
    list_select_related = ("organization",)
    search_fields = ("organization__slug",)
    search_help_text = _("Address of the organization")
    # Titles, texts and people are the school's own business.
    fields = (
        "organization",
        "kind",
        "starts_at",
        "ends_at",
        "registration",
        "places",
        "going_count",
        "waiting_count",
        "opened_count",
        "on_air_at",
        "over_at",
        "created_at",
        "cancelled_at",
    )
    readonly_fields = ("going_count", "waiting_count", "opened_count", "created_at")
    ordering = ("-id",)

    @display(description="№", ordering="id")
    def number(self, event: Event) -> str:
        return f"№ {event.pk}"

    @display(description=_("takes place"), boolean=True)
    def takes_place(self, event: Event) -> bool:
        return event.cancelled_at is None
