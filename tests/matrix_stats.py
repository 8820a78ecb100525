"""The permission matrix of the statistics, and what their addresses point at (tests/matrix_rows.py says how)."""

from __future__ import annotations

from typing import Any

from tests.world import School

PREFIXES = ("stats:", "api_statistics", "api_curator")

TABLE = """
GET    stats:overview                     302 404 403 403 403 403 200 200 404
GET    stats:workbook                     302 404 403 403 403 403 200 200 404
GET    stats:sheet                        302 404 403 403 403 403 200 200 404
GET    stats:staff_report                 302 404 403 403 403 403 200 200 404
GET    stats:staff_report_xlsx            302 404 403 403 403 403 200 200 404
GET    stats:staff_report_csv             302 404 403 403 403 403 200 200 404
"""


class Things:
    """What the routes of the statistics are about, in school a."""

    def __init__(self, school: School) -> None:
        self.unit = school.units["5А"]

    def value(self, name: str, route: str) -> Any:
        """What the parameter `name` of the route's address names."""
        raise KeyError(f"{route}: {name}")
