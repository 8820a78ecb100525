"""Versions of a document: the draft of the next one, and its file (DOC-1)."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from common.errors import DomainError
from documents.models import Document, DocumentVersion
from documents.services.checks import checked_note, locked, refused, require_in_force
from files.models import FileKind, StoredFile
from files.services import claim, remove
from orgs.actor import Actor

# What can be read as a document: a film or a song cannot be signed.
READABLE = (FileKind.DOCUMENT, FileKind.PICTURE)


def claimed_file(actor: Actor, file_id: int) -> StoredFile:
    """Take over the actor's upload for a version; must run inside the caller's transaction.

    Raises `DomainError` (400) at `file`: `file_not_yours`, `document_file_kind`.
    """
    try:
        [stored] = claim(actor=actor, ids=[file_id])
    except DomainError as error:
        raise refused(error.code, "file", error.message, status=error.status) from error
    if stored.kind not in READABLE:
        message = _("A document is a text, a table or a picture of the paper, best of all a PDF.")
        raise refused("document_file_kind", "file", message)
    return stored


def draft_of(document: Document) -> DocumentVersion | None:
    """Return the version that is not published yet, with its file."""
    return document.versions.filter(published_at=None).select_related("file").first()


@transaction.atomic
def add_version(*, actor: Actor, document: Document, file_id: int, note: str = "") -> DocumentVersion:
    """Add a draft of the next version; readers see it when it is published.

    Raises `DomainError`: `document_version_waiting` (409: there is a draft already), `document_annulled` (409),
    `document_note_long`, `file_not_yours`, `document_file_kind` (400), `document_gone` (404).
    """
    row = locked(actor, document)
    require_in_force(row)
    note = checked_note(note)
    if draft_of(row) is not None:
        raise _waiting()
    try:
        with transaction.atomic():
            return DocumentVersion.objects.create(
                organization_id=row.organization_id,
                document=row,
                number=row.version + 1,
                file=claimed_file(actor, file_id),
                note=note,
                created_by=actor.person,
            )
    except IntegrityError as error:  # document_one_draft_version: databases without row locks come this far
        raise _waiting() from error


def _waiting() -> DomainError:
    message = _("A new version waits for publishing already. Publish it, or put another file in its place.")
    return DomainError("document_version_waiting", message)


@transaction.atomic
def replace_draft_file(
    *, actor: Actor, document: Document, file_id: int | None = None, note: str | None = None
) -> DocumentVersion:
    """Put another file in place of the draft's (None: the file stays), and say anew what has changed (None: the same).

    Raises `DomainError`: `document_no_draft`, `document_annulled` (409), `document_note_long`, `file_not_yours`,
    `document_file_kind` (400), `document_gone` (404).
    """
    row = locked(actor, document)
    require_in_force(row)
    draft = draft_of(row)
    if draft is None:
        raise no_draft()
    old = draft.file
    if note is not None:
        draft.note = checked_note(note)
    if file_id is not None:
        draft.file = claimed_file(actor, file_id)
    draft.save(update_fields=["file", "note"])
    if draft.file_id != old.pk:
        remove(files=[old])
    return draft


def remove_draft_version(document: Document) -> None:
    """Remove the draft of the next version of `document`, whose row the caller has locked, with its file.

    Raises `DomainError` `document_no_draft` (409).
    """
    draft = draft_of(document)
    if draft is None:
        raise no_draft()
    draft.delete()
    remove(files=[draft.file])


def no_draft() -> DomainError:
    """Return `document_no_draft` (409)."""
    return DomainError("document_no_draft", _("There is no draft here: everything is published."))
