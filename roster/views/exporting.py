"""The roster as tables to be taken away (ORG-8, INT-3)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.errors import DomainError, require
from common.notices import refused
from orgs.actor import Actor
from orgs.pages import member_page
from roster.export.tables import TABLES
from roster.permissions import can_exchange_roster
from roster.services.exporting import ExportedFile
from roster.services.handing_out import FORMS, ONEROSTER, hand_out
from roster.views.tools import address, to


def tables_for(actor: Actor) -> list[dict[str, Any]]:
    """Return the tables that can be taken away, each with its forms and their addresses."""
    words = actor.words
    own = {
        "roster": pgettext("table of the roster", "The whole list"),
        "students": _("%(students)s with their parents") % {"students": capfirst(str(words["students"]))},
        "units": capfirst(str(words["units"])),
        ONEROSTER: "OneRoster 1.2",
    }
    hints = {
        "roster": _("With the same columns that are loaded: what is mended there can be loaded back."),
        ONEROSTER: _("For other systems: the whole roster at once."),
    }
    return [
        {
            "title": own.get(name) or TABLES[name].title,
            "hint": hints.get(name, ""),
            "formats": [
                {"label": form.upper(), "url": address(actor, "export", table=name, form=form)} for form in forms
            ],
        }
        for name, forms in FORMS.items()
    ]


@never_cache
@require_safe
@member_page
def export(request: HttpRequest, actor: Actor, table: str, form: str) -> HttpResponse:
    """One table in one form."""
    require(can_exchange_roster(actor))
    try:
        return file_response(hand_out(actor=actor, table=table, form=form))
    except DomainError as error:
        refused(request, error.message)
        return to(actor, "home")


def file_response(file: ExportedFile) -> HttpResponse:
    """Answer with a file to be saved under its name."""
    response = HttpResponse(file.content, content_type=file.content_type)
    response["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
    response["Cache-Control"] = "private, no-store"
    return response
