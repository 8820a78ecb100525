"""Addresses of links into chats: the row's id signed under the invitations' key; nothing stored opens one (INV-11)."""

from django.conf import settings
from django.core import signing

_SALT = "chats.link"


def make(link_id: int) -> str:
    """Return the token that stands in the address of the link."""
    return _signer(settings.INVITATION_KEY).sign(str(link_id)).replace(":", "-")


def read(token: str) -> int | None:
    """Return the id a token was made for; None for a forged one."""
    for key in (settings.INVITATION_KEY, *settings.INVITATION_KEY_FALLBACKS):
        try:
            return int(_signer(key).unsign(token.replace("-", ":", 1)))
        except (signing.BadSignature, ValueError):
            continue
    return None


def _signer(key: str) -> signing.Signer:
    return signing.Signer(key=key, salt=_SALT)
