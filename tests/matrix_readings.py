"""The permission matrix of required reading, and what its addresses point at (tests/matrix_rows.py says how).

The reading: given out by the leader of 5А to the parents and the student of that class.
"""

from __future__ import annotations

from typing import Any

from orgs.models import Audience
from readings.models import Reading
from readings.services.giving import ReadingData, give_out
from tests.world import School

PREFIXES = ("readings:", "api_reading")

TABLE = """
GET    readings:mine            302 404 200 200 200 200 200 200 404
GET    readings:given           302 404 403 403 200 200 200 200 404
GET    readings:detail          302 404 404 404 404 200 200 200 404
POST   readings:confirm         302 404 302 302 404 302 302 302 404
POST   readings:remind          302 404 404 404 404 302 302 302 404
GET    readings:deadline        302 404 404 404 404 200 200 200 404
POST   readings:deadline        302 404 404 404 404 302 302 302 404
POST   readings:close           302 404 404 404 404 302 302 302 404
POST   readings:reopen          302 404 404 404 404 302 302 302 404
POST   readings:note            302 404 404 404 404 302 302 302 404
POST   readings:unnote          302 404 404 404 404 302 302 302 404
GET    readings:sheet_pdf       302 404 404 404 404 200 200 200 404
GET    readings:sheet_xlsx      302 404 404 404 404 200 200 200 404
GET    api_readings             401 404 200 200 200 200 200 200 404
GET    api_readings_given       401 404 403 403 200 200 200 200 404
GET    api_reading              401 404 404 404 404 200 200 200 404
PATCH  api_reading              401 404 404 404 404 400 400 400 404
POST   api_reading_confirm      401 404 200 200 404 403 403 403 404
GET    api_reading_people       401 404 404 404 404 200 200 200 404
POST   api_reading_remind       401 404 404 404 404 200 200 200 404
POST   api_reading_close        401 404 404 404 404 200 200 200 404
POST   api_reading_reopen       401 404 404 404 404 200 200 200 404
PUT    api_reading_paper        401 404 404 404 404 200 200 200 404
DELETE api_reading_paper        401 404 404 404 404 204 204 204 404
"""


class Things:
    """What the routes of required reading are about, in school a."""

    def __init__(self, school: School) -> None:
        unit = school.units["5А"].pk
        circles = [(str(Audience.PARENTS), unit), (str(Audience.STUDENTS), unit)]
        data = ReadingData("Правила экскурсии", "documents/1/", "ab" * 32, circles)
        self.reading: Reading = give_out(actor=school.actor("leader"), data=data)
        self.person_id = school.people["parent"].pk

    def value(self, name: str, route: str) -> Any:
        """What the parameter `name` of the route's address names."""
        return {"reading_id": self.reading.pk, "pk": self.reading.pk}.get(name, self.person_id)
