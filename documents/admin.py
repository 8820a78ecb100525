"""The operator's view of local acts: that they are there and in which state. Titles and files are the school's own."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from common.admin import ReadOnlyAdmin
from documents.models import Document


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    list_display = ("key", "organization", "kind", "year", "version", "published_at", "in_force")
    list_filter = ("kind", ("published_at", admin.EmptyFieldListFilter), ("annulled_at", admin.EmptyFieldListFilter))
    list_select_related = ("organization",)
    search_fields = ("organization__slug",)
    search_help_text = _("The address of the organization")
    fields = ("organization", "kind", "year", "version", "created_at", "published_at", "annulled_at")
    ordering = ("-id",)

    @display(description="№", ordering="id")
    def key(self, document: Document) -> str:
        return f"№ {document.pk}"

    @display(description=_("in force"), boolean=True)
    def in_force(self, document: Document) -> bool:
        return document.published_at is not None and document.annulled_at is None
