"""The addresses of documents below /api/v1/."""

from django.urls import URLPattern, URLResolver, include, path

from documents.api.views import DocumentViewSet, VersionView

document: list[URLPattern] = [
    path("", DocumentViewSet.as_view({"get": "retrieve", "patch": "partial_update"}), name="api_document"),
    path("publish/", DocumentViewSet.as_view({"post": "publish"}), name="api_document_publish"),
    path("annul/", DocumentViewSet.as_view({"post": "annul"}), name="api_document_annul"),
    path("versions/", VersionView.as_view({"post": "create"}), name="api_document_versions"),
    path("versions/<int:number>/file/", VersionView.as_view({"get": "file"}), name="api_document_file"),
    path("draft/", VersionView.as_view({"patch": "change_draft", "delete": "remove_draft"}), name="api_document_draft"),
]

inside: list[URLPattern | URLResolver] = [
    path("", DocumentViewSet.as_view({"get": "list", "post": "create"}), name="api_documents"),
    path("<int:pk>/", include(document)),
]

urlpatterns = [path("o/<slug:slug>/documents/", include(inside))]
