"""The permission matrix of requests, and what their addresses point at (tests/matrix_rows.py says how).

The request: a parent of a child of 5А, who has no role yet. The member of staff: the leader of 5А.
"""

from __future__ import annotations

from typing import Any

from orgs.models import Role
from tests.invitations.applicants import ask
from tests.world import School

PREFIXES = (
    "invitations:request",
    "invitations:apply",
    "api_request",
    "api_verification",
    "api_join_rules",
)

TABLE = """
GET    invitations:requests                302 404 403 403 200 200 200 200 404
POST   invitations:request_bulk            302 404 403 403 302 302 302 302 404
GET    invitations:request_rules           302 404 403 403 403 403 403 200 404
POST   invitations:request_rules           302 404 403 403 403 403 403 422 404
GET    invitations:request_staff           302 404 403 403 403 403 403 200 404
GET    invitations:request_staff_withdraw  302 404 403 403 403 403 403 200 404
POST   invitations:request_staff_withdraw  302 404 403 403 403 403 403 422 404
POST   invitations:request_staff_confirm   302 404 403 403 403 403 403 302 404
GET    invitations:request_card            302 404 404 404 404 200 200 200 404
POST   invitations:request_accept          302 404 404 404 404 422 422 422 404
GET    invitations:request_reject          302 404 404 404 404 200 200 200 404
POST   invitations:request_reject          302 404 404 404 404 422 422 422 404
GET    invitations:apply                   200 200 200 200 200 200 200 200 200
POST   invitations:apply                   302 422 422 422 422 422 422 422 422
GET    invitations:apply_status            302 302 302 302 302 302 302 302 302
POST   invitations:apply_withdraw          302 404 404 404 404 404 404 404 404
GET    api_requests                        401 404 403 403 200 200 200 200 404
POST   api_requests_answers                401 404 403 403 400 400 400 400 404
GET    api_request                         401 404 404 404 404 200 200 200 404
POST   api_request_accept                  401 404 404 404 404 200 200 200 404
POST   api_request_reject                  401 404 404 404 404 400 400 400 404
GET    api_requests_own                    401 200 200 200 200 200 200 200 200
POST   api_requests_own                    401 400 400 400 400 400 400 400 400
POST   api_request_own_withdraw            401 404 404 404 404 404 404 404 404
GET    api_join_rules                      401 404 403 403 403 403 403 200 404
PATCH  api_join_rules                      401 404 403 403 403 403 403 200 404
GET    api_verification                    401 404 403 403 403 403 403 200 404
POST   api_verification_withdraw           401 404 403 403 403 403 403 400 404
POST   api_verification_confirm            401 404 403 403 403 403 403 409 404
"""


class Things:
    """What the routes of requests are about, in school a."""

    def __init__(self, school: School) -> None:
        self.school = school
        self.request = ask(school, Role.PARENT, "Зайцева Злата", unit="5А", child_name="Зайцева Зоя")

    def value(self, name: str, route: str) -> Any:
        """What the parameter `name` of the route's address names."""
        is_about_staff = "staff" in route or "verification" in route
        return {"pk": self.school.people["leader"].pk if is_about_staff else self.request.pk}[name]
