"""Addresses of long work inside an organization."""

from django.urls import URLPattern, path

from works import views

app_name = "works"

inside = [
    ("<int:pk>/", views.detail, "detail"),
    ("<int:pk>/cancel/", views.cancel, "cancel"),
    ("<int:pk>/undo/", views.undo, "undo"),
]

urlpatterns: list[URLPattern] = [path(f"o/<slug:slug>/works/{tail}", view, name=name) for tail, view, name in inside]
