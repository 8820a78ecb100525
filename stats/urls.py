"""Addresses of the statistics inside an organization, and of the curator's page outside of any."""

from django.urls import URLPattern, path

from stats.views import access, curator, exports, figure, overview, settings, units

app_name = "stats"

inside = [
    ("statistics/", overview.overview, "overview"),
    ("statistics/figures/<slug:key>/", figure.figure, "figure"),
    ("statistics/figures/<slug:key>/remind/", figure.remind_missing, "remind"),
    ("statistics/units/<int:unit_id>/", units.unit, "unit"),
    ("statistics/settings/", settings.settings, "settings"),
    ("statistics/statistics.xlsx", exports.workbook, "workbook"),
    ("statistics/founder.pdf", exports.sheet, "sheet"),
    ("statistics/staff/", exports.report, "staff_report"),
    ("statistics/staff.xlsx", exports.report_xlsx, "staff_report_xlsx"),
    ("statistics/staff.csv", exports.report_csv, "staff_report_csv"),
    ("statistics/access/", access.access, "access"),
    ("statistics/access/grant/", access.access_grant, "access_grant"),
    ("statistics/access/revoke/", access.access_revoke, "access_revoke"),
    ("statistics/access/administrators/", access.access_administrators, "access_administrators"),
]

urlpatterns: list[URLPattern] = [
    *(path(f"o/<slug:slug>/{route}", view, name=name) for route, view, name in inside),
    path("curator/", curator.curator, name="curator"),
    path("curator/organizations.xlsx", curator.curator_export, name="curator_export"),
    path("curator/<slug:slug>/", curator.curator_organization, name="curator_organization"),
]
