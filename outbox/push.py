"""Where pushes may go: what a browser subscribes with, and whose word is taken about it.

Subscriptions belong to a floor above (`settings.PUSH_SUBSCRIPTIONS` names the module that keeps them); the outbox knows
them by their number only.
"""

from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.utils.translation import gettext as _

from common.encoding import from_base64url
from common.errors import DomainError
from outbox import vapid

MAX_ENDPOINT = 1000
AUTH_BYTES = 16
_LOOPBACK = {"localhost", "127.0.0.1"}


@dataclass(frozen=True)
class Subscription:
    """What `PushSubscription.toJSON()` of a browser holds: where to post, and the keys to encrypt with."""

    endpoint: str
    p256dh: str
    auth: str


class Subscriptions(Protocol):
    """The module that `settings.PUSH_SUBSCRIPTIONS` names. `recipient` is the number in `Message.recipient`."""

    def find(self, recipient: str) -> Subscription | None:
        """Return the subscription, or None when it must not be used (any more)."""

    def delivered(self, recipient: str) -> None:
        """The push service took a message for it."""

    def failed(self, recipient: str) -> None:
        """The push service did not take a message for it; the outbox tries again."""

    def forget(self, recipient: str) -> None:
        """The push service says that it does not exist any more."""


def subscriptions() -> Subscriptions:
    """Return the keeper of subscriptions."""
    return cast(Subscriptions, import_module(settings.PUSH_SUBSCRIPTIONS))


def is_offered() -> bool:
    """Tell whether devices can subscribe: without a key of ours no push service takes anything."""
    return bool(settings.VAPID_PRIVATE_KEY)


def public_key() -> str:
    """Return the key browsers subscribe with (`applicationServerKey`); empty when pushes are not offered."""
    return vapid.public_key_of(settings.VAPID_PRIVATE_KEY) if is_offered() else ""


def check_subscription(subscription: Subscription) -> None:
    """Raise `DomainError` unless we can encrypt for `subscription` and may post to it.

    Codes: `endpoint_refused`, `subscription_invalid`.
    """
    check_endpoint(subscription.endpoint)
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), from_base64url(subscription.p256dh))
        fits = len(from_base64url(subscription.auth)) == AUTH_BYTES
    except ValueError:
        fits = False
    if not fits:
        raise DomainError("subscription_invalid", _("The browser gave keys that do not work."), status=400)


def check_endpoint(endpoint: str) -> None:
    """Raise `DomainError("endpoint_refused")` unless `endpoint` belongs to a push service we know.

    The address comes from a browser, so anybody could make our worker post anywhere — into the school's own network
    first of all. Only names of `settings.PUSH_HOSTS` are taken («*.example.org» stands for every name below it):
    neither numbers, nor other ports, nor anything but HTTPS.
    """
    if not _is_known(endpoint):
        text = _("We do not know this browser's notification service, so nothing can be sent there.")
        raise DomainError("endpoint_refused", text, fields={"endpoint": text}, status=400)


def _is_known(endpoint: str) -> bool:
    if len(endpoint) > MAX_ENDPOINT or not endpoint.isascii() or not endpoint.isprintable() or " " in endpoint:
        return False
    try:
        url = urlsplit(endpoint)
        host, port = (url.hostname or ""), url.port
    except ValueError:
        return False
    if "@" in url.netloc or "\\" in endpoint:
        return False
    if settings.PUSH_LOOPBACK and url.scheme == "http" and host in _LOOPBACK:
        return True
    return url.scheme == "https" and port in (None, 443) and any(_fits(host, name) for name in settings.PUSH_HOSTS)


def _fits(host: str, name: str) -> bool:
    return host.endswith(name[1:]) and host != name[1:] if name.startswith("*.") else host == name
