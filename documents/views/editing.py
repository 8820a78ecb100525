"""Registering a document, correcting it, bringing the next version, removing a draft (DOC-1)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from common.errors import DomainError, require
from common.notices import done
from documents.forms.registering import DetailsForm, NewDocumentForm, VersionForm
from documents.models import Document, DocumentKind
from documents.permissions import can_change_document, can_manage_documents
from documents.selectors.documents import circles_of
from documents.selectors.numbers import next_number
from documents.selectors.titles import full_name, short_name
from documents.services.documents import change_document, create_document, remove_draft
from documents.services.versions import add_version, draft_of, replace_draft_file
from documents.views.tools import address, managed_document, take_file, to
from files.models import StoredFile
from files.pages import form_with_files
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error
from orgs.forms.circles import Circles, circle_rows, rows_of, rows_sent
from orgs.models import Audience, Unit
from orgs.pages import member_page
from orgs.selectors.organizations import today_in
from orgs.selectors.units import units_visible_to
from orgs.views.tools import invalid

NEW, CHANGE, VERSION = "documents/new.html", "documents/change.html", "documents/version.html"


def units_of(actor: Actor) -> list[Unit]:
    """Return the units whose circles can be chosen."""
    return list(units_visible_to(actor).active().teaching())


@require_http_methods(["GET", "HEAD", "POST"])
@form_with_files
def new(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The form of a new document: details, file, whom it is for. An order is offered the next free number."""
    require(can_manage_documents(actor))
    units = units_of(actor)
    if request.method != "POST":
        return render(request, NEW, _first_form(request, actor, units))
    form = NewDocumentForm(request.POST, request.FILES)
    if request.POST.get("do") == "more":
        kept = take_file(request, actor, form, is_needed=False)
        return render(request, NEW, _asked_again(request, actor, units, NewDocumentForm, form, kept))
    rows = circle_rows(actor, units, request.POST)
    kept = take_file(request, actor, form)
    if _are_valid(form, rows) and kept is not None:
        try:
            document = create_document(actor=actor, data=form.data_of_document(rows.circles()), file_id=kept.pk)
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            if request.POST.get("do") == "draft":
                done(request, _("The draft is kept. Nobody but those who issue documents sees it."))
                return to(actor, "detail", document_id=document.pk)
            return to(actor, "publish", document_id=document.pk)
    return invalid(request, NEW, {"form": form, "rows": rows, "kept": kept})


def _first_form(request: HttpRequest, actor: Actor, units: list[Unit]) -> dict[str, Any]:
    kind = request.GET.get("kind", "")
    kind = kind if kind in DocumentKind.values else DocumentKind.ORDER
    today = today_in(actor.organization)
    number = next_number(actor.organization, kind, today.year)
    is_order = kind == DocumentKind.ORDER
    form = NewDocumentForm(initial={"kind": kind, "issued_on": today, "number": number if is_order else ""})
    form.need_file(is_needed=True)
    return {"form": form, "rows": circle_rows(actor, units, initial=rows_of([(Audience.STAFF, None)])), "kept": None}


def _asked_again(
    request: HttpRequest, actor: Actor, units: list[Unit], kind: type[Any], form: Any, kept: StoredFile | None
) -> dict[str, Any]:
    """The form as it was sent, with more rows; only what is wrong with the file is told already."""
    again = kind(initial={name: request.POST.get(name, "") for name in kind.base_fields if name != "file"})
    again.need_file(is_needed=kept is None)
    return {
        "form": again,
        "rows": circle_rows(actor, units, initial=rows_sent(request.POST)),
        "kept": kept,
        "file_errors": form.errors.get("file", []),
    }


def _are_valid(form: Any, rows: Circles) -> bool:
    """Both are judged, so that all errors are told at once."""
    has_rows = rows.is_valid()
    if not has_rows:
        form.add_error(None, _("Check whom the document is for."))
    return form.is_valid() and has_rows


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def change(request: HttpRequest, actor: Actor, document_id: int) -> HttpResponse:
    """Correct number, date, title and whom the document is for."""
    document = managed_document(actor, document_id)
    require(can_change_document(actor, document))
    units = units_of(actor)
    context = {"document": document, "name": short_name(document)}
    if request.method != "POST" or request.POST.get("do") == "more":
        return render(request, CHANGE, {**context, **_details(request, actor, document, units)})
    form = DetailsForm(request.POST, document=document)
    rows = circle_rows(actor, units, request.POST)
    if _are_valid(form, rows):
        try:
            change_document(actor=actor, document=document, data=form.data_of_document(rows.circles()))
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            done(request, _("The changes are kept."))
            return to(actor, "detail", document_id=document.pk)
    return invalid(request, CHANGE, {**context, "form": form, "rows": rows})


def _details(request: HttpRequest, actor: Actor, document: Document, units: list[Unit]) -> dict[str, Any]:
    """The form as the document stands, or as it was sent with more rows for circles."""
    if request.method == "POST":
        initial: dict[str, Any] = {name: request.POST.get(name, "") for name in DetailsForm.base_fields}
        circles = rows_sent(request.POST)
    else:
        initial = {name: getattr(document, name) for name in DetailsForm.base_fields}
        circles = rows_of(circles_of(document))
    form = DetailsForm(initial=initial, document=document)
    return {"form": form, "rows": circle_rows(actor, units, initial=circles)}


@require_http_methods(["GET", "HEAD", "POST"])
@form_with_files
def version(request: HttpRequest, actor: Actor, document_id: int) -> HttpResponse:
    """Bring the file of the next version, or put another one in place of the draft's."""
    document = managed_document(actor, document_id)
    require(can_change_document(actor, document))
    draft = draft_of(document)
    context = {"document": document, "name": short_name(document), "draft": draft}
    if request.method != "POST":
        form = VersionForm(initial={"note": draft.note if draft is not None else ""})
        form.need_file(is_needed=draft is None)
        return render(request, VERSION, {**context, "form": form, "kept": None})
    form = VersionForm(request.POST, request.FILES)
    kept = take_file(request, actor, form, is_needed=draft is None)
    if form.is_valid():
        try:
            _bring(actor, document, kept, form.cleaned_data["note"], has_draft=draft is not None)
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            if request.POST.get("do") == "draft":
                done(request, _("The draft is kept. Nobody but those who issue documents sees it."))
                return to(actor, "detail", document_id=document.pk)
            return to(actor, "publish", document_id=document.pk)
    return invalid(request, VERSION, {**context, "form": form, "kept": kept})


def _bring(actor: Actor, document: Document, kept: StoredFile | None, note: str, *, has_draft: bool) -> None:
    file_id = kept.pk if kept is not None else None
    if has_draft:
        replace_draft_file(actor=actor, document=document, file_id=file_id, note=note)
    elif file_id is not None:
        add_version(actor=actor, document=document, file_id=file_id, note=note)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def remove(request: HttpRequest, actor: Actor, document_id: int) -> HttpResponse:
    """Ask, then remove a draft for good: the document, or the next version of a published one."""
    document = managed_document(actor, document_id)
    draft = draft_of(document)
    if draft is None:
        return to(actor, "detail", document_id=document.pk)
    if request.method == "POST" and "confirmed" in request.POST:
        remove_draft(actor=actor, document=document)
        if document.version:
            done(request, _("The draft of the new version is removed."))
            return to(actor, "detail", document_id=document.pk)
        done(request, _("The draft is removed."))
        return to(actor, "list")
    context = {
        "document": document,
        "name": full_name(document),
        "draft": draft,
        "back_url": address(actor, "detail", document_id=document.pk),
    }
    return render(request, "documents/remove.html", context)
