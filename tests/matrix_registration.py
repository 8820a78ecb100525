"""The permission matrix of registration, and what their addresses point at (tests/matrix_rows.py says how).

The application: submitted. The deletion of school a is asked for, so that there is one to be seen and cancelled.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from registration.models import Application
from registration.services.deleting import plan_deletion
from registration.tokens import make_token
from tests.registration.cast import application
from tests.world import School

PREFIXES = (
    "registration:",
    "api_registration",
    "api_deletion",
)

TABLE = """
GET    registration:apply                       200 200 200 200 200 200 200 200 200
POST   registration:apply                       422 422 422 422 422 422 422 422 422
GET    registration:status                      200 200 200 200 200 200 200 200 200
POST   registration:status                      422 422 422 422 422 422 422 422 422
GET    registration:withdraw                    200 200 200 200 200 200 200 200 200
POST   registration:withdraw                    302 302 302 302 302 302 302 302 302
GET    registration:order                       200 200 200 200 200 200 200 200 200
GET    registration:delete                      302 404 403 403 403 403 200 200 404
POST   registration:delete                      302 404 403 403 403 403 403 422 404
POST   registration:delete_cancel               302 404 403 403 403 403 403 302 404
GET    api_registration_applications            401 403 403 403 403 403 403 403 200
GET    api_registration_application             401 403 403 403 403 403 403 403 200
GET    api_registration_application_order       401 403 403 403 403 403 403 403 200
POST   api_registration_application_review      401 403 403 403 403 403 403 403 400
POST   api_registration_application_approve     401 403 403 403 403 403 403 403 400
POST   api_registration_application_return      401 403 403 403 403 403 403 403 400
POST   api_registration_application_reject      401 403 403 403 403 403 403 403 400
GET    api_registration_status                  200 200 200 200 200 200 200 200 200
GET    api_deletion                             401 404 403 403 403 403 200 200 404
POST   api_deletion                             401 404 403 403 403 403 403 400 404
DELETE api_deletion                             401 404 403 403 403 403 403 204 404
"""


class Things:
    """What the routes of registration are about, in school a."""

    def __init__(self, school: School) -> None:
        self.school = school
        plan_deletion(actor=school.actor("administrator"), typed_name=school.organization.short_name)

    @cached_property
    def application(self) -> Application:
        return application()

    def value(self, name: str, route: str) -> Any:
        """What the parameter `name` of the route's address names."""
        if name == "pk":
            return self.application.pk
        if name == "token":
            return make_token(self.application.pk)
        raise KeyError(name)
