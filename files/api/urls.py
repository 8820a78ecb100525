"""The files' addresses below /api/v1/."""

from django.urls import path

from files.api.views import LogoViewSet

urlpatterns = [
    path("o/<slug:slug>/logo/", LogoViewSet.as_view({"put": "update", "delete": "destroy"}), name="api_logo"),
]
