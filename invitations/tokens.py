"""Tokens and personal codes: nothing in the database opens a link (INV-11).

A token is the invitation's id with an HMAC-SHA-256 (130 bits) of its id and generation under `INVITATION_KEY`; a
personal code is the same with a shorter proof (34 bits) for typing, guarded by a limit on failures. The code's
alphabet holds only characters that look the same on the Latin and the Cyrillic keyboard: a parent types it on either.
"""

import hmac
from base64 import b32encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from django.conf import settings

ALPHABET = "023456789ABCEHKMPTXY"
_CYRILLIC = str.maketrans("АВСЕНКМРТХУОЗ", "ABCEHKMPTXY03")
_LATIN = str.maketrans({"O": "0", "Z": "2"})
_CODE_MAC_LENGTH = 8
_CODE_ID_LENGTH = 4
_TOKEN_MAC_LENGTH = 26
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Claim:
    """What somebody presents: an id and the proof that they were given it."""

    invitation_id: int
    proof: str
    purpose: str

    def generation(self, generations: Iterable[int]) -> int | None:
        """Return which of `generations` the proof belongs to, or None for a forged or mistyped one."""
        for generation in generations:
            for key in (settings.INVITATION_KEY, *settings.INVITATION_KEY_FALLBACKS):
                if hmac.compare_digest(self.proof, _proof(key, self.purpose, self.invitation_id, generation)):
                    return generation
        return None


def make_token(invitation_id: int, generation: int) -> str:
    """Return the token that stands in the address of a link, e.g. `1f-k3m…` (letters, digits, one hyphen)."""
    return f"{_to_base(invitation_id, _DIGITS)}-{_proof(settings.INVITATION_KEY, 'link', invitation_id, generation)}"


def make_code(invitation_id: int, generation: int) -> str:
    """Return the code for typing in groups of four, e.g. `0005-H7K2-9XPT`."""
    number = _to_base(invitation_id, ALPHABET).rjust(_CODE_ID_LENGTH, ALPHABET[0])
    plain = number + _proof(settings.INVITATION_KEY, "code", invitation_id, generation)
    return "-".join(plain[start : start + 4] for start in range(0, len(plain), 4))


def read(text: str) -> Claim | None:
    """Read a token or a typed code; None for what cannot be either. Cyrillic letters, spaces, case do not matter."""
    return _read_token(text.strip().lower()) or _read_code(text)


def _read_token(text: str) -> Claim | None:
    number, separator, proof = text.partition("-")
    if not separator or len(proof) != _TOKEN_MAC_LENGTH or not proof.isascii() or not 0 < len(number) <= 12:
        return None
    if any(char not in _DIGITS for char in number):
        return None
    return _claim(int(number, 36), proof, "link")


def _read_code(text: str) -> Claim | None:
    plain = "".join(char for char in text if char.isalnum()).upper().translate(_CYRILLIC).translate(_LATIN)
    if not _CODE_ID_LENGTH + _CODE_MAC_LENGTH <= len(plain) <= 24 or any(char not in ALPHABET for char in plain):
        return None
    number = 0
    for char in plain[:-_CODE_MAC_LENGTH]:
        number = number * len(ALPHABET) + ALPHABET.index(char)
    return _claim(number, plain[-_CODE_MAC_LENGTH:], "code")


def _claim(number: int, proof: str, purpose: str) -> Claim | None:
    return Claim(number, proof, purpose) if 0 < number < 2**63 else None


def _proof(key: str, purpose: str, invitation_id: int, generation: int) -> str:
    digest = hmac.new(key.encode(), f"{purpose}:{invitation_id}:{generation}".encode(), sha256).digest()
    if purpose == "link":
        return b32encode(digest).decode().lower()[:_TOKEN_MAC_LENGTH]
    return _to_base(int.from_bytes(digest, "big"), ALPHABET)[-_CODE_MAC_LENGTH:]


def _to_base(number: int, digits: str) -> str:
    text = ""
    while number:
        number, rest = divmod(number, len(digits))
        text = digits[rest] + text
    return text or digits[0]
