"""What browsers ask for at the root of a site, whatever page is open: the service worker, the manifest, the icon."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

_WORKER = "js/sw.js"
_PICTURES_OF_WORKER = ("icons/app-192.png", "icons/badge-96.png")
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
    """The script, in which the addresses of pictures are those of the packed files, as in style sheets."""
    found = finders.find(_WORKER)
    assert isinstance(found, str)  # noqa: S101 - the file is part of the platform
    source = Path(found).read_text(encoding="utf-8")
    for name in _PICTURES_OF_WORKER:
        source = source.replace(f"{settings.STATIC_URL}{name}", static(name))
    return source


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
