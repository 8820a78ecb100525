"""What a document is called in lists, sheets and the journal."""

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from documents.models import Document, DocumentKind
from readings.models import MOST_TITLE


def kind_name(kind: str) -> str:
    """Return the kind in a word: «приказ»."""
    return str(DocumentKind(kind).label)


def short_name(document: Document) -> str:
    """Return kind and number: «Приказ № 15», «Положение»."""
    name = capfirst(kind_name(document.kind))
    return _("%(kind)s № %(number)s") % {"kind": name, "number": document.number} if document.number else name


def full_name(document: Document) -> str:
    """Return kind, number, date and title, as sheets and the journal name it: «Приказ № 15 от 01.09.2026 «О …»»."""
    day = date_format(document.issued_on, "d.m.Y")
    head = _("%(document)s of %(day)s") % {"document": short_name(document), "day": day}
    return f"{head} «{document.title}»"


def reading_title(document: Document) -> str:
    """Return the name under which the document is given out for reading; a very long title is cut."""
    name = full_name(document)
    return name if len(name) <= MOST_TITLE else f"{name[: MOST_TITLE - 2]}…»"
