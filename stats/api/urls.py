"""The addresses of the statistics below /api/v1/."""

from typing import Any

from django.urls import URLPattern, URLResolver, include, path

from stats.api.access import AccessView, RulesView
from stats.api.curator import CuratedOrganizationsView, CuratedOrganizationView
from stats.api.figures import FigureViewSet, StatisticsViewSet

Actions = dict[str, Any]
rules: Actions = {"get": "rules", "put": "change_rules"}
norms: Actions = {"get": "norms", "put": "change_norms"}
access: Actions = {"get": "retrieve", "put": "update"}


def _figures(action: str) -> Any:
    return StatisticsViewSet.as_view({"get": action})


inside: list[URLPattern | URLResolver] = [
    path("", _figures("overview"), name="api_statistics"),
    path("catalogue/", _figures("catalogue"), name="api_statistics_catalogue"),
    path("trend/", _figures("trend"), name="api_statistics_trend"),
    path("units/", _figures("units"), name="api_statistics_units"),
    path("funnel/", _figures("funnel"), name="api_statistics_funnel"),
    path("attention/", _figures("attention"), name="api_statistics_attention"),
    path("staff-report/", _figures("staff"), name="api_statistics_staff_report"),
    path("figures/<slug:key>/", FigureViewSet.as_view({"get": "retrieve"}), name="api_statistics_figure"),
    path("figures/<slug:key>/people/", FigureViewSet.as_view({"get": "people"}), name="api_statistics_people"),
    path("figures/<slug:key>/remind/", FigureViewSet.as_view({"post": "remind"}), name="api_statistics_remind"),
    path("rules/", RulesView.as_view(rules), name="api_statistics_rules"),
    path("norms/", RulesView.as_view(norms), name="api_statistics_norms"),
    path("access/", AccessView.as_view(access), name="api_statistics_access"),
    path("access/grant/", AccessView.as_view({"post": "grant"}), name="api_statistics_access_grant"),
    path("access/revoke/", AccessView.as_view({"post": "revoke"}), name="api_statistics_access_revoke"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("o/<slug:slug>/statistics/", include(inside)),
    path("curator/organizations/", CuratedOrganizationsView.as_view(), name="api_curator_organizations"),
    path("curator/organizations/<slug:slug>/", CuratedOrganizationView.as_view(), name="api_curator_organization"),
]
