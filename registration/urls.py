"""Addresses of the pages of registration."""

from django.urls import URLPattern, path

from registration.views import applying, deleting

app_name = "registration"

urlpatterns: list[URLPattern] = [
    path("register/", applying.apply, name="apply"),
    path("register/<slug:token>/", applying.status, name="status"),
    path("register/<slug:token>/withdraw/", applying.withdraw, name="withdraw"),
    path("register/<slug:token>/order/", applying.order, name="order"),
    path("o/<slug:slug>/settings/delete/", deleting.delete, name="delete"),
    path("o/<slug:slug>/settings/delete/cancel/", deleting.cancel, name="delete_cancel"),
]
