"""The permission matrix of help, and what their addresses point at (tests/matrix_rows.py says how).

The request: of the parent of school a, with a file, passed on to the operator for the operator's routes.
"""

from __future__ import annotations

from functools import cached_property
from typing import Any

from support.models import HelpFile, HelpRequest
from tests.support.cast import passed_on, with_file
from tests.world import School

PREFIXES = ("support:", "api_help", "api_support")

TABLE = """
GET    support:guest_help                 200 200 200 200 200 200 200 200 200
GET    support:guest_guide                200 200 200 200 200 200 200 200 200
GET    support:picture                    200 200 200 200 200 200 200 200 200
GET    support:cannot_sign_in             200 200 200 200 200 200 200 200 200
POST   support:cannot_sign_in             422 422 422 422 422 422 422 422 422
GET    support:help                       302 404 200 200 200 200 200 200 404
GET    support:guide                      302 404 200 200 200 200 200 200 404
GET    support:requests                   302 404 200 200 200 200 200 200 404
GET    support:new                        302 404 200 200 200 200 200 200 404
POST   support:new                        302 404 422 422 422 422 422 422 404
GET    support:rules                      302 404 403 403 403 403 403 200 404
POST   support:rules                      302 404 403 403 403 403 403 422 404
GET    support:request                    302 404 404 200 404 404 404 200 404
POST   support:request                    302 404 404 422 404 404 404 422 404
POST   support:take                       302 404 404 403 404 404 404 302 404
POST   support:pass_on                    302 404 404 403 404 404 404 302 404
POST   support:close                      302 404 404 302 404 404 404 302 404
GET    support:file                       302 404 404 200 404 404 404 200 404
GET    api_help_requests                  401 404 200 200 200 200 200 200 404
POST   api_help_requests                  401 404 400 400 400 400 400 400 404
GET    api_help_request                   401 404 404 200 404 404 404 200 404
GET    api_help_request_file              401 404 404 200 404 404 404 200 404
POST   api_help_request_messages          401 404 404 400 404 404 404 403 404
POST   api_help_request_answer            401 404 404 403 404 404 404 400 404
POST   api_help_request_take              401 404 404 403 404 404 404 200 404
POST   api_help_request_pass_on           401 404 404 403 404 404 404 400 404
POST   api_help_request_close             401 404 404 200 404 404 404 400 404
GET    api_help_rules                     401 404 200 200 200 200 200 200 404
PUT    api_help_rules                     401 404 403 403 403 403 403 400 404
GET    api_support_requests               401 403 403 403 403 403 403 403 200
GET    api_support_request                401 403 403 403 403 403 403 403 200
GET    api_support_request_file           401 403 403 403 403 403 403 403 200
POST   api_support_request_answer         401 403 403 403 403 403 403 403 400
POST   api_support_request_give_back      401 403 403 403 403 403 403 403 400
POST   api_support_request_close          401 403 403 403 403 403 403 403 400
"""


class Things:
    """What the routes of help are about, in school a."""

    def __init__(self, school: School) -> None:
        self.school = school
        self.request = with_file(school)

    @cached_property
    def passed_on(self) -> HelpRequest:
        return passed_on(self.school, with_file(self.school))

    def value(self, name: str, route: str) -> Any:
        """What the parameter `name` of the route's address names."""
        request = self.passed_on if route.startswith("api_support") else self.request
        if name == "file_id":
            return HelpFile.objects.get(entry__request=request).file_id
        return {"pk": request.pk, "guide": "guide-parent", "picture": "guide-requests.png"}[name]
