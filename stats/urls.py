"""Addresses of the statistics inside an organization, and of the curator's page outside of any."""

from django.urls import URLPattern, path

from stats.views import overview

app_name = "stats"

inside = [
    ("statistics/", overview.overview, "overview"),
]

urlpatterns: list[URLPattern] = [
    *(path(f"o/<slug:slug>/{route}", view, name=name) for route, view, name in inside),
]
