"""The address of an application's page: nothing in the database opens it (REG-2).

It is the application's number with an HMAC-SHA-256 (130 bits) of it. The key is that of the invitations; the purpose
in the text keeps the two apart.
"""

import hmac
from base64 import b32encode
from hashlib import sha256

from django.conf import settings
from django.urls import reverse

_LENGTH = 26


def make_token(application_id: int) -> str:
    """Return what stands in the address, e.g. `17-k3m…`."""
    return f"{application_id}-{_proof(settings.INVITATION_KEY, application_id)}"


def read_token(token: str) -> int | None:
    """Return the application's number; None for a forged or mistyped token."""
    number, separator, proof = token.strip().lower().partition("-")
    if not separator or not (number.isascii() and number.isdigit()) or len(number) > 18 or not proof.isascii():
        return None
    keys = (settings.INVITATION_KEY, *settings.INVITATION_KEY_FALLBACKS)
    genuine = any(hmac.compare_digest(proof, _proof(key, int(number))) for key in keys)
    return int(number) if genuine else None


def status_path(application_id: int) -> str:
    """Return the path of the application's page."""
    return reverse("registration:status", kwargs={"token": make_token(application_id)})


def _proof(key: str, application_id: int) -> str:
    digest = hmac.new(key.encode(), f"registration:{application_id}".encode(), sha256).digest()
    return b32encode(digest).decode().lower()[:_LENGTH]
