"""The operator's view of required reading: that it is there and how far it has come. Who has read what is the
school's own business."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from common.admin import ReadOnlyAdmin
from readings.models import Reading


@admin.register(Reading)
class ReadingAdmin(ReadOnlyAdmin):
    list_display = ("number", "organization", "version", "due_on", "opened_at", "answers", "in_use")
    list_filter = (("closed_at", admin.EmptyFieldListFilter), "parents_confirm")
    list_select_related = ("organization",)
    search_fields = ("organization__slug",)
    search_help_text = _("The address of the organization")
    # What it is called and about is the school's own business.
    fields = (
        "organization",
        "version",
        "content_hash",
        "due_on",
        "parents_confirm",
        "opened_at",
        "reminded_at",
        "closed_at",
        "created_at",
    )
    ordering = ("-id",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reading]:
        return super().get_queryset(request).annotate(answer_count=Count("confirmations"))

    @display(description="№", ordering="id")
    def number(self, reading: Reading) -> str:
        return f"№ {reading.pk}"

    @display(description=_("answers"), ordering="answer_count")
    def answers(self, reading: Reading) -> int:
        return reading.answer_count  # type: ignore[attr-defined]

    @display(description=_("in use"), boolean=True)
    def in_use(self, reading: Reading) -> bool:
        return reading.is_open
