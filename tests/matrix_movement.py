"""The permission matrix of movement, and what their addresses point at (tests/matrix_rows.py says how)."""

from __future__ import annotations

from typing import Any

from movement.models import NoticeKind
from movement.services.notices import send_back
from orgs.models import Enrolment
from tests.movement.cast import consent_of, notice_of
from tests.world import School

PREFIXES = (
    "movement:",
    "api_movement",
    "api_notice",
    "api_hygiene",
    "api_merge",
    "api_year",
    "api_consent",
)

TABLE = """
GET    movement:home                      302 404 403 403 403 403 200 200 404
GET    movement:export                    302 404 403 403 403 403 200 200 404
GET    movement:move                      302 404 403 403 403 403 403 200 404
POST   movement:move                      302 404 403 403 403 403 403 302 404
GET    movement:notices                   302 404 403 403 403 403 200 200 404
GET    movement:notice_new                302 404 403 403 403 403 200 200 404
POST   movement:notice_new                302 404 403 403 403 403 422 422 404
GET    movement:notice                    302 404 404 404 404 404 200 200 404
GET    movement:notice_change             302 404 404 404 404 404 200 403 404
POST   movement:notice_change             302 404 404 404 404 404 422 403 404
POST   movement:notice_carry_out          302 404 404 404 404 404 403 302 404
POST   movement:notice_done               302 404 404 404 404 404 403 302 404
POST   movement:notice_return             302 404 404 404 404 404 403 422 404
POST   movement:notice_withdraw           302 404 404 404 404 404 302 403 404
GET    movement:consents                  302 404 403 403 403 200 200 200 404
GET    movement:consents_export           302 404 403 403 403 200 200 200 404
GET    movement:my_consents               302 404 403 200 403 403 403 403 404
POST   movement:my_consents               302 404 403 403 403 403 403 403 404
GET    movement:consent                   302 404 403 403 403 200 200 200 404
POST   movement:consent                   302 404 403 403 403 422 403 422 404
GET    movement:consents_of_unit          302 404 403 403 403 200 403 200 404
POST   movement:consents_of_unit          302 404 403 403 403 422 403 422 404
GET    movement:consents_paper            302 404 403 403 403 200 200 200 404
POST   movement:consent_take_back         302 404 403 403 403 302 403 302 404
GET    api_movements                      401 404 403 403 403 403 200 200 404
POST   api_movements                      401 404 403 403 403 403 403 400 404
POST   api_movement_preview               401 404 403 403 403 403 403 400 404
GET    api_notices                        401 404 403 403 403 403 200 200 404
POST   api_notices                        401 404 403 403 403 403 400 400 404
GET    api_notice                         401 404 404 404 404 404 200 200 404
PUT    api_notice                         401 404 404 404 404 404 400 403 404
POST   api_notice_carry_out               401 404 404 404 404 404 403 200 404
POST   api_notice_done                    401 404 404 404 404 404 403 200 404
POST   api_notice_return                  401 404 404 404 404 404 403 400 404
POST   api_notice_withdraw                401 404 404 404 404 404 200 403 404
GET    api_consents                       401 404 403 403 403 200 200 200 404
GET    api_consent_child                  401 404 403 403 403 200 200 200 404
POST   api_consent_child                  401 404 403 403 403 400 403 400 404
POST   api_consent_own                    401 404 403 400 404 403 403 403 404
POST   api_consents_unit                  401 404 403 403 403 400 403 400 404
GET    movement:hygiene                   302 404 403 403 403 403 403 200 404
POST   movement:hygiene_dismiss           302 404 403 403 403 403 403 302 404
POST   movement:hygiene_fix               302 404 403 403 403 403 403 302 404
GET    movement:merge                     302 404 403 403 403 403 403 200 404
POST   movement:merge                     302 404 403 403 403 403 403 200 404
GET    movement:year                      302 404 403 403 403 403 403 200 404
POST   movement:year                      302 404 403 403 403 403 403 422 404
GET    movement:year_units                302 404 403 403 403 403 403 200 404
POST   movement:year_units                302 404 403 403 403 403 403 302 404
GET    movement:year_people               302 404 403 403 403 403 403 200 404
POST   movement:year_people               302 404 403 403 403 403 403 200 404
GET    movement:year_check                302 404 403 403 403 403 403 200 404
POST   movement:year_check                302 404 403 403 403 403 403 302 404
POST   movement:year_drop                 302 404 403 403 403 403 403 302 404
GET    api_hygiene                        401 404 403 403 403 403 403 200 404
POST   api_hygiene_dismiss                401 404 403 403 403 403 403 400 404
POST   api_hygiene_restore                401 404 403 403 403 403 403 400 404
GET    api_merges                         401 404 403 403 403 403 403 200 404
POST   api_merges                         401 404 403 403 403 403 403 400 404
GET    api_year                           401 404 403 403 403 403 403 200 404
PATCH  api_year                           401 404 403 403 403 403 403 200 404
DELETE api_year                           401 404 403 403 403 403 403 204 404
GET    api_year_preview                   401 404 403 403 403 403 403 200 404
POST   api_year_start                     401 404 403 403 403 403 403 202 404
"""


class Things:
    """What the routes of movement are about, in school a."""

    def __init__(self, school: School) -> None:
        self.school = school
        # Also in a test that looks from an earlier day than the world was made on.
        day = Enrolment.objects.filter(organization=school.organization).latest("since").since
        self.notice = notice_of(school, day=day)
        self.returned = notice_of(school, NoticeKind.LEAVE, "classmate", day=day)
        send_back(actor=school.actor("administrator"), notice=self.returned, answer="Нужен приказ")
        self.consent = consent_of(school)

    def value(self, name: str, route: str) -> Any:
        """What the parameter `name` of the route's address names."""
        values = {
            "child_id": self.school.people["student"].pk,
            "child": self.school.people["student"].pk,
            "unit_id": self.school.units["5А"].pk,
            "unit": self.school.units["5А"].pk,
            "pk": self.notice.pk,
            "ending": "xlsx",
        }
        if route == "movement:consent_take_back":
            return self.consent.pk
        return self.returned.pk if route == "movement:notice_change" else values[name]
