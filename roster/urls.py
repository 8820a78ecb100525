"""Addresses of the roster's import and export inside an organization."""

from django.urls import URLPattern, path

from roster.views import check, exporting, home, reading

app_name = "roster"

inside = [
    ("", home.home, "home"),
    ("upload/", home.upload, "upload"),
    ("sample.xlsx", home.sample, "sample"),
    ("export/<slug:table>.<slug:form>", exporting.export, "export"),
    ("loads/<int:pk>/", reading.load, "load"),
    ("loads/<int:pk>/check/", check.check, "check"),
    ("loads/<int:pk>/missing/", check.missing, "missing"),
    ("loads/<int:pk>/import/", check.bring_in, "bring_in"),
    ("loads/<int:pk>/file/", check.replace, "replace"),
    ("loads/<int:pk>/errors.xlsx", check.errors, "errors"),
    ("loads/<int:pk>/discard/", reading.discard, "discard"),
]

urlpatterns: list[URLPattern] = [path(f"o/<slug:slug>/roster/{tail}", view, name=name) for tail, view, name in inside]
