"""The addresses of required reading below /api/v1/."""

from typing import Any

from django.urls import URLPattern, include, path

from readings.api.views import AskedView, GivenView, Lines

Actions = dict[str, Any]
one: Actions = {"get": "retrieve", "patch": "partial_update"}
paper: Actions = {"put": "note", "delete": "unnote"}
people: Actions = {"pagination_class": Lines}

inside: list[URLPattern] = [
    path("readings/", AskedView.as_view({"get": "list"}), name="api_readings"),
    path("readings/given/", GivenView.as_view({"get": "list"}), name="api_readings_given"),
    path("readings/<int:pk>/", GivenView.as_view(one), name="api_reading"),
    path("readings/<int:pk>/confirm/", AskedView.as_view({"post": "confirm"}), name="api_reading_confirm"),
    path("readings/<int:pk>/people/", GivenView.as_view({"get": "people"}, **people), name="api_reading_people"),
    path("readings/<int:pk>/remind/", GivenView.as_view({"post": "remind"}), name="api_reading_remind"),
    path("readings/<int:pk>/close/", GivenView.as_view({"post": "close"}), name="api_reading_close"),
    path("readings/<int:pk>/reopen/", GivenView.as_view({"post": "reopen"}), name="api_reading_reopen"),
    path("readings/<int:pk>/paper/<int:person>/", GivenView.as_view(paper), name="api_reading_paper"),
]

urlpatterns = [path("o/<slug:slug>/", include(inside))]
