"""Work of the kind «trial» in the two schools."""

from __future__ import annotations

from typing import Any

import pytest

from tests.world import School, World
from works.models import Work
from works.services import running


@pytest.fixture(autouse=True)
def trial_kind(settings: Any) -> None:
    """The only kind of work there is."""
    settings.WORK_KINDS = {"trial": "tests.works.kinds.TRIAL"}


def begun(school: School, **parameters: Any) -> Work:
    """A trial that waits in `school`."""
    values = {"unit": school.units["5А"].pk, "names": ["Новиков Нил", "Носов Нестор"], **parameters}
    return running.start(actor=school.actor("administrator"), kind="trial", parameters=values)


def finished(school: School, **parameters: Any) -> Work:
    """A trial that was done in `school`."""
    work = begun(school, **parameters)
    running.run(work.pk)
    work.refresh_from_db()
    return work


@pytest.fixture
def school(world: World) -> School:
    return world.a
