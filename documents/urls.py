"""Addresses of documents inside an organization."""

from django.urls import URLPattern, path

from documents.views import document, editing, publishing, register

app_name = "documents"

inside = [
    ("", register.register, "list"),
    ("export/", register.export, "export"),
    ("new/", editing.new, "new"),
    ("<int:document_id>/", document.detail, "detail"),
    ("<int:document_id>/version/<int:number>/file/", document.file, "file"),
    ("<int:document_id>/change/", editing.change, "change"),
    ("<int:document_id>/version/", editing.version, "version"),
    ("<int:document_id>/publish/", publishing.publish, "publish"),
    ("<int:document_id>/annul/", publishing.annul, "annul"),
    ("<int:document_id>/remove/", editing.remove, "remove"),
]

urlpatterns: list[URLPattern] = [
    path(f"o/<slug:slug>/documents/{tail}", view, name=name) for tail, view, name in inside
]
