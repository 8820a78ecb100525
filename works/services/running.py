"""A work begins, is done as a whole or not at all, is called off, is taken up after a lost process."""

from datetime import timedelta
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
from works.models import OPEN, State, Work
from works.services.ledger import Ledger
from works.services.progress import CalledOff, Progress

# Longer than the time limit of the job (works/tasks.py): while it writes a work gives no sign of life, and a second run
# beside it would write everything twice. Whoever is silent for longer was ended, and what it did was rolled back.
LOST_AFTER = timedelta(minutes=35)
# A job that nobody has begun for so long was lost on its way to the worker.
LATE_AFTER = timedelta(minutes=2)
# What a work is whose undoing came to nothing.
STILL_DONE = {
    "state": State.DONE,
    "undone_by": None,
    "undo_asked_at": None,
    "alive_at": None,
    "cancel_asked_at": None,
    "step": "",
    "done": 0,
    "total": 0,
}


@transaction.atomic
def start(*, actor: Actor, kind: str, parameters: dict[str, Any] | None = None) -> Work:
    """Begin a work of `kind` in the background and return it.

    Raises `DomainError("work_under_way")` while another one of the organization is not finished.
    """
    work = _begin(actor, kind, parameters)
    enqueue("works.tasks.run", work_id=work.pk)
    return work


def _begin(actor: Actor, kind: str, parameters: dict[str, Any] | None, **stamps: Any) -> Work:
    values = {"kind": kind, "parameters": parameters or {}, "started_by": actor.person, **stamps}
    try:
        with transaction.atomic():
            return Work.objects.create(organization=actor.organization, **values)
    except IntegrityError as error:  # work_one_at_a_time
        raise under_way() from error


def under_way() -> DomainError:
    """Return the refusal while another work of the organization is not finished."""
    message = _("Another long work of the organization is under way. Wait until it is finished.")
    return DomainError("work_under_way", message)


def run(work_id: int) -> None:
    """Do a work that waits (or whose process was lost). Twice is once: only one run can claim it."""
    now = timezone.now()
    lost = Q(state=State.RUNNING, alive_at__lt=now - LOST_AFTER)
    waiting = Work.objects.filter(Q(state=State.WAITING) | lost, pk=work_id)
    if not waiting.update(state=State.RUNNING, started_at=now, alive_at=now):
        return
    work = Work.objects.select_related("organization", "started_by__organization").get(pk=work_id)
    # A job has no reader whose language it could take.
    with translation.override(settings.LANGUAGE_CODE), timezone.override(work.organization.zone), no_collecting():
        _run(work)


def _run(work: Work) -> None:
    kind, progress = kind_of(work.kind), Progress(work)
    try:
        prepared = kind.prepare(work, progress)
        progress.step("writing")
        progress.silent = True
        with transaction.atomic():
            ledger = Ledger(work)
            outcome = kind.write(work, prepared, progress, ledger)
            ledger.save()
            _finish(work, State.DONE, outcome=outcome, undo_until=_undo_until(kind.undo_days))
    except CalledOff:
        _finish(work, State.CANCELLED)
    except DomainError as error:
        _finish(work, State.FAILED, error_code=error.code, error_message=error.message[:500])
    except Exception:
        message = _("Something unforeseen happened. Nothing was changed.")
        _finish(work, State.FAILED, error_code="unforeseen", error_message=message)
        raise


def _undo_until(days: int) -> Any:
    return timezone.now() + timedelta(days=days) if days else None


def _finish(work: Work, state: State, **values: Any) -> None:
    work.state, work.finished_at = state, timezone.now()
    for name, value in values.items():
        setattr(work, name, value)
    Work.objects.filter(pk=work.pk).update(state=state, finished_at=work.finished_at, **values)


@transaction.atomic
def begin_and_finish(*, actor: Actor, kind: str, parameters: dict[str, Any] | None = None) -> Work:
    """Do a small work at once, in the caller's transaction, with a ledger for its undoing; return it.

    Raises `DomainError`: `work_under_way`, and whatever the work refuses.
    """
    now = timezone.now()
    work = _begin(actor, kind, parameters, state=State.RUNNING, started_at=now, alive_at=now)
    described, progress = kind_of(kind), Progress(work)
    progress.silent = True
    ledger = Ledger(work)
    outcome = described.write(work, described.prepare(work, progress), progress, ledger)
    ledger.save()
    _finish(work, State.DONE, outcome=outcome, undo_until=_undo_until(described.undo_days))
    return work


@transaction.atomic
def call_off(*, work: Work) -> None:
    """Ask a work, or its undoing, to stop: one that waits stops at once, one that runs at its next step, before it
    writes anything. A work whose undoing was stopped is done as before.

    Raises `DomainError("work_finished")` when there is nothing to stop any more.
    """
    now = timezone.now()
    if Work.objects.filter(pk=work.pk, state=State.WAITING).update(state=State.CANCELLED, finished_at=now):
        return
    if Work.objects.filter(pk=work.pk, state=State.UNDOING, alive_at=None).update(**STILL_DONE):
        return
    if not Work.objects.filter(pk=work.pk, state__in=OPEN).update(cancel_asked_at=now):
        raise DomainError("work_finished", _("The work is finished already."))


def take_up_lost() -> int:
    """Hand works, and undoings, to the broker again whose job or process was lost; returns how many."""
    now = timezone.now()
    late = Q(state=State.WAITING, created_at__lt=now - LATE_AFTER)
    late |= Q(state=State.UNDOING, alive_at=None, undo_asked_at__lt=now - LATE_AFTER)
    lost = Q(state__in=[State.RUNNING, State.UNDOING], alive_at__lt=now - LOST_AFTER)
    found = list(Work.objects.filter(late | lost).values_list("pk", "state"))
    for pk, state in found:
        enqueue("works.tasks.undo" if state == State.UNDOING else "works.tasks.run", work_id=pk)
    return len(found)
