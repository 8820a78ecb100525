"""A finished work is undone in one step, as long as nothing later depends on it; else it is said what does.

A small one is undone at once, a large one by a job. All of it goes back or nothing, once, whoever runs it how often.
"""

from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from common.collecting import no_collecting
from common.errors import DomainError
from common.jobs import enqueue
from orgs.actor import Actor
from works.kinds import kind_of
from works.models import State, Work
from works.services.obstacles import Obstacle, Rows, obstacles, obstacles_in
from works.services.progress import CalledOff, Progress
from works.services.putting_back import put_back, refuse_if
from works.services.running import LOST_AFTER, STILL_DONE, under_way

__all__ = ["Obstacle", "obstacles", "run", "undo"]

# Rows that are put back while somebody waits for the page: the move of a class with its parents, not a school.
AT_ONCE = 300


class _Overtaken(Exception):
    """Another run has undone it meanwhile, or somebody took the wish back."""


@transaction.atomic
def undo(*, actor: Actor, work: Work) -> Work:
    """Put everything back that `work` has made and changed; return it, undone or (a large one) on the way to that.

    Raises `DomainError`: `undo_too_late`, `already_undone`, `undo_under_way`, `work_under_way`, `undo_prevented` (its
    `fields` hold what prevents it).
    """
    work = _claimed(actor, work)
    rows = Rows(work)
    if rows.count <= AT_ONCE:
        _finish(work, rows)
    else:
        refuse_if(obstacles_in(rows))
        enqueue("works.tasks.undo", work_id=work.pk)
    return work


def _claimed(actor: Actor, work: Work) -> Work:
    """Set the mark that it is being undone: from now on no other work of the organization begins."""
    now = timezone.now()
    asked = {"undo_asked_at": now, "undone_by": actor.person, "alive_at": None, "cancel_asked_at": None}
    finished = Work.objects.filter(pk=work.pk, state=State.DONE, undo_until__gte=now)
    try:
        with transaction.atomic():
            is_ours = finished.update(
                state=State.UNDOING, step="", done=0, total=0, error_code="", error_message="", **asked
            )
    except IntegrityError as error:  # work_one_at_a_time
        raise under_way() from error
    fresh = Work.objects.select_related("organization").get(pk=work.pk)
    if not is_ours:
        raise _refusal(fresh)
    return fresh


def _refusal(work: Work) -> DomainError:
    if work.state == State.UNDONE:
        return DomainError("already_undone", _("This was undone already."))
    if work.state == State.UNDOING:
        return DomainError("undo_under_way", _("This is being undone already."))
    return DomainError("undo_too_late", _("This can no longer be undone."))


def _finish(work: Work, rows: Rows) -> None:
    """Put `rows` back in the caller's transaction, say so, tell others once."""
    kind = kind_of(work.kind)
    kind.before_undo(work)
    put_back(rows)
    being_undone = Work.objects.filter(pk=work.pk, state=State.UNDOING)
    if not being_undone.update(state=State.UNDONE, undone_at=timezone.now()):
        raise _Overtaken
    work.refresh_from_db(fields=["state", "undone_at"])
    kind.after_undo(work)


def run(work_id: int) -> None:
    """Undo a work that waits for it (or whose process was lost). Twice is once: only one run can claim it."""
    now = timezone.now()
    unclaimed = Q(alive_at=None) | Q(alive_at__lt=now - LOST_AFTER)
    if not Work.objects.filter(unclaimed, pk=work_id, state=State.UNDOING).update(alive_at=now):
        return
    work = Work.objects.select_related("organization").get(pk=work_id)
    # A job has no reader whose language it could take.
    with translation.override(settings.LANGUAGE_CODE), timezone.override(work.organization.zone), no_collecting():
        _run(work)


def _run(work: Work) -> None:
    progress = Progress(work)
    try:
        rows = Rows(work)
        progress.step("undo_checking", rows.count)
        refuse_if(obstacles_in(rows, advance=progress.advance))
        progress.step("undo_writing")
        with transaction.atomic():
            _finish(work, rows)
    except _Overtaken:
        return
    except CalledOff:
        _leave_done(work)
    except DomainError as error:
        _leave_done(work, error_code=error.code, error_message=error.message[:500])
    except Exception:
        message = _("Something unforeseen happened. Nothing was changed.")
        _leave_done(work, error_code="unforeseen", error_message=message)
        raise


def _leave_done(work: Work, **why: Any) -> None:
    Work.objects.filter(pk=work.pk, state=State.UNDOING).update(**STILL_DONE, **why)
