"""Secrets that must be read again are stored encrypted; the key is not in the database."""

import base64
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def seal(text: str, *, keys: Sequence[str], purpose: str) -> str:
    """Return `text` encrypted under the first of `keys`; what is sealed for one purpose opens for no other."""
    return _box(keys, purpose).encrypt(text.encode()).decode() if text else ""


def unseal(sealed: str, *, keys: Sequence[str], purpose: str) -> str:
    """Return what `seal` was given, trying each of `keys`; empty when none of them fits (the key was changed)."""
    if not sealed:
        return ""
    try:
        return _box(keys, purpose).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return ""


def _box(keys: Sequence[str], purpose: str) -> MultiFernet:
    return MultiFernet([Fernet(_derive(key, purpose)) for key in keys])


def _derive(key: str, purpose: str) -> bytes:
    hkdf = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=purpose.encode())
    return base64.urlsafe_b64encode(hkdf.derive(key.encode()))
