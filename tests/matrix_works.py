"""The permission matrix of long work, and what its addresses point at (tests/matrix_rows.py says how).

The work: a roster was brought in; its time to be undone is over.
"""

from __future__ import annotations

from typing import Any

from tests.world import School
from works.models import State, Work

PREFIXES = ("works:", "api_work")

TABLE = """
GET    works:detail                       302 404 404 404 404 404 404 200 404
POST   works:cancel                       302 404 404 404 404 404 404 302 404
GET    works:undo                         302 404 404 404 404 404 404 200 404
POST   works:undo                         302 404 404 404 404 404 404 200 404
GET    api_works                          401 404 200 200 200 200 200 200 404
GET    api_work                           401 404 404 404 404 404 404 200 404
POST   api_work_cancel                    401 404 404 404 404 404 404 409 404
GET    api_work_obstacles                 401 404 404 404 404 404 404 200 404
POST   api_work_undo                      401 404 404 404 404 404 404 409 404
"""


class Things:
    """What the routes of long work are about, in school a."""

    def __init__(self, school: School) -> None:
        self.work = Work.objects.create(
            organization=school.organization,
            kind="roster_import",
            state=State.DONE,
            parameters={"load": 1},
            started_by=school.people["administrator"],
        )

    def value(self, name: str, route: str) -> Any:
        """What the parameter `name` of the route's address names."""
        return {"pk": self.work.pk}[name]
