"""Mounted at /dev/ in the embedded mode only."""

from django.urls import path

from outbox import views

app_name = "outbox"
urlpatterns = [path("outbox/", views.developer_outbox, name="developer_outbox")]
