"""The ways out: each adapter takes a recipient and words, and raises when they could not be handed over."""

from types import TracebackType
from typing import Protocol, Self

from django.conf import settings

from outbox.adapters.http import SmsGateway
from outbox.adapters.kept import Kept
from outbox.adapters.smtp import Smtp
from outbox.models import Channel
from outbox.rendering import Rendered


class Adapter(Protocol):
    """Used as a context manager around a batch, so that one connection serves many messages."""

    keeps: bool

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def send(self, recipient: str, words: Rendered) -> None:
        """Hand the words over; any exception means that they have not left."""


ADAPTERS: dict[str, type[Adapter]] = {"kept": Kept, "smtp": Smtp, "http": SmsGateway}


def adapter_of(channel: str) -> Adapter:
    """Return the adapter that the settings name for `channel`."""
    name = settings.EMAIL_ADAPTER if channel == Channel.EMAIL else settings.SMS_ADAPTER
    return ADAPTERS[name]()
