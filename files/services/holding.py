"""Files that hang on something, and those that never did."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.errors import DomainError
from files.models import StoredFile
from files.selectors import unclaimed_of
from files.services.keeping import throw_away
from orgs.actor import Actor

# How long an upload waits for the message it was made for.
UNCLAIMED_FOR = timedelta(days=1)
BATCH = 500
_MAX_ID = 2**63 - 1


def claim(*, actor: Actor, ids: Sequence[int]) -> list[StoredFile]:
    """Take over the actor's own unclaimed uploads and return them in the order of `ids`.

    Must run inside the caller's transaction: the rows stay locked until what they hang on is there. Two statements,
    however many files. Raises `DomainError` `file_not_yours` (400) for a file of somebody else or of another
    organization, one in use already, an unknown or a doubled one; then nothing is claimed.
    """
    if not ids:
        return []
    asked = {key for key in ids if 0 < key <= _MAX_ID}
    # Locked in one order, so that two messages with the same files never wait for each other.
    files = {file.pk: file for file in unclaimed_of(actor).filter(pk__in=asked).select_for_update().order_by("pk")}
    if len(files) != len(ids):
        message = _("One of the files is not there any more, or not yours to use. Please attach it again.")
        raise DomainError("file_not_yours", message, fields={"file_ids": message}, status=400)
    now = timezone.now()
    StoredFile.objects.filter(pk__in=files).update(claimed_at=now)
    for file in files.values():
        file.claimed_at = now
    return [files[key] for key in ids]


@transaction.atomic
def discard(*, actor: Actor, stored: StoredFile) -> None:
    """Remove an upload of the actor's own that was not used; one that is in use by now stays."""
    remove(files=unclaimed_of(actor).filter(pk=stored.pk).select_for_update())


@transaction.atomic
def remove(*, files: Iterable[StoredFile]) -> None:
    """Delete rows now and their bytes after the commit: a rolled back transaction must find its files again."""
    gone = list(files)
    StoredFile.objects.filter(pk__in=[file.pk for file in gone]).delete()
    for file in gone:
        transaction.on_commit(partial(throw_away, file), robust=True)


@transaction.atomic
def remove_unclaimed(now: datetime) -> int:
    """Remove up to 500 uploads that were not used within a day; returns how many. May run twice, or twice at once."""
    old = StoredFile.objects.filter(claimed_at=None, uploaded_at__lte=now - UNCLAIMED_FOR)
    # A file that a message is just claiming is locked: it is passed over, and claimed by the time of the next round.
    files = list(old.select_for_update(skip_locked=True).order_by("uploaded_at")[:BATCH])
    remove(files=files)
    return len(files)
