"""The permission matrix of the statistics, and what their addresses point at (tests/matrix_rows.py says how)."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from stats.services.access import appoint_curator
from tests.world import School

PREFIXES = ("stats:", "api_statistics", "api_curator")

TABLE = """
GET    stats:overview                     302 404 403 403 403 403 200 200 404
GET    stats:figure                       302 404 403 403 403 403 200 200 404
GET    stats:remind                       302 404 403 403 403 403 200 200 404
POST   stats:remind                       302 404 403 403 403 403 302 302 404
GET    stats:unit                         302 404 403 403 403 403 200 200 404
GET    stats:settings                     302 404 403 403 403 403 200 200 404
POST   stats:settings                     302 404 403 403 403 403 422 422 404
GET    stats:workbook                     302 404 403 403 403 403 200 200 404
GET    stats:sheet                        302 404 403 403 403 403 200 200 404
GET    stats:staff_report                 302 404 403 403 403 403 200 200 404
GET    stats:staff_report_xlsx            302 404 403 403 403 403 200 200 404
GET    stats:staff_report_csv             302 404 403 403 403 403 200 200 404
GET    stats:access                       302 404 403 403 403 403 200 200 404
POST   stats:access_grant                 302 404 403 403 403 403 302 403 404
POST   stats:access_revoke                302 404 403 403 403 403 302 403 404
POST   stats:access_administrators        302 404 403 403 403 403 302 403 404
GET    stats:curator                      302 404 404 404 404 404 404 404 404
GET    stats:curator_export               302 404 404 404 404 404 404 404 404
GET    stats:curator_organization         302 404 404 404 404 404 404 404 200
GET    api_statistics                     401 404 403 403 403 403 200 200 404
GET    api_statistics_catalogue           401 404 403 403 403 403 200 200 404
GET    api_statistics_trend               401 404 403 403 403 403 200 200 404
GET    api_statistics_units               401 404 403 403 403 403 200 200 404
GET    api_statistics_funnel              401 404 403 403 403 403 200 200 404
GET    api_statistics_attention           401 404 403 403 403 403 200 200 404
GET    api_statistics_staff_report        401 404 403 403 403 403 200 200 404
GET    api_statistics_figure              401 404 403 403 403 403 200 200 404
GET    api_statistics_people              401 404 403 403 403 403 200 200 404
POST   api_statistics_remind              401 404 403 403 403 403 200 200 404
GET    api_statistics_rules               401 404 403 403 403 403 200 200 404
PUT    api_statistics_rules               401 404 403 403 403 403 200 200 404
GET    api_statistics_norms               401 404 403 403 403 403 200 200 404
PUT    api_statistics_norms               401 404 403 403 403 403 400 400 404
GET    api_statistics_access              401 404 403 403 403 403 200 200 404
PUT    api_statistics_access              401 404 403 403 403 403 400 403 404
POST   api_statistics_access_grant        401 404 403 403 403 403 400 403 404
POST   api_statistics_access_revoke       401 404 403 403 403 403 400 403 404
GET    api_curator_organizations          401 404 404 404 404 404 404 404 404
GET    api_curator_organization           401 404 404 404 404 404 404 404 200
"""


class Things:
    """What the routes of the statistics are about, in school a."""

    def __init__(self, school: School) -> None:
        self.unit = school.units["5А"]
        # Who runs the platform curates the school: sums, and still nothing inside it.
        operator = User.objects.filter(is_superuser=True).latest("id")
        appoint_curator(user=operator, organization=school.organization, authority="Управление образования")

    def value(self, name: str, route: str) -> Any:
        """What the parameter `name` of the route's address names."""
        values = {"key": "staff_active", "unit_id": self.unit.pk}
        if name not in values:
            raise KeyError(f"{route}: {name}")
        return values[name]
