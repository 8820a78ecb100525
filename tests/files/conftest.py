"""Where files lie in these tests."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def on_disk(settings: Any, tmp_path: Path) -> Path:
    """The store on a disk, as it is outside the tests (elsewhere they keep files in memory)."""
    store = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = settings.STORAGES | {"default": store}
    return tmp_path
