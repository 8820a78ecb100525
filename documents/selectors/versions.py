"""Versions of a document that an actor may read, and their files."""

from django.db.models import QuerySet

from documents.models import Document, DocumentVersion
from orgs.actor import Actor
from orgs.capabilities import Capability


def current_version(document: Document) -> DocumentVersion | None:
    """Return the last published version with its file and its reading; None of a draft."""
    versions = document.versions.filter(number=document.version).exclude(published_at=None)
    return versions.select_related("file", "reading").first()


def versions_visible_to(actor: Actor, document: Document) -> QuerySet[DocumentVersion]:
    """Return the versions of a document the actor was let into, the newest first: drafts are for those who issue."""
    versions = document.versions.select_related("file", "reading", "created_by").order_by("-number")
    return versions if actor.may(Capability.MANAGE_DOCUMENTS) else versions.exclude(published_at=None)


def find_version(actor: Actor, document: Document, number: int) -> DocumentVersion | None:
    """Return one version of a document the actor was let into; None when it is not visible."""
    # A small number in the database; a larger one cannot be there.
    return versions_visible_to(actor, document).filter(number=number).first() if number < 2**15 else None
