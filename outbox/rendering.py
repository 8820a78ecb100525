"""How a row of the outbox becomes words."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.module_loading import import_string

from common.sealing import seal, unseal
from outbox.models import Message


@dataclass(frozen=True)
class Rendered:
    """The words of a message. An SMS uses `text` only; a push `subject` (its title) and `text`.

    `url` is the page a push opens; pushes with the same `tag` replace each other on the device.
    """

    subject: str
    text: str
    html: str = ""
    url: str = ""
    tag: str = ""


class Obsolete(Exception):
    """Raised by a renderer: the message is no longer true (annulled, expired). Its text is the reason, for people."""


Renderer = Callable[[dict[str, Any], str], Rendered]


def render(message: Message) -> Rendered:
    """Return the words of `message` in the platform's language.

    Raises `Obsolete` when it must not be sent any more, and whatever the renderer of its template raises.
    """
    with translation.override(settings.LANGUAGE_CODE):
        return _renderer(message.template)(message.context, open_secret(message))


def close_secret(secret: str) -> str:
    """Return `secret` as it is stored: encrypted under `settings.OUTBOX_KEY`."""
    return seal(secret, keys=[settings.OUTBOX_KEY], purpose="outbox")


def open_secret(message: Message) -> str:
    """Return the secret of `message`; empty when it has none (any more)."""
    return unseal(message.secret, keys=[settings.OUTBOX_KEY, *settings.OUTBOX_KEY_FALLBACKS], purpose="outbox")


@cache
def _renderer(template: str) -> Renderer:
    return import_string(settings.OUTBOX_RENDERERS[template])
