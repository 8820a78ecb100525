"""The operator sees long works and why one failed; changes nothing."""

from django.contrib import admin

from common.admin import ReadOnlyAdmin
from works.models import Work


@admin.register(Work)
class WorkAdmin(ReadOnlyAdmin):
    list_display = ("id", "organization", "kind", "state", "created_at", "finished_at", "error_code")
    list_filter = ("state", "kind")
    list_select_related = ("organization",)
    exclude = ("parameters", "outcome")
