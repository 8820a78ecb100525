"""Files that come with a text: chosen now, or brought by an attempt before; put in order, left out (CHAN-3)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from channels_app.services.posts import MOST_FILES
from channels_app.views.cards import FileAddress, Shown
from common.errors import DomainError
from files.models import StoredFile
from files.selectors import unclaimed_of
from files.services import upload
from orgs.actor import Actor
from orgs.forms.base import ids_of


@dataclass
class Attachments:
    """The files of a text in the order wanted, as the form shows them; why others were not taken in."""

    files: list[Shown]
    errors: list[str] = field(default_factory=list)
    # For the page's script: how many there may be, how large one may be.
    most: int = MOST_FILES
    most_bytes: int = field(default_factory=lambda: max(settings.UPLOAD_MAX_BYTES.values()))

    @property
    def ids(self) -> list[int]:
        return [shown.file.pk for shown in self.files]


def held(actor: Actor, files: Sequence[StoredFile], url: FileAddress) -> Attachments:
    """Return files that hang on a post or a proposal already."""
    return Attachments([Shown(file, url(file)) for file in files])


def attachments_sent(
    request: HttpRequest, actor: Actor, files: Collection[StoredFile] = (), url: FileAddress | None = None
) -> Attachments:
    """Return the files that a form sent: those it held (`files`), the actor's uploads of earlier attempts, and what
    comes with this one. A button may move one (`up-12`, `down-12`) or leave it out (`remove-12`)."""
    ids = _rearranged(ids_of(request.POST.getlist("file_ids")), request.POST.get("do", ""))
    own = {file.pk: Shown(file, url(file)) for file in files} if url is not None else {}
    uploads = unclaimed_of(actor).filter(pk__in=[key for key in ids if key not in own])
    known = own | {file.pk: Shown(file, upload_address(actor, file)) for file in uploads}
    found = Attachments([known[key] for key in ids if key in known])
    for sent in request.FILES.getlist("uploads"):
        if len(found.files) >= MOST_FILES:
            found.errors.append(_("At most %(most)s files.") % {"most": MOST_FILES})
            break
        try:
            stored = upload(actor=actor, upload=sent)
        except DomainError as error:
            found.errors.append(f"{sent.name}: {error.message}")
        else:
            found.files.append(Shown(stored, upload_address(actor, stored)))
    return found


def upload_address(actor: Actor, file: StoredFile) -> str:
    """Return where the uploader sees a file that hangs on nothing yet."""
    return reverse("api_files-content", args=[actor.organization.slug, file.pk])


def _rearranged(ids: list[int], asked: str) -> list[int]:
    how, _mark, number = asked.partition("-")
    key = next(iter(ids_of([number])), None)
    if key not in ids:
        return ids
    place = ids.index(key)
    rest = [one for one in ids if one != key]
    if how == "remove":
        return rest
    step = {"up": -1, "down": 1}.get(how, 0)
    rest.insert(max(0, min(len(rest), place + step)), key)
    return rest


def with_files(data: Any, ids: list[int]) -> Any:
    """Return the sent form with the files it holds now."""
    changed = data.copy()
    changed.setlist("file_ids", [str(key) for key in ids])
    return changed
