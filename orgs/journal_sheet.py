"""The journal as a file (ORG-12): CSV that spreadsheets open in Russian by a double click."""

import csv
from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from orgs.actor import Actor
from orgs.audit import sentence_of
from orgs.models import AuditEvent
from orgs.selectors.journal import in_batches

_BOM = "\ufeff"
# What a spreadsheet would take for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class _Line:
    """A file that gives each line away instead of keeping it."""

    def write(self, text: str) -> str:
        return text


def journal_csv(actor: Actor, events: QuerySet[AuditEvent]) -> StreamingHttpResponse:
    """Answer with all of `events` as a file, written while it is read: a journal of any length costs no memory."""
    zone = actor.organization.zone
    today = timezone.localtime(timezone=zone).date()
    name = f"{_('Journal')} — {actor.organization.short_name} — {today:%d.%m.%Y}.csv"
    response = StreamingHttpResponse(_lines(actor, events), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, _as_name(name)) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response


def _lines(actor: Actor, events: QuerySet[AuditEvent]) -> Iterator[bytes]:
    # Written after the view has returned: language and clock are set anew for each batch.
    language = translation.get_language() or "ru"
    writer = csv.writer(_Line(), delimiter=";", lineterminator="\r\n")
    yield (_BOM + writer.writerow(_heads(actor))).encode()
    for batch in in_batches(events):
        with translation.override(language):
            lines = [writer.writerow(_row(actor, event)) for event in batch]
        yield "".join(lines).encode()


def _heads(actor: Actor) -> list[str]:
    unit = capfirst(str(actor.words["unit"]))
    return [
        *(_("Day"), _("Time"), _("What"), _("Who"), _("About whom"), unit),
        *(_("Number of the order"), _("Date of the order"), _("Number of the line")),
    ]


def _row(actor: Actor, event: AuditEvent) -> list[Any]:
    at = event.at.astimezone(actor.organization.zone)
    texts = (capfirst(sentence_of(event, actor.words)), event.actor_name or _("the platform"))
    about = (event.person_name, event.unit_name, event.order_number)
    order_date = f"{event.order_date:%d.%m.%Y}" if event.order_date else ""
    return [
        *(f"{at:%d.%m.%Y}", f"{at:%H:%M:%S}", *map(_harmless, texts), *map(_harmless, about)),
        *(order_date, event.pk),
    ]


def _harmless(text: str) -> str:
    """Text that begins like a formula gets an apostrophe in front: then it is shown, and not worked out."""
    text = text.replace("\x00", "")
    return f"'{text}" if text.lstrip(" \u00a0").startswith(_FORMULA) or text[:1] in _FORMULA else text


def _as_name(text: str) -> str:
    return "".join(char if char.isalnum() or char in " -—–№.,()«»" else "_" for char in text)
