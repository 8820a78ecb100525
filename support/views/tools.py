"""What the pages of requests for help share: which request an address means, and files that come with a form."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from common.errors import DomainError
from files.models import StoredFile
from files.selectors import unclaimed_of
from files.services import upload
from orgs.actor import Actor
from orgs.forms.base import apply_domain_error, ids_of
from support.models import HelpRequest, State
from support.selectors.requests import find_request
from support.services.moving import MOST_FILES

# How a state looks: tone and icon.
LOOKS = {
    State.NEW: ("info", "message-question"),
    State.IN_WORK: ("info", "progress"),
    State.WAITING: ("warn", "help"),
    State.ANSWERED: ("good", "circle-check"),
    State.PASSED_ON: ("accent", "lifebuoy"),
    State.CLOSED: ("", "circle-check"),
}


def address(actor: Actor, name: str, **values: Any) -> str:
    """Return the address of the page `support:<name>` in the actor's organization."""
    return reverse(f"support:{name}", kwargs={"slug": actor.organization.slug, **values})


def to(actor: Actor, name: str, **values: Any) -> HttpResponseRedirect:
    """Redirect to the page `support:<name>` of the actor's organization."""
    return redirect(address(actor, name, **values))


def read_request(actor: Actor, pk: int) -> HelpRequest:
    """Return a request the actor may read; 404 for any other."""
    found = find_request(actor, pk)
    if found is None:
        raise Http404
    return found


def take_files(request: HttpRequest, actor: Actor, form: Any) -> list[StoredFile]:
    """Return the files of an earlier attempt and those chosen now; what is wrong with one stands at the field.

    They stay the actor's uploads until the entry takes them over, so nothing is lost when the form comes back.
    """
    form.is_valid()  # from here on errors can be added
    kept = list(unclaimed_of(actor).filter(pk__in=ids_of(request.POST.getlist("file_ids"))).order_by("pk"))
    for chosen in request.FILES.getlist("files")[: MOST_FILES + 1]:
        try:
            kept.append(upload(actor=actor, upload=chosen))
        except DomainError as error:
            error.fields = {"files": error.message}
            apply_domain_error(form, error)
    return kept
