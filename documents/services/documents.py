"""Registering local acts, correcting them, removing drafts (DOC-1)."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from documents.models import Document, DocumentAudience, DocumentVersion
from documents.selectors.titles import full_name
from documents.services.checks import (
    DocumentData,
    checked_note,
    checked_values,
    locked,
    refused,
    require_in_force,
    told_of_number,
)
from documents.services.versions import claimed_file, remove_draft_version
from files.services import remove
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from orgs.selectors.circles import circles_in_words
from orgs.services.circles import Circle, checked_circles


@transaction.atomic
def create_document(*, actor: Actor, data: DocumentData, file_id: int, note: str = "") -> Document:
    """Register a draft with its first version, the actor's upload `file_id`, and return it (DOC-1).

    Raises `DomainError`: those of `checked_values`, `document_note_long`, `circle_unknown`, `file_not_yours`,
    `document_file_kind` (400), `circle_closed` (403), `document_number_taken` (409).
    """
    values, note = checked_values(actor, data), checked_note(note)
    circles = checked_circles(actor, data.circles)
    document = _written(actor, Document(organization=actor.organization, created_by=actor.person), values)
    _set_circles(document, circles)
    DocumentVersion.objects.create(
        organization=actor.organization,
        document=document,
        number=1,
        file=claimed_file(actor, file_id),
        note=note,
        created_by=actor.person,
    )
    return document


def _written(actor: Actor, document: Document, values: dict[str, Any]) -> Document:
    for name, value in values.items():
        setattr(document, name, value)
    try:
        with transaction.atomic():
            document.save()
    except IntegrityError as error:
        raise told_of_number(error, actor, values) from error
    return document


def _set_circles(document: Document, circles: list[Circle]) -> None:
    DocumentAudience.objects.bulk_create(
        DocumentAudience(organization_id=document.organization_id, document=document, audience=audience, unit_id=unit)
        for audience, unit in circles
    )


@transaction.atomic
def change_document(*, actor: Actor, document: Document, data: DocumentData) -> Document:
    """Correct what is registered and who may read it; of a published document the journal keeps what was changed.

    What was given out for reading keeps the name under which people confirmed it. Raises `DomainError`: those of
    `checked_values`, `circle_unknown` (400), `circle_closed` (403), `document_kind_fixed` (409, a published document
    stays in its register), `document_number_taken`, `document_annulled` (409), `document_gone` (404).
    """
    row = locked(actor, document)
    require_in_force(row)
    values = checked_values(actor, data)
    if row.version and values["kind"] != row.kind:
        message = _("A published document stays in the register of its kind.")
        raise refused("document_kind_fixed", "kind", message, status=409)
    circles = checked_circles(actor, data.circles)
    name = full_name(row)
    changes = _changes(row, values)
    if any(getattr(row, field) != value for field, value in values.items()):
        _written(actor, row, values)
    if readers := _changed_circles(actor, row, circles):
        changes.append(readers)
    if changes and row.version:
        details = {"document": name, "changes": "; ".join(changes)}
        record(actor.organization, actor, [Deed(Action.DOCUMENT_CHANGED, details=details)])
    return row


def _changes(row: Document, values: dict[str, Any]) -> list[str]:
    """Say what differs: «номер: 15 → 16»."""
    told = []
    for field in ("number", "issued_on", "title"):
        before, after = getattr(row, field), values[field]
        if before == after:
            continue
        if field == "issued_on":
            before, after = date_format(before, "d.m.Y"), date_format(after, "d.m.Y")
        elif field == "title":
            before, after = f"«{before}»", f"«{after}»"
        word = Document._meta.get_field(field).verbose_name  # type: ignore[union-attr]
        told.append(f"{word}: {before or '—'} → {after or '—'}")
    return told


def _changed_circles(actor: Actor, row: Document, circles: list[Circle]) -> str:
    """Put `circles` in place of those that are there; return what to tell of it, "" when they are the same."""
    before = {(audience, unit) for audience, unit in row.audiences.values_list("audience", "unit_id")}
    if before == set(circles):
        return ""
    row.audiences.all().delete()
    _set_circles(row, circles)
    rules = row.audiences.select_related("unit").order_by("pk")
    words = "; ".join(circles_in_words(rules, actor.words)) or _("nobody but those who issue documents")
    return _("who may read it: %(circles)s") % {"circles": words}


@transaction.atomic
def remove_draft(*, actor: Actor, document: Document) -> None:
    """Remove a document that was never published, with its file; of a published one the draft of the next version.

    Raises `DomainError`: `document_no_draft` (409, there is nothing but what was published), `document_gone` (404).
    """
    row = locked(actor, document)
    if row.version:
        remove_draft_version(row)
        return
    details = {"document": full_name(row)}
    files = [version.file for version in row.versions.select_related("file")]
    row.delete()
    remove(files=files)
    record(actor.organization, actor, [Deed(Action.DOCUMENT_REMOVED, details=details)])
