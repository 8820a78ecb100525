"""Mounted at /."""

from django.urls import path

from files import views

app_name = "files"

urlpatterns = [
    path("o/<slug:slug>/settings/logo/", views.logo_upload, name="logo_upload"),
    path("o/<slug:slug>/logo/<int:version>/", views.logo, name="logo"),
]
