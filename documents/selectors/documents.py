"""Documents an actor may read, and the register of them (DOC-1)."""

import re
from dataclasses import dataclass

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from common.text import normalise
from documents.models import Document, DocumentAudience, DocumentKind, DocumentVersion
from documents.selectors.numbers import without_sign
from orgs.actor import Actor
from orgs.capabilities import Capability
from orgs.selectors.audiences import rules_matching
from orgs.services.circles import Circle
from readings.selectors.readings import asks, confirmed_at_by, done_by

STATES = ("draft", "published", "annulled")
# Those that ask me and that I have not confirmed; those about which people are asked at all.
MUST_READ = ("me", "anybody")
_MOST_WORDS = 10


def documents_visible_to(actor: Actor) -> QuerySet[Document]:
    """Return the documents of the organization that the actor may read, in no order (ACC-4).

    Who issues documents sees all of them. Everybody else sees what was published and is for them or for their
    children, and what they are asked to read; annulled ones as well, told as such.
    """
    documents = Document.objects.filter(organization=actor.organization.pk)
    if actor.may(Capability.MANAGE_DOCUMENTS):
        return documents
    meant = DocumentAudience.objects.filter(rules_matching(actor, with_children=True), document=OuterRef("pk"))
    asked = DocumentVersion.objects.filter(asks(actor), document=OuterRef("pk"))
    return documents.filter(Exists(meant) | Exists(asked), version__gte=1)


def find_document(actor: Actor, document_id: int) -> Document | None:
    """Return one document with what depends on who reads; None when it is not visible."""
    return with_reading(actor, documents_visible_to(actor)).filter(pk=document_id).first()


def with_reading(actor: Actor, documents: QuerySet[Document]) -> QuerySet[Document]:
    """Add what the register tells of the last published version.

    `reading_id`, `due_on` and `is_asking` — of what was given out for reading; `is_asked` — whether that asks the
    actor; `is_done` — whether nothing is left to the actor; `confirmed_at` — when the actor confirmed it;
    `has_draft` — whether a new version waits for publishing.
    """
    last = DocumentVersion.objects.filter(document=OuterRef("pk"), number=OuterRef("version"))
    drafts = DocumentVersion.objects.filter(document=OuterRef("pk"), published_at=None)
    return documents.annotate(
        reading_id=Subquery(last.values("reading_id")),
        due_on=Subquery(last.values("reading__due_on")),
        is_asking=Exists(last.filter(reading__opened_at__isnull=False, reading__closed_at=None)),
        has_draft=Exists(drafts),
    ).annotate(is_asked=asks(actor), confirmed_at=confirmed_at_by(actor), is_done=done_by(actor))


@dataclass(frozen=True)
class RegisterFilter:
    """What the register is narrowed by; empty means everything."""

    text: str = ""
    kind: str = ""
    year: int | None = None
    state: str = ""
    must_read: str = ""


def filter_register(documents: QuerySet[Document], wanted: RegisterFilter) -> QuerySet[Document]:
    """Narrow `documents`, which `with_reading` made; unknown values narrow nothing."""
    if wanted.kind in DocumentKind.values:
        documents = documents.filter(kind=wanted.kind)
    if wanted.year is not None:
        documents = documents.filter(year=wanted.year)
    if wanted.state == "draft":
        documents = documents.filter(version=0)
    elif wanted.state == "published":
        documents = documents.filter(version__gte=1, annulled_at=None)
    elif wanted.state == "annulled":
        documents = documents.filter(annulled_at__isnull=False)
    if wanted.must_read == "me":
        documents = documents.filter(is_asked=True, is_done=False)  # type: ignore[misc]
    elif wanted.must_read == "anybody":
        documents = documents.filter(is_asking=True)  # type: ignore[misc]
    return _containing(documents, wanted.text)


def in_order(documents: QuerySet[Document]) -> QuerySet[Document]:
    """Return the register's order: the latest date first, of one day the highest number."""
    return documents.order_by("-issued_on", "-number_key", "-id")


def _containing(documents: QuerySet[Document], text: str) -> QuerySet[Document]:
    """Every word must occur in the number or the title. PostgreSQL knows Russian word forms.

    A word with digits is a number: «15» finds № 15 and № 15-о, neither № 150 nor 2015.
    """
    words = [word for word in map(without_sign, normalise(text).split()[:_MOST_WORDS]) if word]
    if not words:
        return documents
    knows_forms = connection.vendor == "postgresql"
    if knows_forms:
        documents = documents.annotate(found_in=SearchVector("search_text", config="russian"))
    for word in words:
        if any(char.isdigit() for char in word):
            found = Q(search_text__regex=f"(^|[^0-9]){re.escape(word)}([^0-9]|$)")
        else:
            found = Q(search_text__contains=word)
            if knows_forms:
                found |= Q(found_in=SearchQuery(word, config="russian"))
        documents = documents.filter(found)
    return documents


def years_of(documents: QuerySet[Document]) -> list[int]:
    """Return the years of `documents`, the latest first."""
    return list(documents.order_by("-year").values_list("year", flat=True).distinct())


def with_circles(documents: QuerySet[Document]) -> QuerySet[Document]:
    """Add `circles`: whom each document is for, with the units, in one query."""
    rules = DocumentAudience.objects.select_related("unit").order_by("pk")
    return documents.prefetch_related(Prefetch("audiences", queryset=rules, to_attr="circles"))


def circles_of(document: Document) -> list[Circle]:
    """Return whom the document is for, in the order in which they were chosen."""
    return list(document.audiences.order_by("pk").values_list("audience", "unit_id"))
