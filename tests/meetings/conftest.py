"""School a, in which events are planned; and what happens after a commit."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

import pytest

from tests.world import School, World

Commit = Callable[[], AbstractContextManager[Any]]


@pytest.fixture
def school(world: World) -> School:
    return world.a


@pytest.fixture
def commit(django_capture_on_commit_callbacks: Any) -> Commit:
    """`with commit():` what is enqueued there is sent at its end."""
    return partial(django_capture_on_commit_callbacks, execute=True)
