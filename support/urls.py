"""Addresses of help: requests, instructions, «I cannot sign in» (SUP-1, SUP-2)."""

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, path

from support.views import asking, guides, outside, requests

app_name = "support"

_REQUESTS = "help/requests/"
_ONE = f"{_REQUESTS}<int:pk>/"
_PAGES: list[tuple[str, Callable[..., Any], str]] = [
    ("help/", guides.help_page, "help"),
    ("help/guides/<slug:guide>/", guides.guide_page, "guide"),
    (_REQUESTS, requests.requests, "requests"),
    (f"{_REQUESTS}new/", asking.new, "new"),
    (f"{_REQUESTS}rules/", requests.rules, "rules"),
    (_ONE, asking.request_page, "request"),
    (f"{_ONE}take/", requests.take, "take"),
    (f"{_ONE}pass-on/", requests.pass_on, "pass_on"),
    (f"{_ONE}close/", requests.close, "close"),
    (f"{_ONE}files/<int:file_id>/", requests.file, "file"),
]

urlpatterns: list[URLPattern] = [
    path("help/", guides.guest_help, name="guest_help"),
    path("help/signin/", outside.cannot_sign_in, name="cannot_sign_in"),
    path("help/guides/<slug:guide>/", guides.guest_guide, name="guest_guide"),
    path("help/pictures/<str:picture>", guides.picture, name="picture"),
    *(path(f"o/<slug:slug>/{address}", view, name=name) for address, view, name in _PAGES),
]
