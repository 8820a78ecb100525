"""The operator's tool at /admin/."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.admin.apps import AdminConfig
from django.http.response import HttpResponseBase
from unfold.sites import UnfoldAdminSite

View = Callable[..., HttpResponseBase]


class OperatorSite(UnfoldAdminSite):
    """Unfold's site under a content security policy of its own.

    Unfold's pages are driven by Alpine, which makes functions out of the attributes of its templates: that needs
    `'unsafe-eval'`. It is given here only, where nobody but the platform's operator comes, and inline scripts stay
    forbidden here too.
    """

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        guarded: View = super().admin_view(view, cacheable)

        @wraps(guarded)
        def with_policy(*args: Any, **kwargs: Any) -> HttpResponseBase:
            response = guarded(*args, **kwargs)
            response._csp_update = {"script-src": ["'unsafe-eval'"]}  # type: ignore[attr-defined]  # django-csp reads it
            return response

        return with_policy


class OperatorAdminConfig(AdminConfig):
    """Django's admin with our site in place of its own."""

    default_site = "sferum_admin.operator_site.OperatorSite"
    default = False
