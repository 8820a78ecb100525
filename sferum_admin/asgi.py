"""ASGI entry point: pages, and the sockets of open pages."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sferum_admin.settings")
django.setup(set_prefix=False)  # loads the applications, which the imports below need

from asgiref.sync import sync_to_async  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.core.handlers.asgi import ASGIHandler  # noqa: E402
from django.db import connections  # noqa: E402
from django.urls import re_path  # noqa: E402

from accounts.sockets import SessionUser  # noqa: E402
from common.sockets import ClosedTogether, SameOrigin, unknown_address  # noqa: E402
from files.upload_limit import BodyLimit  # noqa: E402
from sferum_admin.ws_urls import websocket_urlpatterns  # noqa: E402


class Pages(ASGIHandler):
    """Django's pages, without the database connections that CONN_MAX_AGE would keep.

    Under ASGI each request has a thread of its own: what is kept in it is never used again, until PostgreSQL has none
    left. Sockets share one thread, which keeps its connection: opening one costs more than what is asked through it.
    """

    async def handle(self, scope, receive, send):
        try:
            await super().handle(scope, receive, send)
        finally:
            await sync_to_async(connections.close_all)()


sockets = URLRouter([*websocket_urlpatterns, re_path("", unknown_address)])  # type: ignore[arg-type]
application = ProtocolTypeRouter(
    {
        "http": BodyLimit(Pages()),  # type: ignore[arg-type]
        "websocket": SameOrigin(SessionUser(ClosedTogether(sockets))),
    }
)
