"""Import and export: the place where a file begins, the files that came, the tables to take away (ORG-8, INT-3)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from common.errors import DomainError, require
from common.spreadsheets import xlsx_response
from files.pages import form_with_files
from orgs.actor import Actor
from orgs.models import UnitKind
from orgs.pages import member_page
from orgs.views.tools import page_of
from roster.forms import UploadForm
from roster.models import Load
from roster.permissions import can_exchange_roster
from roster.selectors import OPEN_STATES, LoadState, loads_visible_to, state_of
from roster.services import loads as services
from roster.sheets import sample_xlsx
from roster.views.exporting import tables_for
from roster.views.tools import address, refuse, to, uploaded
from works.kinds import kind_of
from works.selectors import open_work_of

TONES = {
    LoadState.READ: ("", "circle-dashed"),
    LoadState.CHECKING: ("info", "hourglass"),
    LoadState.UNCHECKED: ("bad", "alert-triangle"),
    LoadState.CHECKED: ("accent", "list-check"),
    LoadState.IMPORTING: ("info", "hourglass"),
    LoadState.DONE: ("good", "circle-check"),
    LoadState.UNDOING: ("info", "hourglass"),
    LoadState.UNDONE: ("", "arrow-back-up"),
}


@require_safe
@member_page
def home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Bring a file, see what came of those before, take the roster away."""
    require(can_exchange_roster(actor))
    return render(request, "roster/home.html", _context(request, actor, UploadForm()))


def _context(request: HttpRequest, actor: Actor, form: UploadForm) -> dict[str, Any]:
    page = page_of(request, loads_visible_to(actor))
    work = open_work_of(actor)
    return {
        "form": form,
        "upload_url": address(actor, "upload"),
        "sample_url": address(actor, "sample"),
        "sample_label": _("Download a sample"),
        "columns_hint": _columns_hint(actor),
        "page_obj": page,
        "loads": [_row(actor, load) for load in page.object_list],
        "tables": tables_for(actor),
        "open_work": work,
        "open_work_title": kind_of(work.kind).title if work is not None else "",
    }


def _columns_hint(actor: Actor) -> str:
    """What may stand in the columns, in words of the organization."""
    words = {
        UnitKind.GROUP: _(
            "Name in one column or in three, group, date of birth, phone, role, parents with phones and e-mail."
        ),
        UnitKind.CIRCLE: _(
            "Name in one column or in three, circle, date of birth, phone, role, parents with phones and e-mail."
        ),
    }
    usual = _(
        "Name in one column or in three, class (5А, 5 «А», 5-а), date of birth, phone, role, parents with phones "
        "and e-mail, number of the personal file."
    )
    return words.get(actor.words.main_unit_kind, usual)


def _row(actor: Actor, load: Load) -> dict[str, Any]:
    state = state_of(load)
    tone, icon = TONES[state]
    work = load.import_work
    can_undo = state == LoadState.DONE and work is not None and work.can_be_undone
    slug = actor.organization.slug
    return {
        "load": load,
        "state": state,
        "tone": tone,
        "icon": icon,
        "counts": _counts(load),
        "url": _page_of(actor, load, state),
        "undo_url": reverse("works:undo", args=[slug, work.pk]) if can_undo and work is not None else "",
        "discard_url": address(actor, "discard", pk=load.pk) if state in OPEN_STATES else "",
    }


def _page_of(actor: Actor, load: Load, state: LoadState) -> str:
    """Where a file goes on; of one that is loaded, what came of it."""
    work = load.import_work
    if work is not None and state in (LoadState.DONE, LoadState.UNDOING, LoadState.UNDONE, LoadState.IMPORTING):
        return reverse("works:detail", args=[actor.organization.slug, work.pk])
    name = "check" if state in (LoadState.CHECKED, LoadState.CHECKING) else "load"
    return address(actor, name, pk=load.pk)


def _counts(load: Load) -> list[dict[str, Any]]:
    titles = {
        "new": pgettext("rows of a file", "new"),
        "changed": pgettext("rows of a file", "changed"),
        "same": pgettext("rows of a file", "same"),
        "error": pgettext("rows of a file", "errors"),
    }
    return [
        {"title": title, "number": load.summary[name], "is_bad": name == "error"}
        for name, title in titles.items()
        if load.summary.get(name)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@form_with_files
def upload(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Take a file in, and go on to how it is read."""
    require(can_exchange_roster(actor))
    if request.method != "POST":
        return to(actor, "home")
    form, name, content = uploaded(request)
    if form.is_valid():
        try:
            load = services.upload(actor=actor, file_name=name, content=content)
        except DomainError as error:
            refuse(form, error)
        else:
            return to(actor, "load", pk=load.pk)
    return render(request, "roster/home.html", _context(request, actor, form), status=422)


@never_cache
@require_safe
@member_page
def sample(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The table to be filled in: all headings, two rows as examples."""
    require(can_exchange_roster(actor))
    return xlsx_response(sample_xlsx(actor.words), _("Sample of the roster"))
