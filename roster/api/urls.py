"""The addresses of roster below /api/v1/."""

from django.urls import URLPattern, URLResolver, include, path

from roster.api.views import ExportView, LoadRowsView, LoadViewSet

load: list[URLPattern] = [
    path(
        "",
        LoadViewSet.as_view({"get": "retrieve", "patch": "partial_update", "delete": "destroy"}),
        name="api_roster_load",
    ),
    path("rows/", LoadRowsView.as_view({"get": "list"}), name="api_roster_load_rows"),
    path("check/", LoadViewSet.as_view({"post": "check"}), name="api_roster_load_check"),
    path("import/", LoadViewSet.as_view({"post": "bring_in"}), name="api_roster_load_import"),
]
inside: list[URLPattern | URLResolver] = [
    path("loads/", LoadViewSet.as_view({"get": "list", "post": "create"}), name="api_roster_loads"),
    path("loads/<int:pk>/", include(load)),
    path("export/<slug:table>/<slug:form>/", ExportView.as_view({"get": "retrieve"}), name="api_roster_export"),
]

urlpatterns = [path("o/<slug:slug>/roster/", include(inside))]
