"""How a lower floor lets an upper one act in the same transaction without importing it.

The wires stand in one place, `settings.DOMAIN_LISTENERS`; they are called in that order, and an exception of a
listener fails the whole write.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string


def publish(event: str, **payload: Any) -> None:
    """Call every listener of `event` with `payload` as keyword arguments."""
    for path in settings.DOMAIN_LISTENERS.get(event, ()):
        _listener(path)(**payload)


@cache
def _listener(path: str) -> Callable[..., None]:
    return import_string(path)
