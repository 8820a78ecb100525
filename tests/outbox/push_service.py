"""A push service of a browser vendor, played on this machine, and a browser that can read what comes.

Encryption is undone by the standard's own steps (RFC 8291, RFC 8188), without the library that did it.
"""

import hashlib
import hmac
import http.server
import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from common.encoding import from_base64url, to_base64url
from outbox.push import Subscription

CURVE = ec.SECP256R1()


class Browser:
    """The keys of one subscription."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(CURVE)
        self.secret = os.urandom(16)

    @property
    def public(self) -> bytes:
        return self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def subscribe(self, endpoint: str) -> Subscription:
        return Subscription(endpoint, to_base64url(self.public), to_base64url(self.secret))

    def read(self, body: bytes) -> dict[str, Any]:
        """Decrypt what the service would hand to the browser."""
        salt, record_size, length = body[:16], int.from_bytes(body[16:20], "big"), body[20]
        sender, sealed = body[21 : 21 + length], body[21 + length :]
        assert len(sealed) <= record_size
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, sender))
        material = _expand(_mac(self.secret, shared), b"WebPush: info\0" + self.public + sender, 32)
        seed = _mac(salt, material)
        key, nonce = (
            _expand(seed, b"Content-Encoding: aes128gcm\0", 16),
            _expand(seed, b"Content-Encoding: nonce\0", 12),
        )
        plain = AESGCM(key).decrypt(nonce, sealed, None)
        text, end = plain.rstrip(b"\0")[:-1], plain.rstrip(b"\0")[-1:]
        assert end == b"\2"
        return json.loads(text)


def _mac(key: bytes, data: bytes) -> bytes:
    return hmac.new(key, data, hashlib.sha256).digest()


def _expand(key: bytes, info: bytes, length: int) -> bytes:
    return _mac(key, info + b"\1")[:length]


def claims_of(authorization: str) -> tuple[dict[str, Any], str]:
    """Check the signature of a `vapid` header; return what it claims and the public key it names."""
    scheme, _space, parameters = authorization.partition(" ")
    assert scheme.lower() == "vapid"
    named = dict(part.strip().split("=", 1) for part in parameters.split(","))
    signed, _dot, signature = named["t"].rpartition(".")
    raw = from_base64url(signature)
    pair = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, from_base64url(named["k"]))
    key.verify(pair, signed.encode(), ec.ECDSA(hashes.SHA256()))
    head, claims = (json.loads(from_base64url(part)) for part in signed.split("."))
    assert head["alg"] == "ES256"
    return claims, named["k"]


@dataclass
class PushService:
    """What it answers with, and what it was given."""

    url: str = ""
    status: int = 201
    delay: float = 0
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    most_at_once: int = 0


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    # Of several that knock at once none is turned away.
    request_queue_size = 64


@contextmanager
def running_push_service() -> Iterator[PushService]:
    """A push service on a port of this machine, for as long as the block lasts."""
    service, lock, inside = PushService(), threading.Lock(), [0]

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with lock:
                inside[0] += 1
                service.most_at_once = max(service.most_at_once, inside[0])
                service.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            time.sleep(service.delay)
            with lock:
                inside[0] -= 1
            self.send_response(service.status)
            if 300 <= service.status < 400:
                self.send_header("Location", f"{service.url}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            return None

        def handle(self) -> None:
            try:
                super().handle()
            except ConnectionError:
                return  # the sender has waited long enough

    with _Server(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.005}, daemon=True)
        thread.start()
        service.url = f"http://127.0.0.1:{server.server_port}"
        yield service
        server.shutdown()
        thread.join()
