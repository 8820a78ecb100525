"""What the pages of documents share: which document an address means, and files that come with a form."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from common.errors import DomainError, require
from documents.forms.registering import FileFields
from documents.models import Document
from documents.permissions import can_manage_documents
from documents.selectors.documents import find_document
from files.models import StoredFile
from files.selectors import unclaimed_of
from files.services import discard, upload
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error


def address(actor: Actor, name: str, **values: Any) -> str:
    """Return the address of the page `documents:<name>` in the actor's organization."""
    return reverse(f"documents:{name}", kwargs={"slug": actor.organization.slug, **values})


def to(actor: Actor, name: str, **values: Any) -> HttpResponseRedirect:
    """Redirect to the page `documents:<name>` of the actor's organization."""
    return redirect(address(actor, name, **values))


def read_document(actor: Actor, document_id: int) -> Document:
    """Return a document the actor may read; 404 for any other."""
    document = find_document(actor, document_id)
    if document is None:
        raise Http404
    return document


def managed_document(actor: Actor, document_id: int) -> Document:
    """Return a document for a page that changes it: 404 when it is not visible, 403 for its readers."""
    document = read_document(actor, document_id)
    require(can_manage_documents(actor))
    return document


# --- Files that come with a form ------------------------------------------------------------------------------------
def take_file(request: HttpRequest, actor: Actor, form: FileFields, *, is_needed: bool = True) -> StoredFile | None:
    """Return the file that was chosen, else the one an earlier attempt brought; what is wrong stands at the field.

    What was brought stays the actor's upload until the document takes it over, whatever else the form lacks.
    """
    form.is_valid()  # from here on errors can be added
    stored = _kept(request, actor)
    chosen = request.FILES.get("file")
    if chosen is not None:
        stored = _brought(actor, form, chosen, stored)
    elif stored is None and is_needed:
        form.add_error("file", _("Choose the file of the document."))
    form.need_file(is_needed=is_needed and stored is None)
    return stored


def _brought(actor: Actor, form: FileFields, chosen: Any, kept: StoredFile | None) -> StoredFile | None:
    """Take in what was chosen; in place of what was kept."""
    try:
        stored = upload(actor=actor, upload=chosen)
    except DomainError as error:
        apply_domain_error(form, error)
        return kept
    if kept is not None:
        discard(actor=actor, stored=kept)
    return stored


def _kept(request: HttpRequest, actor: Actor) -> StoredFile | None:
    key = request.POST.get("file_id", "")
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        return None
    return unclaimed_of(actor).filter(pk=int(key)).first()
