"""Documents of a school of the world, registered in a line."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse

from documents.models import Document, DocumentKind
from documents.selectors.documents import find_document
from documents.services.documents import DocumentData, create_document
from documents.services.publishing import ReadingTerms, publish
from documents.services.versions import add_version
from files.services import upload
from orgs.models import Audience
from orgs.services.circles import Circle
from tests.files.samples import upload_of
from tests.orgs.pages import Visitor
from tests.world import School

STAFF: Circle = (Audience.STAFF, None)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
DAY = date(2026, 9, 1)


def file_of(school: School, name: str = "administrator", content: bytes = PDF, file_name: str = "prikaz.pdf") -> int:
    """An upload of `name`, not used yet."""
    return upload(actor=school.actor(name), upload=upload_of(content, file_name)).pk


def data_of(**more: Any) -> DocumentData:
    """An order № 15 for the staff."""
    values: dict[str, Any] = {
        "kind": DocumentKind.ORDER,
        "number": "15",
        "issued_on": DAY,
        "title": "О режиме работы школы",
        "circles": [STAFF],
    }
    return DocumentData(**{**values, **more})


def draft(school: School, content: bytes = PDF, **more: Any) -> Document:
    """A draft that the administrator registered."""
    data = data_of(**more)
    return create_document(actor=school.actor("administrator"), data=data, file_id=file_of(school, content=content))


def published(school: School, reading: ReadingTerms | None = None, **more: Any) -> Document:
    """A document everybody it is for can read; with `reading` they are asked to confirm."""
    return publish(actor=school.actor("administrator"), document=draft(school, **more), reading=reading)


def to_be_read(school: School, **more: Any) -> Document:
    """A published document that asks whoever it is for to confirm."""
    return published(school, ReadingTerms(), **more)


def next_version(school: School, document: Document, content: bytes = PDF + b"\n", note: str = "") -> None:
    """Bring a draft of the next version."""
    add_version(
        actor=school.actor("administrator"), document=document, file_id=file_of(school, content=content), note=note
    )


def seen(school: School, name: str, document: Document) -> Document | None:
    """The document as `name` finds it."""
    return find_document(school.actor(name), document.pk)


class DocumentVisitor(Visitor):
    """A browser of one member of the cast, on the pages of documents."""

    def url(self, name: str, **values: Any) -> str:
        return reverse(f"documents:{name}", kwargs={"slug": self.school.slug, **values})
