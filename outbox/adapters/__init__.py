"""The ways out: each adapter takes a recipient and words, and raises when they could not be handed over."""

from types import TracebackType
from typing import Protocol, Self

from django.conf import settings

from outbox.adapters.http import SmsGateway
from outbox.adapters.kept import Kept
from outbox.adapters.smtp import Smtp
from outbox.adapters.webpush import WebPushService
from outbox.models import Channel
from outbox.rendering import Rendered


class Adapter(Protocol):
    """Used as a context manager around a batch, so that one connection serves many messages."""

    keeps: bool
    # How many messages of a batch may be handed over at the same time.
    parallel: int

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def send(self, recipient: str, words: Rendered) -> None:
        """Hand the words over; any exception means that they have not left."""


ADAPTERS: dict[str, type[Adapter]] = {"kept": Kept, "smtp": Smtp, "http": SmsGateway, "webpush": WebPushService}


def adapter_of(channel: str) -> Adapter:
    """Return the adapter that the settings name for `channel`."""
    names = {
        Channel.EMAIL: settings.EMAIL_ADAPTER,
        Channel.SMS: settings.SMS_ADAPTER,
        Channel.PUSH: settings.PUSH_ADAPTER,
    }
    return ADAPTERS[names[Channel(channel)]]()
