"""Addresses of WebSockets; whoever is signed in stands in `scope["user"]`."""

from django.urls import URLPattern, path

from chats.consumers import OrganizationConsumer

websocket_urlpatterns: list[URLPattern] = [
    path("ws/o/<slug:slug>/", OrganizationConsumer.as_asgi(), name="live"),
]
