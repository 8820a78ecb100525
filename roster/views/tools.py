"""What the pages of the roster share: which file an address means, and how far it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from common.errors import DomainError, require
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error
from roster.forms import UploadForm
from roster.models import Load
from roster.permissions import can_handle_load
from roster.reading.tables import MOST_BYTES
from roster.selectors import LoadState, loads_visible_to, state_of
from works.models import Work

_PAST = {LoadState.DONE, LoadState.UNDOING, LoadState.UNDONE}


@dataclass(frozen=True)
class Step:
    """One step on the way of a file; `url` is empty while one cannot go there."""

    name: str
    title: str
    url: str
    is_past: bool


def address(actor: Actor, name: str, **values: Any) -> str:
    """Return the address of the page `roster:<name>` in the actor's organization."""
    return reverse(f"roster:{name}", kwargs={"slug": actor.organization.slug, **values})


def to(actor: Actor, name: str, **values: Any) -> HttpResponseRedirect:
    """Redirect to the page `roster:<name>` of the actor's organization."""
    return redirect(address(actor, name, **values))


def to_work(actor: Actor, work: Work) -> HttpResponseRedirect:
    """Redirect to the page of a long work."""
    return redirect("works:detail", slug=actor.organization.slug, pk=work.pk)


def find_load(actor: Actor, pk: int, *, with_content: bool = False) -> Load:
    """Return a file of the actor's organization; 404 for any other, 403 for who may not handle it."""
    loads = loads_visible_to(actor)
    load = get_object_or_404(loads.defer(None) if with_content else loads, pk=pk)
    require(can_handle_load(actor, load))
    return load


def content_of(upload: UploadedFile) -> bytes:
    """Return the bytes of an upload; of one that is too large no more than shows that it is."""
    return upload.read(MOST_BYTES + 1)


def uploaded(request: HttpRequest) -> tuple[UploadForm, str, bytes]:
    """Return the form of an upload with the file's name and content, empty ones when there is no file."""
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return form, "", b""
    file = form.cleaned_data["file"]
    return form, file.name, content_of(file)


def refuse(form: UploadForm, error: DomainError) -> None:
    """Show at the file why it was not taken."""
    apply_domain_error(form, error)


def steps_of(actor: Actor, load: Load) -> list[Step]:
    """Return the way of a file: columns, check, loading."""
    state = state_of(load)
    is_over, is_checked = state in _PAST, load.checked_at is not None
    work = load.import_work
    done_url = reverse("works:detail", args=[actor.organization.slug, work.pk]) if is_over and work else ""
    columns_url = "" if is_over else address(actor, "load", pk=load.pk)
    check_url = address(actor, "check", pk=load.pk) if is_checked else ""
    return [
        Step("file", _("File"), "", is_past=True),
        Step("columns", pgettext("step", "Columns"), columns_url, is_past=is_over or is_checked),
        Step("check", pgettext("step", "Check"), check_url, is_past=is_over),
        Step("done", pgettext("step", "Loading"), done_url, is_past=is_over),
    ]
