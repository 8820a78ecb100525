"""What the pages of documents ask the database: the same for 3 documents and for 300 (DOC-1)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from documents.models import Document, DocumentAudience, DocumentVersion
from files.models import StoredFile
from orgs.models import Audience
from readings.models import Reading, ReadingAudience
from tests.documents.cast import DAY, DocumentVisitor
from tests.world import School, World

pytestmark = pytest.mark.req("DOC-1")


@pytest.fixture
def school(world: World) -> School:
    return world.a


def many(school: School, count: int) -> None:
    """Published orders that have to be read, for several circles, in a handful of statements."""
    organization, now = school.organization, timezone.now()
    circles = [(Audience.STAFF, None), (Audience.EVERYONE, None), (Audience.PARENTS, school.units["5А"].pk)]
    base = {"organization": organization}
    start = Document.objects.count()
    documents = Document.objects.bulk_create(
        Document(
            **base, number=str(n), number_key=str(n).zfill(4), issued_on=DAY, year=2026, title=f"О деле {n}",
            search_text=f"{n} о деле", version=1, published_at=now,
        )
        for n in range(start, start + count)
    )  # fmt: skip
    files = StoredFile.objects.bulk_create(
        StoredFile(**base, kind="document", original_name="a.pdf", content_type="application/pdf", size=1, sha256="a")
        for _ in documents
    )
    readings = Reading.objects.bulk_create(
        Reading(**base, title="О деле", path="x/", content_hash="a" * 64, opened_at=now) for _ in documents
    )
    DocumentVersion.objects.bulk_create(
        DocumentVersion(**base, document=document, number=1, file=file, reading=reading, published_at=now)
        for document, file, reading in zip(documents, files, readings, strict=True)
    )
    for place, (document, reading) in enumerate(zip(documents, readings, strict=True)):
        audience, unit = circles[place % len(circles)]
        DocumentAudience.objects.create(**base, document=document, audience=audience, unit_id=unit)
        ReadingAudience.objects.create(**base, reading=reading, audience=audience, unit_id=unit)


def asked_for(visitor: DocumentVisitor, page: str, **values: Any) -> int:
    visitor.get(page, **values)
    with CaptureQueriesContext(connection) as queries:
        assert visitor.get(page, **values).status_code == 200
    return len(queries)


@pytest.mark.parametrize("who", ["head", "teacher", "parent"])
def test_the_register_asks_the_same_for_any_number(school: School, who: str) -> None:
    visitor = DocumentVisitor(school, who)
    many(school, 3)
    few = asked_for(visitor, "list")
    many(school, 100)
    assert asked_for(visitor, "list") == few
    assert few <= 14


def test_the_table_asks_the_same_for_any_number(school: School) -> None:
    visitor = DocumentVisitor(school, "head")
    many(school, 3)
    few = asked_for(visitor, "export")
    many(school, 100)
    assert asked_for(visitor, "export") == few


def test_one_document_takes_few_queries(school: School) -> None:
    many(school, 3)
    document = Document.objects.order_by("pk")[0]
    for who in ("head", "teacher"):
        assert asked_for(DocumentVisitor(school, who), "detail", document_id=document.pk) <= 14
