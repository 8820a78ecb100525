"""A school whose chats are switched on."""

import pytest

from tests.chats.cast import switch_on
from tests.world import School, World


@pytest.fixture
def school(world: World) -> School:
    """School a with every chat of the system."""
    switch_on(world.a)
    return world.a
