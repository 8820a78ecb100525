"""The SMS gateway of the stand: takes what the platform sends and remembers it."""

from __future__ import annotations

import http.server
import json
import re
import threading
import time
from dataclasses import dataclass


@dataclass(frozen=True)
class Sms:
    """One SMS, and when it came."""

    to: str
    text: str
    at: float


class Gateway:
    """Listens on a port of this machine; `token` is what the platform has to show."""

    def __init__(self, port: int, token: str) -> None:
        self.url = f"http://127.0.0.1:{port}/send"
        self.taken: list[Sms] = []
        gateway = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                is_ours = self.headers["Authorization"] == f"Bearer {token}"
                if is_ours:
                    gateway.taken.append(Sms(body["to"], body["text"], time.monotonic()))
                self.send_response(200 if is_ours else 403)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_args: object) -> None:
                return None

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def codes(self, phone: str) -> list[str]:
        """Every code that came for `phone`, in the order in which they came."""
        found = [re.search(r"\b\d{6}\b", sms.text) for sms in list(self.taken) if sms.to == phone]
        return [match[0] for match in found if match]

    def wait_for_code(self, phone: str, known: int = 0, seconds: float = 30) -> str:
        """The newest code for `phone` once more than `known` have come."""
        deadline = time.monotonic() + seconds
        while len(codes := self.codes(phone)) <= known:
            assert time.monotonic() < deadline, f"no code came for {phone}"
            time.sleep(0.05)
        return codes[-1]

    def stop(self) -> None:
        """Listen no longer."""
        self.server.shutdown()
        self.server.server_close()
