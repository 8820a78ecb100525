"""ASGI entry point: pages, and the sockets of open pages."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sferum_admin.settings")

pages = get_asgi_application()  # loads the applications, which the imports below need

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from django.urls import re_path  # noqa: E402

from accounts.sockets import SessionUser  # noqa: E402
from common.sockets import SameOrigin, unknown_address  # noqa: E402
from files.upload_limit import BodyLimit  # noqa: E402
from sferum_admin.ws_urls import websocket_urlpatterns  # noqa: E402

sockets = URLRouter([*websocket_urlpatterns, re_path("", unknown_address)])  # type: ignore[arg-type]
application = ProtocolTypeRouter(
    {
        "http": BodyLimit(pages),  # type: ignore[arg-type]
        "websocket": SameOrigin(SessionUser(sockets)),
    }
)
