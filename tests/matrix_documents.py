"""The permission matrix of documents, and what their addresses point at (tests/matrix_rows.py says how).

The document: order № 15 for the staff and for parents of 5А, published, with a draft of its next version. Drafts are
removed from it: what is published stays.
"""

from __future__ import annotations

from typing import Any

from documents.services.publishing import ReadingTerms
from orgs.models import Audience
from tests.documents.cast import STAFF, next_version, published
from tests.world import School

PREFIXES = ("documents:", "api_document")

TABLE = """
GET    documents:list                     302 404 200 200 200 200 200 200 404
GET    documents:export                   302 404 403 403 403 403 200 200 404
GET    documents:new                      302 404 403 403 403 403 200 200 404
POST   documents:new                      302 404 403 403 403 403 422 422 404
GET    documents:detail                   302 404 404 200 200 200 200 200 404
GET    documents:file                     302 404 404 200 200 200 200 200 404
GET    documents:change                   302 404 404 403 403 403 200 200 404
POST   documents:change                   302 404 404 403 403 403 422 422 404
GET    documents:version                  302 404 404 403 403 403 200 200 404
POST   documents:version                  302 404 404 403 403 403 302 302 404
GET    documents:publish                  302 404 404 403 403 403 200 200 404
POST   documents:publish                  302 404 404 403 403 403 422 422 404
GET    documents:annul                    302 404 404 403 403 403 200 200 404
POST   documents:annul                    302 404 404 403 403 403 422 422 404
GET    documents:remove                   302 404 404 403 403 403 200 200 404
POST   documents:remove                   302 404 404 403 403 403 200 200 404
GET    api_documents                      401 404 200 200 200 200 200 200 404
POST   api_documents                      401 404 403 403 403 403 400 400 404
GET    api_document                       401 404 404 200 200 200 200 200 404
PATCH  api_document                       401 404 404 403 403 403 200 200 404
POST   api_document_publish               401 404 404 403 403 403 200 200 404
POST   api_document_annul                 401 404 404 403 403 403 400 400 404
POST   api_document_versions              401 404 404 403 403 403 400 400 404
GET    api_document_file                  401 404 404 200 200 200 200 200 404
PATCH  api_document_draft                 401 404 404 403 403 403 200 200 404
DELETE api_document_draft                 401 404 404 403 403 403 204 204 404
"""


class Things:
    """What the routes of documents are about, in school a."""

    def __init__(self, school: School) -> None:
        circles = [STAFF, (Audience.PARENTS, school.units["5А"].pk)]
        self.document = published(school, ReadingTerms(), circles=circles)
        next_version(school, self.document)

    def value(self, name: str, route: str) -> Any:
        """What the parameter `name` of the route's address names."""
        return {"document_id": self.document.pk, "pk": self.document.pk, "number": 1}[name]
