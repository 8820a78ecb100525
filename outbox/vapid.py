"""The platform's own key towards push services (VAPID): they take pushes for a subscription from its holder only."""

from functools import lru_cache

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.core.exceptions import ImproperlyConfigured

from common.encoding import from_base64url, to_base64url

KEY_BYTES = 32


def make_keys() -> tuple[str, str]:
    """Return a new private key as `VAPID_PRIVATE_KEY` takes it, and its public half."""
    number = ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value
    private = to_base64url(number.to_bytes(KEY_BYTES, "big"))
    return private, public_key_of(private)


def public_key_of(private: str) -> str:
    """Return the public half in the form browsers subscribe with. Raises `ImproperlyConfigured`."""
    point = load_key(private).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return to_base64url(point)


def pem_of(private: str) -> tuple[bytes, bytes]:
    """Return both halves as PEM. Raises `ImproperlyConfigured`."""
    key = load_key(private)
    return (
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    )


@lru_cache(maxsize=8)
def load_key(private: str) -> ec.EllipticCurvePrivateKey:
    """Return the key; raises `ImproperlyConfigured` when `private` is not one."""
    try:
        data = from_base64url(private)
        if len(data) != KEY_BYTES:
            raise ValueError("of another length")
        return ec.derive_private_key(int.from_bytes(data, "big"), ec.SECP256R1())
    except ValueError as error:
        text = "VAPID_PRIVATE_KEY is not a key: make one with «manage.py make_vapid_keys»"
        raise ImproperlyConfigured(text) from error
