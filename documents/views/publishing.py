"""Publishing a version and annulling a document: both say first what will happen (DOC-1, CHAN-4)."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from common.errors import DomainError, require
from common.notices import done
from documents.forms.publishing import AnnulForm, PublishForm
from documents.models import Document, DocumentAudience
from documents.permissions import can_change_document
from documents.selectors.documents import circles_of
from documents.selectors.titles import full_name, short_name
from documents.selectors.versions import current_version
from documents.services.publishing import annul as annul_document
from documents.services.publishing import publish as publish_document
from documents.services.publishing import usual_terms
from documents.services.versions import draft_of
from documents.views.editing import units_of
from documents.views.tools import address, managed_document, to
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error
from orgs.forms.circles import circle_rows, rows_of, rows_sent
from orgs.pages import member_page
from orgs.selectors.audiences import people_in
from orgs.selectors.circles import circles_in_words
from orgs.services.circles import Circle
from orgs.views.tools import invalid
from readings.models import ParentsConfirm

PUBLISH = "documents/publish.html"


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def publish(request: HttpRequest, actor: Actor, document_id: int) -> HttpResponse:
    """Publish the draft version: who will see it, who must confirm until when, and how many people that is."""
    document = managed_document(actor, document_id)
    require(can_change_document(actor, document))
    draft = draft_of(document)
    if draft is None:
        return to(actor, "detail", document_id=document.pk)
    context = {
        "document": document,
        "name": full_name(document),
        "short": short_name(document),
        "draft": draft,
        "readers": _readers(actor, document),
        "asked_before": usual_terms(document) is not None,
    }
    if request.method != "POST":
        return render(request, PUBLISH, {**context, **_first_form(actor, document)})
    if request.POST.get("do") == "more":
        return render(request, PUBLISH, {**context, **_asked_again(request, actor)})
    return _publish(request, actor, document, context)


def _readers(actor: Actor, document: Document) -> list[str]:
    return circles_in_words(document.audiences.select_related("unit").order_by("pk"), actor.words)


def _first_form(actor: Actor, document: Document) -> dict[str, Any]:
    """As the version before was given out, else for everybody whom the document is for."""
    usual = usual_terms(document)
    circles = circles_of(document) if usual is None or usual.circles is None else list(usual.circles)
    initial = {"must_read": usual is not None or not document.version, "reading_parents_confirm": ParentsConfirm.EACH}
    if usual is not None:
        initial["reading_parents_confirm"] = usual.parents_confirm
    people = _count(actor, circles)
    form = PublishForm(initial={**initial, "must_read": bool(initial["must_read"] and circles), "told": people})
    return {"form": form, "rows": circle_rows(actor, units_of(actor), initial=rows_of(circles)), "people": people}


def _asked_again(request: HttpRequest, actor: Actor) -> dict[str, Any]:
    sent: dict[str, Any] = {name: request.POST.get(name, "") for name in PublishForm.base_fields}
    rows = circle_rows(actor, units_of(actor), initial=rows_sent(request.POST))
    return {"form": PublishForm(initial=sent), "rows": rows, "people": None}


def _publish(request: HttpRequest, actor: Actor, document: Document, context: dict[str, Any]) -> HttpResponse:
    form = PublishForm(request.POST)
    rows = circle_rows(actor, units_of(actor), request.POST)
    people = None
    if form.is_valid() and (rows.is_valid() or not form.cleaned_data["must_read"]):
        terms = form.terms(rows.circles() if rows.is_valid() else [])
        people = _count(actor, list(terms.circles or [])) if terms is not None else 0
        if terms is not None and terms.circles and form.cleaned_data["told"] != people:
            return _tell_again(request, actor, context, people)
        try:
            publish_document(actor=actor, document=document, reading=terms)
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            done(request, _published(people if terms is not None else None))
            return to(actor, "detail", document_id=document.pk)
    elif form.is_valid():
        form.add_error(None, _("Check who must read the document."))
    return invalid(request, PUBLISH, {**context, "form": form, "rows": rows, "people": people})


def _tell_again(request: HttpRequest, actor: Actor, context: dict[str, Any], people: int) -> HttpResponse:
    """Other people are meant than the page has told of: it tells anew before anybody is asked."""
    sent = request.POST.copy()
    sent["told"] = str(people)
    forms = {"form": PublishForm(sent), "rows": circle_rows(actor, units_of(actor), request.POST)}
    return render(request, PUBLISH, {**context, **forms, "people": people, "has_changed": True})


def _count(actor: Actor, circles: list[Circle]) -> int:
    rules = [DocumentAudience(audience=audience, unit_id=unit) for audience, unit in circles]
    return people_in(actor.organization.pk, rules).count() if rules else 0


def _published(people: int | None) -> str:
    if not people:
        return _("The document is published.")
    text = ngettext(
        "The document is published, %(count)s person is asked to read it.",
        "The document is published, %(count)s people are asked to read it.",
        people,
    )
    return text % {"count": people}


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def annul(request: HttpRequest, actor: Actor, document_id: int) -> HttpResponse:
    """Ask why, say what will happen, then annul the document: it stays in the register."""
    document = managed_document(actor, document_id)
    require(can_change_document(actor, document))
    if not document.version:
        return to(actor, "remove", document_id=document.pk)
    form = AnnulForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            annul_document(actor=actor, document=document, reason=form.cleaned_data["reason"])
        except DomainError as error:
            apply_domain_error(form, error)
        else:
            done(request, _("The document is annulled; it stays in the register."))
            return to(actor, "detail", document_id=document.pk)
    last = current_version(document)
    context = {
        "document": document,
        "name": full_name(document),
        "short": short_name(document),
        "form": form,
        "facts": _consequences(is_asking=last is not None and last.reading is not None and last.reading.is_open),
        "back_url": address(actor, "detail", document_id=document.pk),
    }
    return (
        invalid(request, "documents/annul.html", context)
        if form.errors
        else render(request, "documents/annul.html", context)
    )


def _consequences(*, is_asking: bool) -> list[str]:
    facts = [_("It stays in the register and can be read; the reason stands beside it.")]
    if is_asking:
        facts.append(_("Nobody is asked to read it any more; the sheet of those who confirmed stays."))
    return [*facts, _("Annulling cannot be taken back.")]
