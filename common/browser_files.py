"""What browsers ask for at the root of a site, whatever page is open: the service worker, the manifest, the icon."""

import hashlib
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

_WORKER = "js/sw.js"
_PICTURES_OF_WORKER = ("icons/app-192.png", "icons/badge-96.png")
# What the page without a network is made of: the service worker keeps it.
_OFFLINE = "offline.html"
_FILES_OF_OFFLINE = (
    "css/offline.css",
    "js/offline.js",
    "js/theme.js",
    "vendor/golos-text-5.3.0/golos-text-cyrillic-wght-normal.woff2",
)
# Sizes of the icon; `maskable` may be cut to any shape by the phone.
_ICONS = [
    ("icons/app-192.png", 192, "any"),
    ("icons/app-512.png", 512, "any"),
    ("icons/app-maskable-512.png", 512, "maskable"),
]


@require_safe
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """`/sw.js`: at the root, because a service worker answers for its own folder and what is below it only."""
    response = HttpResponse(_worker_source(), content_type="text/javascript; charset=utf-8")
    response["Service-Worker-Allowed"] = "/"
    return response


@cache
def _worker_source() -> str:
    """The script, in which the addresses of files are those of the packed ones, as in style sheets, and what it keeps
    has a name of its own for each version of it."""
    found = finders.find(_WORKER)
    assert isinstance(found, str)  # noqa: S101 - the file is part of the platform
    source = Path(found).read_text(encoding="utf-8")
    for name in _PICTURES_OF_WORKER + _FILES_OF_OFFLINE:
        source = source.replace(f"{settings.STATIC_URL}{name}", static(name))
    with translation.override(settings.LANGUAGE_CODE):
        kept = "\n".join([render_to_string(_OFFLINE), *map(static, _FILES_OF_OFFLINE)])
    return source.replace('"offline-0"', f'"offline-{hashlib.blake2b(kept.encode(), digest_size=6).hexdigest()}"')


@require_safe
@cache_control(no_cache=True)
def offline(request: HttpRequest) -> HttpResponse:
    """`/offline/`: what the service worker shows when the network is away; the same for everybody (ACC-6)."""
    return HttpResponse(render_to_string(_OFFLINE))


@require_safe
@cache_control(max_age=3600, public=True)
def manifest(request: HttpRequest) -> HttpResponse:
    """`/manifest.webmanifest`: what the platform is called and looks like on a home screen (ACC-6)."""
    name = _("School platform")
    data = {
        "id": "/",
        "name": name,
        "short_name": name,
        "lang": settings.LANGUAGE_CODE,
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "categories": ["education"],
        "background_color": "#ffffff",
        "theme_color": "#2f55c4",
        "icons": [
            {"src": static(path), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
            for path, size, purpose in _ICONS
        ],
    }
    return JsonResponse(data, content_type="application/manifest+json", json_dumps_params={"ensure_ascii": False})


@require_safe
@cache_control(max_age=86_400, public=True)
def favicon(request: HttpRequest) -> HttpResponse:
    """`/favicon.ico`: browsers ask for it where no page names an icon (a PDF, an answer of the API)."""
    return HttpResponseRedirect(static("icons/favicon.ico"))


@require_safe
@cache_control(max_age=86_400, public=True)
def security_txt(request: HttpRequest) -> HttpResponse:
    """`/.well-known/security.txt` (RFC 9116): where to report a hole, as `SECURITY_CONTACT` says; else nothing."""
    if not settings.SECURITY_CONTACT:
        raise Http404
    # A file that promises nothing for long is looked after.
    expires = (datetime.now(UTC) + timedelta(days=90)).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
        "Preferred-Languages: ru, en",
        f"Canonical: {settings.SITE_URL.rstrip('/')}/.well-known/security.txt",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
