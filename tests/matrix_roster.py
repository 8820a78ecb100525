"""The permission matrix of roster, and what their addresses point at (tests/matrix_rows.py says how).

The file: two students, checked, without errors.
"""

from __future__ import annotations

from typing import Any

from tests.roster.pages import checked, row
from tests.world import School

PREFIXES = (
    "roster:",
    "api_roster",
)

TABLE = """
GET    roster:home                        302 404 403 403 403 403 403 200 404
GET    roster:upload                      302 404 403 403 403 403 403 302 404
POST   roster:upload                      302 404 403 403 403 403 403 422 404
GET    roster:sample                      302 404 403 403 403 403 403 200 404
GET    roster:export                      302 404 403 403 403 403 403 200 404
GET    roster:load                        302 404 404 404 404 404 404 200 404
POST   roster:load                        302 404 404 404 404 404 404 200 404
GET    roster:check                       302 404 404 404 404 404 404 200 404
POST   roster:check                       302 404 404 404 404 404 404 302 404
POST   roster:missing                     302 404 404 404 404 404 404 302 404
GET    roster:bring_in                    302 404 404 404 404 404 404 302 404
POST   roster:bring_in                    302 404 404 404 404 404 404 302 404
GET    roster:replace                     302 404 404 404 404 404 404 302 404
POST   roster:replace                     302 404 404 404 404 404 404 422 404
GET    roster:errors                      302 404 404 404 404 404 404 200 404
GET    roster:discard                     302 404 404 404 404 404 404 200 404
POST   roster:discard                     302 404 404 404 404 404 404 200 404
GET    api_roster_loads                   401 404 403 403 403 403 403 200 404
POST   api_roster_loads                   401 404 403 403 403 403 403 400 404
GET    api_roster_load                    401 404 404 404 404 404 404 200 404
PATCH  api_roster_load                    401 404 404 404 404 404 404 200 404
DELETE api_roster_load                    401 404 404 404 404 404 404 204 404
GET    api_roster_load_rows               401 404 404 404 404 404 404 200 404
POST   api_roster_load_check              401 404 404 404 404 404 404 202 404
POST   api_roster_load_import             401 404 404 404 404 404 404 202 404
GET    api_roster_export                  401 404 403 403 403 403 403 200 404
"""


class Things:
    """What the routes of roster are about, in school a."""

    def __init__(self, school: School) -> None:
        self.school = school
        self.load = checked(school, [row(2, "new", "Иванов Иван Иванович"), row(3, "new", "Петрова Анна Ильинична")])

    def value(self, name: str, route: str) -> Any:
        """What the parameter `name` of the route's address names."""
        return {"pk": self.load.pk, "table": "roster", "form": "xlsx"}[name]
