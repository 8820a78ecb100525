"""The operator's view of stored files."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from common.admin import ReadOnlyAdmin
from files.models import StoredFile


@admin.register(StoredFile)
class StoredFileAdmin(ReadOnlyAdmin):
    list_display = ("original_name", "organization", "content_type", "size", "uploaded_by", "uploaded_at")
    list_select_related = ("organization", "uploaded_by")
    search_fields = ("organization__slug", "uploaded_by__search_name", "sha256")
    search_help_text = _("Who uploaded it, the address of the organization")
    ordering = ("-id",)
    exclude = ("content",)
