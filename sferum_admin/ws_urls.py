"""Addresses of WebSockets: `path("ws/…/", Consumer.as_asgi())`; whoever is signed in stands in `scope["user"]`."""

from django.urls import URLPattern

websocket_urlpatterns: list[URLPattern] = []
