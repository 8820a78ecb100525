"""Secret addresses of calendars: nothing in the database opens one (CHAN-6).

A token is the number of the `CalendarAddress` with an HMAC-SHA-256 (130 bits) of the number and its generation under
a key made from `SECRET_KEY`; the next generation, or a new key without the old one among the fallbacks, kills it.
"""

import hmac
from base64 import b32encode
from dataclasses import dataclass

from django.conf import settings
from django.utils.crypto import salted_hmac

from meetings.models import CalendarAddress

_DIGITS = "0123456789"
_MOST_DIGITS = 19
_PROOF_LENGTH = 26
_SALT = "meetings.calendar"


@dataclass(frozen=True)
class Claim:
    """What a calendar presents: which address, and the proof that it was given it."""

    address_id: int
    proof: str

    def holds_for(self, address: CalendarAddress) -> bool:
        """Tell whether the proof belongs to the present generation of `address`."""
        keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
        return any(hmac.compare_digest(self.proof, _proof(key, address.pk, address.generation)) for key in keys)


def make_token(address: CalendarAddress) -> str:
    """Return what stands in the address, e.g. `15-k3m…` (letters, digits, one hyphen)."""
    return f"{address.pk}-{_proof(settings.SECRET_KEY, address.pk, address.generation)}"


def read(token: str) -> Claim | None:
    """Read a token; None for what cannot be one."""
    number, _hyphen, proof = token.partition("-")
    if len(proof) != _PROOF_LENGTH or not proof.isascii() or not 0 < len(number) <= _MOST_DIGITS:
        return None
    if any(char not in _DIGITS for char in number):
        return None
    return Claim(int(number), proof) if 0 < int(number) < 2**63 else None


def _proof(key: str, address_id: int, generation: int) -> str:
    digest = salted_hmac(_SALT, f"{address_id}:{generation}", secret=key, algorithm="sha256").digest()
    return b32encode(digest).decode().lower()[:_PROOF_LENGTH]
