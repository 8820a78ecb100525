import pytest

from tests.world import School, World


@pytest.fixture
def school(world: World) -> School:
    return world.a
