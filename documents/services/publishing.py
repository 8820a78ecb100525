"""Publishing a version, giving it out for reading, annulling a document (DOC-1, CHAN-4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import DomainError
from documents.models import Document, DocumentVersion
from documents.selectors.documents import circles_of
from documents.selectors.titles import full_name, reading_title
from documents.selectors.versions import current_version
from documents.services.checks import line, locked, refused, require_in_force
from documents.services.versions import draft_of, no_draft
from orgs.actor import Actor
from orgs.audit import Action, Deed, record
from orgs.services.circles import Circle
from readings.models import ParentsConfirm, Reading
from readings.services.giving import ReadingData, close, give_out, renew

REASON_LENGTH = 300


@dataclass(frozen=True)
class ReadingTerms:
    """Who must read a version, until when; circles None: whoever the document is for."""

    circles: Sequence[Circle] | None = None
    due_on: date | None = None
    parents_confirm: str = ParentsConfirm.EACH


def usual_terms(document: Document) -> ReadingTerms | None:
    """Return the terms on which the next version asks by default: those of the version before, without its deadline;
    None when nobody is asked to read that one."""
    before = current_version(document)
    reading = before.reading if before is not None else None
    if reading is None or not reading.is_open:
        return None
    circles = list(reading.audiences.order_by("pk").values_list("audience", "unit_id"))
    return ReadingTerms(circles=circles, parents_confirm=reading.parents_confirm)


@transaction.atomic
def publish(*, actor: Actor, document: Document, reading: ReadingTerms | None) -> Document:
    """Publish the draft version; with `reading` its people are asked to confirm that they have read it (DOC-1).

    A new version asks anew whoever it means, also those who confirmed the one before, whose sheet stays; without
    `reading` nobody is asked any more. Raises `DomainError`: `document_no_draft`, `document_annulled` (409),
    `reading_circles_required`, `reading_due_past`, `reading_parents_unknown`, `circle_unknown` (400), `circle_closed`
    (403), `document_gone` (404).
    """
    row = locked(actor, document)
    require_in_force(row)
    draft = draft_of(row)
    if draft is None:
        raise no_draft()
    before = current_version(row)
    now = timezone.now()
    row.version, row.published_at = draft.number, row.published_at or now
    row.save(update_fields=["version", "published_at"])
    draft.published_at = now
    draft.reading = _given_out(actor, row, draft, before, reading)
    draft.save(update_fields=["published_at", "reading"])
    details = {"document": full_name(row), "version": row.version}
    record(actor.organization, actor, [Deed(Action.DOCUMENT_PUBLISHED, details=details)])
    return row


def _given_out(
    actor: Actor, row: Document, draft: DocumentVersion, before: DocumentVersion | None, terms: ReadingTerms | None
) -> Reading | None:
    old = before.reading if before is not None and before.reading is not None and before.reading.is_open else None
    if terms is None:
        if old is not None:
            close(actor=actor, reading=old)
        return None
    data = ReadingData(
        title=reading_title(row),
        path=f"documents/{row.pk}/",
        content_hash=draft.file.sha256,
        circles=_circles_of(row, terms),
        due_on=terms.due_on,
        parents_confirm=terms.parents_confirm,
        version=draft.number,
    )
    return give_out(actor=actor, data=data) if old is None else renew(actor=actor, reading=old, data=data)


def _circles_of(row: Document, terms: ReadingTerms) -> Sequence[Circle]:
    """Those of the terms; what to say when there are none is known to the floor below."""
    if terms.circles is not None:
        return terms.circles
    return circles_of(row)


@transaction.atomic
def annul(*, actor: Actor, document: Document, reason: str) -> Document:
    """Annul a published document: it stays in the register with `reason`, nobody is asked to read it any more.

    Raises `DomainError`: `document_reason_required`, `document_reason_long` (400), `document_not_published`,
    `document_annulled` (409), `document_gone` (404).
    """
    row = locked(actor, document)
    require_in_force(row)
    if not row.version:
        raise DomainError("document_not_published", _("This is a draft: it can be removed."))
    row.annulled_reason = line(reason, "reason", "document_reason_long", REASON_LENGTH)
    if not row.annulled_reason:
        raise refused("document_reason_required", "reason", _("Say why, for example by which order."))
    row.annulled_at = timezone.now()
    row.save(update_fields=["annulled_at", "annulled_reason"])
    last = current_version(row)
    if last is not None and last.reading is not None and last.reading.is_open:
        close(actor=actor, reading=last.reading)
    details = {"document": full_name(row), "reason": row.annulled_reason}
    record(actor.organization, actor, [Deed(Action.DOCUMENT_ANNULLED, details=details)])
    return row
