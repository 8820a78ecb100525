"""Reports of failures to a Sentry of the operator's own, when SENTRY_DSN names one; imported in that case only.

What leaves is where the code failed and with which words, masked as the log is (`common.masks`): no person, no address,
no body, no variables of the code.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sentry_sdk
from sentry_sdk.integrations.celery import CeleryIntegration
from sentry_sdk.integrations.django import DjangoIntegration
from sentry_sdk.integrations.logging import LoggingIntegration

from common.logs import request_id, task_id
from common.masks import masked

_DROPPED = ("user", "extra", "breadcrumbs", "server_name", "modules")
# A report is a tree of a few levels; whatever is deeper is not worth reading.
_DEEPEST = 12


def start(dsn: str, transport: Callable[..., Any] | None = None) -> None:
    """Begin to report to `dsn`; `transport` takes the place of the network in tests."""
    options: dict[str, Any] = {"transport": transport} if transport else {}
    sentry_sdk.init(
        dsn=dsn,
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
        max_breadcrumbs=0,
        traces_sample_rate=0,
        auto_session_tracking=False,
        send_client_reports=False,
        default_integrations=False,
        integrations=[
            DjangoIntegration(transaction_style="function_name", middleware_spans=False, signals_spans=False),
            CeleryIntegration(),
            LoggingIntegration(level=None),
        ],
        before_send=scrub,
        **options,
    )


def scrub(event: Any, hint: Any = None) -> Any:
    """Return `event` without what could be about a person: only what the code itself says stays, masked."""
    for name in _DROPPED:
        event.pop(name, None)
    request = event.pop("request", None) or {}
    event["request"] = {"method": request.get("method", "")}
    contexts = event.get("contexts") or {}
    event["contexts"] = {name: contexts[name] for name in ("runtime",) if name in contexts}
    event["tags"] = {"request_id": request_id.get(), "task_id": task_id.get()}
    return _clean(event, 0)


def _clean(value: Any, depth: int) -> Any:
    if depth > _DEEPEST:
        return "…"
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, dict):
        return {key: value[key] if key in _KEPT else _clean(value[key], depth + 1) for key in value}
    if isinstance(value, list | tuple):
        return [_clean(item, depth + 1) for item in value]
    return value


# Ids and moments that a report must have as they are.
_KEPT = {"event_id", "timestamp", "trace_id", "span_id", "release", "sdk"}
