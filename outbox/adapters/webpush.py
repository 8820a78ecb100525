"""Pushes to browsers: encrypted for the device, signed with our key, posted to the browser's own push service."""

import hashlib
import json
from email.utils import parseaddr
from functools import cached_property
from urllib.error import HTTPError
from urllib.request import Request

from django.conf import settings
from django.utils.translation import gettext as _
from pydantic import AnyHttpUrl
from webpush import WebPush
from webpush.types import WebPushKeys, WebPushSubscription

from common.encoding import to_base64url
from common.errors import DomainError
from outbox import vapid
from outbox.adapters.base import Connectionless, post
from outbox.push import Subscription, check_endpoint, subscriptions
from outbox.rendering import Obsolete, Rendered

# Push services take 4096 bytes, encryption and its header included.
MAX_PAYLOAD = 3500
MAX_TITLE = 120
# A device that was off for longer has better things to show.
TTL_SECONDS = 24 * 3600
TOKEN_SECONDS = 12 * 3600
_GONE = {404, 410}


class WebPushService(Connectionless):
    """POSTs to the endpoint of a subscription; `recipient` is its number."""

    # Each push is a request of its own, and a message may go to a whole school.
    parallel = 8

    @cached_property
    def _sealer(self) -> WebPush:
        # Not before the first push: a key that is missing is the failure of pushes, not of the letters beside them.
        private, public = vapid.pem_of(settings.VAPID_PRIVATE_KEY)
        sender = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
        return WebPush(private, public, subscriber=sender, ttl=TTL_SECONDS, expiration=TOKEN_SECONDS)

    def send(self, recipient: str, words: Rendered) -> None:
        """Hand one push over.

        Raises `Obsolete` when the subscription is gone or refused,
        `OSError` (`HTTPError` too) when it may be tried again.
        """
        keeper = subscriptions()
        subscription = keeper.find(recipient)
        if subscription is None:
            raise Obsolete(_("The device no longer takes notifications."))
        try:
            check_endpoint(subscription.endpoint)
            post(self._request(subscription, words))
        except DomainError as error:
            raise Obsolete(error.message) from error
        except OSError as error:
            if isinstance(error, HTTPError) and error.code in _GONE:
                keeper.forget(recipient)
                raise Obsolete(_("The device no longer takes notifications.")) from error
            keeper.failed(recipient)
            raise
        keeper.delivered(recipient)

    def _request(self, subscription: Subscription, words: Rendered) -> Request:
        keys = WebPushKeys(p256dh=subscription.p256dh, auth=subscription.auth)
        target = WebPushSubscription(endpoint=AnyHttpUrl(subscription.endpoint), keys=keys)
        sealed = self._sealer.get(payload_of(words), target)
        headers = {**sealed.headers, "content-type": "application/octet-stream", "urgency": "high"}
        if words.tag:
            headers["topic"] = topic_of(words.tag)
        return Request(  # noqa: S310 - the address is checked by check_endpoint
            subscription.endpoint, data=sealed.encrypted, headers=headers, method="POST"
        )


def payload_of(words: Rendered) -> bytes:
    """Return what the service worker reads (`static/js/sw.js`): JSON of at most `MAX_PAYLOAD` bytes, the text cut."""
    body = words.text[:MAX_PAYLOAD]
    data = {"title": words.subject[:MAX_TITLE], "body": body, "url": words.url, "tag": words.tag}
    while len(payload := json.dumps(data, ensure_ascii=False).encode(errors="replace")) > MAX_PAYLOAD:
        if not body:
            raise ValueError("the address or the tag of a push is too long")
        body = body[: len(body) * 9 // 10]
        data["body"] = body and f"{body.rstrip()}…"
    return payload


def topic_of(tag: str) -> str:
    """Return the name under which a push service lets a newer push replace one still waiting: 32 characters at most."""
    return to_base64url(hashlib.sha256(tag.encode()).digest())[:32]
