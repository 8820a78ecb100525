"""The addresses of long work below /api/v1/."""

from django.urls import URLPattern, path

from works.api.views import WorkViewSet

urlpatterns: list[URLPattern] = [
    path("o/<slug:slug>/works/", WorkViewSet.as_view({"get": "list"}), name="api_works"),
    path("o/<slug:slug>/works/<int:pk>/", WorkViewSet.as_view({"get": "retrieve"}), name="api_work"),
    path("o/<slug:slug>/works/<int:pk>/cancel/", WorkViewSet.as_view({"post": "cancel"}), name="api_work_cancel"),
    path(
        "o/<slug:slug>/works/<int:pk>/obstacles/", WorkViewSet.as_view({"get": "obstacles"}), name="api_work_obstacles"
    ),
    path("o/<slug:slug>/works/<int:pk>/undo/", WorkViewSet.as_view({"post": "undo"}), name="api_work_undo"),
]
