"""Secrets of the embedded mode: made once, kept beside the database, readable by the owner only."""

import os
import secrets
from pathlib import Path


def load_or_create_secret(directory: Path, name: str, size: int = 50) -> str:
    """Return the secret `name` kept in `directory`, making it (`size` random bytes, URL-safe) on the first call.

    Two processes that start together agree: the file is created exclusively, the loser reads the winner's.
    """
    folder = directory / "secrets"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / name.lower()
    temporary = folder / f".{name.lower()}.{os.getpid()}.{secrets.token_hex(4)}"
    if not path.exists():
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(size))
        try:
            os.link(temporary, path)
        except FileExistsError:
            pass
        finally:
            temporary.unlink()
    return path.read_text()
