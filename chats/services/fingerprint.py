"""Fingerprints of messages: they tell that somebody sent the same words again, and nothing else (STAT-5).

The statistics mark repeated messages without reading any. Without the key a fingerprint cannot be compared with words
somebody guesses, and equal words of two people have different ones: who copied whom is nobody's business.
"""

from functools import lru_cache
from hashlib import blake2b

from django.conf import settings
from django.utils.crypto import salted_hmac

from common.text import normalise

# «Спасибо!» and «Хорошо, завтра будем» are said many times a day by everybody.
SHORTEST = 20
_SALT = "chats.fingerprint"


def fingerprint(author_id: int, text: str) -> int:
    """Return the fingerprint of `text` by that author: 1 to 2**63 - 1, or 0 under 20 characters. No query.

    Case, ё, white space and signs nobody sees make no difference. It changes with `SECRET_KEY`, which harms nothing:
    only messages of one day are compared.
    """
    words = normalise(text)
    if len(words) < SHORTEST:
        return 0
    digest = blake2b(f"{author_id}:{words}".encode(), digest_size=8, key=_key(settings.SECRET_KEY)).digest()
    return (int.from_bytes(digest) >> 1) or 1


@lru_cache(maxsize=2)
def _key(secret: str) -> bytes:
    return salted_hmac(_SALT, "", secret=secret, algorithm="sha256").digest()
