"""What every template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:
    """The actor of an organization's page (set by `orgs.pages.member_page`), and the developer's pages' switch."""
    return {"actor": getattr(request, "actor", None), "developer_pages": settings.DEVELOPER_PAGES}
