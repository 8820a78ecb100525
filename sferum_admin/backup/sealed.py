"""A file that opens with a passphrase only: AES-256-GCM in pieces, so that a large one needs no memory.

Layout: mark, salt (16), then for each piece its length (4) and its sealed bytes. The nonce of a piece is its number and
whether it is the last one (the STREAM construction): pieces cannot be cut off, left out or put in another order.
"""

import io
import os
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MARK = b"sealed-backup-1\n"
PIECE = 1 << 20
_TAG = 16


class WrongPassphrase(Exception):
    """The passphrase does not open the file, or the file was changed or cut off."""


def _cipher(passphrase: str, salt: bytes) -> AESGCM:
    # About 64 MB and a tenth of a second for each guess.
    return AESGCM(Scrypt(salt=salt, length=32, n=1 << 16, r=8, p=1).derive(passphrase.encode()))


def _nonce(number: int, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


class SealedWriter(io.RawIOBase):
    """Writes sealed pieces into `target`; `close` writes the last one and leaves `target` open."""

    def __init__(self, target: BinaryIO, passphrase: str) -> None:
        salt = os.urandom(16)
        self._target, self._cipher = target, _cipher(passphrase, salt)
        self._waiting, self._number = bytearray(), 0
        target.write(MARK + salt)

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._waiting += data
        while len(self._waiting) > PIECE:
            self._put(bytes(self._waiting[:PIECE]), is_last=False)
            del self._waiting[:PIECE]
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._put(bytes(self._waiting), is_last=True)
        super().close()

    def _put(self, plain: bytes, *, is_last: bool) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number, is_last), plain, None)
        self._target.write(len(sealed).to_bytes(4, "big") + sealed)
        self._number += 1


class SealedReader(io.RawIOBase):
    """Reads what `SealedWriter` wrote. Raises `WrongPassphrase`."""

    def __init__(self, source: BinaryIO, passphrase: str) -> None:
        self._source, self._cipher = source, _cipher(passphrase, source.read(16))
        self._plain, self._number, self._ended = b"", 0, False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        while not self._plain and not self._ended:
            self._plain = self._next()
        count = min(len(buffer), len(self._plain))
        buffer[:count], self._plain = self._plain[:count], self._plain[count:]
        return count

    def _next(self) -> bytes:
        length = int.from_bytes(self._source.read(4), "big")
        sealed = self._source.read(length) if _TAG <= length <= PIECE + _TAG else b""
        for is_last in (False, True):
            try:
                plain = self._cipher.decrypt(_nonce(self._number, is_last), sealed, None)
            except (InvalidTag, ValueError):
                continue
            self._number += 1
            self._ended = is_last
            return plain
        raise WrongPassphrase
