"""SMS through a gateway that takes JSON over HTTPS."""

import json
from urllib.parse import urlsplit
from urllib.request import Request

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from outbox.adapters.base import Connectionless, post
from outbox.rendering import Rendered

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class SmsGateway(Connectionless):
    """POSTs `{"to": "+7…", "text": "…"}` with the bearer token of the settings."""

    def send(self, recipient: str, words: Rendered) -> None:
        """Hand one SMS over; raises `OSError` (with HTTP errors) when the gateway did not take it."""
        request = Request(  # noqa: S310 - the scheme is checked by gateway_url
            gateway_url(),
            data=json.dumps({"to": recipient, "text": words.text}).encode(),
            headers={
                "Content-Type": "application/json; charset=utf-8",
                "Authorization": f"Bearer {settings.SMS_GATEWAY_TOKEN}",
            },
            method="POST",
        )
        post(request)


def gateway_url() -> str:
    """Return the gateway's address; raises `ImproperlyConfigured` unless it is HTTPS or on this very machine."""
    url = urlsplit(settings.SMS_GATEWAY_URL)
    if url.scheme == "https" or (url.scheme == "http" and url.hostname in _LOOPBACK):
        return settings.SMS_GATEWAY_URL
    raise ImproperlyConfigured("SMS_GATEWAY_URL must start with https:// (http:// only for this machine)")
