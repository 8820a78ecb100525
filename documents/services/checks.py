"""What is typed about a document, checked before it becomes a row; the row itself, locked."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from common.errors import DomainError
from common.text import clean_line, normalise
from documents.models import Document, DocumentKind
from documents.selectors.numbers import KEY_LENGTH, NUMBER_LENGTH, key_of, next_number, without_sign
from orgs.actor import Actor
from orgs.selectors.organizations import today_in
from orgs.services.circles import Circle

TITLE_LENGTH = 250
NOTE_LENGTH = 300
SEARCH_LENGTH = 400
EARLIEST = date(1990, 1, 1)
MOST_DAYS_AHEAD = 366
# How the two databases name the same constraint.
_NUMBER_TAKEN = ("document_number_once_a_year", "documents_document.number_key")


@dataclass(frozen=True)
class DocumentData:
    """What is registered about a document, and who may read it; nobody named: those who issue documents."""

    kind: str
    number: str
    issued_on: date
    title: str
    circles: Sequence[Circle] = field(default_factory=tuple)


def refused(code: str, field_name: str, message: str, *, status: int = 400) -> DomainError:
    """Return a refusal that a form shows at `field_name`."""
    return DomainError(code, message, fields={field_name: message}, status=status)


def checked_values(actor: Actor, data: DocumentData) -> dict[str, Any]:
    """Return the values of the columns that `data` fills, the derived ones among them.

    Raises `DomainError` (400): `document_kind_unknown`, `document_number_long`, `document_order_needs_number`,
    `document_title_required`, `document_title_long`, `document_date_out_of_range`.
    """
    if data.kind not in DocumentKind.values:
        raise refused("document_kind_unknown", "kind", _("There is no such kind of document."))
    number = _checked_number(data)
    title = line(data.title, "title", "document_title_long", TITLE_LENGTH)
    if not title:
        raise refused("document_title_required", "title", _("Please give the document a title."))
    _check_day(actor, data.issued_on)
    return {
        "kind": data.kind,
        "number": number,
        "number_key": key_of(number),
        "issued_on": data.issued_on,
        "year": data.issued_on.year,
        "title": title,
        "search_text": normalise(f"{number} {title}")[:SEARCH_LENGTH],
    }


def _checked_number(data: DocumentData) -> str:
    number = without_sign(line(data.number, "number", "document_number_long", NUMBER_LENGTH + 3))
    if not number and data.kind == DocumentKind.ORDER:
        raise refused("document_order_needs_number", "number", _("An order is registered under a number."))
    if len(number) > NUMBER_LENGTH or len(key_of(number)) > KEY_LENGTH:
        message = _("At most %(most)s characters.") % {"most": NUMBER_LENGTH}
        raise refused("document_number_long", "number", message)
    return number


def _check_day(actor: Actor, day: date) -> None:
    today = today_in(actor.organization)
    if day < EARLIEST or (day - today).days > MOST_DAYS_AHEAD:
        message = _("The date must be between 1990 and a year from now.")
        raise refused("document_date_out_of_range", "issued_on", message)


def line(typed: str, field_name: str, code: str, most: int) -> str:
    """Return `typed` in one clean line; raises `DomainError` `code` (400) at `field_name` beyond `most` characters."""
    try:
        return clean_line(typed, most=most)
    except DomainError as error:
        message = _("At most %(most)s characters.") % {"most": most}
        raise refused(code, field_name, message) from error


def checked_note(typed: str) -> str:
    """Return what has changed in a version; raises `DomainError` `document_note_long` (400)."""
    return line(typed, "note", "document_note_long", NOTE_LENGTH)


def told_of_number(error: IntegrityError, actor: Actor, values: dict[str, Any]) -> DomainError | IntegrityError:
    """Return `document_number_taken` (409, at the number, naming the next free one) when the database says so, else
    `error` itself."""
    if not any(name in str(error) for name in _NUMBER_TAKEN):
        return error
    free = next_number(actor.organization, values["kind"], values["year"])
    message = _("№ %(number)s of %(year)s is taken already.") % {"number": values["number"], "year": values["year"]}
    if free:
        message = f"{message} {_('The next free one is %(number)s.') % {'number': free}}"
    return refused("document_number_taken", "number", message, status=409)


def locked(actor: Actor, document: Document) -> Document:
    """Return the row of `document`, locked; every write begins with it.

    Raises `DomainError` `document_gone` (404): somebody removed the draft meanwhile.
    """
    rows = Document.objects.select_for_update().filter(organization=actor.organization.pk, pk=document.pk)
    row = rows.first()
    if row is None:
        raise DomainError("document_gone", _("This draft was removed meanwhile."), status=404)
    return row


def require_in_force(document: Document) -> None:
    """Raise `DomainError` `document_annulled` (409) for a document that was annulled."""
    if document.annulled_at is not None:
        message = _("This document was annulled; it stays in the register as it was.")
        raise DomainError("document_annulled", message)
