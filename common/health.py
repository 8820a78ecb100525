"""Whether the process lives, whether the installation is at work, and its figures: asked by the proxy, the container
engine, `make run` and monitoring.
"""

import hmac
from ipaddress import ip_address

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common import metrics, readiness


@never_cache
@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """`/healthz`: 200 as long as the process answers; touches nothing else, so it can't be slowed by the database."""
    return HttpResponse("ok", content_type="text/plain")


@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """`/readyz`: the state of each part; 503 when this process can serve nothing.

    With `?strict` 503 when anything is amiss. Answers within two seconds, with one word of each part and no more:
    whoever asks may be a stranger.
    """
    parts = readiness.states()
    status = readiness.verdict(parts)
    is_refused = status == "down" or (status != "ok" and "strict" in request.GET)
    return JsonResponse({"status": status, "parts": parts}, status=503 if is_refused else 200)


@never_cache
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """`/metrics`: Prometheus's page, for those who may read it; for all others it does not exist."""
    if not _may_read(request):
        raise Http404
    return HttpResponse(metrics.page(), content_type=metrics.FORMAT)


def _may_read(request: HttpRequest) -> bool:
    """With METRICS_TOKEN whoever has it; without, whoever asks this process directly from the machine's own network.

    What came through the proxy carries its header, so strangers outside never pass for neighbours.
    """
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "")
        return hmac.compare_digest(given.encode(), f"Bearer {settings.METRICS_TOKEN}".encode())
    if "X-Forwarded-For" in request.headers or "Forwarded" in request.headers:
        return False
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return address.is_loopback or address.is_private
