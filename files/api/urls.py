"""The files' addresses below /api/v1/."""

from django.urls import path

from files.api.views import FileViewSet, LogoViewSet

urlpatterns = [
    path("o/<slug:slug>/logo/", LogoViewSet.as_view({"put": "update", "delete": "destroy"}), name="api_logo"),
    path("o/<slug:slug>/files/", FileViewSet.as_view({"post": "create"}), name="api_files-list"),
    path(
        "o/<slug:slug>/files/<int:pk>/",
        FileViewSet.as_view({"get": "retrieve", "delete": "destroy"}),
        name="api_files-detail",
    ),
    path("o/<slug:slug>/files/<int:pk>/content/", FileViewSet.as_view({"get": "content"}), name="api_files-content"),
]
